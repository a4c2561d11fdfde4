package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// Recall implements [bot.Ledger].
func (s *Store) Recall(ctx context.Context, ev handlers.Event) (handlers.Memory, error) {
	var m handlers.Memory
	var err error
	switch ev.Kind {
	case handlers.Mention, handlers.Direct, handlers.Follow:
		m.Prior, err = s.prior(ctx, ev)
	case handlers.Pane, handlers.PaneMoved:
		m.Popular, err = s.popular(ctx)
	case handlers.Home:
		if m.Popular, err = s.popular(ctx); err == nil {
			m.Own, err = s.own(ctx, ev.User)
		}
	}
	if err == nil && ev.Kind == handlers.Direct && ev.Thread != "" {
		begun := strings.Join([]string{ev.Team, ev.Channel, ev.Thread}, "/")
		err = s.ask(ctx, &m.Pane, `SELECT EXISTS (SELECT 1 FROM events WHERE key = $1 AND kind = $2)`, begun, string(handlers.Pane))
	}
	if err == nil && ev.Version != "" {
		base := strings.TrimSuffix(ev.Key, "@"+ev.Version)
		err = s.ask(ctx, &m.Seen, `SELECT EXISTS (SELECT 1 FROM events WHERE key = $1)`, base)
	}
	if err == nil && ev.Within > 0 {
		err = s.ask(ctx, &m.Recent, `SELECT COUNT(*) FROM events
			WHERE person = $1 AND person <> '' AND question <> '' AND created > {now} - $2`, ev.User, ev.Within.Seconds())
	}
	if err == nil && ev.Curates {
		m.Curation, err = s.curation(ctx)
	}
	return m, s.explain(err)
}

// prior is the last question of a thread; of a direct message outside of one,
// the last of the past half hour. What a message itself asked before it was
// edited, or what was asked behind it, does not count.
func (s *Store) prior(ctx context.Context, ev handlers.Event) (match.Prior, error) {
	last := ` AND question <> '' AND key <> $2 ORDER BY created DESC LIMIT 1`
	args := []any{ev.Channel, ev.Key}
	before := func(arg string) string { return "" }
	if ev.Version != "" {
		before = func(arg string) string { return ` AND ts < ` + arg }
	}
	switch {
	case ev.Thread != "":
		// Each half has an index; with OR, SQLite goes through the whole channel.
		query := `SELECT question, facts FROM (
				SELECT * FROM events WHERE channel = $1 AND thread = $3
				UNION ALL SELECT * FROM events WHERE channel = $1 AND ts = $3
			) AS thread WHERE TRUE` + before("$4") + last
		args = append(args, ev.Thread)
		if ev.Version != "" {
			args = append(args, ev.TS)
		}
		return s.lastAsked(ctx, query, args...)
	case ev.Kind == handlers.Direct:
		query := `SELECT question, facts FROM events
			WHERE channel = $1 AND thread = '' AND created > {now} - 1800` + before("$3") + last
		if ev.Version != "" {
			args = append(args, ev.TS)
		}
		return s.lastAsked(ctx, query, args...)
	}
	return match.Prior{}, nil
}

func (s *Store) lastAsked(ctx context.Context, query string, args ...any) (match.Prior, error) {
	var p match.Prior
	var facts []byte
	err := s.reader().QueryRowContext(ctx, query, args...).Scan(&p.Question, &facts)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(facts, &p.Facts)
	}
	return p, err
}

// ask runs a query of one value.
func (s *Store) ask(ctx context.Context, into any, query string, args ...any) error {
	return s.reader().QueryRowContext(ctx, query, args...).Scan(into)
}

// How much the ledger looks at for what is asked most, and how much it tells.
const (
	lately = 2000 // events
	most   = 10
)

// popular are the ids of the facts that were asked for most among the last
// events, most first. What nobody may know any more does not count.
func (s *Store) popular(ctx context.Context) ([]string, error) {
	rows, err := s.reader().QueryContext(ctx, `
		SELECT facts, COUNT(*) FROM (
			SELECT facts FROM events WHERE (person <> '' OR question <> '') ORDER BY created DESC LIMIT $1
		) AS late WHERE facts NOT IN ('null', '[]') GROUP BY facts`, lately)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	count := map[string]int{}
	for rows.Next() {
		var list []byte
		var n int
		var ids []string
		err := rows.Scan(&list, &n)
		if err == nil {
			err = json.Unmarshal(list, &ids)
		}
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			count[id] += n
		}
	}
	ids := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
	return ids[:min(len(ids), most)], rows.Err()
}

// own is what somebody asked last, each question once, the last first.
func (s *Store) own(ctx context.Context, person string) ([]string, error) {
	rows, err := s.reader().QueryContext(ctx, `
		SELECT question FROM (
			SELECT question, created FROM events WHERE person = $1 AND person <> '' AND question <> '' ORDER BY created DESC LIMIT 50
		) AS late GROUP BY question ORDER BY MAX(created) DESC LIMIT $2`, person, most)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}
