package store

import (
	"testing"
	"time"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// version is a later version of a message.
func version(ev handlers.Event, v string) handlers.Event {
	ev.Key, ev.Version = ev.Key+"@"+v, v
	return ev
}

func does(do handlers.Deed, text string) handlers.Decision {
	d := reply("C1", "1.0", text)
	d.Actions[0].Do = do
	d.Asked = match.Prior{Question: text}
	return d
}

// next claims what is due, and says what it would do to which reply.
func next(t *testing.T, s *Store) (string, func(ts string)) {
	t.Helper()
	later(t, s, 2*time.Second)
	it, text := claim(t, s)
	if it == nil {
		return "", nil
	}
	return text + "/" + string(it.Action.Do) + "/" + it.Reply, func(ts string) { must(t, s.Done(t.Context(), it, ts)) }
}

func TestAnEditChangesTheReply(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ev := mention("C1", "1.0", "")
		step := func(want, ts string) {
			t.Helper()
			got, done := next(t, s)
			if got != want {
				t.Fatalf("claimed %q, want %q", got, want)
			}
			if done != nil {
				done(ts)
			}
		}
		record(t, s, ev, reply("C1", "1.0", "first"))
		step("first//", "2.0")
		record(t, s, version(ev, "3.0"), does(handlers.Update, "second"))
		step("second/update/2.0", "2.0")
		record(t, s, version(ev, "4.0"), does(handlers.Update, "third"))
		record(t, s, version(ev, "5.0"), does(handlers.Update, "fourth"))
		step("fourth/update/2.0", "2.0")
		step("", "") // the third was overtaken
		for _, late := range []handlers.Event{version(ev, "4.5"), version(ev, "5.0"), ev} {
			if fresh, err := s.Put(t.Context(), late, does(handlers.Update, "late")); err != nil || fresh {
				t.Errorf("%s came late: %v, %v, want false", late.Key, fresh, err)
			}
		}
		record(t, s, version(ev, handlers.Deleted), handlers.Decision{Actions: []handlers.Action{{Do: handlers.Remove, Channel: "C1", Thread: "1.0"}}})
		step("/remove/2.0", "")
		m, err := s.Recall(t.Context(), mention("C1", "9.0", "1.0"))
		if err != nil || m.Prior.Question != "" {
			t.Errorf("a deleted question is still known: %q, %v", m.Prior.Question, err)
		}
		step("", "")
		wait, err := s.Next(t.Context())
		if err != nil || wait != longest {
			t.Errorf("Next = %v, %v, want nothing to do", wait, err)
		}
	})
}

// An edit may arrive before what it edits, and before that was answered.
func TestAnEditOvertakes(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ev := mention("C1", "1.0", "")
		record(t, s, version(ev, "3.0"), does(handlers.Update, "second"))
		if fresh, err := s.Put(t.Context(), ev, reply("C1", "1.0", "first")); err != nil || fresh {
			t.Errorf("the first version came late: %v, %v, want false", fresh, err)
		}
		got, done := next(t, s)
		if got != "second/update/" {
			t.Errorf("claimed %q, want the second with no reply to change", got)
		}
		done("4.0")

		ev = mention("C1", "10.0", "")
		record(t, s, ev, reply("C1", "10.0", "open"))
		record(t, s, version(ev, "11.0"), does(handlers.Update, "edited"))
		if got, _ := next(t, s); got != "edited/update/" {
			t.Errorf("claimed %q, want the edited alone", got)
		}

		ev = mention("C2", "20.0", "")
		d := reply("C2", "20.0", "in hand")
		record(t, s, ev, d)
		got, done = next(t, s)
		if got != "in hand//" {
			t.Fatalf("claimed %q", got)
		}
		d.Actions[0].Do = handlers.Update
		record(t, s, version(ev, "21.0"), d)
		if got, _ := next(t, s); got != "" {
			t.Errorf("claimed %q while the first version was in hand", got)
		}
		done("22.0")
		if got, _ := next(t, s); got != "in hand/update/22.0" {
			t.Errorf("claimed %q, want an update of 22.0", got)
		}
	})
}

func TestVotes(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ev := mention("C1", "1.0", "")
		record(t, s, ev, reply("C1", "1.0", "first"))
		n := 0
		vote := func(person, event string, up bool, why string) {
			t.Helper()
			n++
			press := handlers.Event{Key: "press " + string(rune('a'+n)), Kind: handlers.Press, User: person}
			record(t, s, press, handlers.Decision{Vote: &handlers.Vote{Event: event, Up: up, Why: why}})
		}
		count := func() (up, down, why int) {
			t.Helper()
			err := s.reader().QueryRowContext(t.Context(), `SELECT COALESCE(SUM(up), 0), COALESCE(SUM(1 - up), 0), COALESCE(SUM(CASE WHEN why <> '' THEN 1 ELSE 0 END), 0) FROM votes`).Scan(&up, &down, &why)
			must(t, err)
			return up, down, why
		}
		vote("U1", ev.Key, true, "")
		vote("U2", ev.Key, true, "")
		vote("U2", ev.Key, false, "")            // changed
		vote("U2", ev.Key, false, "it is wrong") // and why
		vote("U1", ev.Key, false, "too late")    // from a form that was opened before
		vote("U1", ev.Key, true, "")             // again
		vote("U3", "T1/C1/9.9", true, "")        // of no answer
		vote("", ev.Key, true, "")               // by nobody
		if up, down, why := count(); up != 1 || down != 1 || why != 1 {
			t.Errorf("%d up, %d down, %d with a reason, want 1, 1, 1", up, down, why)
		}
		_, err := s.Forget(t.Context(), "U2")
		must(t, err)
		if up, down, why := count(); up != 1 || down != 1 || why != 0 {
			t.Errorf("forgotten: %d up, %d down, %d with a reason, want 1, 1, 0", up, down, why)
		}
		vote("U2", ev.Key, true, "") // a new person as far as anybody knows
		if up, down, _ := count(); up != 2 || down != 1 {
			t.Errorf("%d up, %d down, want 2, 1", up, down)
		}
		execute(t, s, `UPDATE votes SET created = created - 1000`)
		_, err = s.Erase(t.Context(), time.Minute)
		must(t, err)
		var known int
		must(t, s.ask(t.Context(), &known, `SELECT COUNT(*) FROM votes WHERE person <> ''`))
		if known != 0 {
			t.Errorf("%d voters are known after the time for which they may be", known)
		}
	})
}
