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
	"github.com/slack-go/slack"

	"footnote/bot"
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

func fresh(t *testing.T) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "ledger.db"))
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
		`UPDATE channels SET free = free - $1`,
		`UPDATE events SET created = created - $1`,
	} {
		if _, err := s.db.Exec(q, d.Seconds()); err != nil {
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnEventIsWrittenDownOnce(t *testing.T) {
	s := fresh(t)
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
}

func TestPutIsAllOrNothing(t *testing.T) {
	s := fresh(t)
	ev := mention("C1", "1.0", "")
	if _, err := s.db.Exec(`CREATE TRIGGER no BEFORE INSERT ON actions WHEN NEW.n = 1 BEGIN SELECT RAISE(ABORT, 'no'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), ev, reply("C1", "1.0", "a", "b")); err == nil {
		t.Fatal("Put wrote half a decision")
	}
	if _, err := s.db.Exec(`DROP TRIGGER no`); err != nil {
		t.Fatal(err)
	}
	record(t, s, ev, reply("C1", "1.0", "a", "b"))
}

// Order: oldest first, a channel once a second, a thread in sequence.
func TestClaimOrder(t *testing.T) {
	s := fresh(t)
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
}

func TestAThreadWaitsAMinuteAtMost(t *testing.T) {
	s := fresh(t)
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
}

func TestNextWithoutWork(t *testing.T) {
	s := fresh(t)
	if wait, err := s.Next(t.Context()); err != nil || wait != time.Minute {
		t.Errorf("Next = %v, %v, want a minute", wait, err)
	}
}

func TestALeaseRunsOut(t *testing.T) {
	s := fresh(t)
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
	s := fresh(t)
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
	must(t, s.db.QueryRow(`SELECT state, last_error FROM actions WHERE event = $1`, it.Key).Scan(&state, &why))
	if state != "aside" || why != "is_archived" {
		t.Errorf("state %q, last error %q", state, why)
	}
}

func TestAnActionThatCannotBeReadHoldsUpNobody(t *testing.T) {
	s := fresh(t)
	record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "one"))
	record(t, s, mention("C2", "2.0", ""), reply("C2", "2.0", "two"))
	if _, err := s.db.Exec(`UPDATE actions SET action = '{' WHERE channel = 'C1'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Claim(t.Context(), lease); err == nil || errors.Is(err, bot.ErrNone) {
		t.Errorf("Claim of half an action: %v", err)
	}
	if _, got := claim(t, s); got != "two" {
		t.Errorf("then claimed %q, want two", got)
	}
}

func TestAnActionComesBackAsItWasPut(t *testing.T) {
	s := fresh(t)
	want := handlers.Action{Channel: "C1", Thread: "1.0", Text: "hello", Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*hello*", false, false), nil, nil),
		slack.NewRichTextBlock("b", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("quoted", &slack.RichTextSectionTextStyle{Italic: true}))),
		slack.NewActionBlock("a", slack.NewButtonBlockElement("more", "value", slack.NewTextBlockObject(slack.PlainTextType, "More", false, false))),
	}}}
	record(t, s, mention("C1", "1.0", ""), handlers.Decision{Actions: []handlers.Action{want}})
	it, _ := claim(t, s)
	if diff := cmp.Diff(want, it.Action); diff != "" {
		t.Error(diff)
	}
}

func TestSecretsAreWiped(t *testing.T) {
	const secret = "https://hooks.slack.example/actions/T1/not-for-anybody"
	for _, end := range []string{"done", "aside"} {
		path := filepath.Join(t.TempDir(), "ledger.db")
		s := open(t, path)
		ev := handlers.Event{Key: "envelope", Kind: handlers.Press, Channel: "C1", ResponseURL: secret}
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
		if !strings.Contains(string(b), "hello") {
			t.Errorf("%s: the file does not hold the action: this test looks in the wrong place", end)
		}
	}
}

func TestPrior(t *testing.T) {
	s := fresh(t)
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
	press := func(channel, message, thread string) handlers.Event {
		return handlers.Event{Key: "envelope", Kind: handlers.Press, Channel: channel, Message: message, Thread: thread}
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
		{"a button of the first reply", press("C1", "r1.0", "1.0"), "begin"},
		{"a button of some other message in the thread", press("C1", "8.0", "1.0"), "go on"},
		{"a button outside of everything", press("C1", "8.0", ""), ""},
		{"a DM after more than half an hour", direct("9.0", ""), ""},
	} {
		got, err := s.Prior(t.Context(), tt.ev)
		if err != nil || got.Question != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.name, got.Question, err, tt.want)
		}
	}
	asked(direct("5.0", ""), "in private", "f5", "f6")
	got, err := s.Prior(t.Context(), direct("6.0", ""))
	want := match.Prior{Question: "in private", Facts: []string{"f5", "f6"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("the DM's last question: %v %s", err, diff)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	must(t, os.WriteFile(garbage, []byte(strings.Repeat("This is no database. ", 500)), 0o600))
	newer := filepath.Join(dir, "newer.db")
	s := open(t, newer)
	_, err := s.db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	must(t, err)
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

func TestAFullDiskIsNamed(t *testing.T) {
	s := fresh(t)
	_, err := s.db.Exec(`PRAGMA max_page_count = 1`) // SQLite takes it as: no more than now
	must(t, err)
	_, err = s.Put(t.Context(), mention("C1", "1.0", ""), reply("C1", "1.0", strings.Repeat("long ", 10_000)))
	if err == nil || !strings.Contains(err.Error(), "its disk is full") {
		t.Errorf("Put on a full disk: %v", err)
	}
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
	tx, err := other.db.Begin()
	must(t, err)
	defer tx.Rollback()
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

func TestTwoMayCreateTheLedgerAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
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
}
