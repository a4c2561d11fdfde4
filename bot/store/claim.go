package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"footnote/bot"
)

// turn is when an open action may be claimed: when it is due, and no earlier
// one of its lane is open or it has waited a minute for that.
const turn = `{max}(a.due, CASE WHEN EXISTS (
		SELECT 1 FROM actions e WHERE e.state = 'open' AND e.lane = a.lane
		AND (e.created, e.event, e.n) < (a.created, a.event, a.n)
	) THEN a.created + 60 ELSE 0 END)`

// Claim implements [bot.Ledger]. It looks into one channel: the one that may
// have had something to do for the longest time.
func (s *Store) Claim(ctx context.Context, lease time.Duration) (*bot.Item, error) {
	var it *bot.Item
	var action string
	err := s.transact(ctx, func(t tx) (err error) {
		for it == nil && err == nil {
			it, action, err = s.claim(ctx, t, lease)
		}
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, bot.ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := json.Unmarshal([]byte(action), &it.Action); err != nil {
		// Left open it would be the oldest for ever, and the rest would wait.
		err = fmt.Errorf("claim %d of %s: %w", it.N, it.Key, err)
		return nil, errors.Join(err, s.Release(ctx, it, bot.Failure{Err: err, Aside: true}))
	}
	if err := s.recallReply(ctx, it); err != nil {
		return nil, fmt.Errorf("claim %d of %s: %w", it.N, it.Key, err) // its lease runs out
	}
	return it, nil
}

// claim looks into the next channel. It returns nil if there was nothing after
// all, and sql.ErrNoRows if there is no such channel.
func (s *Store) claim(ctx context.Context, t tx, lease time.Duration) (*bot.Item, string, error) {
	var channel string
	err := t.QueryRowContext(ctx, `
		SELECT channel FROM channels WHERE next <= {now} ORDER BY next LIMIT 1 {claim}`).Scan(&channel)
	if err != nil {
		return nil, "", err
	}
	it, action, err := s.take(ctx, t, channel, lease)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = t.ExecContext(ctx, `
			UPDATE channels SET next = (SELECT {max}(MIN(`+turn+`), channels.free)
				FROM actions a WHERE a.channel = $1 AND a.state = 'open')
			WHERE channel = $1`, channel)
		return nil, "", err
	}
	if err == nil {
		err = paced(ctx, t, channel)
	}
	return it, action, err
}

// take leases the channel's oldest action that may be claimed. The action
// comes as JSON. It returns sql.ErrNoRows if there is none.
func (s *Store) take(ctx context.Context, t tx, channel string, lease time.Duration) (*bot.Item, string, error) {
	var it bot.Item
	var action string
	var created float64
	var unclear, since sql.NullFloat64
	// An owner that is still there let its lease run out: it may have posted.
	err := t.QueryRowContext(ctx, `
		UPDATE actions SET
			unclear = CASE WHEN owner <> '' THEN claimed ELSE unclear END,
			owner = $2, due = {now} + $3, claimed = {now}, claims = claims + 1
		WHERE (event, n) = (
			SELECT a.event, a.n FROM actions a
			WHERE a.channel = $1 AND a.state = 'open' AND a.due <= {now} AND `+turn+` <= {now}
			ORDER BY a.created, a.event, a.n LIMIT 1)
		RETURNING event, n, action, created, claims, tries, unclear, {now} - unclear`,
		channel, s.owner, lease.Seconds()).
		Scan(&it.Key, &it.N, &action, &created, &it.Claims, &it.Tries, &unclear, &since)
	if err != nil {
		return nil, "", err
	}
	it.Created = when(created)
	it.Unclear, it.Since = unclear.Valid, seconds(since.Float64)
	return &it, action, nil
}

// paced follows a claim: the channel is left alone for its pace.
func paced(ctx context.Context, t tx, channel string) error {
	_, err := t.ExecContext(ctx, `UPDATE channels SET free = {now} + pace, next = {now} + pace WHERE channel = $1`, channel)
	return err
}

// longest is what Next answers when nothing is owed.
const longest = time.Minute

// Next implements [bot.Ledger].
func (s *Store) Next(ctx context.Context) (time.Duration, error) {
	var wait sql.NullFloat64
	err := s.reader().QueryRowContext(ctx, `SELECT MIN(next) - {now} FROM channels WHERE next IS NOT NULL`).Scan(&wait)
	if err != nil {
		return 0, fmt.Errorf("next: %w", s.explain(err))
	}
	if !wait.Valid {
		return longest, nil
	}
	// What is due already is in the hands of another replica, for a moment.
	return min(max(seconds(wait.Float64), 10*time.Millisecond), longest), nil
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}

func when(s float64) time.Time {
	return time.UnixMilli(int64(s * 1000))
}
