package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"footnote/handlers"
)

// Unanswered returns the last questions that were declined, at most that many,
// the last first. Those whose askers have been told since are left out. Of a
// message that was edited its last version counts, and one that was deleted does
// not.
func (s *Store) Unanswered(ctx context.Context, most int) ([]handlers.Unanswered, error) {
	rows, err := s.reader().QueryContext(ctx, `
		SELECT key, kind, channel, person, ts, thread, question, created FROM events e
		WHERE verdict = 'abstain' AND question <> '' AND NOT EXISTS (SELECT 1 FROM told WHERE told.event = e.key) AND NOT EXISTS (
			SELECT 1 FROM events later WHERE e.ts <> '' AND later.channel = e.channel AND later.ts = e.ts AND later.version > e.version)
		ORDER BY created DESC, key LIMIT $1`, most)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var out []handlers.Unanswered
	for rows.Next() {
		var u handlers.Unanswered
		var kind, ts string
		var created float64
		if err := rows.Scan(&u.Key, &kind, &u.Channel, &u.User, &ts, &u.Thread, &u.Question, &created); err != nil {
			return nil, s.explain(err)
		}
		u.Kind, u.At = handlers.Kind(kind), when(created).UTC()
		if u.Kind != handlers.Direct {
			u.Thread = cmp.Or(u.Thread, ts)
		}
		out = append(out, u)
	}
	return out, s.explain(rows.Err())
}

// Judgements returns the votes by what was answered, those with most votes
// against first.
func (s *Store) Judgements(ctx context.Context) ([]handlers.Judgement, error) {
	rows, err := s.reader().QueryContext(ctx, `
		SELECT e.facts, v.up, v.why FROM votes v JOIN events e ON e.key = v.event ORDER BY v.created DESC`)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	byFacts := map[string]*handlers.Judgement{}
	for rows.Next() {
		var facts, why string
		var up int
		if err := rows.Scan(&facts, &up, &why); err != nil {
			return nil, s.explain(err)
		}
		j := byFacts[facts]
		if j == nil {
			j = &handlers.Judgement{}
			byFacts[facts] = j
			if err := json.Unmarshal([]byte(facts), &j.Facts); err != nil {
				return nil, err
			}
		}
		if up > 0 {
			j.Up++
			continue
		}
		j.Down++
		if why != "" {
			j.Whys = append(j.Whys, why)
		}
	}
	var out []handlers.Judgement
	for _, j := range byFacts {
		out = append(out, *j)
	}
	slices.SortFunc(out, func(a, b handlers.Judgement) int {
		return cmp.Or(b.Down-a.Down, b.Up-a.Up, strings.Compare(strings.Join(a.Facts, " "), strings.Join(b.Facts, " ")))
	})
	return out, s.explain(rows.Err())
}

// Tally is how many questions had which outcome.
type Tally struct {
	Kind    handlers.Kind
	Verdict string
	Count   int
	Last    time.Time
}

// Tallies counts the questions by how they were asked and what became of them,
// those included whose text was erased. An edited message counts once.
func (s *Store) Tallies(ctx context.Context) ([]Tally, error) {
	rows, err := s.reader().QueryContext(ctx, `
		SELECT kind, verdict, COUNT(*), MAX(created) FROM events
		WHERE kind IN ('mention', 'direct', 'follow', 'command', 'find') AND version = ''
		GROUP BY kind, verdict ORDER BY kind, verdict`)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var out []Tally
	for rows.Next() {
		var t Tally
		var kind string
		var last float64
		if err := rows.Scan(&kind, &t.Verdict, &t.Count, &last); err != nil {
			return nil, s.explain(err)
		}
		t.Kind, t.Last = handlers.Kind(kind), when(last).UTC()
		out = append(out, t)
	}
	return out, s.explain(rows.Err())
}
