package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"footnote/knowledge"
)

// Import writes down changes that hold at once, if the facts still have that
// revision.
func (s *Store) Import(ctx context.Context, author, why string, revision int64, changes []knowledge.Change) error {
	err := s.transact(ctx, func(t tx) error {
		res, err := t.ExecContext(ctx, `UPDATE revision SET n = n + $2 WHERE n = $1`, revision, len(changes))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errMeanwhile)
		}
		for i, c := range changes {
			data, err := json.Marshal(c)
			if err != nil {
				return err
			}
			_, err = t.ExecContext(ctx, `
				INSERT INTO changes (id, entry, author, why, change, state, created, decided, revision)
				VALUES ($1, $2, $3, $4, $5, 'approved', {now}, {now}, $6)`,
				rand.Text(), c.ID, author, why, string(data), revision+int64(i)+1)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errMeanwhile) {
		return fmt.Errorf("import: %w; nothing was imported, try again", err)
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}
