package main

import (
	"context"
	"log/slog"
	"sync"

	"footnote/knowledge"
	"footnote/knowledge/match"
	"footnote/knowledge/watch"
)

// watched returns the index of the base in dir, kept up to date with its files
// until stop is called. The base that ships does not change.
func watched(ctx context.Context, dir string, log *slog.Logger) (x func() *match.Index, stop func(), err error) {
	first, err := index(dir)
	if err != nil {
		return nil, nil, err
	}
	if dir == "" {
		return func() *match.Index { return first }, func() {}, nil
	}
	w := watch.New(dir, first, learned, log)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx, watch.Every) })
	return w.Index, func() { cancel(); running.Wait() }, nil
}

// learned indexes a base with what training learns of it.
func learned(base *knowledge.Base) (*match.Index, error) {
	model, err := trained(base)
	if err != nil {
		return nil, err
	}
	return match.NewIndex(base, match.WithModel(model))
}
