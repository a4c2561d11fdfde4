package watch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// write writes a base of n facts, each of which says the version.
func write(t testing.TB, dir string, n int, version string) {
	t.Helper()
	var facts, text strings.Builder
	facts.WriteString("sources:\n  - {id: a, title: \"A\", published: 2026-01-30, file: a.txt}\nfacts:\n")
	for i := range n {
		said := fmt.Sprintf("Plant %s makes %s in hall %s of the %s works.", name(i), name(i*7+3), name(i*3+1), version)
		fmt.Fprintln(&text, said)
		fmt.Fprintf(&facts, "  - id: plant-%d\n    answer: %q\n    certainty: reported\n    quotes:\n      - text: %q\n        source: a\n    questions:\n", i, said, said)
		for _, q := range []string{"what does plant %s make?", "where does plant %s work?", "in which hall is plant %s?", "which works does %s belong to?", "product of plant %s"} {
			fmt.Fprintf(&facts, "      - \""+q+"\"\n", name(i))
		}
	}
	put(t, filepath.Join(dir, "a.txt"), text.String())
	put(t, filepath.Join(dir, "facts.yaml"), facts.String())
}

// name makes a word of a number.
func name(i int) string {
	out := []byte{}
	for i += 27 * 27; i > 0; i /= 20 {
		out = append(out, "bcdfghjklmnpqrstvwxz"[i%20], "aeiou"[i%5])
	}
	return string(out)
}

func put(t testing.TB, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func plain(b *knowledge.Base) (*match.Index, error) { return match.NewIndex(b) }

func watch(t testing.TB, dir string) (*Watcher, *bytes.Buffer) {
	t.Helper()
	base, err := knowledge.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	x, err := plain(base)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return New(dir, x, plain, nil, slog.New(slog.NewTextHandler(&log, nil))), &log
}

func says(w *Watcher) string {
	a := w.Index().Answer(match.Question{Text: "what does plant " + name(1) + " make?"})
	if a.Verdict != match.Sure {
		return a.Verdict.String()
	}
	_, after, _ := strings.Cut(a.Facts[0].Fact.Answer, "of the ")
	return strings.TrimSuffix(after, " works.")
}

func TestLook(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 20, "old")
	w, log := watch(t, dir)
	twice := func(want string, loaded, refused int64) {
		t.Helper()
		w.Look()
		w.Look()
		if got := says(w); got != want || w.Loaded() != loaded || w.Refused() != refused {
			t.Errorf("answers from the %s works after %d loaded and %d refused; want %s, %d, %d\n%s", got, w.Loaded(), w.Refused(), want, loaded, refused, log)
		}
	}
	twice("old", 0, 0)

	write(t, dir, 20, "new")
	w.Look()
	if got := says(w); got != "old" {
		t.Errorf("a base that may still be written answers: %s", got)
	}
	w.Look()
	twice("new", 1, 0)

	whole, err := os.ReadFile(filepath.Join(dir, "facts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "facts.yaml"), string(whole[:len(whole)/2]))
	w.Look() // half-written; the other half comes before the next look
	put(t, filepath.Join(dir, "facts.yaml"), string(whole))
	twice("new", 1, 0)

	put(t, filepath.Join(dir, "facts.yaml"), string(whole[:len(whole)/2+30]))
	twice("new", 1, 1) // it stays half-written
	twice("new", 1, 1) // and is refused once
	if !strings.Contains(log.String(), "the changed fact base is refused") || !strings.Contains(log.String(), "facts.yaml:") {
		t.Errorf("the log does not say what is wrong:\n%s", log)
	}

	if err := os.Remove(filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	twice("new", 1, 2)
	if err := os.Remove(filepath.Join(dir, "facts.yaml")); err != nil {
		t.Fatal(err)
	}
	twice("new", 1, 3)

	write(t, dir, 20, "newest")
	twice("newest", 2, 3)
}

// TestLinks changes a base as Kubernetes does: each file is a link through
// ..data, which is turned to another directory.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"old", "new"} {
		if err := os.Mkdir(filepath.Join(dir, ".."+version), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, ".."+version), 20, version)
	}
	link := func(target, name string) {
		t.Helper()
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..old", "..data")
	link("..data/facts.yaml", "facts.yaml")
	link("..data/a.txt", "a.txt")
	w, _ := watch(t, dir)
	link("..new", "..tmp")
	if err := os.Rename(filepath.Join(dir, "..tmp"), filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	w.Look()
	w.Look()
	if got := says(w); got != "new" {
		t.Errorf("answers from the %s works", got)
	}
}

// TestImprove has a base answer before what is learned of it is there.
func TestImprove(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 20, "old")
	first, _ := watch(t, dir)
	var learned []*match.Index
	w := New(dir, first.Index(), plain, func(b *knowledge.Base) (*match.Index, error) {
		x, err := plain(b)
		learned = append(learned, x)
		return x, err
	}, slog.New(slog.DiscardHandler))
	write(t, dir, 20, "new")
	w.Look()
	w.Look()
	if len(learned) != 1 || w.Index() != learned[0] || says(w) != "new" {
		t.Errorf("learned %d times; answers from the %s works", len(learned), says(w))
	}
}

// TestReloadWhileAsked asks 200 questions a second while a base of 10,000 facts
// is replaced by another: each answer and the base that it comes from belong
// together.
func TestReloadWhileAsked(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 500
	}
	dir := t.TempDir()
	write(t, dir, n, "old")
	w, log := watch(t, dir)
	old := w.Index()

	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { w.Run(ctx, 50*time.Millisecond) })
	write(t, dir, n, "new")

	seen := map[*match.Index]int{}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(2 * time.Minute)
	for after := 0; after < 20; { // and twenty more from the new base
		select {
		case <-deadline:
			t.Fatalf("not replaced within two minutes: %s", log)
		case <-ticker.C:
		}
		x := w.Index()
		seen[x]++
		a := x.Answer(match.Question{Text: "what does plant " + name(1) + " make?"})
		version := "old"
		if x != old {
			version = "new"
			after++
		}
		if a.Verdict != match.Sure || !strings.HasSuffix(a.Facts[0].Fact.Answer, "of the "+version+" works.") || x.Base().Fact(a.Facts[0].Fact.ID) != a.Facts[0].Fact {
			t.Fatalf("the %s base answers %v", version, a)
		}
	}
	stop()
	wait.Wait()
	if len(seen) != 2 || w.Loaded() != 1 || w.Refused() != 0 {
		t.Errorf("%d bases answered, %d loaded, %d refused; want the old and the new one", len(seen), w.Loaded(), w.Refused())
	}
	t.Logf("%d answers from the old base, %d from the new one\n%s", seen[old], seen[w.Index()], log)
}

// BenchmarkReady takes 10,000 facts with five questions each from files to an
// index.
func BenchmarkReady(b *testing.B) {
	dir := b.TempDir()
	write(b, dir, 10_000, "old")
	for b.Loop() {
		base, err := knowledge.Load(os.DirFS(dir))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := plain(base); err != nil {
			b.Fatal(err)
		}
	}
}
