package bot

import "time"

// Steps names the seven on the path of a question, in order.
var Steps = []string{"decode", "recall", "decide", "write", "ack", "post", "done"}

// OnStep has f called when the bot has passed the n-th step, from 1.
func (b *Bot) OnStep(f func(n int)) { b.passed = func(s step) { f(int(s)) } }

// Hurry has the bot open its sockets that far apart at least and at most.
func (b *Bot) Hurry(min, max time.Duration) { b.pace = pace{min: min, max: max, calm: max} }
