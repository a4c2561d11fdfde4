package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"footnote/bot"
	"footnote/handlers"
)

// away is a ledger that can be made to fail, or to hang.
type away struct {
	bot.Ledger
	how atomic.Int64
}

const (
	present = iota
	refuses
	hangs
)

var errAway = errors.New("the database is away")

func (a *away) reach(ctx context.Context) error {
	switch a.how.Load() {
	case refuses:
		return errAway
	case hangs:
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (a *away) Recall(ctx context.Context, ev handlers.Event) (m handlers.Memory, err error) {
	if err := a.reach(ctx); err != nil {
		return m, err
	}
	return a.Ledger.Recall(ctx, ev)
}

func (a *away) Put(ctx context.Context, ev handlers.Event, d handlers.Decision) (bool, error) {
	if err := a.reach(ctx); err != nil {
		return false, err
	}
	return a.Ledger.Put(ctx, ev, d)
}

func (a *away) PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, lease time.Duration) (bool, *bot.Item, error) {
	if err := a.reach(ctx); err != nil {
		return false, nil, err
	}
	return a.Ledger.PutAndClaim(ctx, ev, d, lease)
}

func (a *away) Claim(ctx context.Context, lease time.Duration) (*bot.Item, error) {
	if err := a.reach(ctx); err != nil {
		return nil, err
	}
	return a.Ledger.Claim(ctx, lease)
}

func (a *away) Next(ctx context.Context) (time.Duration, error) {
	if err := a.reach(ctx); err != nil {
		return 0, err
	}
	return a.Ledger.Next(ctx)
}

func (a *away) Done(ctx context.Context, it *bot.Item, ts string) error {
	if err := a.reach(ctx); err != nil {
		return err
	}
	return a.Ledger.Done(ctx, it, ts)
}

func (a *away) Beat(ctx context.Context) error {
	if err := a.reach(ctx); err != nil {
		return err
	}
	return a.Ledger.Beat(ctx)
}

// While the ledger is away longer than Slack goes on sending, messages wait,
// and whoever cannot wait is answered without it.
func TestAnOutageOfTheLedgerLosesNothing(t *testing.T) {
	for name, how := range map[string]int64{"it refuses": refuses, "it hangs": hangs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			ledger := &away{}
			w.start(func(c *bot.Config) { ledger.Ledger, c.Ledger = c.Ledger, ledger })
			ledger.how.Store(how)
			const questions = 12
			for i := range questions {
				w.say(fmt.Sprintf("C%04d", i), "<@"+w.ws.BotUser()+"> "+question)
			}
			for range 3 {
				asked := time.Now()
				var got struct {
					Response message `json:"response"`
				}
				w.call(http.MethodPost, "/_sim/command", map[string]string{"user": person, "channel": channel, "command": "/ask", "text": question}, &got)
				if took := time.Since(asked); took > time.Second || got.Response.Text == "" {
					t.Errorf("a command was answered %q after %v, want an answer within a second", got.Response.Text, took)
				}
			}
			w.until("Slack has given up sending them", func() bool { return w.unacked() == 0 })
			for i := range questions {
				if got := w.replies(fmt.Sprintf("C%04d", i)); len(got) != 0 {
					t.Fatalf("replied %+v while the ledger was away: this test shows nothing", got)
				}
			}
			ledger.how.Store(present)
			for i := range questions {
				w.settled(fmt.Sprintf("C%04d", i), 1)
			}
		})
	}
}

// A write that comes to pass after it was given up is said by one of the two
// who may say it.
func TestAPressThatTheLedgerTookTooLateIsAnsweredOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.start(func(c *bot.Config) { c.Ledger = slow{c.Ledger} })
	var none struct{}
	w.call(http.MethodPost, "/_sim/command", map[string]string{"user": person, "channel": channel, "command": "/ask", "text": question}, &none)
	private := w.replies(channel)[0]
	w.call(http.MethodPost, "/_sim/action", map[string]string{"user": person, "channel": channel, "message_ts": private.TS, "action_id": private.action(handlers.ActionShare)}, &none)
	w.until("the press was answered without the ledger", func() bool { return w.log.count("answered without the ledger") == 2 })
	w.until("the ledger has handed it out", func() bool { return w.log.count("msg=replied") == 2 }) // the share and the note in its place
	w.settled(channel, 2)
}

// slow is a ledger that writes and does not say so in time.
type slow struct{ bot.Ledger }

func (s slow) Put(ctx context.Context, ev handlers.Event, d handlers.Decision) (bool, error) {
	if _, err := s.Ledger.Put(context.WithoutCancel(ctx), ev, d); err != nil {
		return false, err
	}
	<-ctx.Done()
	return false, ctx.Err()
}

func (s slow) PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, _ time.Duration) (bool, *bot.Item, error) {
	fresh, err := s.Put(ctx, ev, d)
	return fresh, nil, err
}

// late is a ledger whose disk is not there until it is said to be.
type late struct {
	bot.Ledger
	there chan struct{}
	asked atomic.Int64
}

func (l *late) Sync() error {
	l.asked.Add(1)
	<-l.there
	return l.Ledger.Sync()
}

// A reply needs what outlives the process, an ack what outlives the machine.
func TestNoAckBeforeTheDiskHasIt(t *testing.T) {
	w := newWorld(t, nil)
	l := &late{there: make(chan struct{})}
	w.start(func(c *bot.Config) { l.Ledger, c.Ledger = c.Ledger, l })
	w.mention(question)
	w.until("it is replied to", func() bool { return len(w.replies(channel)) == 1 })
	w.until("the disk is waited for", func() bool { return l.asked.Load() > 0 })
	if got := w.unacked(); got != 1 {
		t.Errorf("%d are unacked before the disk has them, want 1", got)
	}
	close(l.there)
	w.settled(channel, 1)
}

// A day of sockets that Slack renews again and again, in a few seconds.
func TestADayOfDisconnects(t *testing.T) {
	w := newWorld(t, nil)
	w.tune = func(b *bot.Bot) { b.Hurry(time.Millisecond, 2*time.Millisecond) }
	w.start(func(c *bot.Config) { c.Sockets = 2 })
	day := func(first, times int) {
		for i := first; i < first+times; i++ {
			reason := []string{"warning", "refresh_requested"}[i%2]
			var none struct{}
			before := w.log.count("msg=connected")
			w.call(http.MethodPost, "/_sim/fault", map[string]any{"kind": "disconnect", "reason": reason, "count": 1, "delay_ms": 0}, &none)
			if i%5 == 0 {
				w.say(fmt.Sprintf("C%04d", i), "<@"+w.ws.BotUser()+"> "+question)
			}
			w.until("a socket is back", func() bool { return w.log.count("msg=connected") > before })
		}
		for i := first; i < first+times; i += 5 {
			w.settled(fmt.Sprintf("C%04d", i), 1)
		}
	}
	day(0, 20)
	before := using(t)
	day(20, 300)
	after := using(t)
	t.Logf("before %+v, after %+v", before, after)
	if after.goroutines > before.goroutines+10 || after.files > before.files+5 || after.heap > before.heap+16<<20 {
		t.Errorf("it grew from %+v to %+v", before, after)
	}
}

type usage struct {
	goroutines, files int
	heap              uint64
}

func using(t *testing.T) usage {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := usage{goroutines: runtime.NumGoroutine(), heap: m.HeapInuse}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		u.files = len(open)
	}
	return u
}

func TestAnApologyAfterTheLastTry(t *testing.T) {
	var refused atomic.Int64
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "chat.postMessage") && !strings.Contains(r.FormValue("text"), "went wrong") {
			refused.Add(1)
			w.Write([]byte(`{"ok":false,"error":"invalid_blocks"}`))
			return
		}
		next.ServeHTTP(w, r)
	})
	w.start()
	ts := w.mention(question)
	got := w.settled(channel, 1)
	want := handlers.Apologise(handlers.Event{Kind: handlers.Mention}).Actions[0].Text
	if got[0].Text != want || got[0].Thread != ts {
		t.Errorf("replied %q in thread %q, want %q in %q", got[0].Text, got[0].Thread, want, ts)
	}
	if w.log.count("set aside") != 1 || refused.Load() != 1 {
		t.Errorf("set aside %d times after %d refusals, want once each", w.log.count("set aside"), refused.Load())
	}
}

// bomb is a block that cannot be sent.
type bomb struct{ slack.DividerBlock }

func (bomb) MarshalJSON() ([]byte, error) { panic("at the worst of times: " + question) }

// mined is a ledger that puts one into what it hands out first.
type mined struct {
	bot.Ledger
	handed *atomic.Int64
}

func (m mined) PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, _ time.Duration) (bool, *bot.Item, error) {
	fresh, err := m.Put(ctx, ev, d)
	return fresh, nil, err
}

func (m mined) Claim(ctx context.Context, lease time.Duration) (*bot.Item, error) {
	it, err := m.Ledger.Claim(ctx, lease)
	if err == nil && m.handed.Add(1) == 1 {
		it.Action.Blocks.BlockSet = []slack.Block{bomb{}}
	}
	return it, err
}

func TestAPanicWhilePostingIsATryThatFailed(t *testing.T) {
	w := newWorld(t, nil)
	w.start(func(c *bot.Config) {
		c.Ledger, c.Settle = mined{c.Ledger, &atomic.Int64{}}, time.Millisecond
	})
	ts := w.mention(question)
	got := w.settled(channel, 1)
	if got[0].Thread != ts {
		t.Errorf("replied in thread %q, want %q", got[0].Thread, ts)
	}
	if w.log.count("msg=panicked key=T0SIM/"+channel) != 1 || w.log.count("Amazon") != 0 {
		t.Errorf("want one line about the panic with the key, without the question:\n%s", w.log.text())
	}
}
