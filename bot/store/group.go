package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// group writes to a database that has one writer at a time. Those who come
// while a transaction is being committed share the next one, so that many
// writes cost one wait for the disk. Each still fails alone.
type group struct {
	turn chan struct{} // holds one token: whoever has it uses conn
	conn *sql.Conn
	kept map[string]*sql.Stmt // of conn, by query as it came

	mu    sync.Mutex // guards queue
	queue []*write
}

// write is one member's part of a shared transaction.
type write struct {
	ctx   context.Context
	f     func(tx) error
	err   error
	ended chan struct{} // closed when err is final
}

func newGroup(conn *sql.Conn) *group {
	g := &group{turn: make(chan struct{}, 1), conn: conn, kept: map[string]*sql.Stmt{}}
	g.turn <- struct{}{}
	return g
}

// transact returns when f's part is on disk, was undone, or was not begun
// before ctx was done.
func (g *group) transact(ctx context.Context, f func(tx) error) error {
	w := &write{ctx: ctx, f: f, ended: make(chan struct{})}
	g.mu.Lock()
	g.queue = append(g.queue, w)
	g.mu.Unlock()
	for {
		select {
		case <-w.ended:
			return w.err
		case <-g.turn:
		case <-ctx.Done():
			if g.leave(w) {
				return ctx.Err()
			}
			<-w.ended // it is being written
			return w.err
		}
		g.lead(ctx)
		g.turn <- struct{}{}
	}
}

// leave takes w out of the queue, if it is still there.
func (g *group) leave(w *write) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, q := range g.queue {
		if q == w {
			g.queue = append(g.queue[:i], g.queue[i+1:]...)
			return true
		}
	}
	return false
}

// lead writes everything that is queued in one transaction.
func (g *group) lead(ctx context.Context) {
	// Another process may be writing. Who gives up waiting for it leaves the
	// others' writes to them.
	_, err := g.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	if ctx.Err() != nil {
		if err == nil {
			g.rollback()
		}
		return
	}
	g.mu.Lock()
	batch := g.queue
	g.queue = nil
	g.mu.Unlock()
	if err == nil {
		err = g.write(batch)
	}
	for _, w := range batch {
		if w.err == nil {
			w.err = err
		}
		close(w.ended)
	}
}

// write gives each member of the batch its part. To interrupt SQLite within a
// part would undo the parts of the others, so a context is heeded before it.
func (g *group) write(batch []*write) error {
	for _, w := range batch {
		if w.err = w.ctx.Err(); w.err != nil {
			continue
		}
		if err := g.part(w); err != nil {
			g.rollback()
			return err
		}
	}
	_, err := g.ExecContext(context.Background(), "COMMIT")
	if err != nil {
		g.rollback()
	}
	return err
}

// part runs one member. It fails if that undid the whole transaction.
func (g *group) part(w *write) error {
	ctx := context.Background()
	if _, err := g.ExecContext(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	if w.err = w.f(g); w.err != nil {
		if _, err := g.ExecContext(ctx, "ROLLBACK TO part"); err != nil {
			return w.err // the disk is full, say, and SQLite undid everything
		}
	}
	_, err := g.ExecContext(ctx, "RELEASE part")
	return err
}

func (g *group) rollback() {
	g.conn.ExecContext(context.Background(), "ROLLBACK") // fails if SQLite has done it already
}

// close ends the connection when the last write is done; later ones fail.
func (g *group) close() error {
	<-g.turn
	defer func() { g.turn <- struct{}{} }()
	var errs []error
	for _, stmt := range g.kept {
		errs = append(errs, stmt.Close())
	}
	clear(g.kept)
	if err := g.conn.Close(); !errors.Is(err, sql.ErrConnDone) { // closed before
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// ExecContext implements [tx]. Like its siblings it is for who has the turn.
func (g *group) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := g.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext implements [tx].
func (g *group) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := g.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext implements [tx].
func (g *group) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := g.stmt(query)
	if err != nil {
		return g.conn.QueryRowContext(ctx, sqliteWords.Replace(query), args...) // fails alike
	}
	return stmt.QueryRowContext(ctx, args...)
}

// stmt prepares a query, and keeps it: that is most of what a small one costs.
func (g *group) stmt(query string) (*sql.Stmt, error) {
	if stmt := g.kept[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := g.conn.PrepareContext(context.Background(), sqliteWords.Replace(query))
	if err != nil {
		return nil, err
	}
	g.kept[query] = stmt
	return stmt, nil
}
