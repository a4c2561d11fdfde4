package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"footnote/bot"
	"footnote/handlers"
)

// owed is an action as it is written down.
type owed struct {
	n       int
	channel string  // that is paced
	pace    float64 // seconds between two of its actions
	lane    string  // within which order is kept
	action  string  // JSON
}

// owe lists what follows from an event, in the order in which channels are
// locked.
func owe(ev handlers.Event, d handlers.Decision) ([]owed, error) {
	list := make([]owed, len(d.Actions))
	for n, a := range d.Actions {
		action, err := json.Marshal(a)
		if err != nil {
			return nil, fmt.Errorf("action %d: %w", n, err)
		}
		list[n] = owed{n, a.Channel, 1, a.Channel + "/" + a.Thread, string(action)}
		if a.Respond != nil {
			// What goes to a response URL is paced by nobody and follows its event alone.
			list[n].channel, list[n].pace, list[n].lane = ev.Key, 0, ev.Key
		}
	}
	slices.SortStableFunc(list, func(a, b owed) int { return strings.Compare(a.channel, b.channel) })
	return list, nil
}

// Put implements [bot.Ledger].
func (s *Store) Put(ctx context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, err error) {
	list, err := owe(ev, d)
	if err == nil {
		err = s.transact(ctx, func(t tx) error {
			fresh, err = put(ctx, t, ev, d, list)
			return err
		})
	}
	if err != nil {
		return false, fmt.Errorf("put event %s: %w", ev.Key, err)
	}
	return fresh, nil
}

// PutAndClaim implements [bot.Ledger].
func (s *Store) PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, lease time.Duration) (fresh bool, first *bot.Item, err error) {
	list, err := owe(ev, d)
	if err == nil {
		err = s.transact(ctx, func(t tx) error {
			first = nil
			fresh, err = put(ctx, t, ev, d, list)
			if err != nil || !fresh || len(list) == 0 {
				return err
			}
			first, err = s.first(ctx, t, ev.Key, lease)
			return err
		})
	}
	if err != nil {
		return false, nil, fmt.Errorf("put event %s: %w", ev.Key, err)
	}
	if first != nil {
		first.Action = d.Actions[0]
		err = s.recallReply(ctx, first)
	}
	return fresh, first, err
}

// recallReply completes an item that is about an earlier reply.
func (s *Store) recallReply(ctx context.Context, it *bot.Item) (err error) {
	if it.Action.Replaces() {
		it.Reply, err = s.reply(ctx, it.Key)
	}
	return err
}

// first leases the first action of an event that was just put, all but the
// action. It returns nil if the channel is not free, or others come before it.
func (s *Store) first(ctx context.Context, t tx, key string, lease time.Duration) (*bot.Item, error) {
	it := bot.Item{Key: key, Claims: 1}
	var channel string
	var created float64
	err := t.QueryRowContext(ctx, `
		UPDATE actions SET owner = $2, due = {now} + $3, claimed = {now}, claims = 1
		WHERE event = $1 AND n = 0
		AND EXISTS (SELECT 1 FROM channels c WHERE c.channel = actions.channel AND c.free <= {now})
		AND NOT EXISTS (SELECT 1 FROM actions o WHERE o.channel = actions.channel AND o.state = 'open' AND o.event <> $1)
		RETURNING channel, created`, key, s.owner, lease.Seconds()).Scan(&channel, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	it.Created = when(created)
	return &it, paced(ctx, t, channel)
}

func put(ctx context.Context, t tx, ev handlers.Event, d handlers.Decision, list []owed) (bool, error) {
	facts, err := json.Marshal(d.Asked.Facts)
	if err != nil {
		return false, err
	}
	if ev.Version != "" {
		if newest, err := claimVersion(ctx, t, ev); err != nil || !newest {
			return false, err
		}
	}
	res, err := t.ExecContext(ctx, `
		INSERT INTO events (key, kind, team, channel, person, ts, thread, version, question, facts, verdict, created, done)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, {now}, CASE WHEN $12 THEN {now} END)
		ON CONFLICT (key) DO NOTHING`,
		ev.Key, string(ev.Kind), ev.Team, ev.Channel, ev.User, ev.TS, ev.Thread, ev.Version,
		d.Asked.Question, string(facts), d.Verdict.String(), len(list) == 0)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for _, o := range list {
		_, err := t.ExecContext(ctx, `
			INSERT INTO channels (channel, pace, free, next) VALUES ($1, $2, {now}, {now})
			ON CONFLICT (channel) DO UPDATE SET next =
				{min}({max}(channels.free, excluded.next), COALESCE(channels.next, {max}(channels.free, excluded.next)))`,
			o.channel, o.pace)
		if err != nil {
			return false, fmt.Errorf("action %d: %w", o.n, err)
		}
		_, err = t.ExecContext(ctx, `
			INSERT INTO actions (event, n, channel, lane, action, state, created, due)
			VALUES ($1, $2, $3, $4, $5, 'open', {now}, {now})`,
			ev.Key, o.n, o.channel, o.lane, o.action)
		if err != nil {
			return false, fmt.Errorf("action %d: %w", o.n, err)
		}
	}
	if ev.Version != "" {
		if err := supersede(ctx, t, ev); err != nil {
			return false, err
		}
	}
	if d.Vote != nil {
		if err := vote(ctx, t, ev.User, *d.Vote); err != nil {
			return false, err
		}
	}
	return true, nil
}
