package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// Prior implements [bot.Ledger]. A press recalls the question that its message
// answered, else the last one of its thread; a direct message outside of a
// thread recalls the last one of the past half hour.
func (s *Store) Prior(ctx context.Context, ev handlers.Event) (match.Prior, error) {
	const last = ` AND question <> '' AND key <> $2 ORDER BY created DESC LIMIT 1`
	var p match.Prior
	var err error
	if ev.Kind == handlers.Press && ev.Message != "" {
		p, err = s.prior(ctx, `SELECT question, facts FROM events
			WHERE key IN (SELECT event FROM actions WHERE channel = $1 AND reply_ts = $3 AND reply_ts <> '')`+last,
			ev.Channel, ev.Key, ev.Message)
		if err != nil || p.Question != "" {
			return p, err
		}
	}
	switch {
	case ev.Thread != "":
		// Each half has an index; with OR, SQLite goes through the whole channel.
		return s.prior(ctx, `SELECT question, facts FROM (
				SELECT * FROM events WHERE channel = $1 AND thread = $3
				UNION ALL SELECT * FROM events WHERE channel = $1 AND ts = $3
			) AS thread WHERE TRUE`+last, ev.Channel, ev.Key, ev.Thread)
	case ev.Kind == handlers.Direct:
		return s.prior(ctx, `SELECT question, facts FROM events
			WHERE channel = $1 AND thread = '' AND created > {now} - 1800`+last, ev.Channel, ev.Key)
	}
	return match.Prior{}, nil
}

func (s *Store) prior(ctx context.Context, query string, args ...any) (match.Prior, error) {
	var p match.Prior
	var facts []byte
	err := s.reader().QueryRowContext(ctx, query, args...).Scan(&p.Question, &facts)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(facts, &p.Facts)
	}
	return p, s.explain(err)
}
