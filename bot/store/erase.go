package store

import (
	"context"
	"fmt"
	"time"
)

// atOnce is how many events are erased in one transaction: few enough that
// nobody waits long for it.
const atOnce = 500

// Erase implements [bot.Ledger]. It wipes the replies too, but those that are
// still open. Channels in which nothing is owed are forgotten.
func (s *Store) Erase(ctx context.Context, age time.Duration) (int, error) {
	n, err := s.erase(ctx, `created < {now} - $1`, age.Seconds())
	if err == nil {
		err = s.transact(ctx, func(t tx) error {
			_, err := t.ExecContext(ctx, `UPDATE votes SET person = '', why = '' WHERE (person <> '' OR why <> '') AND created < {now} - $1`, age.Seconds())
			if err != nil {
				return err
			}
			_, err = t.ExecContext(ctx, `DELETE FROM channels WHERE next IS NULL AND free < {now} - 3600`)
			return err
		})
	}
	if err != nil {
		return n, fmt.Errorf("erase: %w", err)
	}
	return n, nil
}

// Forget wipes what a user asked and said of answers, and who it was, as
// [Store.Erase] does for what is old. It reports how many events it wiped.
func (s *Store) Forget(ctx context.Context, user string) (int, error) {
	if user == "" {
		return 0, nil // nobody
	}
	n, err := s.erase(ctx, `person = $1`, user)
	if err == nil {
		err = s.transact(ctx, func(t tx) error {
			_, err := t.ExecContext(ctx, `UPDATE votes SET person = '', why = '' WHERE person = $1`, user)
			return err
		})
	}
	if err != nil {
		return n, fmt.Errorf("forget %s: %w", user, err)
	}
	return n, nil
}

// erase wipes the events for which the condition on its argument holds.
func (s *Store) erase(ctx context.Context, condition string, arg any) (int, error) {
	const known = `(person <> '' OR question <> '')`
	rows, err := s.reader().QueryContext(ctx, `SELECT key FROM events WHERE `+known+` AND `+condition, arg)
	if err != nil {
		return 0, s.explain(err)
	}
	keys, err := texts(rows)
	if err != nil {
		return 0, s.explain(err)
	}
	for done := 0; done < len(keys); done += atOnce {
		batch := keys[done:min(done+atOnce, len(keys))]
		err := s.transact(ctx, func(t tx) error {
			for _, key := range batch {
				if err := wipe(ctx, t, key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
	}
	return len(keys), nil
}

func wipe(ctx context.Context, t tx, key string) error {
	_, err := t.ExecContext(ctx, `UPDATE events SET person = '', question = '' WHERE key = $1`, key)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE actions SET action = '' WHERE event = $1 AND state <> 'open'`, key)
	return err
}
