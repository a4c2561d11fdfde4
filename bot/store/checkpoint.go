package store

import (
	"context"
	"database/sql"
	"sync"
)

// checkpointer copies the write-ahead log into the database now and then, for
// which the disk is waited for twice. SQLite would do so within every hundredth
// commit or so, and whoever commits would wait. A checkpointer does most of it
// while others write, and only the rest, without which the log would grow, in
// between. One that fails is made up for by the next, and in the end by SQLite.
type checkpointer struct {
	db    *sql.DB
	due   chan struct{}
	stop  func() // closes due
	ended chan struct{}
}

const (
	checkpointEvery = 100    // commits, of a page in the inbox and some fifteen beyond by turns
	checkpointLimit = 20_000 // pages in the log after which SQLite makes one by itself
)

func startCheckpointer(db *sql.DB, turn chan struct{}) *checkpointer {
	c := &checkpointer{db: db, due: make(chan struct{}, 1), ended: make(chan struct{})}
	c.stop = sync.OnceFunc(func() { close(c.due) })
	go func() {
		defer close(c.ended)
		for range c.due {
			if c.checkpoint() != nil {
				continue
			}
			<-turn
			c.checkpoint()
			turn <- struct{}{}
		}
	}()
	return c
}

func (c *checkpointer) checkpoint() error {
	_, err := c.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

// committed is told how many commits there were, after each.
func (c *checkpointer) committed(n uint64) {
	if n%checkpointEvery != 0 {
		return
	}
	select {
	case c.due <- struct{}{}:
	default: // it is at it
	}
}

// close waits for the checkpoint that is being made. Nobody commits any more.
func (c *checkpointer) close() {
	c.stop()
	<-c.ended
}
