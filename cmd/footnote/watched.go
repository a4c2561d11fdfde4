package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"footnote/knowledge"
	"footnote/knowledge/match"
	"footnote/knowledge/watch"
)

// watched returns the index of the base in dir, kept up to date with its files
// until stop is called. The base that ships does not change.
func watched(ctx context.Context, dir string, log *slog.Logger) (x func() *match.Index, stop func(), err error) {
	if dir == "" {
		first, err := index("")
		return func() *match.Index { return first }, func() {}, err
	}
	files, err := factFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	base, err := knowledge.Load(files)
	if err != nil {
		return nil, nil, fmt.Errorf("the fact base does not check:\n%w", err)
	}
	first, err := quick(base)
	if err != nil {
		return nil, nil, err
	}
	w := watch.New(dir, first, quick, thorough, log)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx, watch.Every) })
	return w.Index, func() { cancel(); running.Wait() }, nil
}

// soonLearned is up to how many facts and gaps of a base training takes so
// little time that it is waited for.
const soonLearned = 600

// quick indexes a base with what training learns of it, or a large one without.
func quick(base *knowledge.Base) (*match.Index, error) {
	if len(base.Facts)+len(base.Gaps) > soonLearned {
		return match.NewIndex(base)
	}
	return learned(base)
}

// thorough indexes a base that quick indexed without training.
func thorough(base *knowledge.Base) (*match.Index, error) {
	if len(base.Facts)+len(base.Gaps) > soonLearned {
		return learned(base)
	}
	return nil, nil
}

// learned indexes a base with what training learns of it.
func learned(base *knowledge.Base) (*match.Index, error) {
	model, err := trained(base)
	if err != nil {
		return nil, err
	}
	return match.NewIndex(base, match.WithModel(model))
}
