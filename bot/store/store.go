// Package store keeps the bot's ledger on SQLite: which events were seen, what
// is still owed for them, and what a thread was about.
//
// A [Store] is one file, and one process at a time may carry out what it owes
// (see [Store.Lock]); other processes may read and write it meanwhile. What Put
// returned from is on disk. Clocks are the database's alone.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"footnote/bot"
	"footnote/handlers"
	"footnote/knowledge/match"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is the ledger on a file. It is safe for concurrent use.
type Store struct {
	db    *sql.DB
	path  string
	owner string   // names this process in the leases it holds
	lock  *os.File // nil until Lock
}

var _ bot.Ledger = (*Store)(nil)

// Open opens the ledger at path, which only its owner may read, and creates it
// if there is none. Its errors are sentences for whoever set the path.
func Open(ctx context.Context, path string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}
	// SQLite would create it readable by everybody; its journals copy its mode.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("ledger %s cannot be written: give it a path in a directory that exists and may be written to: %w", path, errors.Unwrap(err))
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}

	db, err := sql.Open("sqlite", dsn(abs))
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}
	// SQLite has one writer at a time: waiting for it in the pool is fair and
	// ends with the context, waiting in SQLite is neither.
	db.SetMaxOpenConns(1)
	s := &Store{db: db, path: path, owner: rand.Text()}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(s.explain(err), db.Close())
	}
	return s, nil
}

// dsn is the address of the database file at the absolute path.
func dsn(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	q := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.db, dir)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return fmt.Errorf("it was written by a newer Footnote (schema %d, this one knows %d): run that one", current, target)
	}
	for {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		// Another process may have been faster.
		now, _, verr := p.GetVersions(ctx)
		if verr != nil || now == current {
			return err
		}
		current = now
	}
}

// Close lets go of the lock and the file.
func (s *Store) Close() error {
	err := s.db.Close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return s.explain(err)
}

// Lock makes this process the one that carries out what the ledger owes, until
// it closes the store or dies, and frees what a dead process held. It fails at
// once if another process is that one.
func (s *Store) Lock(ctx context.Context) error {
	f, err := os.OpenFile(s.path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("ledger %s: %w", s.path, err)
	}
	if err := lockFile(f); err != nil {
		f.Close() // nothing was written to it
		return fmt.Errorf("ledger %s is in use by another running Footnote: stop that one, or give this one a ledger of its own (%w)", s.path, err)
	}
	s.lock = f
	// Of what was in hand nobody knows how it ended.
	_, err = s.db.ExecContext(ctx, sqlText(`
		UPDATE actions SET owner = '', due = {now}, unclear = claimed
		WHERE state = 'open' AND owner <> ''`))
	return s.explain(err)
}

// Prior implements [bot.Ledger]. A press recalls the question that its message
// answered, else the last one of its thread; a direct message outside of a
// thread recalls the last one of the past half hour.
func (s *Store) Prior(ctx context.Context, ev handlers.Event) (match.Prior, error) {
	const last = ` AND question <> '' AND key <> $2 ORDER BY created DESC LIMIT 1`
	var p match.Prior
	var err error
	if ev.Kind == handlers.Press && ev.Message != "" {
		p, err = s.prior(ctx, `SELECT question, facts FROM events
			WHERE key IN (SELECT event FROM actions WHERE channel = $1 AND reply_ts = $3)`+last, ev.Channel, ev.Key, ev.Message)
		if err != nil || p.Question != "" {
			return p, err
		}
	}
	switch {
	case ev.Thread != "":
		return s.prior(ctx, `SELECT question, facts FROM events
			WHERE channel = $1 AND (thread = $3 OR ts = $3)`+last, ev.Channel, ev.Key, ev.Thread)
	case ev.Kind == handlers.Direct:
		return s.prior(ctx, `SELECT question, facts FROM events
			WHERE channel = $1 AND thread = '' AND created > {now} - 1800`+last, ev.Channel, ev.Key)
	}
	return match.Prior{}, nil
}

func (s *Store) prior(ctx context.Context, query string, args ...any) (match.Prior, error) {
	var p match.Prior
	var facts []byte
	err := s.db.QueryRowContext(ctx, sqlText(query), args...).Scan(&p.Question, &facts)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(facts, &p.Facts)
	}
	return p, s.explain(err)
}

// Put implements [bot.Ledger].
func (s *Store) Put(ctx context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		fresh, err = put(ctx, tx, ev, d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("put event %s: %w", ev.Key, err)
	}
	return fresh, nil
}

func put(ctx context.Context, tx *sql.Tx, ev handlers.Event, d handlers.Decision) (bool, error) {
	facts, err := json.Marshal(d.Asked.Facts)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, sqlText(`
		INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created, done)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, {now}, CASE WHEN $11 = 0 THEN {now} END)
		ON CONFLICT (key) DO NOTHING`),
		ev.Key, string(ev.Kind), ev.Team, ev.Channel, ev.User, ev.TS, ev.Thread,
		d.Asked.Question, string(facts), d.Verdict.String(), len(d.Actions))
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for n, a := range d.Actions {
		action, err := json.Marshal(a)
		if err != nil {
			return false, fmt.Errorf("action %d: %w", n, err)
		}
		// Whatever goes to a response URL is paced by nobody and follows its event alone.
		channel, lane := a.Channel, a.Channel+"/"+a.Thread
		if a.Respond != nil {
			channel, lane = "", ev.Key
		}
		_, err = tx.ExecContext(ctx, sqlText(`
			INSERT INTO actions (event, n, channel, lane, action, state, created, due)
			VALUES ($1, $2, $3, $4, $5, 'open', {now}, {now})`),
			ev.Key, n, channel, lane, string(action))
		if err != nil {
			return false, fmt.Errorf("action %d: %w", n, err)
		}
	}
	return true, nil
}

// transact runs f within one transaction.
func (s *Store) transact(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	if err := f(tx); err != nil {
		tx.Rollback() // the first error says more
		return s.explain(err)
	}
	return s.explain(tx.Commit())
}

// explain says in words what whoever runs the program can do about err.
func (s *Store) explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("ledger %s: %w", s.path, err)
	}
	advice := ""
	switch e.Code() & 0xff { // the rest of the code is detail
	case sqlite3.SQLITE_FULL:
		advice = ": its disk is full: make room on it"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		advice = " cannot be written: give it a path in a directory that exists and may be written to"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		advice = " is damaged or was never a ledger: move it out of the way, or restore it from a backup"
	case sqlite3.SQLITE_BUSY:
		advice = " is held by another program: end that one"
	}
	return fmt.Errorf("ledger %s%s: %w", s.path, advice, err)
}

// sqlText puts in what differs between databases.
func sqlText(query string) string {
	return strings.NewReplacer("{now}", "unixepoch('subsec')", "{max}", "MAX").Replace(query)
}
