package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// ok reports whether the promise was kept and all processes behaved.
func (res *result) ok() bool { return res.kept() && res.unclean == nil }

// print tells everything about a run. The table's last line is a row of the
// table in docs/reliability.md.
func (res *result) print(w io.Writer, o options) {
	for _, f := range res.findings {
		fmt.Fprintf(w, "%s: %s\n", f.what, f.text)
		if f.key == "" {
			continue
		}
		known := "not in the ledger"
		if i := slices.IndexFunc(res.ledger, func(e entry) bool { return e.Key == f.key }); i >= 0 {
			known = fmt.Sprintf("in the ledger %+v", res.ledger[i])
		}
		fmt.Fprintf(w, "    %s is %s\n", f.key, known)
	}
	if res.unclean != nil {
		fmt.Fprintln(w, res.unclean)
	}
	fmt.Fprintf(w, "%d processes ended by themselves and were started again.\nFaults: %s.\n\n", res.crashed, res.faults)
	fmt.Fprintln(w, "| seed | ledger | replicas | questions | conversations | SIGKILLs | faults | database restarts | exactly once | lost | twice | wrong | commands: answered / Slack's error / twice in public | presses: answered / Slack's error / lost / twice | took |")
	fmt.Fprintln(w, "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|--:|")
	fmt.Fprintf(w, "| %d | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d / %d / %d | %d / %d / %d / %d | %s |\n",
		o.seed, o.db, o.replicas, res.questions, res.conversations, res.killed, res.faults.strikes(), res.outages,
		res.once, res.lost, res.twice, res.wrong,
		res.commands.answered, res.commands.errored, res.commands.twice,
		res.presses.answered, res.presses.errored, res.presses.lost, res.presses.twice,
		res.took.Round(time.Second))
}
