// Package watch keeps the index of a fact base up to date with its files.
//
// A [Watcher] looks at the files every now and then. When they have changed and
// come to rest it loads and checks them, and replaces the index whole; what does
// not check is refused, and the old base goes on answering. Whoever asks takes
// the index of the moment with [Watcher.Index], which locks nothing, and has one
// base from beginning to end.
package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Every is how often a base's files are looked at.
const Every = 2 * time.Second

// Build makes an index of a base. It may return none, to leave things as they
// are.
type Build func(*knowledge.Base) (*match.Index, error)

// Watcher holds the index of the base in a directory.
type Watcher struct {
	dir   string
	build Build
	learn Build // or nil
	log   *slog.Logger

	index           atomic.Pointer[match.Index]
	loaded, refused atomic.Int64

	// Of Look alone.
	current  string // the state of the files that were loaded or refused last
	previous string // their state at the last look
}

// New watches the directory that an index was made from. A changed base answers
// as soon as build has indexed it, and with the index of learn, which may take
// longer, once that is ready. Learn may be nil.
func New(dir string, x *match.Index, build, learn Build, log *slog.Logger) *Watcher {
	w := &Watcher{dir: dir, build: build, learn: learn, log: log}
	w.index.Store(x)
	w.current = w.state()
	w.previous = w.current
	return w
}

// Index returns the index to answer from. It is safe for concurrent use.
func (w *Watcher) Index() *match.Index { return w.index.Load() }

// Loaded is how many changed bases have been taken over, and Refused how many
// were not, since New.
func (w *Watcher) Loaded() int64  { return w.loaded.Load() }
func (w *Watcher) Refused() int64 { return w.refused.Load() }

// Run improves the first index, and looks at the files every so often until ctx
// is done.
func (w *Watcher) Run(ctx context.Context, every time.Duration) {
	w.improve()
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			w.Look()
		}
	}
}

// Look looks at the files once. What has changed is loaded when it is the same
// at two looks in a row, so that a file which is still being written is left
// alone. Only one goroutine may look.
func (w *Watcher) Look() {
	now := w.state()
	settled := now == w.previous
	w.previous = now
	if now == w.current || !settled {
		return
	}
	start := time.Now()
	x, err := w.load()
	if w.state() != now {
		return // it changed meanwhile; what was read may be half of each
	}
	w.current = now
	switch {
	case err != nil:
		w.log.Error("the changed fact base is refused, and the old one goes on answering", "dir", w.dir, "refused", w.refused.Add(1), "error", err)
	case x.Base().Hash == w.Index().Base().Hash:
		// touched, or as it was again
	default:
		w.index.Store(x)
		w.log.Info("fact base replaced", "dir", w.dir, "facts", len(x.Base().Facts), "gaps", len(x.Base().Gaps), "loaded", w.loaded.Add(1), "took", time.Since(start).Round(time.Millisecond))
		w.improve()
	}
}

// improve puts an index that took longer in the place of the one that answers.
func (w *Watcher) improve() {
	if w.learn == nil {
		return
	}
	switch x, err := w.learn(w.Index().Base()); {
	case err != nil:
		w.log.Warn("nothing is learned of the fact base, which answers all the same", "dir", w.dir, "error", err)
	case x != nil:
		w.index.Store(x)
	}
}

func (w *Watcher) load() (*match.Index, error) {
	base, err := knowledge.Load(os.DirFS(w.dir))
	if err != nil {
		var problems knowledge.Problems
		if errors.As(err, &problems) && len(problems) > 1 {
			err = fmt.Errorf("%w (and %d more; run footnote check)", problems[0], len(problems)-1)
		}
		return nil, err
	}
	if len(base.Facts) == 0 {
		return nil, errors.New("it has no facts that are accepted")
	}
	return w.build(base)
}

// hashMost is up to how many bytes of files are hashed at every look; of more
// only those that have another size, time or place than before.
const hashMost = 4 << 20

// state is what the files look like: their names, where symbolic links lead,
// sizes, times and, of a small base, what they hold. Kubernetes changes a base
// by turning one link, behind which every file is another.
func (w *Watcher) state() string {
	names := w.files()
	var b strings.Builder
	var size int64
	for _, name := range names {
		path := filepath.Join(w.dir, name)
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			fmt.Fprintf(&b, "%s gone\n", name)
			continue
		}
		info, err := os.Stat(target)
		if err != nil {
			fmt.Fprintf(&b, "%s gone\n", name)
			continue
		}
		size += info.Size()
		fmt.Fprintf(&b, "%s %s %d %d\n", name, target, info.Size(), info.ModTime().UnixNano())
	}
	if size <= hashMost {
		fmt.Fprintf(&b, "%x", w.hash(names))
	}
	return b.String()
}

func (w *Watcher) hash(names []string) []byte {
	sum := sha256.New()
	for _, name := range names {
		f, err := os.Open(filepath.Join(w.dir, name))
		if err != nil {
			continue // its absence is in the state
		}
		io.Copy(sum, io.LimitReader(f, hashMost))
		f.Close()
	}
	return sum.Sum(nil)
}

// files are the names of the base's files: the YAML that there is, and the texts
// of the sources of the base that answers.
func (w *Watcher) files() []string {
	paths, _ := filepath.Glob(filepath.Join(w.dir, "*.yaml"))
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	for _, s := range w.Index().Base().Sources {
		names = append(names, filepath.FromSlash(s.File))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
