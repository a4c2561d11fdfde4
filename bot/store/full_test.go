package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote"
	"footnote/bot"
	"footnote/bot/slacksim"
	"footnote/bot/slacksim/reference"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// What cannot be written is not acknowledged, and is answered when it can be.
func TestWhatCannotBeWrittenIsNotAcknowledged(t *testing.T) {
	for _, tt := range []struct{ name, before, after, said string }{
		// SQLite takes 1 as: no more than now.
		{"the disk is full", "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "its disk is full"},
		{"the database is read-only", "PRAGMA query_only = 1", "PRAGMA query_only = 0", "cannot be written"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "ledger.db"))
			must(t, s.Lock(t.Context()))
			app, err := slacksim.ReadManifest(footnote.Manifest)
			must(t, err)
			ws := slacksim.New(slacksim.Config{App: app, OnCall: func(c slacksim.Call) {
				if err := reference.Faults(c.Method, c.Args, app.Scopes); err != nil {
					t.Error(err)
				}
			}})
			srv := httptest.NewServer(ws.Handler())
			log := &logged{}
			t.Cleanup(func() {
				must(t, ws.Close())
				srv.Close()
			})
			run(t, bot.Config{
				BotToken: ws.BotToken(), AppToken: ws.AppToken(), APIURL: srv.URL + "/api", Ledger: s,
				Log: slog.New(slog.NewTextHandler(log, nil)),
			})
			poll(t, "it is connected", func() bool { return log.has("msg=connected") })

			pragma(t, s, tt.before)
			const questions = 8 // more than fit into a page
			for i := range questions {
				control(t, ws, http.MethodPost, "/_sim/message", fmt.Sprintf(`{"user":"U0ASKER","channel":"C%04d","text":"<@%s> Who leads the talks?"}`, i, ws.BotUser()))
			}
			poll(t, "the log says why", func() bool { return log.has(tt.said) })
			written := countOf(t, s, `SELECT (SELECT COUNT(*) FROM events) + (SELECT COUNT(*) FROM inbox)`)
			if got := control(t, ws, http.MethodGet, "/_sim/state", "").Unacked; got < questions-written {
				t.Errorf("%d of %d are unacked although only %d are written", got, questions, written)
			}
			if written == questions {
				t.Error("all were written: this test shows nothing")
			}

			pragma(t, s, tt.after)
			replies := func(i int) (n int) {
				for _, m := range control(t, ws, http.MethodGet, fmt.Sprintf("/_sim/messages?channel=C%04d", i), "").Messages {
					if m.User == ws.BotUser() {
						n++
					}
				}
				return n
			}
			// A reply that could not be written down as sent is looked for a minute later.
			poll(t, "all are answered and acked", func() bool {
				for i := range questions {
					if replies(i) == 0 {
						return false
					}
				}
				return control(t, ws, http.MethodGet, "/_sim/state", "").Unacked == 0
			})
			poll(t, "all are in the ledger", func() bool { return countOf(t, s, `SELECT COUNT(*) FROM actions`) == questions })
			for i := range questions {
				if n := replies(i); n != 1 {
					t.Errorf("question %d has %d replies, want 1", i, n)
				}
			}
		})
	}
}

// run runs a bot until the test ends.
func run(t *testing.T, cfg bot.Config) {
	t.Helper()
	base, err := knowledge.Load(knowledge.Shipped())
	must(t, err)
	index, err := match.NewIndex(base)
	must(t, err)
	cfg.Index = func() *match.Index { return index }
	b, err := bot.New(cfg)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		must(t, <-ended)
	})
}

type answer struct {
	OK       bool
	Unacked  int
	Messages []struct{ User string }
}

// control asks the workspace's control API.
func control(t *testing.T, ws *slacksim.Workspace, method, path, body string) (a answer) {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	rec := httptest.NewRecorder()
	ws.Handler().ServeHTTP(rec, r)
	if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil || !a.OK {
		t.Fatalf("%s %s: %s %v", method, path, rec.Body, err)
	}
	return a
}

func countOf(t *testing.T, s *Store, query string) (n int) {
	t.Helper()
	must(t, s.reader().QueryRowContext(t.Context(), query).Scan(&n))
	return n
}

// poll waits until something is so, for half a minute at most.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// logged is a log to look into.
type logged struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.buf.String(), s)
}
