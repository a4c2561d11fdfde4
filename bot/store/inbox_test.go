package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"footnote/knowledge/match"
)

// waiting is how many events are in the inbox, seen from outside.
func waiting(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, s.engine.(*file).db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM inbox`).Scan(&n))
	return n
}

// jotted puts and claims an event that goes into the inbox.
func jotted(t *testing.T, s *Store, channel, ts, thread string) {
	t.Helper()
	before := waiting(t, s)
	d := reply(channel, thread, "hello")
	d.Asked = match.Prior{Question: "who?", Facts: []string{"f1"}}
	fresh, it, err := s.PutAndClaim(t.Context(), mention(channel, ts, thread), d, lease)
	if err != nil || !fresh || it == nil || it.Claims != 1 || it.Created.IsZero() {
		t.Fatalf("PutAndClaim = %v, %+v, %v", fresh, it, err)
	}
	if got := waiting(t, s); got != before+1 {
		t.Fatalf("%d events are in the inbox, want %d", got, before+1)
	}
}

// rows reads rows of one column.
func rows(t *testing.T, s *Store, query string) (list []string) {
	t.Helper()
	r, err := s.reader().QueryContext(t.Context(), query)
	must(t, err)
	list, err = texts(r)
	must(t, err)
	return list
}

// What comes out of the inbox is what is written without one.
func TestInboxWritesTheSame(t *testing.T) {
	with, without := open(t, filepath.Join(t.TempDir(), "ledger.db")), open(t, filepath.Join(t.TempDir(), "ledger.db"))
	without.owner = with.owner
	for _, s := range []*Store{with, without} {
		execute(t, s, `INSERT INTO channels (channel, pace, free) VALUES ('C2', 1, 5)`) // was used long ago
	}
	for i, thread := range []string{"", "1.0", ""} {
		channel := fmt.Sprintf("C%d", i+1)
		jotted(t, with, channel, "2.0", thread)

		ev, d := mention(channel, "2.0", thread), reply(channel, thread, "hello")
		d.Asked = match.Prior{Question: "who?", Facts: []string{"f1"}}
		list, err := owe(ev, d)
		must(t, err)
		must(t, without.commitEither(t.Context(), nil, func(tx tx) error {
			_, _, err := without.write(t.Context(), tx, ev, d, list, lease, false)
			return err
		}))
	}
	for _, query := range []string{
		`SELECT json_array(key, kind, team, channel, person, ts, thread, question, facts, verdict, created > 0, done, version) FROM events ORDER BY key`,
		`SELECT json_array(event, n, channel, lane, action, state, created > 0, round(due - created, 2), owner, claims, round(claimed - created, 2), tries, unclear, last_error, reply_ts) FROM actions ORDER BY event`,
		`SELECT json_array(c.channel, pace, round(free - a.created, 2), round(next - a.created, 2)) FROM channels c JOIN actions a ON a.channel = c.channel ORDER BY c.channel`,
	} {
		want := rows(t, without, query)
		if len(want) != 3 {
			t.Fatalf("%d rows of %s", len(want), query)
		}
		if diff := cmp.Diff(want, rows(t, with, query)); diff != "" {
			t.Errorf("%s (-without inbox, +with):\n%s", query, diff)
		}
	}
	if got := waiting(t, with); got != 0 {
		t.Errorf("%d are still in the inbox", got)
	}
}

// An event in the inbox is known, and its channel is busy.
func TestInboxRefusesWhatItHolds(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "ledger.db"))
	jotted(t, s, "C1", "1.0", "")
	if fresh, it, err := s.PutAndClaim(t.Context(), mention("C1", "1.0", ""), reply("C9", "", "again"), lease); fresh || it != nil || err != nil {
		t.Errorf("the same again = %v, %v, %v", fresh, it, err)
	}
	jotted(t, s, "C2", "1.0", "")
	fresh, it, err := s.PutAndClaim(t.Context(), mention("C2", "2.0", ""), reply("C2", "", "next"), lease)
	if err != nil || !fresh || it != nil {
		t.Errorf("the next of a busy channel = %v, %+v, %v, want it to wait", fresh, it, err)
	}
	if it, text := claim(t, s); it != nil {
		t.Errorf("%q is claimed although its channel is busy", text)
	}
}

// A thread's question is recalled although it is still in the inbox.
func TestInboxIsRecalled(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "ledger.db"))
	jotted(t, s, "C1", "1.0", "")
	m, err := s.Recall(t.Context(), mention("C1", "2.0", "1.0"))
	if err != nil || m.Prior.Question != "who?" {
		t.Errorf("Recall = %+v, %v", m, err)
	}
}

// What a killed process left in the inbox is seen by whoever opens the ledger,
// given back to the next process, and not lost to an earlier Footnote.
func TestInboxOutlivesItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	jotted(t, open(t, path), "C1", "1.0", "") // not closed, and never used again

	looking := open(t, path)
	list, err := looking.List(t.Context(), 0)
	must(t, err)
	if len(list) != 1 || list[0].Key != "T1/C1/1.0" {
		t.Errorf("listed: %+v", list)
	}

	next := open(t, path)
	jotted(t, open(t, path), "C2", "1.0", "")
	if list, err := looking.List(t.Context(), 0); err != nil || len(list) != 2 {
		t.Errorf("listed again: %+v, %v", list, err)
	}

	jotted(t, open(t, path), "C3", "1.0", "")
	must(t, next.Lock(t.Context()))
	later(t, next, 2*lease)
	var said []string
	for it, _ := claim(t, next); it != nil; it, _ = claim(t, next) {
		if !it.Unclear {
			t.Errorf("%s may have been said", it.Key)
		}
		said = append(said, it.Key)
	}
	if got := strings.Join(said, " "); got != "T1/C1/1.0 T1/C2/1.0 T1/C3/1.0" {
		t.Errorf("claimed %q", got)
	}
	must(t, next.Close())

	jotted(t, open(t, path), "C4", "1.0", "")
	must(t, RollBack(t.Context(), path, 4))
	if list, err := open(t, path).List(t.Context(), 0); err != nil || len(list) != 4 {
		t.Errorf("after a version without an inbox: %+v, %v", list, err)
	}
}
