package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// group writes to a database that has one writer at a time. Those who come
// while a transaction is being written share the next one. Each still fails
// alone.
//
// What is committed outlives the process, but not yet the machine: SQLite, told
// synchronous=NORMAL, leaves the write-ahead log to the operating system. The
// group then waits for the disk as synchronous=FULL would have, once for all who
// wait, and while others write.
type group struct {
	turn chan struct{} // holds one token: whoever has it uses conn
	conn *sql.Conn
	kept map[string]*sql.Stmt // of conn, by query as it came

	disk chan struct{} // holds one token: whoever has it may wait for the disk
	log  *os.File      // the write-ahead log; nil if SQLite waits for the disk itself

	checkpoints *checkpointer // nil if SQLite makes them itself

	alone atomic.Bool // nobody else fills the inbox
	inbox atomic.Bool // if alone: it may hold something

	mu        sync.Mutex // guards what follows
	queue     []*write
	patient   []*write // that leave the database to the others for a moment
	committed uint64   // transactions; changed by who has the turn
	synced    uint64   // of them, on disk
}

// DiskWaits is how many of Go's processors may wait for the disk at once when a
// ledger is in a file: one for the log, one for a checkpoint. It takes the
// runtime up to 10 ms to give such a processor to somebody else. A program that
// answers meanwhile has GOMAXPROCS so much higher.
const DiskWaits = 2

// moment is how long a patient write waits for company.
const moment = 10 * time.Millisecond

// write is one member's part of a shared transaction.
type write struct {
	ctx   context.Context
	jot   func(tx) (bool, error) // nil, or does for f if it reports true
	f     func(tx) error         // finds the inbox empty
	err   error
	ended chan struct{} // closed when err is final
}

func newGroup(conn *sql.Conn, log *os.File) *group {
	g := &group{turn: make(chan struct{}, 1), conn: conn, kept: map[string]*sql.Stmt{}, disk: make(chan struct{}, 1), log: log}
	g.turn <- struct{}{}
	g.disk <- struct{}{}
	return g
}

// sync returns when all that is committed is on disk.
func (g *group) sync() error {
	g.mu.Lock()
	wanted := g.committed
	g.mu.Unlock()
	<-g.disk
	defer func() { g.disk <- struct{}{} }()
	g.mu.Lock()
	until, there := g.committed, g.synced >= wanted
	g.mu.Unlock()
	if there || g.log == nil {
		return nil
	}
	if err := g.log.Sync(); err != nil {
		return fmt.Errorf("wait for the disk: %w", err)
	}
	g.mu.Lock()
	g.synced = until
	g.mu.Unlock()
	return nil
}

// commit returns when f's part is committed, was undone, or was not begun
// before ctx was done.
func (g *group) commit(ctx context.Context, f func(tx) error) error {
	return g.commitEither(ctx, nil, f)
}

// commitEither is commit of what jot writes into the inbox or, where it reports
// false, of f's part.
func (g *group) commitEither(ctx context.Context, jot func(tx) (bool, error), f func(tx) error) error {
	w := &write{ctx: ctx, jot: jot, f: f, ended: make(chan struct{})}
	g.mu.Lock()
	g.queue = append(g.queue, w)
	g.mu.Unlock()
	return g.await(w)
}

// commitSoon is commit for who is in no hurry: all who come within a moment
// share one transaction.
func (g *group) commitSoon(ctx context.Context, f func(tx) error) error {
	w := &write{ctx: ctx, f: f, ended: make(chan struct{})}
	g.mu.Lock()
	g.patient = append(g.patient, w)
	g.mu.Unlock()
	t := time.NewTimer(moment)
	defer t.Stop()
	select {
	case <-w.ended:
	case <-ctx.Done():
	case <-t.C:
		g.mu.Lock()
		g.queue = append(g.queue, g.patient...)
		g.patient = nil
		g.mu.Unlock()
	}
	return g.await(w)
}

// standAlone says that from now on nobody else fills the inbox.
func (g *group) standAlone() {
	g.inbox.Store(true) // the last one may have left something in it
	g.alone.Store(true)
}

// emptyInbox returns when what was in the inbox is where it belongs.
func (g *group) emptyInbox(ctx context.Context) error {
	return g.commit(ctx, func(tx) error { return nil })
}

// await returns when w was written or has left, and writes what is queued if it
// is w's turn.
func (g *group) await(w *write) error {
	for {
		select {
		case <-w.ended:
			return w.err
		case <-g.turn:
		case <-w.ctx.Done():
			if g.leave(w) {
				return w.ctx.Err()
			}
			<-w.ended // it is being written
			return w.err
		}
		g.lead(w.ctx)
		g.turn <- struct{}{}
	}
}

// leave takes w out of where it waits, if it still does.
func (g *group) leave(w *write) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, waiting := range []*[]*write{&g.queue, &g.patient} {
		if i := slices.Index(*waiting, w); i >= 0 {
			*waiting = slices.Delete(*waiting, i, i+1)
			return true
		}
	}
	return false
}

// lead writes everything that is queued in one transaction.
func (g *group) lead(ctx context.Context) {
	err := g.begin(ctx)
	if ctx.Err() != nil {
		// Who gives up leaves the others' writes to them.
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
	if err == nil {
		g.mu.Lock()
		g.committed++
		g.mu.Unlock()
		if g.checkpoints != nil {
			g.checkpoints.committed(g.committed)
		}
	}
	for _, w := range batch {
		if w.err == nil {
			w.err = err
		}
		close(w.ended)
	}
}

// begin waits while another process is writing.
func (g *group) begin(ctx context.Context) error {
	deadline := time.Now().Add(busy)
	for {
		_, err := g.ExecContext(ctx, "BEGIN IMMEDIATE")
		e, ok := errors.AsType[*sqlite.Error](err)
		if !ok || e.Code()&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// write gives each member of the batch its part. A context is heeded before a
// part begins; see ExecContext.
func (g *group) write(batch []*write) error {
	part := g.part
	if len(batch) == 1 {
		part = g.whole
	}
	rest, err := g.jotAll(batch, part)
	if err == nil && len(rest) > 0 {
		err = g.writeAll(rest, part)
	}
	if err == nil {
		_, err = g.ExecContext(context.Background(), "COMMIT")
	}
	if err != nil {
		g.rollback()
		return err
	}
	if len(rest) > 0 {
		g.inbox.Store(false)
	}
	return nil
}

// jotAll lets those who can do with the inbox write into it, and returns the
// others.
func (g *group) jotAll(batch []*write, part func(*write, func(tx) error) error) (rest []*write, err error) {
	for _, w := range batch {
		if w.err = w.ctx.Err(); w.err != nil {
			continue
		}
		done := false
		if w.jot != nil {
			err := part(w, func(t tx) (err error) { done, err = w.jot(t); return err })
			if err != nil {
				return nil, err
			}
		}
		if done {
			g.inbox.Store(true)
		} else if w.err == nil {
			rest = append(rest, w)
		}
	}
	return rest, nil
}

// writeAll gives those their part who look at more than the inbox.
func (g *group) writeAll(batch []*write, part func(*write, func(tx) error) error) error {
	if g.inbox.Load() || !g.alone.Load() {
		if err := emptyInbox(context.Background(), g); err != nil {
			return err
		}
	}
	for _, w := range batch {
		if err := part(w, w.f); err != nil {
			return err
		}
	}
	return nil
}

// whole runs f for the only member of a transaction.
func (g *group) whole(w *write, f func(tx) error) error {
	w.err = f(g)
	return w.err
}

// part runs f for one of several members. It fails if that undid the whole
// transaction.
func (g *group) part(w *write, f func(tx) error) error {
	ctx := context.Background()
	if _, err := g.ExecContext(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	if w.err = f(g); w.err != nil {
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
	err := g.closeConn()
	if g.checkpoints != nil {
		g.checkpoints.close()
	}
	return err
}

func (g *group) closeConn() error {
	<-g.turn
	defer func() { g.turn <- struct{}{} }()
	var errs []error
	for _, stmt := range g.kept {
		errs = append(errs, stmt.Close())
	}
	clear(g.kept)
	errs = append(errs, g.sync())
	<-g.disk
	defer func() { g.disk <- struct{}{} }()
	if g.log != nil {
		errs = append(errs, g.log.Close())
		g.log = nil
	}
	if err := g.conn.Close(); !errors.Is(err, sql.ErrConnDone) { // closed before
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// ExecContext implements [tx]. Like its siblings it is for who has the turn. It
// is not interrupted: that would undo the parts of the others.
func (g *group) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := g.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(context.Background(), args...)
}

// QueryContext implements [tx].
func (g *group) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := g.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(context.Background(), args...)
}

// QueryRowContext implements [tx].
func (g *group) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	stmt, err := g.stmt(query)
	if err != nil {
		return g.conn.QueryRowContext(context.Background(), sqliteWords.Replace(query), args...) // fails alike
	}
	return stmt.QueryRowContext(context.Background(), args...)
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
