package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"
)

// run is a chaos run that goes on.
type run struct {
	plan      plan
	program   *program
	workspace *workspace
	replicas  []*replica
	begun     time.Time
	log       io.Writer // progress, a line now and then

	all []asked // one for each of the plan's asks
}

// result is what a run has shown.
type result struct {
	tally
	killed, crashed int // replicas; those that ended by themselves
	faults          troubles
	outages         int
	took            time.Duration
	unclean         error   // replicas that did not stop as they should
	ledger          []entry // if there are findings
}

// do carries a run out in a directory of its own. Its error says why there is
// no result.
func do(ctx context.Context, o options, dir string, log io.Writer) (*result, error) {
	p, err := build(ctx, o.binary, dir)
	if err != nil {
		return nil, err
	}
	w, stop, err := p.workspace()
	if err != nil {
		return nil, err
	}
	defer stop()
	db, err := p.open(o.db)
	if err != nil {
		return nil, err
	}
	defer db.close()
	if o.sockets > 0 {
		p.settings = append(p.settings, fmt.Sprintf("FOOTNOTE_SOCKETS=%d", o.sockets))
	}

	r := &run{plan: newPlan(o), program: p, workspace: w, log: log, begun: time.Now()}
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	alive, end := context.WithCancel(ctx)
	var living sync.WaitGroup
	defer living.Wait()
	defer end()
	unclean := make([]error, o.replicas)
	for i := range o.replicas {
		one := &replica{program: p, n: i, kills: r.plan.kills[i], begun: r.begun, rand: rand.New(rand.NewPCG(o.seed, uint64(i+1)))}
		r.replicas = append(r.replicas, one)
		living.Go(func() {
			unclean[i] = one.keep(alive)
			if alive.Err() == nil {
				abort(unclean[i])
			}
		})
	}
	res := &result{}
	if err := r.play(ctx, db); err != nil {
		return nil, err
	}
	if db != nil {
		res.outages = 1
	}
	if err := r.settle(ctx); err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	end()
	living.Wait()
	res.unclean = errors.Join(unclean...)

	messages, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	if res.faults, err = w.troubles(ctx); err != nil {
		return nil, err
	}
	res.tally = count(r.all, messages)
	if len(res.findings) > 0 {
		if res.ledger, err = p.ledger(ctx, 2*len(r.all)); err != nil {
			return nil, err
		}
	}
	res.took = time.Since(r.begun)
	for _, one := range r.replicas {
		res.killed += int(one.killed.Load())
		res.crashed += int(one.crashed.Load())
	}
	return res, nil
}

// play does what the plan says, but for the kills.
func (r *run) play(ctx context.Context, db *database) error {
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)
	parts := []func(context.Context) error{r.ask, r.fault}
	if db != nil {
		parts = append(parts, func(ctx context.Context) error {
			if err := r.until(ctx, r.plan.outage); err != nil {
				return err
			}
			return db.crash(ctx, r.plan.away)
		})
	}
	var playing sync.WaitGroup
	for _, part := range parts {
		playing.Go(func() {
			if err := part(ctx); err != nil {
				abort(err)
			}
		})
	}
	playing.Wait()
	return context.Cause(ctx)
}

// fault switches the plan's faults on, each of which is over after its count,
// and in the end all off.
func (r *run) fault(ctx context.Context) error {
	for _, f := range r.plan.faults {
		if err := r.until(ctx, f.at); err != nil {
			return err
		}
		if err := r.workspace.call(ctx, "POST", "/_sim/fault", f.fault, nil); err != nil {
			return err
		}
	}
	if err := r.until(ctx, r.plan.length); err != nil {
		return err
	}
	return r.workspace.call(ctx, "DELETE", "/_sim/fault", nil, nil)
}

// until waits for a moment of the plan.
func (r *run) until(ctx context.Context, at time.Duration) error {
	return sleep(ctx, time.Until(r.begun.Add(at)))
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
