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

// Done implements [bot.Ledger]. Whoever posted says so, even if its lease ran
// out meanwhile: the next one would only look for the same message. It is in no
// hurry: what a crash undoes is found out by looking.
func (s *Store) Done(ctx context.Context, it *bot.Item, ts string) error {
	err := s.transactSoon(ctx, func(t tx) error {
		if err := lockChannel(ctx, t, it.Key, it.N); err != nil {
			return err
		}
		res, err := t.ExecContext(ctx, `
			UPDATE actions SET state = 'done', reply_ts = $3, owner = '', action = ''
			WHERE event = $1 AND n = $2 AND state = 'open'`, it.Key, it.N, ts)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return settled(ctx, t, it.Key, it.N)
	})
	if err != nil {
		return fmt.Errorf("done %d of %s: %w", it.N, it.Key, err)
	}
	return nil
}

// Release implements [bot.Ledger].
func (s *Store) Release(ctx context.Context, it *bot.Item, f bot.Failure) error {
	err := s.transact(ctx, func(t tx) error {
		if err := lockChannel(ctx, t, it.Key, it.N); err != nil {
			return err
		}
		if f.Channel && it.Action.Respond == nil {
			if err := hold(ctx, t, it, f.After); err != nil {
				return err
			}
		}
		released, err := s.release(ctx, t, it, f)
		if err != nil || !released {
			return err
		}
		return settled(ctx, t, it.Key, it.N)
	})
	if err != nil {
		return fmt.Errorf("release %d of %s: %w", it.N, it.Key, err)
	}
	return nil
}

// release reports whether the item was still this lease's.
func (s *Store) release(ctx context.Context, t tx, it *bot.Item, f bot.Failure) (bool, error) {
	var why string
	if f.Err != nil {
		why = f.Err.Error()
	}
	counted := 0
	if f.Counted {
		counted = 1
	}
	// The number of claims tells this lease from a later one.
	res, err := t.ExecContext(ctx, `
		UPDATE actions SET owner = '', due = {now} + $5, tries = tries + $6,
			last_error = CASE WHEN $7 = '' THEN last_error ELSE $7 END,
			unclear = CASE WHEN $8 THEN {now} ELSE unclear END
		WHERE event = $1 AND n = $2 AND owner = $3 AND claims = $4 AND state = 'open'`,
		it.Key, it.N, s.owner, it.Claims, f.After.Seconds(), counted, why, f.Unclear)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || !f.Aside {
		return n > 0, err
	}
	return true, aside(ctx, t, it)
}

// aside ends an action that is kept for whoever wants it tried again.
func aside(ctx context.Context, t tx, it *bot.Item) error {
	action, err := json.Marshal(withoutSecrets(it.Action))
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE actions SET state = 'aside', action = $3 WHERE event = $1 AND n = $2`,
		it.Key, it.N, string(action))
	return err
}

func withoutSecrets(a handlers.Action) handlers.Action {
	if a.Respond != nil {
		r := *a.Respond
		r.URL = ""
		a.Respond = &r
	}
	return a
}

// lockChannel keeps other transactions from an action's channel.
func lockChannel(ctx context.Context, t tx, key string, n int) error {
	var channel string
	err := t.QueryRowContext(ctx, `SELECT channel FROM channels WHERE channel = (
		SELECT channel FROM actions WHERE event = $1 AND n = $2) {lock}`, key, n).Scan(&channel)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // long settled
	}
	return err
}

// hold keeps the item's channel from being posted to for a while.
func hold(ctx context.Context, t tx, it *bot.Item, d time.Duration) error {
	_, err := t.ExecContext(ctx, `UPDATE channels SET free = {max}(free, {now} + $2), next = {max}(next, {now} + $2) WHERE channel = $1`,
		it.Action.Channel, d.Seconds())
	return err
}

// settled follows a change of an item: its event is done if nothing else of it
// is open, and its channel is to be looked into if something is open there.
func settled(ctx context.Context, t tx, key string, n int) error {
	// Asked for what is open, PostgreSQL may go through all that is open anywhere.
	_, err := t.ExecContext(ctx, `UPDATE events SET done = {now} WHERE key = $1
		AND NOT EXISTS (SELECT 1 FROM actions WHERE event = $1 AND state NOT IN ('done', 'aside'))`, key)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `
		UPDATE channels SET next = CASE WHEN EXISTS (
				SELECT 1 FROM actions a WHERE a.channel = channels.channel AND a.state = 'open'
			) THEN {max}(free, {now}) END
		WHERE channel = (SELECT channel FROM actions WHERE event = $1 AND n = $2)`, key, n)
	return err
}
