package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"

	"footnote/bot"
	"footnote/bot/store/pgtest"
	"footnote/handlers"
	"footnote/knowledge/match"
)

const lease = time.Minute

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// both runs a test on an empty ledger of each database.
func both(t *testing.T, test func(*testing.T, *Store)) {
	t.Helper()
	bothAddresses(t, func(t *testing.T, address string) { test(t, open(t, address)) })
}

// bothAddresses is for tests that open the ledger more than once.
func bothAddresses(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "ledger.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Start(t)) })
}

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// execute runs a statement of the test's own.
func execute(tb testing.TB, s *Store, query string, args ...any) {
	tb.Helper()
	err := s.transact(tb.Context(), func(t tx) error {
		_, err := t.ExecContext(tb.Context(), query, args...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func mention(channel, ts, thread string) handlers.Event {
	return handlers.Event{Key: "T1/" + channel + "/" + ts, Kind: handlers.Mention, Team: "T1", Channel: channel, User: "U1", TS: ts, Thread: thread}
}

// reply is a decision that says each text in the channel's thread.
func reply(channel, thread string, texts ...string) handlers.Decision {
	var d handlers.Decision
	for _, text := range texts {
		d.Actions = append(d.Actions, handlers.Action{Channel: channel, Thread: thread, Text: text})
	}
	return d
}

func record(t *testing.T, s *Store, ev handlers.Event, d handlers.Decision) {
	t.Helper()
	fresh, err := s.Put(t.Context(), ev, d)
	if err != nil || !fresh {
		t.Fatalf("Put(%s) = %v, %v, want true", ev.Key, fresh, err)
	}
}

// pragma changes the connection that writes to a file.
func pragma(t *testing.T, s *Store, query string) {
	t.Helper()
	g := s.engine.(*file).writer
	<-g.turn
	defer func() { g.turn <- struct{}{} }()
	_, err := g.conn.ExecContext(t.Context(), query)
	must(t, err)
}

// claim returns the text of what is claimed, "" for nothing.
func claim(t *testing.T, s *Store) (*bot.Item, string) {
	t.Helper()
	it, err := s.Claim(t.Context(), lease)
	if errors.Is(err, bot.ErrNone) {
		return nil, ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return it, it.Action.Text
}

// later lets time pass: it moves everything that has a time into the past.
func later(t *testing.T, s *Store, d time.Duration) {
	t.Helper()
	for _, q := range []string{
		`UPDATE actions SET created = created - $1, due = due - $1, claimed = claimed - $1, unclear = unclear - $1`,
		`UPDATE channels SET free = free - $1, next = next - $1`,
		`UPDATE events SET created = created - $1, done = done - $1`,
		`UPDATE processes SET steady = steady - $1, heard = heard - $1`,
	} {
		execute(t, s, q, d.Seconds())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnEventIsWrittenDownOnce(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ev := mention("C1", "1.0", "")
		record(t, s, ev, reply("C1", "1.0", "first"))
		again, err := s.Put(t.Context(), ev, reply("C1", "1.0", "second"))
		if err != nil || again {
			t.Fatalf("second Put = %v, %v, want false", again, err)
		}
		it, got := claim(t, s)
		if got != "first" {
			t.Fatalf("claimed %q, want first", got)
		}
		must(t, s.Done(t.Context(), it, "2.0"))
		later(t, s, time.Hour)
		if _, got := claim(t, s); got != "" {
			t.Errorf("after Done, claimed %q", got)
		}
	})
}

func TestPutIsAllOrNothing(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ev := mention("C1", "1.0", "")
		execute(t, s, `CREATE UNIQUE INDEX once ON actions (action)`)
		if _, err := s.Put(t.Context(), ev, reply("C1", "1.0", "a", "a")); err == nil {
			t.Fatal("Put wrote half a decision")
		}
		record(t, s, ev, reply("C1", "1.0", "a", "b"))
	})
}

// Order: oldest first, a channel once a second, a thread in sequence.
func TestClaimOrder(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "C1 first", "C1 second"))
		record(t, s, mention("C1", "1.5", ""), reply("C1", "1.5", "C1 other thread"))
		record(t, s, mention("C2", "2.0", ""), reply("C2", "2.0", "C2"))

		one, got := claim(t, s)
		if got != "C1 first" {
			t.Fatalf("claimed %q, want the oldest", got)
		}
		if _, got := claim(t, s); got != "C2" {
			t.Fatalf("claimed %q, want C2: C1 has had its message of this second", got)
		}
		if _, got := claim(t, s); got != "" {
			t.Fatalf("claimed %q, want nothing", got)
		}
		if wait, err := s.Next(t.Context()); err != nil || wait <= 0 || wait > time.Second {
			t.Errorf("Next = %v, %v, want the rest of C1's second", wait, err)
		}
		later(t, s, time.Second)
		if _, got := claim(t, s); got != "C1 other thread" {
			t.Fatalf("claimed %q, want the other thread: the first one's reply is still open", got)
		}
		later(t, s, time.Second)
		if _, got := claim(t, s); got != "" {
			t.Fatalf("claimed %q before the earlier one of its thread was done", got)
		}
		must(t, s.Done(t.Context(), one, "3.0"))
		if _, got := claim(t, s); got != "C1 second" {
			t.Fatalf("claimed %q, want C1 second", got)
		}
	})
}

func TestAThreadWaitsAMinuteAtMost(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "stuck", "patient"))
		it, _ := claim(t, s)
		must(t, s.Release(t.Context(), it, bot.Failure{Err: errors.New("no"), After: time.Hour}))
		later(t, s, 59*time.Second)
		if _, got := claim(t, s); got != "" {
			t.Fatalf("claimed %q too early", got)
		}
		if wait, err := s.Next(t.Context()); err != nil || wait <= 0 || wait > time.Second {
			t.Errorf("Next = %v, %v, want what is left of the minute", wait, err)
		}
		later(t, s, time.Second)
		if _, got := claim(t, s); got != "patient" {
			t.Fatalf("claimed %q, want patient", got)
		}
	})
}

func TestNextWithoutWork(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		if wait, err := s.Next(t.Context()); err != nil || wait != longest {
			t.Errorf("Next = %v, %v, want %v", wait, err, longest)
		}
	})
}

func TestALeaseRunsOut(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
		first, _ := claim(t, s)
		if first.Unclear {
			t.Error("a first claim is unclear")
		}
		later(t, s, lease-time.Second)
		if _, got := claim(t, s); got != "" {
			t.Fatal("claimed twice within the lease")
		}
		later(t, s, time.Second)
		second, got := claim(t, s)
		if got != "hello" || !second.Unclear || second.Since < lease || second.Claims != 2 {
			t.Fatalf("after the lease: %q, %+v, want hello with an unclear outcome a minute ago", got, second)
		}
		// The first holder comes back too late.
		must(t, s.Release(t.Context(), first, bot.Failure{Err: errors.New("late"), Aside: true}))
		must(t, s.Release(t.Context(), second, bot.Failure{}))
		later(t, s, time.Second)
		if _, got := claim(t, s); got != "hello" {
			t.Errorf("claimed %q: a lease that ran out could still set its item aside", got)
		}
	})
}

func TestLockFreesTheLeasesOfTheDead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := open(t, path)
	must(t, s.Lock(t.Context()))
	record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
	claim(t, s)

	other := open(t, path)
	err := other.Lock(t.Context())
	if err == nil || !strings.Contains(err.Error(), "in use by another running Footnote") {
		t.Fatalf("second Lock: %v", err)
	}
	must(t, s.Close())
	must(t, other.Lock(t.Context()))
	later(t, other, time.Second) // of pacing
	it, got := claim(t, other)
	if got != "hello" || !it.Unclear {
		t.Errorf("claimed %q, %+v, want hello at once, its outcome unclear", got, it)
	}
}

func TestRelease(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "one"))
		record(t, s, mention("C1", "2.0", ""), reply("C1", "2.0", "two"))

		it, _ := claim(t, s)
		must(t, s.Release(t.Context(), it, bot.Failure{Err: errors.New("ratelimited"), After: 30 * time.Second, Channel: true}))
		later(t, s, 29*time.Second)
		if _, got := claim(t, s); got != "" {
			t.Fatalf("claimed %q while the channel is to be left alone", got)
		}
		later(t, s, time.Second)
		it, got := claim(t, s)
		if got != "one" || it.Tries != 0 || it.Unclear {
			t.Fatalf("claimed %q, %+v, want one, not counted as tried", got, it)
		}
		must(t, s.Release(t.Context(), it, bot.Failure{Err: errors.New("timeout"), After: 2 * time.Second, Counted: true, Unclear: true}))
		later(t, s, time.Second)
		two, got := claim(t, s)
		if got != "two" {
			t.Fatalf("claimed %q, want two while one waits", got)
		}
		must(t, s.Done(t.Context(), two, "4.0"))
		later(t, s, time.Second)
		it, got = claim(t, s)
		if got != "one" || it.Tries != 1 || !it.Unclear || it.Since < 2*time.Second {
			t.Fatalf("claimed %q, %+v, want one, tried once, unclear for 2 s", got, it)
		}
		must(t, s.Release(t.Context(), it, bot.Failure{Err: errors.New("is_archived"), Aside: true}))
		later(t, s, time.Hour)
		if _, got := claim(t, s); got != "" {
			t.Errorf("claimed %q after it was set aside", got)
		}
		var state, why string
		must(t, s.reader().QueryRowContext(t.Context(), `SELECT state, last_error FROM actions WHERE event = $1`, it.Key).Scan(&state, &why))
		if state != "aside" || why != "is_archived" {
			t.Errorf("state %q, last error %q", state, why)
		}
	})
}

func TestAnActionThatCannotBeReadHoldsUpNobody(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "one"))
		record(t, s, mention("C2", "2.0", ""), reply("C2", "2.0", "two"))
		execute(t, s, `UPDATE actions SET action = '{' WHERE channel = 'C1'`)
		if _, err := s.Claim(t.Context(), lease); err == nil || errors.Is(err, bot.ErrNone) {
			t.Errorf("Claim of half an action: %v", err)
		}
		if _, got := claim(t, s); got != "two" {
			t.Errorf("then claimed %q, want two", got)
		}
	})
}

func TestAnActionComesBackAsItWasPut(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		want := handlers.Action{Channel: "C1", Thread: "1.0", Text: "hello", Blocks: handlers.Blocks{Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*hello*", false, false), nil, nil),
			slack.NewRichTextBlock("b", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("quoted", &slack.RichTextSectionTextStyle{Italic: true}))),
			slack.NewActionBlock("a", slack.NewButtonBlockElement("more", "value", slack.NewTextBlockObject(slack.PlainTextType, "More", false, false))),
		}}}}
		record(t, s, mention("C1", "1.0", ""), handlers.Decision{Actions: []handlers.Action{want}})
		it, _ := claim(t, s)
		if diff := cmp.Diff(want, it.Action, cmpopts.IgnoreUnexported(handlers.Blocks{})); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSecretsAreWiped(t *testing.T) {
	const secret = "https://hooks.slack.example/actions/T1/not-for-anybody"
	for _, end := range []string{"done", "aside"} {
		path := filepath.Join(t.TempDir(), "ledger.db")
		s := open(t, path)
		ev := handlers.Event{Key: "the one that is kept", Kind: handlers.Press, Channel: "C1", ResponseURL: secret}
		record(t, s, ev, handlers.Decision{Actions: []handlers.Action{{Text: "hello", Respond: &handlers.Respond{URL: secret, InChannel: true}}}})
		it, _ := claim(t, s)
		if it.Action.Respond == nil || it.Action.Respond.URL != secret {
			t.Fatalf("claimed %+v, want the response URL", it.Action)
		}
		if end == "done" {
			must(t, s.Done(t.Context(), it, ""))
		} else {
			must(t, s.Release(t.Context(), it, bot.Failure{Err: errors.New("gone"), Aside: true}))
		}
		must(t, s.Close())
		b, err := os.ReadFile(path)
		must(t, err)
		if strings.Contains(string(b), "not-for-anybody") {
			t.Errorf("%s: the response URL is still in the file", end)
		}
		if !strings.Contains(string(b), "the one that is kept") {
			t.Errorf("%s: the file does not hold the event: this test looks in the wrong place", end)
		}
	}
}

func TestRecallPrior(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		asked := func(ev handlers.Event, q string, facts ...string) {
			t.Helper()
			d := reply(ev.Channel, ev.Thread, "answer to "+q)
			d.Asked = match.Prior{Question: q, Facts: facts}
			record(t, s, ev, d)
			it, err := s.Claim(t.Context(), lease)
			must(t, err)
			must(t, s.Done(t.Context(), it, "r"+ev.TS))
			later(t, s, time.Minute)
		}
		direct := func(ts, thread string) handlers.Event {
			ev := mention("D1", ts, thread)
			ev.Kind = handlers.Direct
			return ev
		}
		asked(direct("0.1", ""), "long ago", "f0")
		later(t, s, time.Hour)
		asked(mention("C1", "1.0", ""), "begin", "f1", "f2")
		asked(mention("C1", "2.0", "1.0"), "go on", "f3")
		asked(mention("C1", "3.0", ""), "elsewhere", "f4")
		record(t, s, mention("C1", "4.0", "1.0"), handlers.Decision{}) // thanks
		for _, tt := range []struct {
			name string
			ev   handlers.Event
			want string
		}{
			{"the thread's last question", mention("C1", "9.0", "1.0"), "go on"},
			{"the message that began the thread", mention("C1", "9.0", "3.0"), "elsewhere"},
			{"itself, delivered again", mention("C1", "2.0", "1.0"), "begin"},
			{"another channel's thread", mention("C2", "9.0", "1.0"), ""},
			{"the top level of a channel has no memory", mention("C1", "9.0", ""), ""},
			{"a DM after more than half an hour", direct("9.0", ""), ""},
		} {
			got, err := s.Recall(t.Context(), tt.ev)
			if err != nil || got.Prior.Question != tt.want {
				t.Errorf("%s: %q, %v, want %q", tt.name, got.Prior.Question, err, tt.want)
			}
		}
		asked(direct("5.0", ""), "in private", "f5", "f6")
		got, err := s.Recall(t.Context(), direct("6.0", ""))
		want := match.Prior{Question: "in private", Facts: []string{"f5", "f6"}}
		if diff := cmp.Diff(want, got.Prior); err != nil || diff != "" {
			t.Errorf("the DM's last question: %v %s", err, diff)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	must(t, os.WriteFile(garbage, []byte(strings.Repeat("This is no database. ", 500)), 0o600))
	newer := filepath.Join(dir, "newer.db")
	s := open(t, newer)
	execute(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	must(t, s.Close())
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(dir, "nowhere", "ledger.db"), "give it a path in a directory that exists"},
		{dir, "cannot be written"},
		{garbage, "is damaged or was never a ledger"},
		{newer, "written by a newer Footnote"},
	} {
		_, err := Open(t.Context(), tt.path)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.path) {
			t.Errorf("Open(%s): %v, want it to say %q", tt.path, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%s): more than one sentence: %v", tt.path, err)
		}
	}
}

// Nothing of a full disk is lost: what could not be written was refused, and
// goes in when there is room.
func TestAFullDiskIsNamed(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "ledger.db"))
	ev, d := mention("C1", "1.0", ""), reply("C1", "1.0", strings.Repeat("long ", 10_000))
	pragma(t, s, "PRAGMA max_page_count = 1") // SQLite takes it as: no more than now
	if _, err := s.Put(t.Context(), ev, d); err == nil || !strings.Contains(err.Error(), "its disk is full") {
		t.Errorf("Put on a full disk: %v", err)
	}
	pragma(t, s, "PRAGMA max_page_count = 1000000")
	record(t, s, ev, d)
}

func TestTheFileIsPrivateAndItsNameIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "what? 100%#1.db")
	s := open(t, path)
	record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
	for _, p := range []string{path, path + "-wal"} {
		info, err := os.Stat(p)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", p, info.Mode())
		}
	}
}

func TestADeadlineIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := open(t, path)
	other := open(t, path)
	pragma(t, other, "BEGIN IMMEDIATE")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := s.Put(ctx, mention("C1", "1.0", ""), reply("C1", "1.0", "hello")); err == nil {
		t.Error("Put succeeded while another process was writing")
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("Put with a deadline of 50 ms gave up after %v", took)
	}
}

func TestSeveralMayCreateTheLedgerAtOnce(t *testing.T) {
	bothAddresses(t, func(t *testing.T, path string) {
		errs := make(chan error)
		for range 4 {
			go func() {
				s, err := Open(t.Context(), path)
				if err == nil {
					err = s.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}
