package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// Condition is what can be told of a ledger without changing anything of it.
type Condition struct {
	New    bool  // there is none yet, and one can be made
	Schema int64 // the version of its tables
	Known  int64 // the version that this program writes
	InUse  bool  // a process holds the file to carry out what it owes; false on PostgreSQL, which any number share
}

// Inspect looks at the ledger at an address as [Open] would open it. Its errors
// are sentences for whoever set the address.
func Inspect(ctx context.Context, address string) (Condition, error) {
	known, err := lastMigration()
	if err != nil {
		return Condition{}, err
	}
	if Shared(address) {
		s, err := dialPostgres(ctx, address)
		if err != nil {
			return Condition{}, err
		}
		defer s.db.Close()
		c := Condition{Known: known}
		c.Schema, err = schema(ctx, s.db)
		if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42P01" { // no such table
			return Condition{Known: known, New: true}, nil
		}
		return c, s.explain(err)
	}
	c, err := inspectFile(ctx, address)
	c.Known = known
	return c, err
}

func inspectFile(ctx context.Context, address string) (Condition, error) {
	path, params, err := splitAddress(address)
	if err != nil {
		return Condition{}, err
	}
	f := &file{path: path}
	abs, err := filepath.Abs(path)
	if err != nil {
		return Condition{}, f.explain(err)
	}
	if info, err := os.Stat(abs); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return Condition{New: true}, f.writable(filepath.Dir(abs))
	}
	probe, err := os.OpenFile(abs, os.O_RDWR, 0)
	if err != nil {
		return Condition{}, f.unwritable(errors.Unwrap(err))
	}
	if err := probe.Close(); err != nil {
		return Condition{}, f.explain(err)
	}
	params.Set("mode", "ro")
	db, err := sql.Open("sqlite", dsn(abs, params))
	if err != nil {
		return Condition{}, f.explain(err)
	}
	defer db.Close()
	var c Condition
	if c.Schema, err = schema(ctx, db); err != nil {
		return c, f.explain(err)
	}
	c.InUse, err = f.held()
	return c, err
}

// writable fails if no file can be made in a directory.
func (f *file) writable(dir string) error {
	probe, err := os.CreateTemp(dir, ".footnote")
	if err != nil {
		return f.unwritable(errors.Unwrap(err))
	}
	return f.explain(errors.Join(probe.Close(), os.Remove(probe.Name())))
}

func (f *file) unwritable(err error) error {
	return fmt.Errorf("ledger %s cannot be written: give it a path in a directory that exists and may be written to: %w", f.path, err)
}

// held reports whether another process is alone with the file.
func (f *file) held() (bool, error) {
	lock, err := os.OpenFile(f.path+".lock", os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, f.explain(err)
	}
	defer lock.Close()
	return lockFile(lock) != nil, nil
}

// schema is the version of the tables in a database.
func schema(ctx context.Context, db *sql.DB) (int64, error) {
	var version int64
	err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+goose.DefaultTablename).Scan(&version)
	return version, err
}

// lastMigration is the version that this program writes.
func lastMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	var last int64
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		last = max(last, n)
	}
	return last, nil
}

// Shared reports whether any number of processes may carry out what the ledger
// at an address owes: it is on PostgreSQL.
func Shared(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// RollBack takes the tables of the ledger at an address back to the version of
// an earlier Footnote, which can then be run on them. No process may use it
// meanwhile. What only the later version keeps is lost.
func RollBack(ctx context.Context, address string, version int64) error {
	known, err := lastMigration()
	if err != nil {
		return err
	}
	if version < 1 || version > known {
		return fmt.Errorf("schema %d: there is none; give a version from 1 to %d", version, known)
	}
	s, err := Open(ctx, address)
	if err != nil {
		return err
	}
	err = s.rollBack(ctx, version)
	if err != nil {
		err = s.explain(err)
	}
	return errors.Join(err, s.Close())
}
