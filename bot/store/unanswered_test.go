package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"footnote/handlers"
	"footnote/knowledge/match"
)

func TestUnanswered(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		put := func(ev handlers.Event, d handlers.Decision) {
			t.Helper()
			record(t, s, ev, d)
			later(t, s, time.Second)
		}
		asked := func(question string, facts ...string) handlers.Decision {
			d := handlers.Decision{Asked: match.Prior{Question: question, Facts: facts}}
			if len(facts) > 0 {
				d.Verdict = match.Sure
			}
			return d
		}
		put(mention("C1", "1.0", ""), asked("first"))
		put(mention("C1", "2.0", "1.0"), asked("in a thread"))
		put(mention("C1", "3.0", ""), asked("known", "a", "b"))
		edited := mention("C1", "1.0", "")
		edited.Key, edited.Version = edited.Key+"@1.5", "1.5"
		put(edited, asked("first, in other words"))
		put(handlers.Event{Key: "e4", Kind: handlers.Command, Team: "T1", Channel: "C2", User: "U2"}, asked("by command"))
		up := handlers.Event{Key: "e5", Kind: handlers.Press, Team: "T1", User: "U1"}
		put(up, handlers.Decision{Vote: &handlers.Vote{Event: mention("C1", "3.0", "").Key, Up: true}})
		down := handlers.Event{Key: "e6", Kind: handlers.Submit, Team: "T1", User: "U2"}
		put(down, handlers.Decision{Vote: &handlers.Vote{Event: mention("C1", "3.0", "").Key, Why: "old"}})

		got, err := s.Unanswered(t.Context(), 10)
		want := []handlers.Unanswered{
			{Key: "e4", Kind: handlers.Command, Question: "by command", Channel: "C2", User: "U2"},
			{Key: edited.Key, Kind: handlers.Mention, Question: "first, in other words", Channel: "C1", Thread: "1.0", User: edited.User},
			{Key: mention("C1", "2.0", "").Key, Kind: handlers.Mention, Question: "in a thread", Channel: "C1", Thread: "1.0", User: edited.User},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(handlers.Unanswered{}, "At")); err != nil || diff != "" {
			t.Errorf("Unanswered: %v (-want +got)\n%s", err, diff)
		}
		if got, err := s.Unanswered(t.Context(), 1); err != nil || len(got) != 1 {
			t.Errorf("Unanswered(1) = %v, %v", got, err)
		}
		judged, err := s.Judgements(t.Context())
		if diff := cmp.Diff([]handlers.Judgement{{Facts: []string{"a", "b"}, Up: 1, Down: 1, Whys: []string{"old"}}}, judged); err != nil || diff != "" {
			t.Errorf("Judgements: %v (-want +got)\n%s", err, diff)
		}
		tallies, err := s.Tallies(t.Context())
		counted := []Tally{{Kind: handlers.Command, Verdict: "abstain", Count: 1}, {Kind: handlers.Mention, Verdict: "abstain", Count: 2}, {Kind: handlers.Mention, Verdict: "answer", Count: 1}}
		if diff := cmp.Diff(counted, tallies, cmpopts.IgnoreFields(Tally{}, "Last")); err != nil || diff != "" {
			t.Errorf("Tallies: %v (-want +got)\n%s", err, diff)
		}
	})
}
