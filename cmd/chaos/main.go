// Command chaos puts the bot's promise to the test: it asks questions in a
// Slack workspace on this machine, kills the bot again and again while it
// answers, has the workspace do everything that can go wrong with Slack, and
// counts the answers. Its exit status is 1 if a question was lost, answered
// twice or answered wrongly. What it does follows from the seed; what happens
// then depends on the machine's timing too.
//
// It knows the bot only from outside: as processes that it starts, and as
// messages that people see.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options say what a run is to be like.
type options struct {
	questions, conversations, users, kills int
	replicas, sockets                      int
	db, faults                             string
	seed                                   uint64
	rate                                   float64
	binary, dir                            string
	soak                                   time.Duration
}

func main() {
	o, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok, err := chaos(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
	if err != nil || !ok {
		os.Exit(1) //nolint:gocritic // stop has nothing left to do
	}
}

// parse reads the options and fills in what follows from others.
func parse(args []string) (options, error) {
	var o options
	set := flag.NewFlagSet("chaos", flag.ContinueOnError)
	set.IntVar(&o.questions, "questions", 1000, "how many questions; a twentieth as many commands and a fiftieth as many presses come on top")
	set.IntVar(&o.conversations, "conversations", 100, "in how many channels and direct messages")
	set.IntVar(&o.users, "users", 25, "of how many people; up to half of the conversations are their direct messages")
	set.IntVar(&o.kills, "kills", 20, "how often a bot process is killed with SIGKILL and started again")
	set.StringVar(&o.db, "db", sqlite, "where the ledger is: sqlite or postgres, which is started for the run")
	set.IntVar(&o.replicas, "replicas", 0, "bot processes at once (default 1 on sqlite, 3 on postgres)")
	set.IntVar(&o.sockets, "sockets", 0, "sockets of each process (default the bot's own)")
	set.Uint64Var(&o.seed, "seed", 0, "what the run is drawn from (default a random one)")
	set.StringVar(&o.faults, "faults", "all", "all, none, or kinds of faults with commas between them")
	set.Float64Var(&o.rate, "rate", 20, "questions a second")
	set.DurationVar(&o.soak, "soak", 0, "in place of all that: ask at a steady -rate, round robin over the -conversations, for this `LONG`, and see that nothing grows")
	set.StringVar(&o.binary, "binary", "", "the footnote program `FILE` (default: build it)")
	set.StringVar(&o.dir, "dir", "", "a new `DIR` for the ledger and the logs, which are kept (default: a temporary one, kept if the run fails)")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	o.seed = cmp.Or(o.seed, rand.Uint64N(1_000_000))
	if o.replicas == 0 {
		o.replicas = map[string]int{sqlite: 1, postgres: 3}[o.db]
	}
	return o, errors.Join(o.problems(set.Args())...)
}

func (o options) problems(rest []string) (errs []error) {
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(len(rest) > 0, "unexpected argument %q", rest)
	refuse(o.db != sqlite && o.db != postgres, "-db %s is neither sqlite nor postgres", o.db)
	refuse(o.db == sqlite && o.replicas != 1, "-replicas: SQLite is for one process; use -db postgres")
	refuse(o.questions < 1 || o.conversations < 1 || o.users < 1 || o.kills < 0 || o.replicas < 0 || o.sockets < 0 || o.rate <= 0,
		"-questions, -conversations, -users and -rate must be above zero, the other numbers not below")
	for _, kind := range o.kinds() {
		refuse(!slices.ContainsFunc(every, func(k kindOfFault) bool { return k.Kind == kind }), "-faults: %q is none; known are %s", kind, strings.Join(allKinds(), ", "))
	}
	return errs
}

// kinds are the kinds of faults that are wanted.
func (o options) kinds() []string {
	switch o.faults {
	case "all":
		return allKinds()
	case "none":
		return nil
	}
	return strings.Split(o.faults, ",")
}

// chaos does a run and reports it. It is false if the promise was not kept.
func chaos(ctx context.Context, o options) (kept bool, err error) {
	dir := o.dir
	if dir == "" {
		dir, err = os.MkdirTemp("", "footnote-chaos-")
	} else if err = os.Mkdir(dir, 0o700); err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return false, err
	}
	if o.soak > 0 {
		kept, err = soak(ctx, o, dir, os.Stdout)
	} else if res, failed := do(ctx, o, dir, os.Stderr); failed == nil {
		res.print(os.Stdout, o)
		kept = res.ok()
	} else {
		err = failed
	}
	if kept && o.dir == "" {
		return true, os.RemoveAll(dir)
	}
	fmt.Fprintf(os.Stderr, "chaos: the ledger and the logs are in %s\n", dir)
	return kept, err
}
