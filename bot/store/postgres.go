package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The clock is a statement's: one that moved within it could use no index.
var postgresWords = strings.NewReplacer("{now}", "EXTRACT(EPOCH FROM statement_timestamp())::float8",
	"{max}", "GREATEST", "{min}", "LEAST", "{lock}", "FOR UPDATE", "{claim}", "FOR UPDATE SKIP LOCKED")

// connections is how many a process has at most: ten processes leave room
// among the hundred that a server allows.
const connections = 8

// server is a ledger in a PostgreSQL database.
type server struct {
	name string // without the password
	db   *sql.DB
}

func openPostgres(ctx context.Context, address string) (engine, error) {
	s, err := dialPostgres(ctx, address)
	if err != nil {
		return nil, err
	}
	locker, err := newLocker()
	if err == nil {
		err = migrate(ctx, goose.DialectPostgres, s.db, goose.WithSessionLocker(locker))
	}
	if err != nil {
		return nil, errors.Join(s.explain(err), s.db.Close())
	}
	return s, nil
}

// newLocker keeps two processes from changing the tables at once.
func newLocker() (lock.SessionLocker, error) {
	return lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // seconds, times
}

// dialPostgres connects to a server and changes nothing there.
func dialPostgres(ctx context.Context, address string) (*server, error) {
	// The errors of either parser may repeat the password.
	u, err := url.Parse(address)
	if err != nil {
		return nil, errAddress
	}
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errAddress
	}
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, 5*time.Second)

	s := &server{name: publicName(u), db: stdlib.OpenDB(*cfg)}
	s.db.SetMaxOpenConns(connections)
	s.db.SetMaxIdleConns(connections)
	if err := s.db.PingContext(ctx); err != nil {
		return nil, errors.Join(s.explain(err), s.db.Close())
	}
	return s, nil
}

func (s *server) rollBack(ctx context.Context, version int64) error {
	var used bool
	err := s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM processes WHERE heard > EXTRACT(EPOCH FROM statement_timestamp()) - $1)`, float64(silence)).Scan(&used)
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("a running Footnote was heard of within the last %d seconds: stop all that use it, and try again after as long", silence)
	}
	locker, err := newLocker()
	if err != nil {
		return err
	}
	return downTo(ctx, goose.DialectPostgres, s.db, version, goose.WithSessionLocker(locker))
}

var errAddress = errors.New("ledger: the database's address cannot be read: write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, with special characters in the password as %40 and the like")

// publicName is an address without its secrets.
func publicName(u *url.URL) string {
	public := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.User != nil {
		public.User = url.User(u.User.Username())
	}
	if host := u.Query().Get("host"); host != "" {
		public.RawQuery = "host=" + host
	}
	return public.String()
}

func (s *server) transact(ctx context.Context, f func(tx) error) error {
	err := s.try(ctx, f)
	for range 3 {
		if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != "40P01" {
			break
		}
		err = s.try(ctx, f) // a deadlock ends one of two
	}
	return s.explain(err)
}

// commitEither returns when the server has it on disk. There is no inbox.
func (s *server) commitEither(ctx context.Context, _ func(tx) (bool, error), f func(tx) error) error {
	return s.transact(ctx, f)
}

func (s *server) sync() error { return nil }

// transactSoon has nobody to wait for: a server commits many at once.
func (s *server) transactSoon(ctx context.Context, f func(tx) error) error {
	return s.transact(ctx, f)
}

func (s *server) try(ctx context.Context, f func(tx) error) error {
	t, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	if err := f(worded{t, postgresWords}); err != nil {
		t.Rollback() // the first error says more
		return err
	}
	return t.Commit()
}

func (s *server) reader() tx { return worded{s.db, postgresWords} }

func (s *server) alone() (bool, error) { return false, nil }

func (s *server) forgetful() bool { return false }

func (s *server) close() error { return s.explain(s.db.Close()) }

func (s *server) explain(err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
			return fmt.Errorf("ledger %s cannot be reached: see that the server runs there and lets this machine in: %w", s.name, cause(err))
		}
		return fmt.Errorf("ledger %s: %w", s.name, err)
	}
	advice := ""
	switch e.Code {
	case "28P01", "28000":
		advice = " does not let this user in: set the user and password that the server knows"
	case "3D000":
		advice = " does not exist: create the database, or name one that exists"
	case "53100":
		advice = ": the server's disk is full: make room on it"
	case "42501":
		advice = " may not be used by this user: let it own the database, or its schema"
	case "25006":
		advice = " is read-only: name a server that may be written to"
	case "53300":
		advice = " has no connection free: allow more of them, or run fewer programs on it"
	case "57P01", "57P02", "57P03":
		advice = " is starting or stopping: try again in a moment"
	case "XX001", "XX002":
		advice = " is damaged: restore it from a backup"
	}
	return fmt.Errorf("ledger %s%s: %w", s.name, advice, e)
}

// cause is what lies at the bottom of an error on connecting, which names each
// host it tried on a line of its own.
func cause(err error) error {
	for {
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			if e.Unwrap() == nil {
				return err
			}
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			err = e.Unwrap()[0]
		default:
			return err
		}
	}
}
