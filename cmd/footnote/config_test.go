package main

import (
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, env map[string]string) (config, error) {
	t.Helper()
	return parseConfig(func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
}

func TestSocketsByDatabase(t *testing.T) {
	for _, tt := range []struct {
		database, sockets string
		want              int
	}{
		{"", "", 2},
		{"/var/lib/footnote.db", "", 2},
		{"postgres://host/footnote", "", 1},
		{"postgresql://host/footnote", "", 1},
		{"postgres://host/footnote", "3", 3},
		{"", "1", 1},
	} {
		c, err := parse(t, map[string]string{"FOOTNOTE_DATABASE_URL": tt.database, "FOOTNOTE_SOCKETS": tt.sockets})
		if err != nil || c.Sockets != tt.want {
			t.Errorf("database %q, sockets %q: %d, %v, want %d", tt.database, tt.sockets, c.Sockets, err, tt.want)
		}
	}
}

func TestRetention(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 2160 * time.Hour, "90d": 2160 * time.Hour, "1d": day, "36h": 36 * time.Hour, "1h30m": 90 * time.Minute,
	} {
		c, err := parse(t, map[string]string{"FOOTNOTE_RETENTION": value})
		if err != nil || c.Retention != want {
			t.Errorf("%q: %v, %v, want %v", value, c.Retention, err, want)
		}
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	for name, values := range map[string][]string{
		"FOOTNOTE_RETENTION":        {"0", "-1d", "d", "ninety", "90", "1.5d", "200000d"},
		"FOOTNOTE_SOCKETS":          {"0", "11", "-1", "two"},
		"FOOTNOTE_SHUTDOWN_TIMEOUT": {"0s", "10"},
		"FOOTNOTE_DATABASE_URL":     {"mysql://user:secret@host/db"},
	} {
		for _, value := range values {
			_, err := parse(t, map[string]string{name: value})
			if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s=%s: %v, want an error that names it and no secret", name, value, err)
			}
		}
	}
}
