package main

import (
	"context"
	"fmt"
	"time"
)

const (
	// calm is how long nothing must be owed before that counts.
	calm = 3 * time.Second
	// stuck is how long nothing may change before waiting is given up: longer
	// than a lease, a heartbeat and a look for an earlier reply together.
	stuck = 3 * time.Minute
)

// debt is how much is still to come: answers, acks, replies in the ledger, and
// what faults hold back.
type debt struct{ unanswered, unacked, owed, held int }

// settle waits until nothing is owed any more, and nothing has come for a
// while, or until nothing changes.
func (r *run) settle(ctx context.Context) error {
	answered := map[place]bool{}
	var last debt
	for changed := time.Now(); ; {
		now, err := r.debt(ctx, answered)
		if err != nil {
			return err
		}
		if now != last {
			fmt.Fprintf(r.log, "chaos: %s: %d unanswered, %d deliveries without ack, %d replies owed, %d held back\n",
				time.Since(r.begun).Round(time.Second), now.unanswered, now.unacked, now.owed, now.held)
			last, changed = now, time.Now()
		}
		patience := stuck
		if now == (debt{}) {
			patience = calm
		}
		if time.Since(changed) > patience {
			return nil
		}
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}

// debt asks the workspace and the ledger what is still to come. It adds to the
// messages that are known to be answered.
func (r *run) debt(ctx context.Context, answered map[place]bool) (debt, error) {
	var d debt
	waiting := map[string]bool{} // channels
	for _, a := range r.all {
		if a.ts != "" && !answered[place{a.in, a.ts}] {
			waiting[a.in] = true
		}
	}
	for channel := range waiting {
		list, err := r.workspace.messages(ctx, channel)
		if err != nil {
			return d, err
		}
		for _, m := range list {
			if m.BotID != "" {
				answered[about(m)] = true
			}
		}
	}
	for _, a := range r.all {
		if a.ts != "" && !answered[place{a.in, a.ts}] {
			d.unanswered++
		}
	}
	var err error
	if d.unacked, err = r.workspace.unacked(ctx); err != nil {
		return d, err
	}
	t, err := r.workspace.troubles(ctx)
	if err != nil {
		return d, err
	}
	d.held = t.Hanging + t.Late
	entries, err := r.program.ledger(ctx, 0)
	if err != nil {
		return d, err
	}
	for _, e := range entries {
		if e.State == "open" {
			d.owed++
		}
	}
	return d, nil
}

// read reads everything that was said where something was asked, by channel.
func (r *run) read(ctx context.Context) (map[string][]said, error) {
	all := map[string][]said{}
	for _, a := range r.all {
		if _, known := all[a.in]; known {
			continue
		}
		list, err := r.workspace.messages(ctx, a.in)
		if err != nil {
			return nil, err
		}
		all[a.in] = list
	}
	return all, nil
}
