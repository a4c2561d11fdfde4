package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var sqliteWords = strings.NewReplacer("{now}", "unixepoch('subsec')", "{max}", "MAX", "{min}", "MIN", "{lock}", "", "{claim}", "")

const (
	readers = 4               // that may read at once beside the one who writes
	busy    = 5 * time.Second // that another process may keep the database to itself
)

// file is a ledger in an SQLite file.
type file struct {
	path   string
	db     *sql.DB
	writer *group
	lock   *os.File  // nil until alone
	doubt  time.Time // until then the machine may have forgotten something
}

func openSQLite(ctx context.Context, address string) (engine, error) {
	path, params, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	f := &file{path: path}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, f.explain(err)
	}
	if params.Get("mode") != "ro" {
		if err := touch(abs); err != nil {
			return nil, f.unwritable(err)
		}
	}
	f.db, err = sql.Open("sqlite", dsn(abs, params))
	if err != nil {
		return nil, f.explain(err)
	}
	f.db.SetMaxOpenConns(1 + readers)
	f.db.SetMaxIdleConns(1 + readers)
	if err := migrate(ctx, goose.DialectSQLite3, f.db); err != nil {
		return nil, errors.Join(f.explain(err), f.db.Close())
	}
	conn, err := f.db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(f.explain(err), f.db.Close())
	}
	f.writer, err = newWriter(ctx, f.db, conn, abs)
	if err != nil {
		return nil, errors.Join(f.explain(err), f.db.Close())
	}
	return f, nil
}

// newWriter makes conn, one to the database at path, the one that writes.
func newWriter(ctx context.Context, db *sql.DB, conn *sql.Conn, path string) (*group, error) {
	// It waits for others by itself, so that whoever waits may give up.
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return nil, err
	}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(real+"-wal", os.O_RDWR, 0)
	if err != nil || mode != "wal" {
		return newGroup(conn, nil), nil // SQLite waits for the disk with each commit
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = %d", checkpointLimit))
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	g := newGroup(conn, log)
	g.checkpoints = startCheckpointer(db, g.turn)
	return g, nil
}

// splitAddress returns the path in an address, and the parameters if it is of
// the form file:path?name=value.
func splitAddress(address string) (path string, params url.Values, err error) {
	rest, ok := strings.CutPrefix(address, "file:")
	if !ok {
		return address, url.Values{}, nil
	}
	path, query, _ := strings.Cut(rest, "?")
	params, err = url.ParseQuery(query)
	if err != nil || path == "" {
		return "", nil, fmt.Errorf("ledger %s is no address of a file: write it as file:ledger.db?mode=ro, or as a path", address)
	}
	return path, params, nil
}

// touch creates the file if there is none: SQLite would make it readable by
// everybody, and its journals copy its mode.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return errors.Unwrap(err) // without the path
	}
	return f.Close()
}

// dsn is SQLite's address of the database file at the absolute path.
func dsn(path string, params url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	params["_pragma"] = []string{fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"}
	params["_txlock"] = []string{"immediate"}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: params.Encode()}).String()
}

func (f *file) transact(ctx context.Context, do func(tx) error) error {
	err := f.writer.commit(ctx, do)
	if err == nil {
		err = f.writer.sync()
	}
	return f.explain(err)
}

func (f *file) commitEither(ctx context.Context, jot func(tx) (bool, error), do func(tx) error) error {
	return f.explain(f.writer.commitEither(ctx, jot, do))
}

func (f *file) transactSoon(ctx context.Context, do func(tx) error) error {
	err := f.writer.commitSoon(ctx, do)
	if err == nil {
		err = f.writer.sync()
	}
	return f.explain(err)
}

func (f *file) sync() error { return f.explain(f.writer.sync()) }

func (f *file) reader() tx { return reader{worded{f.db, sqliteWords}, f.writer} }

// reader has the inbox emptied before it reads. If that fails, it reads what was
// there before; who has to write then fails as well.
type reader struct {
	worded
	writer *group
}

// QueryContext implements [tx].
func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.emptyInbox(ctx)
	return r.worded.QueryContext(ctx, query, args...)
}

// QueryRowContext implements [tx].
func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	r.emptyInbox(ctx)
	return r.worded.QueryRowContext(ctx, query, args...)
}

func (r reader) emptyInbox(ctx context.Context) {
	some := r.writer.inbox.Load()
	if !r.writer.alone.Load() {
		some = r.worded.QueryRowContext(ctx, "SELECT 1 FROM inbox").Scan(new(int)) == nil
	}
	if some {
		r.writer.emptyInbox(ctx)
	}
}

func (f *file) alone() (bool, error) {
	if f.lock != nil {
		return true, nil
	}
	lock, err := os.OpenFile(f.path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, f.explain(err)
	}
	if err := lockFile(lock); err != nil {
		lock.Close() // nothing was written to it
		return false, fmt.Errorf("ledger %s is in use by another running Footnote: stop that one, or give this one a ledger of its own (%w)", f.path, err)
	}
	f.lock = lock
	f.writer.standAlone()
	died, err := openDiary(lock)
	if died {
		f.doubt = time.Now().Add(retrying)
	}
	return true, f.explain(err)
}

func (f *file) rollBack(ctx context.Context, version int64) error {
	if _, err := f.alone(); err != nil {
		return err
	}
	return downTo(ctx, goose.DialectSQLite3, f.db, version)
}

// retrying is longer than Slack sends an event again.
const retrying = 10 * time.Minute

func (f *file) forgetful() bool { return time.Now().Before(f.doubt) }

func (f *file) close() error {
	err := errors.Join(f.writer.close(), f.db.Close())
	if f.lock != nil {
		if err == nil {
			err = closeDiary(f.lock)
		}
		err = errors.Join(err, f.lock.Close())
	}
	return f.explain(err)
}

func (f *file) explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("ledger %s: %w", f.path, err)
	}
	advice := ""
	switch e.Code() & 0xff { // the rest of the code is detail
	case sqlite3.SQLITE_FULL:
		advice = ": its disk is full: make room on it"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		advice = " cannot be written: give it a path in a directory that exists and may be written to"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		advice = " is damaged or was never a ledger: move it out of the way, or restore it from a backup"
	case sqlite3.SQLITE_IOERR:
		advice = ": its disk cannot be read or written: look after the disk"
	case sqlite3.SQLITE_BUSY:
		advice = " is held by another program: end that one"
	}
	return fmt.Errorf("ledger %s%s: %w", f.path, advice, err)
}
