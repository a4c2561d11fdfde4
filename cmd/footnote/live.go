package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// lookEvery is how often a replica looks whether the facts have changed.
const lookEvery = time.Second

// live is the base of files with the changes that the ledger holds. Its index is
// replaced whole when either changes.
type live struct {
	files func() *match.Index // as they are now
	now   atomic.Pointer[laid]

	learning sync.Mutex // held while a changed base is learned: one at a time
}

// laid is the changes laid over files.
type laid struct {
	over  *match.Index
	index *match.Index // over itself if there are no changes
}

func newLive(files func() *match.Index) *live { return &live{files: files} }

// index is what is answered from. It is to be asked for once take has
// returned.
func (l *live) index() *match.Index {
	if now := l.now.Load(); now.index != now.over {
		return now.index
	}
	return l.files() // at once
}

// take takes up the changes that hold by now, and returns those that files and
// people have made both.
func (l *live) take(ctx context.Context, s *store.Store, log *slog.Logger) (refused []knowledge.Change, err error) {
	files := l.files()
	base, refused, err := curated(ctx, s, files.Base())
	if err != nil {
		return nil, err
	}
	x := files
	if base != files.Base() {
		if x, err = match.NewIndex(base); err != nil {
			return nil, fmt.Errorf("index of the changed facts: %w", err)
		}
	}
	now := &laid{files, x}
	l.now.Store(now)
	if x != files {
		go l.learn(now, log)
	}
	if base.Revision > 0 {
		log.Info("facts changed", "revision", base.Revision, "facts", len(base.Facts), "gaps", len(base.Gaps))
	}
	for _, c := range refused {
		log.Error("change refused: the files changed the same entry; what it said before both answers", "entry", c.ID)
	}
	return refused, nil
}

// learn puts in the place of an index one with what training learns of its base,
// unless the facts have changed by then. It takes up to a minute and ends with
// the process.
func (l *live) learn(now *laid, log *slog.Logger) {
	l.learning.Lock()
	defer l.learning.Unlock()
	if l.now.Load() != now {
		return
	}
	x, err := learned(now.index.Base())
	if err != nil {
		log.Warn("nothing is learned of the changed facts, general weights answer", "error", err)
		return
	}
	if l.now.CompareAndSwap(now, &laid{now.over, x}) {
		log.Info("changed facts learned", "revision", x.Base().Revision)
	}
}

// curated returns a base of files with the changes in the ledger, and those that
// do not go with the files. Without changes that is the base itself.
func curated(ctx context.Context, s *store.Store, files *knowledge.Base) (_ *knowledge.Base, refused []knowledge.Change, err error) {
	revision, changes, err := s.Approved(ctx)
	if err != nil || len(changes) == 0 {
		return files, nil, err
	}
	base, refused := files.Replay(changes)
	if base == files {
		again, err := files.With() // a copy to be marked
		if err != nil {
			return nil, nil, err
		}
		again.Hash, base = files.Hash, again
	}
	base.Revision = revision
	return base, refused, nil
}

// follow takes up changes until ctx is done, and has the curators told of those
// that are refused, some of which are known already.
func (l *live) follow(ctx context.Context, s *store.Store, curators []string, refused []knowledge.Change, log *slog.Logger) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	away := false
	for {
		err := l.look(ctx, s, &refused, log)
		if err == nil {
			err = l.tell(ctx, s, curators, refused)
		}
		if err == nil {
			refused = nil
		}
		if err != nil && !away && ctx.Err() == nil {
			log.Error("cannot look for changed facts", "error", err)
		}
		away = err != nil
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// look takes up what has changed, if anything has. Then refused is what does not
// go with the files.
func (l *live) look(ctx context.Context, s *store.Store, refused *[]knowledge.Change, log *slog.Logger) error {
	revision, err := s.Revision(ctx)
	if now := l.now.Load(); err != nil || revision == now.index.Base().Revision && (now.index == now.over || now.over == l.files()) {
		return err
	}
	list, err := l.take(ctx, s, log)
	if err == nil {
		*refused = list
	}
	return err
}

// tell has the curators told that changes are refused, each once.
func (l *live) tell(ctx context.Context, s *store.Store, curators []string, refused []knowledge.Change) error {
	var errs []error
	for _, c := range refused {
		for _, curator := range curators {
			ev, d := handlers.Conflict(curator, c, l.files().Base().Hash)
			_, err := s.Put(ctx, ev, d)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
