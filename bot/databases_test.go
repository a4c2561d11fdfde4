package bot_test

import (
	"path/filepath"
	"testing"
)

// databases are where a ledger may be kept: each returns the address of a new one.
var databases = map[string]func(*testing.T) string{
	"SQLite": func(t *testing.T) string { return filepath.Join(t.TempDir(), "ledger.db") },
}
