package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

// fault is something that the workspace does wrong on request.
type fault struct {
	Kind    string  `json:"kind"`
	Reason  string  `json:"reason,omitempty"` // of a disconnect
	Method  string  `json:"method,omitempty"` // that it befalls; any if empty
	P       float64 `json:"p,omitempty"`
	Count   int     `json:"count,omitempty"` // how often it happens before it is over
	DelayMS int     `json:"delay_ms,omitempty"`
	Seed    uint64  `json:"seed,omitempty"`
}

// kindOfFault is a fault and within which bounds its numbers are drawn.
type kindOfFault struct {
	fault
	most       int // of Count
	slow, slop int // DelayMS is from slow to slow+slop
}

// every is each kind of fault.
var every = []kindOfFault{
	{fault: fault{Kind: "deliver_twice"}, most: 10},
	{fault: fault{Kind: "lose_ack"}, most: 10},
	{fault: fault{Kind: "delay_event"}, most: 10, slow: 100, slop: 5000},
	{fault: fault{Kind: "close_socket"}, most: 2},
	{fault: fault{Kind: "disconnect", Reason: "warning"}, most: 1},
	{fault: fault{Kind: "disconnect", Reason: "refresh_requested"}, most: 2},
	{fault: fault{Kind: "disconnect", Reason: "link_disabled"}, most: 1},
	{fault: fault{Kind: "disconnect", Reason: "too_many_websockets"}, most: 2},
	{fault: fault{Kind: "refuse_connection", Method: "apps.connections.open"}, most: 2},
	{fault: fault{Kind: "refuse_connection", Method: "websocket"}, most: 2},
	{fault: fault{Kind: "ratelimit", Method: postMethod}, most: 5, slow: 1000, slop: 2000},
	{fault: fault{Kind: "ratelimit"}, most: 2, slow: 1000, slop: 2000},
	{fault: fault{Kind: "http_500", Method: postMethod}, most: 5},
	{fault: fault{Kind: "http_500"}, most: 2},
	{fault: fault{Kind: "timeout_after_effect", Method: postMethod}, most: 3},
	{fault: fault{Kind: "late_effect", Method: postMethod}, most: 3, slow: 500, slop: 9500},
}

// allKinds are the names of all faults.
func allKinds() []string {
	var all []string
	for _, k := range every {
		all = append(all, k.Kind)
	}
	return slices.Compact(all)
}

const postMethod = "chat.postMessage"

// between is how long, on average, one fault is from the next.
const between = 700 * time.Millisecond

// faults draws a schedule in which every kind that is wanted comes up equally
// often, and at least once.
func faults(o options, r *rand.Rand, length time.Duration) []faultAt {
	var wanted []int
	for i := range every {
		if slices.Contains(o.kinds(), every[i].Kind) {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	n := max(int(length/between), len(wanted))
	all := make([]faultAt, n)
	for i := range all {
		if i%len(wanted) == 0 {
			r.Shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
		}
		kind := every[wanted[i%len(wanted)]]
		f := kind.fault
		f.P = 0.3 + 0.7*r.Float64()
		f.Count = 1 + r.IntN(kind.most)
		if kind.slow > 0 {
			f.DelayMS = kind.slow + r.IntN(kind.slop)
		}
		f.Seed = 1 + r.Uint64N(1<<32)
		all[i] = faultAt{at: length * time.Duration(i) / time.Duration(n), fault: f}
	}
	return all
}
