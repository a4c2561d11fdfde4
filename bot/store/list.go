package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"footnote/bot"
	"footnote/handlers"
)

// Entry is what became of an event.
type Entry struct {
	Key     string
	Kind    handlers.Kind
	State   string // open; else aside, if any of its actions was set aside; else done
	Tries   int    // that failed, of the action that failed most
	Created time.Time
	Error   string // the last one; empty if none
	ReplyTS string // of its last reply; empty if there is none
}

// List returns all events that are open or set aside and those that were
// answered last, at most that many of them, the oldest first.
func (s *Store) List(ctx context.Context, answered int) ([]Entry, error) {
	rows, err := s.reader().QueryContext(ctx, `
		WITH listed AS (
			SELECT event AS key FROM actions WHERE state IN ('open', 'aside')
			UNION SELECT key FROM (SELECT e.key FROM events e WHERE e.done IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.event = e.key AND a.state = 'aside')
				ORDER BY e.done DESC, e.created DESC, e.key DESC LIMIT $1) AS last
		)
		SELECT e.key, e.kind, e.created,
			COALESCE(MAX(CASE a.state WHEN 'open' THEN 2 WHEN 'aside' THEN 1 END), 0),
			COALESCE(MAX(a.tries), 0), COALESCE(MAX(a.last_error), ''), COALESCE(MAX(a.reply_ts), '')
		FROM listed JOIN events e ON e.key = listed.key LEFT JOIN actions a ON a.event = e.key
		GROUP BY e.key, e.kind, e.created ORDER BY e.created, e.key`, answered)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		var e Entry
		var kind string
		var created float64
		var state int
		if err := rows.Scan(&e.Key, &kind, &created, &state, &e.Tries, &e.Error, &e.ReplyTS); err != nil {
			return nil, s.explain(err)
		}
		e.Kind, e.Created = handlers.Kind(kind), when(created).UTC()
		e.State = []string{"done", "aside", "open"}[state]
		list = append(list, e)
	}
	return list, s.explain(rows.Err())
}

// Retry has what was set aside of an event tried again at once, as if it had
// never been tried. It fails if nothing can be: its error says why.
func (s *Store) Retry(ctx context.Context, key string) error {
	err := s.transact(ctx, func(t tx) error {
		rows, err := t.QueryContext(ctx, `SELECT n, action FROM actions WHERE event = $1 AND state = 'aside' ORDER BY channel`, key)
		if err != nil {
			return err
		}
		items, err := setAside(rows, key)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return s.nothingAside(ctx, t, key)
		}
		for _, it := range items {
			if err := retry(ctx, t, it); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("retry %s: %w", key, err)
	}
	return nil
}

// setAside reads and closes rows of numbers and actions. It fails if one of
// them cannot be tried again.
func setAside(rows *sql.Rows, key string) ([]*bot.Item, error) {
	defer rows.Close()
	var items []*bot.Item
	for rows.Next() {
		it := &bot.Item{Key: key}
		var action string
		if err := rows.Scan(&it.N, &action); err != nil {
			return nil, err
		}
		if action == "" {
			return nil, errors.New("its reply has been erased")
		}
		if err := json.Unmarshal([]byte(action), &it.Action); err != nil {
			return nil, fmt.Errorf("its reply cannot be read: %w", err)
		}
		if it.Action.Respond != nil {
			return nil, errors.New("where its reply was to go is not kept: only posts in channels and direct messages can be tried again")
		}
		items = append(items, it)
	}
	return items, rows.Err()
}

func (s *Store) nothingAside(ctx context.Context, t tx, key string) error {
	var known bool
	if err := t.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM events WHERE key = $1)`, key).Scan(&known); err != nil {
		return err
	}
	if !known {
		return errors.New("no event has this key; footnote ledger lists the keys")
	}
	return errors.New("nothing of it was set aside")
}

func retry(ctx context.Context, t tx, it *bot.Item) error {
	_, err := t.ExecContext(ctx, `
		INSERT INTO channels (channel, free, next) VALUES ($1, {now}, {now})
		ON CONFLICT (channel) DO UPDATE SET next = {max}(channels.free, excluded.next)`, it.Action.Channel)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE actions SET state = 'open', due = {now}, tries = 0
		WHERE event = $1 AND n = $2 AND state = 'aside'`, it.Key, it.N)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE events SET done = NULL WHERE key = $1`, it.Key)
	return err
}
