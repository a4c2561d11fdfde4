package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// silence is how long a process that carries out what the ledger owes may not
// be heard of, in seconds, before it is taken for dead.
const silence = 15

// Lock begins to carry out what the ledger owes, until the store is closed or
// the process dies. On a file that is for one process: Lock fails at once if
// there is another, and else frees what a dead one held. On PostgreSQL it says
// that this process is alive, as [Store.Beat] does.
func (s *Store) Lock(ctx context.Context) error {
	alone, err := s.alone()
	if err != nil {
		return err
	}
	if !alone {
		return s.Beat(ctx)
	}
	return s.transact(ctx, func(t tx) error {
		if err := free(ctx, t, `owner <> ''`); err != nil {
			return err
		}
		_, err := t.ExecContext(ctx, `DELETE FROM processes`)
		return err
	})
}

// Beat implements [bot.Ledger]. It frees what processes held that have not been
// heard of for 15 seconds, unless this one was not heard either: then it may be
// the database that was away.
func (s *Store) Beat(ctx context.Context) error {
	dead, err := s.silent(ctx)
	if err != nil {
		return fmt.Errorf("beat: %w", err)
	}
	for _, id := range dead {
		if err := s.bury(ctx, id); err != nil {
			return fmt.Errorf("free what %s held: %w", id, err)
		}
	}
	return nil
}

// silent writes down that this process is alive and lists those that are not.
func (s *Store) silent(ctx context.Context) (dead []string, err error) {
	err = s.transact(ctx, func(t tx) error {
		dead = nil
		var steady bool
		err := t.QueryRowContext(ctx, `
			INSERT INTO processes (id, steady, heard) VALUES ($1, 0, {now})
			ON CONFLICT (id) DO UPDATE SET heard = excluded.heard,
				steady = CASE WHEN processes.heard < excluded.heard - $2 THEN excluded.heard ELSE processes.steady END
			RETURNING steady <= heard - $2`, s.owner, float64(silence)).Scan(&steady)
		if err != nil || !steady {
			return err
		}
		rows, err := t.QueryContext(ctx, `SELECT id FROM processes WHERE heard < {now} - $1 ORDER BY id`, float64(silence))
		if err != nil {
			return err
		}
		dead, err = texts(rows)
		return err
	})
	return dead, err
}

// bury frees what a process held, a channel at a time, and then forgets it.
func (s *Store) bury(ctx context.Context, id string) error {
	rows, err := s.reader().QueryContext(ctx, `SELECT DISTINCT channel FROM actions WHERE state = 'open' AND owner = $1`, id)
	if err != nil {
		return s.explain(err)
	}
	channels, err := texts(rows)
	if err != nil {
		return s.explain(err)
	}
	for _, channel := range channels {
		err := s.transact(ctx, func(t tx) error {
			// It may have come back, or been buried, since.
			var still string
			err := t.QueryRowContext(ctx, `SELECT c.channel FROM channels c WHERE c.channel = $1 AND EXISTS (
				SELECT 1 FROM processes WHERE id = $2 AND heard < {now} - $3) {lock}`, channel, id, float64(silence)).Scan(&still)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			if err != nil {
				return err
			}
			return free(ctx, t, `channel = $1 AND owner = $2`, channel, id)
		})
		if err != nil {
			return err
		}
	}
	return s.transact(ctx, func(t tx) error {
		_, err := t.ExecContext(ctx, `DELETE FROM processes WHERE id = $1 AND heard < {now} - $2`, id, float64(silence))
		return err
	})
}

// free gives back the open actions for which the condition holds. Of what was
// in hand nobody knows how it ended, and it may have been begun just now.
func free(ctx context.Context, t tx, condition string, args ...any) error {
	_, err := t.ExecContext(ctx, `UPDATE channels SET next = {max}(free, {now}) WHERE channel IN (
		SELECT channel FROM actions WHERE state = 'open' AND `+condition+`)`, args...)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE actions SET owner = '', due = {now}, unclear = {now}
		WHERE state = 'open' AND `+condition, args...)
	return err
}

// texts reads and closes rows of one column.
func texts(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
