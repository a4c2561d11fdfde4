package main

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"footnote/bot/store"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// notice keeps a log, and closes said when that says something for the first time.
type notice struct {
	text string
	once sync.Once
	said chan struct{}
	mu   sync.Mutex // guards log
	log  bytes.Buffer
}

func (n *notice) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(n.text)) {
		n.once.Do(func() { close(n.said) })
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.log.Write(p)
}

func (n *notice) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.log.String()
}

// Curators are told of a change that is refused, even if the ledger took nothing
// when that was found out. The facts are taken up once at the start.
func TestRefusedChangeIsToldLater(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/dev/null/none") // nothing is kept of what is learned
	base, err := knowledge.Load(fstest.MapFS{
		"a.txt": {Data: []byte("The bridge opens in August.")},
		"facts.yaml": {Data: []byte(`
sources: [{id: a, title: A, published: 2026-02-05, file: a.txt}]
facts: [{id: opening, answer: The bridge opens in August., certainty: reported, quotes: [{source: a, text: The bridge opens in August.}], questions: ["when does the bridge open?"]}]`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "footnote.db")
	s, err := store.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	once := base.Facts[0]
	once.Answer = "It was something else when somebody retired it."
	if err := s.Import(t.Context(), "U0AUTHOR", "", 0, []knowledge.Change{{ID: once.ID, BeforeFact: &once}}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(`CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room'); END`); err != nil {
		t.Fatal(err)
	}

	failed := &notice{text: "no room", said: make(chan struct{})}
	log := slog.New(slog.NewTextHandler(failed, nil))
	l := newLive(func() *match.Index { return x })
	refused, err := l.take(t.Context(), s, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { l.follow(ctx, s, []string{"U0CURATOR"}, refused, log) })
	defer following.Wait()
	defer stop()
	<-failed.said
	if _, err := db.Exec(`DROP TRIGGER full`); err != nil {
		t.Fatal(err)
	}
	told := func() bool {
		list, err := s.List(t.Context(), 9)
		if err != nil {
			t.Fatal(err)
		}
		return len(list) == 1 && strings.HasPrefix(list[0].Key, "conflict/"+once.ID)
	}
	for end := time.Now().Add(patience); !told(); {
		if time.Now().After(end) {
			t.Fatal("nobody is told")
		}
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	if n := strings.Count(failed.String(), "facts changed"); n != 1 {
		t.Errorf("taken up %d times:\n%s", n, failed)
	}
}
