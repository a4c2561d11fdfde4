package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"footnote/bot/store/pgtest"
)

// TestShortRun is a chaos run that is short enough to be done every time.
func TestShortRun(t *testing.T) {
	for _, db := range []string{sqlite, postgres} {
		t.Run(db, func(t *testing.T) {
			t.Parallel()
			o, err := parse([]string{"-db", db, "-questions", "150", "-conversations", "60", "-users", "20", "-kills", "12", "-rate", "15"})
			if err != nil {
				t.Fatal(err)
			}
			var log, report strings.Builder
			res, err := do(t.Context(), o, t.TempDir(), &log)
			if errors.Is(err, pgtest.ErrMissing) && os.Getenv("CI") != "true" {
				t.Skip(err)
			}
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", o.seed, err, log.String())
			}
			res.print(&report, o)
			if !res.ok() || res.killed != o.kills {
				t.Errorf("%d kills\n%s%s", res.killed, log.String(), report.String())
			}
		})
	}
}
