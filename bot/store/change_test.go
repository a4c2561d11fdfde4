package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"footnote/bot"
	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

func TestChanges(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := 0
		put := func(user string, d handlers.Decision) error {
			event++
			_, err := s.Put(t.Context(), handlers.Event{Key: fmt.Sprintf("e%d", event), Kind: handlers.Submit, Team: "T1", User: user}, d)
			return err
		}
		proposal := func(id string) handlers.Decision {
			c := knowledge.Change{ID: "fact-" + id, Fact: &knowledge.Fact{ID: "fact-" + id, Answer: "so"}}
			return handlers.Decision{Proposal: &handlers.Proposal{ID: id, Change: c, Why: "asked"}}
		}
		propose := func(id string) {
			t.Helper()
			if err := put("A", proposal(id)); err != nil {
				t.Fatal(err)
			}
		}
		asked := mention("C1", "1.0", "")
		record(t, s, asked, handlers.Decision{Asked: match.Prior{Question: "why?"}})
		approve := func(id string, needed int, revision int64) handlers.Decision {
			return handlers.Decision{Review: &handlers.Review{Change: id, Opinion: handlers.Approve, Needed: needed, Revision: revision,
				Tell: []handlers.Action{{Channel: "C1", Thread: "1.0", Text: "so"}}, Told: []string{asked.Key}}}
		}
		standing := func(id string) handlers.Standing {
			t.Helper()
			list, err := s.Changes(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				if c.ID == id {
					return c.Standing
				}
			}
			return ""
		}
		holds := func(want int64, changes int) {
			t.Helper()
			n, err := s.Revision(t.Context())
			last, list, err2 := s.Approved(t.Context())
			if n != want || last != want || len(list) != changes || err != nil || err2 != nil {
				t.Errorf("revision %d of %d changes, want %d of %d: %v, %v", n, len(list), want, changes, err, err2)
			}
		}
		propose("c1")
		if err := put("A", proposal("c1")); !errors.Is(err, errMeanwhile) {
			t.Errorf("sent off again: %v", err)
		}
		if list, err := s.Changes(t.Context()); err != nil || len(list) != 1 {
			t.Fatalf("%d changes, %v", len(list), err)
		}
		for name, d := range map[string]struct {
			user string
			d    handlers.Decision
		}{
			"by the author":     {"A", approve("c1", 1, 0)},
			"of another change": {"B", approve("c9", 1, 0)},
			"of older facts":    {"B", approve("c1", 1, 7)},
		} {
			if err := put(d.user, d.d); !errors.Is(err, errMeanwhile) {
				t.Errorf("approved %s: %v", name, err)
			}
		}
		holds(0, 0)
		if err := put("B", approve("c1", 2, 0)); err != nil {
			t.Fatal(err)
		}
		if err := put("B", approve("c1", 2, 0)); !errors.Is(err, errMeanwhile) {
			t.Errorf("approved twice by one person: %v", err)
		}
		holds(0, 0)
		if open, err := s.Unanswered(t.Context(), 9); err != nil || len(open) != 1 {
			t.Errorf("unanswered: %v, %v", open, err)
		}
		if _, err := s.Claim(t.Context(), lease); !errors.Is(err, bot.ErrNone) {
			t.Errorf("somebody is told before the change holds: %v", err)
		}
		if err := put("C", approve("c1", 2, 0)); err != nil {
			t.Fatal(err)
		}
		holds(1, 1)
		if open, err := s.Unanswered(t.Context(), 9); err != nil || len(open) != 0 {
			t.Errorf("unanswered once told: %v, %v", open, err)
		}
		if it, err := s.Claim(t.Context(), lease); err != nil || it.Action.Text != "so" {
			t.Errorf("nobody is told: %v, %v", it, err)
		}

		propose("c2")
		for opinion, want := range map[handlers.Opinion]handlers.Standing{handlers.Return: handlers.Returned, handlers.Reject: handlers.Rejected} {
			id := "c-" + string(opinion)
			propose(id)
			if err := put("B", handlers.Decision{Review: &handlers.Review{Change: id, Opinion: opinion, Why: "no"}}); err != nil || standing(id) != want {
				t.Errorf("%s: %v, it is %s", opinion, err, standing(id))
			}
			if err := put("C", approve(id, 1, 1)); !errors.Is(err, errMeanwhile) {
				t.Errorf("approved what is decided: %v", err)
			}
		}
		// What was sent back is taken the place of once, by its author.
		instead := func(id string) handlers.Decision {
			d := proposal(id)
			d.Proposal.In = "c-return"
			return d
		}
		if err := put("B", instead("c4")); !errors.Is(err, errMeanwhile) || standing("c4") != "" {
			t.Errorf("in the place of another's: %v", err)
		}
		if err := put("A", instead("c5")); err != nil || standing("c-return") != handlers.Rejected {
			t.Errorf("in the place of what was sent back: %v", err)
		}
		if err := put("A", instead("c6")); !errors.Is(err, errMeanwhile) || standing("c6") != "" {
			t.Errorf("in its place again: %v", err)
		}

		// Of two that hold at once, the second was checked against older facts.
		propose("c3")
		var both sync.WaitGroup
		var errs [2]error
		for i, id := range []string{"c2", "c3"} {
			both.Go(func() {
				_, errs[i] = s.Put(t.Context(), handlers.Event{Key: "at once " + id, Kind: handlers.Submit, Team: "T1", User: "B"}, approve(id, 1, 1))
			})
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("of two approvals at once: %v, %v", errs[0], errs[1])
		}
		holds(2, 2)
		if err := s.Import(t.Context(), "A", "", 1, []knowledge.Change{{ID: "late"}}); !errors.Is(err, errMeanwhile) || !strings.Contains(err.Error(), "try again") {
			t.Errorf("imported over what was not seen: %v", err)
		}
		holds(2, 2)
	})
}
