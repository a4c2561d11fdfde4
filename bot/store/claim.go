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

// ready tells of each open action when it may be claimed: when it is due, its
// channel is free, and no earlier one of its lane is open or it has waited for
// that a minute.
const ready = `(
	SELECT a.event, a.n, a.created, {max}(a.due, COALESCE(c.free, 0), CASE WHEN EXISTS (
		SELECT 1 FROM actions e WHERE e.state = 'open' AND e.lane = a.lane
		AND (e.created, e.event, e.n) < (a.created, a.event, a.n)
	) THEN a.created + 60 ELSE 0 END) AS moment
	FROM actions a LEFT JOIN channels c ON c.channel = a.channel
	WHERE a.state = 'open') AS ready`

// Claim implements [bot.Ledger].
func (s *Store) Claim(ctx context.Context, lease time.Duration) (*bot.Item, error) {
	var it bot.Item
	var action string
	err := s.transact(ctx, func(tx *sql.Tx) (err error) {
		action, err = s.claim(ctx, tx, &it, lease)
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
		return nil, errors.Join(err, s.Release(ctx, &it, bot.Failure{Err: err, Aside: true}))
	}
	return &it, nil
}

// claim fills in all of it but the action, which it returns as JSON.
func (s *Store) claim(ctx context.Context, tx *sql.Tx, it *bot.Item, lease time.Duration) (action string, err error) {
	err = tx.QueryRowContext(ctx, sqlText(`
		SELECT event, n FROM `+ready+` WHERE moment <= {now}
		ORDER BY created, event, n LIMIT 1`)).Scan(&it.Key, &it.N)
	if err != nil {
		return "", err
	}
	var channel string
	var created float64
	var unclear, since sql.NullFloat64
	// An owner that is still there let its lease run out: it may have posted.
	err = tx.QueryRowContext(ctx, sqlText(`
		UPDATE actions SET
			unclear = CASE WHEN owner <> '' THEN claimed ELSE unclear END,
			owner = $3, due = {now} + $4, claimed = {now}, claims = claims + 1
		WHERE event = $1 AND n = $2
		RETURNING channel, action, created, claims, tries, unclear, {now} - unclear`),
		it.Key, it.N, s.owner, lease.Seconds()).
		Scan(&channel, &action, &created, &it.Claims, &it.Tries, &unclear, &since)
	if err != nil {
		return "", err
	}
	it.Created = time.UnixMilli(int64(created * 1000))
	it.Unclear, it.Since = unclear.Valid, seconds(since.Float64)
	if channel == "" {
		return action, nil
	}
	return action, hold(ctx, tx, channel, time.Second)
}

// hold keeps a channel from being posted to for a while.
func hold(ctx context.Context, tx *sql.Tx, channel string, d time.Duration) error {
	_, err := tx.ExecContext(ctx, sqlText(`
		INSERT INTO channels (channel, free) VALUES ($1, {now} + $2)
		ON CONFLICT (channel) DO UPDATE SET free = {max}(channels.free, excluded.free)`),
		channel, d.Seconds())
	return err
}

// Next implements [bot.Ledger].
func (s *Store) Next(ctx context.Context) (time.Duration, error) {
	var wait sql.NullFloat64
	err := s.db.QueryRowContext(ctx, sqlText(`SELECT MIN(moment) - {now} FROM `+ready)).Scan(&wait)
	if err != nil {
		return 0, fmt.Errorf("next: %w", s.explain(err))
	}
	if !wait.Valid {
		return time.Minute, nil
	}
	return min(max(seconds(wait.Float64), 0), time.Minute), nil
}

// Done implements [bot.Ledger]. Whoever posted says so, even if its lease ran
// out meanwhile: the next one would only look for the same message.
func (s *Store) Done(ctx context.Context, it *bot.Item, ts string) error {
	return s.settle(ctx, it, func(tx *sql.Tx) (sql.Result, error) {
		return tx.ExecContext(ctx, `UPDATE actions SET state = 'done', reply_ts = $3, owner = ''
			WHERE event = $1 AND n = $2 AND state = 'open'`, it.Key, it.N, ts)
	})
}

// settle ends an action by the given update: what it held in secret is wiped,
// and the event is done if nothing else is open.
func (s *Store) settle(ctx context.Context, it *bot.Item, update func(*sql.Tx) (sql.Result, error)) error {
	a := it.Action
	if a.Respond != nil {
		r := *a.Respond
		r.URL = ""
		a.Respond = &r
	}
	action, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("settle %d of %s: %w", it.N, it.Key, err)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		res, err := update(tx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE actions SET action = $3 WHERE event = $1 AND n = $2`, it.Key, it.N, string(action))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, sqlText(`UPDATE events SET done = {now} WHERE key = $1
			AND NOT EXISTS (SELECT 1 FROM actions WHERE event = $1 AND state = 'open')`), it.Key)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle %d of %s: %w", it.N, it.Key, err)
	}
	return nil
}

// Release implements [bot.Ledger].
func (s *Store) Release(ctx context.Context, it *bot.Item, f bot.Failure) error {
	var why string
	if f.Err != nil {
		why = f.Err.Error()
	}
	counted := 0
	if f.Counted {
		counted = 1
	}
	state := "open"
	if f.Aside {
		state = "aside"
	}
	release := func(tx *sql.Tx) (sql.Result, error) {
		// The number of claims tells this lease from a later one.
		return tx.ExecContext(ctx, sqlText(`
			UPDATE actions SET state = $5, owner = '', due = {now} + $6, tries = tries + $7,
				last_error = CASE WHEN $8 = '' THEN last_error ELSE $8 END,
				unclear = CASE WHEN $9 THEN {now} ELSE unclear END
			WHERE event = $1 AND n = $2 AND owner = $3 AND claims = $4 AND state = 'open'`),
			it.Key, it.N, s.owner, it.Claims, state, f.After.Seconds(), counted, why, f.Unclear)
	}
	if f.Aside {
		return s.settle(ctx, it, release)
	}
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := release(tx); err != nil {
			return err
		}
		if !f.Channel || it.Action.Respond != nil {
			return nil
		}
		return hold(ctx, tx, it.Action.Channel, f.After)
	})
	if err != nil {
		return fmt.Errorf("release %d of %s: %w", it.N, it.Key, err)
	}
	return nil
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
