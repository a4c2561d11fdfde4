package bot_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/bot/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// databases are where a ledger may be kept: each returns the address of a new one.
var databases = map[string]func(*testing.T) string{
	"SQLite":     func(t *testing.T) string { return filepath.Join(t.TempDir(), "ledger.db") },
	"PostgreSQL": func(t *testing.T) string { return pgtest.Start(t) },
}

// missed makes those that carried out what the ledger owes be heard of for the
// last time long ago, so that nobody has to wait until they are taken for dead.
// A file needs no such wait.
func (w *world) missed() {
	w.t.Helper()
	if !strings.HasPrefix(w.ledger, "postgres:") {
		return
	}
	db, err := sql.Open("pgx", w.ledger)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), `UPDATE processes SET heard = heard - 60`); err != nil {
		w.t.Fatal(err)
	}
}
