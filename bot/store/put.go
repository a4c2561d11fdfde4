package store

import (
	"context"
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
		action, err := a.Encode()
		if err != nil {
			return nil, fmt.Errorf("action %d: %w", n, err)
		}
		list[n] = owed{n, a.Channel, 1, a.Channel + "/" + a.Thread, action}
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
	fresh, _, err = s.put(ctx, ev, d, 0)
	return fresh, err
}

// Sync implements [bot.Ledger].
func (s *Store) Sync() error { return s.sync() }

// PutAndClaim implements [bot.Ledger].
func (s *Store) PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, lease time.Duration) (fresh bool, first *bot.Item, err error) {
	fresh, created, err := s.put(ctx, ev, d, lease)
	if created != 0 {
		first = &bot.Item{Key: ev.Key, Action: d.Actions[0], Claims: 1, Created: when(created)}
		err = s.recallReply(ctx, first)
	}
	return fresh, first, err
}

// put writes an event and its actions down, and leases the first of them if the
// lease is not zero and it may be carried out now: created is then when.
func (s *Store) put(ctx context.Context, ev handlers.Event, d handlers.Decision, lease time.Duration) (fresh bool, created float64, err error) {
	list, err := owe(ev, d)
	if err == nil {
		forgotten := ev.Again && s.forgetful()
		var jot func(tx) (bool, error)
		if lease > 0 && !forgotten && fits(ev, d, list) {
			jot = func(t tx) (bool, error) {
				created, err = s.jot(ctx, t, ev, d, list[0], lease)
				fresh = created != 0
				return fresh, err
			}
		}
		err = s.commitEither(ctx, jot, func(t tx) (err error) {
			fresh, created, err = s.write(ctx, t, ev, d, list, lease, forgotten)
			return err
		})
	}
	if err != nil {
		return false, 0, fmt.Errorf("put event %s: %w", ev.Key, err)
	}
	return fresh, created, nil
}

// write is put's part of a transaction. What a machine that died may have
// forgotten may have been carried out.
func (s *Store) write(ctx context.Context, t tx, ev handlers.Event, d handlers.Decision, list []owed, lease time.Duration, forgotten bool) (fresh bool, created float64, err error) {
	fresh, err = note(ctx, t, ev, d)
	if err != nil || !fresh {
		return false, 0, err
	}
	for _, o := range list {
		switch {
		case forgotten:
			err = s.doubt(ctx, t, ev.Key, o)
		case o.n == 0 && lease > 0:
			created, err = s.claimOpen(ctx, t, ev.Key, o, lease)
		default:
			err = s.open(ctx, t, ev.Key, o)
		}
		if err != nil {
			return false, 0, fmt.Errorf("action %d: %w", o.n, err)
		}
	}
	if ev.Version != "" {
		err = supersede(ctx, t, ev)
	}
	if err == nil && d.Vote != nil {
		err = vote(ctx, t, ev.User, *d.Vote)
	}
	if err == nil {
		err = s.curate(ctx, t, ev, d)
	}
	return true, created, err
}

// recallReply completes an item that is about an earlier reply.
func (s *Store) recallReply(ctx context.Context, it *bot.Item) (err error) {
	if it.Action.Replaces() {
		it.Reply, err = s.reply(ctx, it.Key)
	}
	return err
}

// note writes an event down. It reports false if its key is known.
func note(ctx context.Context, t tx, ev handlers.Event, d handlers.Decision) (fresh bool, err error) {
	facts, err := factIDs(d)
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
		d.Asked.Question, facts, d.Verdict.String(), len(d.Actions) == 0)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// factIDs are the ids of the facts that a question was answered with, as JSON.
func factIDs(d handlers.Decision) (string, error) {
	ids, err := json.Marshal(d.Asked.Facts)
	return string(ids), err
}

// open writes an action down, to be claimed when its channel is free.
func (s *Store) open(ctx context.Context, t tx, event string, o owed) error {
	_, err := t.ExecContext(ctx, `
		INSERT INTO channels (channel, pace, free, next) VALUES ($1, $2, {now}, {now})
		ON CONFLICT (channel) DO UPDATE SET next =
			{min}({max}(channels.free, excluded.next), COALESCE(channels.next, {max}(channels.free, excluded.next)))`,
		o.channel, o.pace)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `
		INSERT INTO actions (event, n, channel, lane, action, state, created, due)
		VALUES ($1, $2, $3, $4, $5, 'open', {now}, {now})`,
		event, o.n, o.channel, o.lane, o.action)
	return err
}

// doubt is open for an action that may have been carried out.
func (s *Store) doubt(ctx context.Context, t tx, event string, o owed) error {
	err := s.open(ctx, t, event, o)
	if err == nil {
		_, err = t.ExecContext(ctx, `UPDATE actions SET unclear = {now} WHERE event = $1 AND n = $2`, event, o.n)
	}
	return err
}

// claimOpen is open, and leases the action if its channel is free and nothing
// else is open there: created is then not zero.
func (s *Store) claimOpen(ctx context.Context, t tx, event string, o owed, lease time.Duration) (created float64, err error) {
	res, err := t.ExecContext(ctx, `
		INSERT INTO channels (channel, pace, free, next) VALUES ($1, $2, {now} + $2, {now} + $2)
		ON CONFLICT (channel) DO UPDATE SET free = excluded.free, next = excluded.next
			WHERE channels.next IS NULL AND channels.free <= {now}`,
		o.channel, o.pace)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(err, s.open(ctx, t, event, o))
	}
	err = t.QueryRowContext(ctx, `
		INSERT INTO actions (event, n, channel, lane, action, state, created, due, owner, claims, claimed)
		VALUES ($1, $2, $3, $4, $5, 'open', {now}, {now} + $6, $7, 1, {now}) RETURNING created`,
		event, o.n, o.channel, o.lane, o.action, lease.Seconds(), s.owner).Scan(&created)
	return created, err
}
