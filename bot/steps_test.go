package bot_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// doomed is what a bot is told that kills its own process.
type doomed struct {
	BotToken, AppToken, APIURL, Ledger string
	Step                               int      // after which it dies; 0 for never
	Curators                           []string // who may change facts
}

// doom is the variable that makes a process of this test such a bot.
const doom = "FOOTNOTE_TEST_DOOMED"

// TestDoomed is no test, but the bot that the next one kills.
func TestDoomed(t *testing.T) {
	told := os.Getenv(doom)
	if told == "" {
		t.Skip("the other tests run it")
	}
	var d doomed
	if err := json.Unmarshal([]byte(told), &d); err != nil {
		t.Fatal(err)
	}
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	index, err := match.NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), d.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(bot.Config{
		BotToken: d.BotToken, AppToken: d.AppToken, APIURL: d.APIURL, Command: "/ask",
		Index: func() *match.Index { return index }, Ledger: s, Settle: time.Millisecond,
		Policy: handlers.Policy{Curators: d.Curators},
	})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	b.OnStep(func(n int) {
		if n == d.Step {
			self.Kill()
			select {} // until it takes effect
		}
	})
	t.Fatal(b.Run(context.Background()))
}

// Whatever step the bot's process is killed after, the next one leaves exactly
// one reply.
func TestKilledAtEachStep(t *testing.T) {
	for name, database := range databases {
		for i, step := range bot.Steps {
			t.Run(name+"/"+step, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, nil)
				w.ledger = database(t)
				d := doomed{BotToken: w.ws.BotToken(), AppToken: w.ws.AppToken(), APIURL: w.url + "/api/", Ledger: w.ledger, Step: i + 1}
				ts := w.mention(question) // before there is anybody to hear it
				if out, err := w.run(d); err == nil {
					t.Fatalf("the first bot was not killed:\n%s", out)
				}
				w.missed()
				w.start(func(c *bot.Config) { c.Settle = time.Millisecond })
				got := w.settled(channel, 1)
				if got[0].Thread != ts {
					t.Errorf("replied in thread %q, want %q", got[0].Thread, ts)
				}
			})
		}
	}
}

// run runs a bot in a process of its own until that ends, or for 30 s.
func (w *world) run(d doomed) (out string, err error) {
	told, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestDoomed$")
	cmd.Env = append(os.Environ(), doom+"="+string(told))
	b, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return string(b), nil // it did not die by itself
	}
	if cmd.ProcessState != nil && cmd.ProcessState.ExitCode() >= 0 {
		return string(b), nil // it ended, but was not killed
	}
	return string(b), err
}
