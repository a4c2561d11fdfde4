package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"footnote/handlers"
	"footnote/knowledge/match"
)

func TestRecallHomeAndPane(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		ask := func(key, user, question string, facts ...string) {
			t.Helper()
			ev := handlers.Event{Key: key, Kind: handlers.Command, Team: "T1", User: user}
			record(t, s, ev, handlers.Decision{Asked: match.Prior{Question: question, Facts: facts}})
			later(t, s, time.Second)
		}
		ask("1", "U1", "first", "a")
		ask("2", "U1", "second", "b", "a")
		ask("3", "U1", "first", "a")
		ask("4", "U2", "of another", "c", "b")
		ask("5", "U1", "unknown")
		record(t, s, handlers.Event{Key: "T1/D1/7.0", Kind: handlers.Pane, Team: "T1", Channel: "D1", User: "U1", TS: "7.0", Thread: "7.0"}, handlers.Decision{})

		want := handlers.Memory{Popular: []string{"a", "b", "c"}, Own: []string{"unknown", "first", "second"}}
		got, err := s.Recall(t.Context(), handlers.Event{Key: "6", Kind: handlers.Home, User: "U1"})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("home: %v (-want +got)\n%s", err, diff)
		}
		got, err = s.Recall(t.Context(), handlers.Event{Key: "6", Kind: handlers.Home})
		if err != nil || got.Own != nil {
			t.Errorf("the home of nobody: %v, %v", got.Own, err)
		}
		direct := handlers.Event{Key: "T1/D1/8.0", Kind: handlers.Direct, Team: "T1", Channel: "D1", TS: "8.0", Thread: "7.0"}
		if got, err := s.Recall(t.Context(), direct); err != nil || !got.Pane {
			t.Errorf("a question in the pane: %+v, %v", got, err)
		}
		direct.Thread = "6.0"
		if got, err := s.Recall(t.Context(), direct); err != nil || got.Pane {
			t.Errorf("a question in another thread: %+v, %v", got, err)
		}
		_, err = s.Forget(t.Context(), "U1")
		must(t, err)
		got, err = s.Recall(t.Context(), handlers.Event{Key: "6", Kind: handlers.Home, User: "U1"})
		if diff := cmp.Diff(handlers.Memory{Popular: []string{"b", "c"}}, got); err != nil || diff != "" {
			t.Errorf("home of somebody forgotten: %v (-want +got)\n%s", err, diff)
		}
	})
}

// In a channel that companies share, an event's team may be its author's.
func TestRecallAcrossTeams(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		asked := match.Prior{Question: "who leads?", Facts: []string{"lead"}}
		record(t, s, mention("C1", "5.0", ""), handlers.Decision{Asked: asked})
		follow := mention("C1", "6.0", "5.0")
		follow.Team = "T2"
		follow.Key = "T2/C1/6.0"
		got, err := s.Recall(t.Context(), follow)
		if diff := cmp.Diff(asked, got.Prior); err != nil || diff != "" {
			t.Errorf("what another company's thread began with: %v (-want +got)\n%s", err, diff)
		}
	})
}
