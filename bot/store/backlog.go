package store

import (
	"context"
	"time"
)

// Backlog is how many actions are owed and for how long the oldest has been.
func (s *Store) Backlog(ctx context.Context) (open int, oldest time.Duration, err error) {
	var age float64
	err = s.reader().QueryRowContext(ctx, `
		SELECT COUNT(*), COALESCE({now} - MIN(created), 0) FROM actions WHERE state = 'open'`).Scan(&open, &age)
	return open, time.Duration(max(age, 0) * float64(time.Second)), s.explain(err)
}
