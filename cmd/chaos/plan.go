package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// plan is all that a run does, and when, counted from its start. It follows
// from the options and the seed alone.
type plan struct {
	length time.Duration
	asks   []ask
	kills  [][]time.Duration // of each replica
	faults []faultAt
	outage time.Duration // when the database crashes, if it can…
	away   time.Duration // …and for how long
}

// kind is how something is asked.
type kind int

const (
	message kind = iota // a mention in a channel, or a direct message
	command             // the slash command, whose answer is then shared
	press               // a mention that asks for help, and a press of its first button
)

// ask is something that a person asks.
type ask struct {
	at      time.Duration
	kind    kind
	user    string
	channel string
	fact    int // index into facts
	under   int // index of the ask whose thread this one continues; -1 for none
}

// faultAt is a fault that is switched on.
type faultAt struct {
	at time.Duration
	fault
}

func newPlan(o options) plan {
	r := rand.New(rand.NewPCG(o.seed, 0))
	p := plan{length: time.Duration(float64(o.questions) / o.rate * float64(time.Second))}
	moment := func() time.Duration { return time.Duration(r.Int64N(int64(p.length) + 1)) }

	p.asks = asks(o, r, moment)
	p.kills = make([][]time.Duration, o.replicas)
	for range o.kills {
		i := r.IntN(o.replicas)
		p.kills[i] = append(p.kills[i], moment())
	}
	for _, times := range p.kills {
		slices.Sort(times)
	}
	p.faults = faults(o, r, p.length)
	// Not at the edges, where little is asked.
	p.outage = p.length/4 + moment()/2
	p.away = min(5*time.Second, moment()/10)
	return p
}

// asks draws what is asked. Conversations are direct messages, of each user
// one, and channels; commands and presses have a channel each of their own, so
// that whatever appears there belongs to them.
func asks(o options, r *rand.Rand, moment func() time.Duration) []ask {
	user := func(i int) string { return fmt.Sprintf("U0CHAOS%d", i+1) }
	direct := min(o.users, o.conversations/2)
	var all []ask
	for i := range o.questions {
		a := ask{at: moment(), user: user(r.IntN(o.users)), fact: r.IntN(len(facts))}
		// The first ones visit each conversation once.
		place := i % o.conversations
		if i >= o.conversations {
			place = r.IntN(o.conversations)
		}
		if place < direct {
			a.user, a.channel = user(place), botMark
		} else {
			a.channel = fmt.Sprintf("C0CHAOS%d", place-direct+1)
		}
		all = append(all, a)
	}
	for i := range o.questions / 20 {
		all = append(all, ask{at: moment(), kind: command, user: user(r.IntN(o.users)), channel: fmt.Sprintf("C0COMMAND%d", i+1), fact: r.IntN(len(facts))})
	}
	for i := range o.questions / 50 {
		all = append(all, ask{at: moment(), kind: press, user: user(r.IntN(o.users)), channel: fmt.Sprintf("C0PRESS%d", i+1)})
	}
	slices.SortStableFunc(all, func(a, b ask) int { return cmp.Compare(a.at, b.at) })
	thread(all, r)
	return all
}

// thread makes a third of the questions continue a thread of their
// conversation.
func thread(all []ask, r *rand.Rand) {
	roots := map[string][]int{} // of each conversation
	for i := range all {
		a := &all[i]
		a.under = -1
		if a.kind != message {
			continue
		}
		place := a.channel
		if place == botMark {
			place += a.user
		}
		if known := roots[place]; len(known) > 0 && r.IntN(3) == 0 {
			a.under = known[r.IntN(len(known))]
		} else {
			roots[place] = append(known, i)
		}
	}
}
