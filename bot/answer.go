package bot

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/slack-go/slack/socketmode"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// How long an event waits for the ledger. Who pressed or commanded sees an
// error if there is no ack within three seconds, and Slack does not send it
// again; anything else may wait, for it does.
const (
	perishable = 800 * time.Millisecond
	durable    = 5 * time.Second
)

// answer takes one frame from decoding to its ack. It reports false if the
// ledger did not take the frame's message, which is then to be answered again.
func (b *Bot) answer(ctx context.Context, j job) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			b.panicked(r, "envelope", j.Envelope)
			ok = true // to be left to Slack
		}
	}()
	ev, err := decode(j.frame, b.me)
	ev.Came = j.came
	if err != nil {
		b.counts.malformed.Add(1)
		b.log.Warn("frame not understood", "envelope", j.Envelope, "error", err)
	}
	b.passed(decoded)
	if err != nil || ev.Kind == "" {
		b.ack(ctx, j, nil)
		return true
	}
	if ev.Kind.Urgent() {
		b.answerNow(ctx, j, ev)
		return true
	}
	d, fresh, err := b.record(ctx, j, ev, durable)
	if err != nil {
		b.log.Error("not written down yet", "key", ev.Key, "kind", ev.Kind, "error", err)
		return false
	}
	if fresh {
		b.answered(ev, d)
	}
	return true
}

// answerNow answers whoever waits for it, if need be without the ledger.
func (b *Bot) answerNow(ctx context.Context, j job, ev handlers.Event) {
	b.mouths.announce(ev.Key, j.came)
	d, fresh, err := b.record(ctx, j, ev, perishable)
	if err != nil {
		b.counts.unrecorded.Add(1)
		b.log.Error("answered without the ledger", "key", ev.Key, "kind", ev.Kind, "error", err)
		d = handlers.Unkept(d)
		b.cfg.Observer.Answered(ev.Kind, d.Verdict)
		b.ack(ctx, j, d.Ack)
		b.doAtOnce(ctx, ev, d.AtOnce)
		b.sayUnrecorded(ctx, ev, d)
		return
	}
	b.mouths.forget(ev.Key)
	if fresh {
		b.answered(ev, d)
	}
}

func (b *Bot) answered(ev handlers.Event, d handlers.Decision) {
	b.cfg.Observer.Answered(ev.Kind, d.Verdict)
	b.log.Info("answered", "key", ev.Key, "kind", ev.Kind, "verdict", d.Verdict, "actions", len(d.Actions))
}

// record recalls what ev was about, decides what follows, writes it down, and
// then acknowledges it. It decides even if the ledger fails.
func (b *Bot) record(ctx context.Context, j job, ev handlers.Event, patience time.Duration) (d handlers.Decision, fresh bool, err error) {
	begun := time.Now()
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if b.handler.Ready(&ev) {
		ev.Memory, err = b.cfg.Ledger.Recall(limited, ev)
	}
	if err == nil {
		ev.Guest, err = b.guest(limited, ev)
	}
	b.passed(recalled)
	left := patience - time.Since(begun) // of the ledger's time; a decision that is slow takes none of it
	d = b.decide(ev)
	limited, cancelPut := context.WithTimeout(ctx, left)
	defer cancelPut()
	b.passed(decided)
	if err != nil && !ev.Kind.Fleeting() {
		return d, false, err
	}
	if d.Silent {
		b.ack(ctx, j, d.Ack)
		b.doAtOnce(ctx, ev, d.AtOnce)
		return d, false, nil
	}
	fresh, leave, err := b.put(ctx, limited, ev, d)
	b.passed(written)
	leave()
	if err == nil {
		runtime.Gosched() // the reply first
		err = b.cfg.Ledger.Sync()
	}
	if err == nil {
		b.ack(ctx, j, d.Ack)
	}
	if fresh && err == nil {
		b.doAtOnce(ctx, ev, d.AtOnce)
	}
	return d, fresh, err
}

// put writes down a decision. Its first action is under way if it has a slot,
// but leaves only when leave is called, which must be.
func (b *Bot) put(ctx, limited context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, leave func(), err error) {
	if len(d.Actions) > 0 {
		select {
		case b.slots <- struct{}{}:
			return b.putAndCarry(ctx, limited, ev, d)
		default: // the poster is busy and claims it when it is not
		}
	}
	fresh, err = b.cfg.Ledger.Put(limited, ev, d)
	return fresh, b.wake, err
}

// decide never fails: in want of an answer it apologises.
func (b *Bot) decide(ev handlers.Event) (d handlers.Decision) {
	defer func() {
		if r := recover(); r != nil {
			b.panicked(r, "key", ev.Key)
			d = handlers.Apologise(ev)
		}
	}()
	d, err := b.handler.Handle(b.index(ev), ev)
	if err != nil {
		b.log.Error("not answered", "key", ev.Key, "kind", ev.Kind, "error", err)
		return handlers.Apologise(ev)
	}
	return d
}

// index is what is answered from where ev happened. Curators change the default
// base, wherever they are.
func (b *Bot) index(ev handlers.Event) *match.Index {
	if x := b.cfg.Bases[ev.Channel]; x != nil && !ev.Curates && ev.Kind != handlers.Add {
		return x()
	}
	return b.cfg.Index()
}

// panicked logs what was recovered, and what with.
func (b *Bot) panicked(r any, name, value string) {
	b.counts.panics.Add(1)
	b.log.Error("panicked", name, value, "panic", plainly(r), "stack", string(debug.Stack()))
}

// plainly tells what was panicked with, and no question with it: the runtime's
// own errors hold numbers and types, anything else might hold a text.
func plainly(r any) string {
	if err, ok := r.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", r)
}

// ack acknowledges a frame; one whose payload cannot be sent is still worth its
// bare ack.
func (b *Bot) ack(ctx context.Context, j job, payload any) {
	err := j.from.ack(ctx, j.frame, payload)
	if err != nil && payload != nil {
		b.log.Error("ack without its answer", "envelope", j.Envelope, "error", err)
		err = j.from.ack(ctx, j.frame, nil)
	}
	if err != nil {
		b.counts.acksLost.Add(1)
		b.log.Warn("ack lost", "envelope", j.Envelope, "error", err)
		return
	}
	took := time.Since(j.came)
	if took > ackPatience {
		b.counts.acksLate.Add(1)
	}
	if payload != nil && j.Type == socketmode.RequestTypeSlashCommands {
		b.cfg.Observer.Replied(took)
	}
	b.passed(acked)
}

// sayUnrecorded says at once, and once, what was not written down in time.
func (b *Bot) sayUnrecorded(ctx context.Context, ev handlers.Event, d handlers.Decision) {
	if !b.mouths.take(ev.Key, atOnce) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for n, a := range d.Actions {
		if _, err := b.do(ctx, &Item{Key: ev.Key, N: n, Action: a}); err != nil {
			b.log.Error("not said", "key", ev.Key, "n", n, "error", err)
		}
	}
}
