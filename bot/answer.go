package bot

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"footnote/handlers"
)

// How long an event waits for the ledger. Who pressed or commanded sees an
// error if there is no ack within three seconds, and Slack does not send it
// again; anything else may wait, for it does.
const (
	perishable = time.Second
	durable    = 10 * time.Second
)

// answer takes one frame from decoding to its ack.
func (b *Bot) answer(ctx context.Context, j job) {
	defer func() {
		if r := recover(); r != nil {
			b.log.Error("panicked", "envelope", j.Envelope, "panic", plainly(r), "stack", string(debug.Stack()))
		}
	}()
	ev, err := decode(j.frame, b.me)
	if err != nil {
		b.log.Warn("frame not understood", "envelope", j.Envelope, "error", err)
	}
	if err != nil || ev.Kind == "" {
		b.ack(ctx, j, nil)
		return
	}
	now := ev.Kind == handlers.Command || ev.Kind == handlers.Press
	d, fresh, err := b.record(ctx, &ev, now)
	b.wake() // even after an error: it may be written down all the same
	switch {
	case err != nil && now:
		b.log.Error("answered without the ledger", "key", ev.Key, "kind", ev.Kind, "error", err)
	case err != nil:
		b.log.Error("not written down, left to Slack to send again", "key", ev.Key, "kind", ev.Kind, "error", err)
		return
	}
	b.ack(ctx, j, d.Ack)
	switch {
	case err != nil:
		b.sayUnrecorded(ctx, ev, d)
	case fresh:
		b.log.Info("answered", "key", ev.Key, "kind", ev.Kind, "verdict", d.Verdict, "actions", len(d.Actions))
	}
}

// record recalls what ev was about, decides what follows and writes it down. It
// decides even if the ledger fails, if the answer is wanted now.
func (b *Bot) record(ctx context.Context, ev *handlers.Event, now bool) (d handlers.Decision, fresh bool, err error) {
	patience := durable
	if now {
		patience = perishable
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ev.Prior, err = b.cfg.Ledger.Prior(ctx, *ev)
	if err != nil && !now {
		return d, false, err
	}
	d = b.decide(*ev)
	if err == nil {
		fresh, err = b.cfg.Ledger.Put(ctx, *ev, d)
	}
	return d, fresh, err
}

// decide never fails: in want of an answer it apologises.
func (b *Bot) decide(ev handlers.Event) (d handlers.Decision) {
	defer func() {
		if r := recover(); r != nil {
			b.log.Error("panicked", "key", ev.Key, "kind", ev.Kind, "panic", plainly(r), "stack", string(debug.Stack()))
			d = handlers.Apologise(ev)
		}
	}()
	d, err := b.handler.Handle(b.cfg.Index(), ev)
	if err != nil {
		b.log.Error("not answered", "key", ev.Key, "kind", ev.Kind, "error", err)
		return handlers.Apologise(ev)
	}
	return d
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
		b.log.Warn("ack lost", "envelope", j.Envelope, "error", err)
	}
}

// sayUnrecorded says at once, and once, what could not be written down.
func (b *Bot) sayUnrecorded(ctx context.Context, ev handlers.Event, d handlers.Decision) {
	ctx, cancel := context.WithTimeout(ctx, durable)
	defer cancel()
	for n, a := range d.Actions {
		if _, err := b.say(ctx, ev.Key, n, a); err != nil {
			b.log.Error("not said", "key", ev.Key, "n", n, "error", err)
		}
	}
}
