// Package store keeps the bot's ledger on SQLite or PostgreSQL: which events
// were seen, what is still owed for them, and what a thread was about.
//
// A [Store] on a file is for one process, which alone may carry out what the
// ledger owes (see [Store.Lock]); other processes may read and write it
// meanwhile. A Store on PostgreSQL is shared by replicas. What Put returned
// from outlives the process, and after [Store.Sync] the machine; what other
// methods wrote is on disk. Clocks are the database's alone.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"footnote/bot"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is a ledger. It is safe for concurrent use.
type Store struct {
	engine
	owner string // names this process in the leases it holds
}

var _ bot.Ledger = (*Store)(nil)

// engine is what differs between databases.
type engine interface {
	// transact runs f in a transaction of its own, which is on disk when transact
	// returns. Its error says in words what can be done about it. What f does
	// may be undone and done again.
	transact(ctx context.Context, f func(tx) error) error

	// commitEither is transact for what outlives this process when commitEither
	// returns, and the machine when sync has returned. It may let jot, which is nil
	// or writes into the inbox, do f's part: it calls f if jot reports false.
	commitEither(ctx context.Context, jot func(tx) (bool, error), f func(tx) error) error
	sync() error

	// transactSoon is transact for what nobody waits for. It may take a moment
	// longer to keep out of the way of the others.
	transactSoon(ctx context.Context, f func(tx) error) error

	// reader runs queries that write nothing, and see all that was written here.
	reader() tx

	// explain says in words what whoever runs the program can do about err.
	explain(err error) error

	// alone reports whether this process, until it ends, is the only one that
	// carries out what the ledger owes. It fails if that is another one.
	alone() (bool, error)

	// forgetful reports whether the machine may have died lately with the last
	// of what was committed and not synced.
	forgetful() bool

	// rollBack takes the tables back to a version. Nobody else may use them.
	rollBack(ctx context.Context, version int64) error

	close() error
}

// tx runs statements. In them stand {now} for the database's clock in seconds,
// {max} and {min} for the largest and smallest of several values, {lock} where
// a row that is read is kept from other transactions, and {claim} where one
// that another transaction keeps is passed over.
//
// Who locks a channel may then change its actions, and nobody else does: so
// nobody waits in a circle.
type tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the ledger at a postgres:// address or in the file of that path,
// which only its owner may read and which is created if there is none. A path
// may be an SQLite address as well: file:ledger.db?mode=ro. Its errors are
// sentences for whoever set the address, and hold no password.
func Open(ctx context.Context, address string) (*Store, error) {
	open := openSQLite
	if Shared(address) {
		open = openPostgres
	}
	e, err := open(ctx, address)
	if err != nil {
		return nil, err
	}
	return &Store{engine: e, owner: rand.Text()}, nil
}

// Close lets go of the database. It gives nothing back that is in hand.
func (s *Store) Close() error {
	return s.close()
}

// migrate brings the tables up to date.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, opts ...goose.ProviderOption) error {
	p, err := provider(dialect, db, opts...)
	if err != nil {
		return err
	}
	for seen := int64(-1); ; {
		current, target, err := p.GetVersions(ctx)
		if err == nil && current > target {
			return fmt.Errorf("it was written by a newer Footnote (schema %d, this one knows %d): run that one", current, target)
		}
		if err == nil && current == target {
			return nil
		}
		if _, err = p.Up(ctx); err == nil {
			return nil
		}
		// Another process may have been faster.
		now, _, verr := p.GetVersions(ctx)
		if verr != nil || now == seen {
			return err
		}
		seen = now
	}
}

// downTo takes the tables back to a version.
func downTo(ctx context.Context, dialect goose.Dialect, db *sql.DB, version int64, opts ...goose.ProviderOption) error {
	p, err := provider(dialect, db, opts...)
	if err == nil {
		_, err = p.DownTo(ctx, version)
	}
	return err
}

func provider(dialect goose.Dialect, db *sql.DB, opts ...goose.ProviderOption) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, dir, opts...)
}

// worded puts into queries what the database writes in its own way.
type worded struct {
	tx
	words *strings.Replacer
}

func (w worded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return w.tx.ExecContext(ctx, w.words.Replace(query), args...)
}

func (w worded) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return w.tx.QueryContext(ctx, w.words.Replace(query), args...)
}

func (w worded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return w.tx.QueryRowContext(ctx, w.words.Replace(query), args...)
}
