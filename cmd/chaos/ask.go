package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ask asks everything when it is time to.
func (r *run) ask(ctx context.Context) error {
	r.all = make([]asked, len(r.plan.asks))
	failed := make(chan error, len(r.plan.asks))
	var others sync.WaitGroup // commands and presses, which wait for their answer
	for i, a := range r.plan.asks {
		if err := r.until(ctx, a.at); err != nil {
			failed <- err
			break
		}
		if n := len(r.plan.asks); i > 0 && i*10/n > (i-1)*10/n {
			fmt.Fprintf(r.log, "chaos: %s: %d of %d asked\n", time.Since(r.begun).Round(time.Second), i, n)
		}
		one := &r.all[i]
		one.ask = a
		switch a.kind {
		case message:
			if a.under >= 0 {
				one.thread = r.all[a.under].ts
			}
			if err := r.say(ctx, one); err != nil {
				failed <- err
			}
		case command:
			others.Go(func() { failed <- r.command(ctx, one) })
		case press:
			others.Go(func() { failed <- r.press(ctx, one) })
		}
	}
	others.Wait()
	close(failed)
	var errs []error
	for err := range failed {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// say writes a message and notes in which thread its answer belongs.
func (r *run) say(ctx context.Context, a *asked) (err error) {
	text := a.about().question
	if a.channel != botMark {
		text = "<" + botMark + "> " + text
	}
	a.in, a.ts, err = r.workspace.say(ctx, a.user, a.channel, a.thread, text)
	if a.thread == "" && a.channel != botMark {
		a.thread = a.ts
	}
	return err
}

// command asks by the slash command and shares the answer with the channel.
func (r *run) command(ctx context.Context, a *asked) error {
	a.in = a.channel
	err := r.workspace.call(ctx, "POST", "/_sim/command", map[string]any{"user": a.user, "channel": a.channel, "command": "/ask", "text": a.about().question}, nil)
	if refused(err) {
		a.errored = true
		return nil
	}
	if err != nil {
		return err
	}
	a.acked = true
	list, err := r.workspace.messages(ctx, a.channel)
	if err != nil {
		return err
	}
	for _, m := range list {
		if b := m.button(); b != nil && m.To == a.user {
			return ignoreRefusal(r.push(ctx, a, b))
		}
	}
	return nil
}

// press asks for help, waits for the answer, and presses its first button.
func (r *run) press(ctx context.Context, a *asked) error {
	if err := r.say(ctx, a); err != nil {
		return err
	}
	for began := time.Now(); time.Since(began) < stuck; {
		list, err := r.workspace.messages(ctx, a.in)
		if err != nil {
			return err
		}
		for _, m := range list {
			if b := m.button(); b != nil && m.BotID != "" {
				err := r.push(ctx, a, b)
				a.acked, a.errored = err == nil, refused(err)
				return ignoreRefusal(err)
			}
		}
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
	return nil // it is lost, as counting will show
}

// push presses a button.
func (r *run) push(ctx context.Context, a *asked, button map[string]any) error {
	button["user"], button["channel"] = a.user, a.in
	return r.workspace.call(ctx, "POST", "/_sim/action", button, nil)
}

// refused reports whether the person saw Slack's error in place of an answer.
func refused(err error) bool {
	no, ok := errors.AsType[refusal](err)
	return ok && no == "operation_timeout"
}

func ignoreRefusal(err error) error {
	if refused(err) {
		return nil
	}
	return err
}
