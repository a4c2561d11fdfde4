package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"footnote/bot"
	"footnote/bot/store/pgtest"
	"footnote/handlers"
	"footnote/knowledge/match"
)

func TestPutAndClaim(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		put := func(ev handlers.Event, d handlers.Decision) *bot.Item {
			t.Helper()
			fresh, it, err := s.PutAndClaim(t.Context(), ev, d, lease)
			if err != nil || !fresh {
				t.Fatalf("PutAndClaim(%s) = %v, %v", ev.Key, fresh, err)
			}
			return it
		}
		ev := mention("C1", "1.0", "")
		it := put(ev, reply("C1", "1.0", "one", "two"))
		if it == nil || it.Key != ev.Key || it.N != 0 || it.Action.Text != "one" || it.Claims != 1 || time.Since(it.Created).Abs() > time.Minute {
			t.Fatalf("got %+v, want one", it)
		}
		if fresh, again, err := s.PutAndClaim(t.Context(), ev, reply("C1", "1.0", "again"), lease); fresh || again != nil || err != nil {
			t.Errorf("the second time: %v, %v, %v", fresh, again, err)
		}
		if _, got := claim(t, s); got != "" {
			t.Errorf("claimed %q within the channel's second", got)
		}
		if it := put(mention("C1", "2.0", ""), reply("C1", "2.0", "three")); it != nil {
			t.Errorf("handed out %q within the channel's second", it.Action.Text)
		}
		if it := put(mention("C1", "2.5", ""), handlers.Decision{}); it != nil {
			t.Errorf("handed out %q of nothing", it.Action.Text)
		}
		must(t, s.Done(t.Context(), it, "1.1"))
		later(t, s, time.Second)
		if it := put(mention("C1", "3.0", ""), reply("C1", "3.0", "four")); it != nil {
			t.Errorf("handed out %q before the channel's earlier ones", it.Action.Text)
		}
		for _, want := range []string{"two", "three", "four"} {
			it, got := claim(t, s)
			if got != want {
				t.Fatalf("claimed %q, want %q", got, want)
			}
			must(t, s.Done(t.Context(), it, "9.0"))
			later(t, s, time.Second)
		}
	})
}

// However many claim at once, in however many processes, each action is handed
// out once and in its thread's order.
func TestEachClaimIsExclusive(t *testing.T) {
	bothAddresses(t, func(t *testing.T, address string) {
		const channels, each = 20, 5
		stores := []*Store{open(t, address), open(t, address)}
		var writers sync.WaitGroup
		for c := range channels {
			writers.Go(func() {
				for i := range each {
					channel := fmt.Sprintf("C%d", c)
					_, err := stores[c%2].Put(t.Context(), mention(channel, fmt.Sprint(i), "0.0"), reply(channel, "0.0", fmt.Sprint(i)))
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		execute(t, stores[0], `UPDATE channels SET pace = 0`)

		var mu sync.Mutex // guards got
		got := map[string][]string{}
		var claimers sync.WaitGroup
		for i := range 8 {
			claimers.Go(func() {
				s := stores[i%2]
				for {
					it, err := s.Claim(t.Context(), lease)
					if errors.Is(err, bot.ErrNone) {
						if open, err := s.List(t.Context(), 0); len(open) == 0 || err != nil {
							return
						}
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					got[it.Action.Channel] = append(got[it.Action.Channel], it.Action.Text)
					mu.Unlock()
					if err := s.Done(t.Context(), it, "1.0"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		claimers.Wait()
		if len(got) != channels {
			t.Errorf("claims in %d channels, want %d", len(got), channels)
		}
		for channel, texts := range got {
			if want := []string{"0", "1", "2", "3", "4"}; !slices.Equal(texts, want) {
				t.Errorf("%s: %v, want %v", channel, texts, want)
			}
		}
	})
}

func TestTheSilentLoseWhatTheyHold(t *testing.T) {
	bothAddresses(t, func(t *testing.T, address string) {
		living, dying := open(t, address), open(t, address)
		must(t, living.Beat(t.Context()))
		must(t, dying.Beat(t.Context()))
		record(t, living, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
		late, got := claim(t, dying)
		if got != "hello" {
			t.Fatalf("claimed %q, want hello", got)
		}
		beat := func(after time.Duration) (*bot.Item, string) {
			t.Helper()
			later(t, living, after)
			must(t, living.Beat(t.Context()))
			return claim(t, living)
		}
		for range 2 {
			if _, got := beat(7 * time.Second); got != "" {
				t.Fatalf("claimed %q from a process that was heard of 14 s ago", got)
			}
		}
		it, got := beat(2 * time.Second)
		if got != "hello" || !it.Unclear || it.Since > time.Second {
			t.Fatalf("claimed %q, %+v, want hello, its outcome unclear as of now", got, it)
		}
		// Who was taken for dead cannot give away what is not its own, but may
		// say that it has posted.
		must(t, dying.Release(t.Context(), late, bot.Failure{Aside: true}))
		must(t, dying.Done(t.Context(), late, "1.1"))
		list, err := living.List(t.Context(), 1)
		if err != nil || len(list) != 1 || list[0].State != "done" || list[0].ReplyTS != "1.1" {
			t.Errorf("%+v, %v, want it done", list, err)
		}
	})
}

// After the database was away nobody was heard, and nobody is dead.
func TestTheDatabaseWasAway(t *testing.T) {
	bothAddresses(t, func(t *testing.T, address string) {
		a, b := open(t, address), open(t, address)
		must(t, a.Beat(t.Context()))
		must(t, b.Beat(t.Context()))
		record(t, a, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
		claim(t, b)
		later(t, a, 30*time.Second)
		must(t, a.Beat(t.Context()))
		if _, got := claim(t, a); got != "" {
			t.Errorf("claimed %q at the first beat after 30 s of silence", got)
		}
		for range 2 {
			must(t, b.Beat(t.Context()))
			later(t, a, 10*time.Second)
			must(t, a.Beat(t.Context()))
			if _, got := claim(t, a); got != "" {
				t.Errorf("claimed %q from a process that beats", got)
			}
		}
	})
}

func TestErase(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ask := func(ts, user string) *bot.Item {
			t.Helper()
			ev := mention("C1", ts, "0.0")
			ev.User = user
			d := reply("C1", "0.0", "answer "+ts)
			d.Asked = match.Prior{Question: "question " + ts, Facts: []string{"fact"}}
			record(t, s, ev, d)
			later(t, s, time.Second)
			it, _ := claim(t, s)
			return it
		}
		must(t, s.Done(t.Context(), ask("1.0", "U1"), "1.1"))
		must(t, s.Release(t.Context(), ask("2.0", "U1"), bot.Failure{Err: errors.New("no"), Counted: true, Aside: true}))
		later(t, s, 90*24*time.Hour)
		must(t, s.Done(t.Context(), ask("3.0", "U2"), "3.1"))
		if n, err := s.Erase(t.Context(), 90*24*time.Hour); n != 2 || err != nil {
			t.Errorf("Erase = %d, %v, want 2", n, err)
		}
		if n, err := s.Erase(t.Context(), 90*24*time.Hour); n != 0 || err != nil {
			t.Errorf("second Erase = %d, %v, want 0", n, err)
		}
		type row struct{ Person, Question, Facts, Actions string }
		known := func() (rows []row) {
			t.Helper()
			r, err := s.reader().QueryContext(t.Context(), `SELECT person, question, facts, action FROM events JOIN actions ON event = key ORDER BY ts`)
			must(t, err)
			defer r.Close()
			for r.Next() {
				var x row
				must(t, r.Scan(&x.Person, &x.Question, &x.Facts, &x.Actions))
				rows = append(rows, x)
			}
			return rows
		}
		want := []row{{"", "", `["fact"]`, ""}, {"", "", `["fact"]`, ""}, {"U2", "question 3.0", `["fact"]`, ""}}
		if diff := cmp.Diff(want, known()); diff != "" {
			t.Error(diff)
		}
		list, err := s.List(t.Context(), 9)
		if err != nil || len(list) != 3 || list[1].State != "aside" || list[1].Tries != 1 || list[1].Error != "no" {
			t.Errorf("%+v, %v: the counts are gone", list, err)
		}
		if err := s.Retry(t.Context(), list[1].Key); err == nil {
			t.Error("what was erased could be tried again")
		}

		ask("4.0", "U2") // in hand
		for _, tt := range []struct {
			user string
			want int
		}{{"U9", 0}, {"", 0}, {"U2", 2}, {"U2", 0}} {
			if n, err := s.Forget(t.Context(), tt.user); n != tt.want || err != nil {
				t.Errorf("Forget(%q) = %d, %v, want %d", tt.user, n, err, tt.want)
			}
		}
		later(t, s, lease)
		if _, got := claim(t, s); got != "answer 4.0" {
			t.Errorf("claimed %q, want what is owed to the person who was forgotten", got)
		}
	})
}

func TestListAndRetry(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		end := func(channel string, f *bot.Failure) {
			t.Helper()
			_, it, err := s.PutAndClaim(t.Context(), mention(channel, "1.0", ""), reply(channel, "1.0", "in "+channel), lease)
			must(t, err)
			if f != nil {
				must(t, s.Release(t.Context(), it, *f))
			} else {
				must(t, s.Done(t.Context(), it, "1.1"))
			}
		}
		end("C1", &bot.Failure{Err: errors.New("is_archived"), Counted: true, Aside: true})
		end("C2", nil)
		end("C3", nil)
		end("C4", &bot.Failure{Err: errors.New("timeout"), Counted: true, After: time.Hour})
		record(t, s, mention("C5", "1.0", ""), handlers.Decision{})
		states := func(answered int) (got []string) {
			t.Helper()
			list, err := s.List(t.Context(), answered)
			must(t, err)
			for _, e := range list {
				got = append(got, fmt.Sprintf("%s %s %d %s %s %s", e.Key, e.State, e.Tries, e.Error, e.ReplyTS, e.Kind))
			}
			return got
		}
		want := []string{
			"T1/C1/1.0 aside 1 is_archived  mention",
			"T1/C3/1.0 done 0  1.1 mention",
			"T1/C4/1.0 open 1 timeout  mention",
			"T1/C5/1.0 done 0   mention",
		}
		if diff := cmp.Diff(want, states(2)); diff != "" {
			t.Error(diff)
		}
		for _, tt := range []struct{ key, want string }{
			{"T1/C2/1.0", "nothing of it was set aside"},
			{"T1/C9/1.0", "no event has this key"},
		} {
			if err := s.Retry(t.Context(), tt.key); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Retry(%s): %v, want %q", tt.key, err, tt.want)
			}
		}
		must(t, s.Retry(t.Context(), "T1/C1/1.0"))
		later(t, s, time.Second)
		it, got := claim(t, s)
		if got != "in C1" || it.Tries != 0 {
			t.Errorf("claimed %q, %+v, want what was set aside", got, it)
		}
		must(t, s.Done(t.Context(), it, "1.2"))
		if got := states(9)[0]; got != "T1/C1/1.0 done 0 is_archived 1.2 mention" {
			t.Errorf("then it is %q", got)
		}
	})
}

// A ledger that an early fifth schema took an index from has it back, and an
// inbox.
func TestMigrationOfAnEarlyFifth(t *testing.T) {
	bothAddresses(t, func(t *testing.T, address string) {
		driver, dialect, indexes := "sqlite", goose.DialectSQLite3, `SELECT name FROM sqlite_master WHERE type = 'index'`
		if Shared(address) {
			driver, dialect, indexes = "pgx", goose.DialectPostgres, `SELECT indexname FROM pg_indexes`
		}
		old, err := sql.Open(driver, address)
		must(t, err)
		p, err := provider(dialect, old)
		must(t, err)
		_, err = p.UpTo(t.Context(), 5)
		must(t, err)
		for _, q := range []string{`DROP INDEX events_ts`, `CREATE INDEX events_version ON events (channel, ts) WHERE version <> ''`} {
			_, err := old.ExecContext(t.Context(), q)
			must(t, err)
		}
		must(t, old.Close())

		s := open(t, address)
		if got := rows(t, s, indexes); !slices.Contains(got, "events_ts") || slices.Contains(got, "events_version") {
			t.Errorf("indexes: %q", got)
		}
		_, it, err := s.PutAndClaim(t.Context(), mention("C1", "1.0", ""), reply("C1", "", "hello"), lease)
		if err != nil || it == nil {
			t.Errorf("PutAndClaim = %v, %v", it, err)
		}
	})
}

// A ledger of the first schema goes on where it was.
func TestMigration(t *testing.T) {
	for _, db := range []struct {
		driver  string
		dialect goose.Dialect
		address func(*testing.T) string
	}{
		{"sqlite", goose.DialectSQLite3, func(t *testing.T) string { return t.TempDir() + "/ledger.db" }},
		{"pgx", goose.DialectPostgres, func(t *testing.T) string { return pgtest.Start(t) }},
	} {
		t.Run(db.driver, func(t *testing.T) {
			address := db.address(t)
			old, err := sql.Open(db.driver, address)
			must(t, err)
			p, err := provider(db.dialect, old)
			must(t, err)
			_, err = p.UpTo(t.Context(), 1)
			must(t, err)
			for _, q := range []string{
				`INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created)
					VALUES ('k', 'mention', 'T1', 'C1', 'U1', '1.0', '', 'who?', 'null', 'answer', 1)`,
				`INSERT INTO actions (event, n, channel, lane, action, state, created, due) VALUES ('k', 0, 'C1', 'C1/1.0', '{"channel":"C1","text":"posted"}', 'open', 1, 1)`,
				`INSERT INTO actions (event, n, channel, lane, action, state, created, due) VALUES ('k', 1, '', 'k', '{"respond":{"url":"u"},"text":"sent"}', 'open', 2, 2)`,
				`INSERT INTO channels (channel, free) VALUES ('C1', 5)`,
			} {
				_, err := old.ExecContext(t.Context(), q)
				must(t, err)
			}
			must(t, old.Close())

			s := open(t, address)
			var got []string
			for it, text := claim(t, s); it != nil; it, text = claim(t, s) {
				must(t, s.Done(t.Context(), it, ""))
				got = append(got, text)
			}
			slices.Sort(got)
			if diff := cmp.Diff([]string{"posted", "sent"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is written together fails apart, and whoever gives up leaves.
func TestSharedWrites(t *testing.T) {
	s := open(t, t.TempDir()+"/ledger.db")
	g := s.engine.(*file).writer
	<-g.turn // somebody is writing
	errs := make(chan error)
	waiting := func(n int) {
		t.Helper()
		poll(t, fmt.Sprint(n, " wait"), func() bool {
			g.mu.Lock()
			defer g.mu.Unlock()
			return len(g.queue) == n
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, err := s.Put(ctx, mention("C1", "1.0", ""), handlers.Decision{})
		errs <- err
	}()
	waiting(1)
	cancel()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Errorf("Put that was given up: %v", err)
	}
	no := errors.New("no")
	go func() {
		errs <- s.transact(t.Context(), func(tx tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO channels (channel, free) VALUES ('C9', 0)`)
			return errors.Join(err, no)
		})
	}()
	waiting(1)
	go func() {
		_, err := s.Put(t.Context(), mention("C2", "1.0", ""), handlers.Decision{})
		errs <- err
	}()
	waiting(2)
	g.turn <- struct{}{}
	one, two := <-errs, <-errs
	if two != nil {
		one, two = two, one
	}
	if !errors.Is(one, no) || two != nil {
		t.Errorf("%v, %v, want one of them to fail", one, two)
	}
	list, err := s.List(t.Context(), 9)
	if err != nil || len(list) != 1 || list[0].Key != "T1/C2/1.0" {
		t.Errorf("%+v, %v, want C2's alone", list, err)
	}
	if n := countOf(t, s, `SELECT COUNT(*) FROM channels`); n != 0 {
		t.Error("what failed was written")
	}
}

// After the machine died, what Slack sends again may have been answered. A
// process that was killed, or ended, takes nothing with it.
func TestTheMachineDied(t *testing.T) {
	for _, tt := range []struct {
		name, boot string
		again      bool
		want       bool // that the reply is looked for first
	}{
		{"an event that is sent again", "another boot", true, true},
		{"an event that is new", "another boot", false, false},
		{"the process was killed", bootID(), true, false},
		{"the process ended", "", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.db")
			must(t, os.WriteFile(path+".lock", []byte(tt.boot), 0o600))
			s := open(t, path)
			must(t, s.Lock(t.Context()))
			ev := mention("C1", "1.0", "")
			ev.Again = tt.again
			_, it, err := s.PutAndClaim(t.Context(), ev, reply("C1", "1.0", "hello"), lease)
			must(t, err)
			if it == nil {
				it, _ = claim(t, s)
			}
			if it == nil || it.Unclear != tt.want {
				t.Errorf("claimed %+v, want it unclear: %v", it, tt.want)
			}
			must(t, s.Close())
			if left, err := os.ReadFile(path + ".lock"); len(left) > 0 || err != nil {
				t.Errorf("closed, the diary says %q, %v", left, err)
			}
		})
	}
}

// What is committed is synced once, for all who wait for it.
func TestSync(t *testing.T) {
	s := open(t, t.TempDir()+"/ledger.db")
	g := s.engine.(*file).writer
	record(t, s, mention("C1", "1.0", ""), reply("C1", "1.0", "hello"))
	if g.synced == g.committed {
		t.Fatal("synced before anybody asked")
	}
	must(t, s.Sync())
	if g.synced != g.committed {
		t.Errorf("synced %d of %d", g.synced, g.committed)
	}
	must(t, g.log.Close()) // the disk is gone
	must(t, s.Sync())      // and not needed
	record(t, s, mention("C1", "2.0", ""), reply("C1", "2.0", "hello"))
	if err := s.Sync(); err == nil {
		t.Error("synced without a disk")
	}
}

// The write-ahead log does not grow with what is written.
func TestCheckpoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := open(t, path)
	for i := range 20 * checkpointEvery {
		channel := fmt.Sprint("C", i)
		record(t, s, mention(channel, "1.0", ""), reply(channel, "1.0", "hello"))
	}
	info, err := os.Stat(path + "-wal")
	must(t, err)
	if info.Size() > 20<<20 { // 20 * 100 commits of ten pages each are 80 MB
		t.Errorf("the log has %d MB", info.Size()>>20)
	}
}
