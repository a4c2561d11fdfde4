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

// bases are what is answered from: the base that --facts names or the one that
// ships, and those that the policy gives to channels.
type bases struct {
	index    func() *match.Index
	channels map[string]func() *match.Index // by the channel's id
	watchers []*watch.Watcher               // of those that have files
}

// loadBases loads the base in dir, the one that ships if dir is empty, and those
// of channels, each directory once.
func loadBases(dir string, channels map[string]string, log *slog.Logger) (bases, error) {
	b := bases{channels: map[string]func() *match.Index{}}
	loaded := map[string]func() *match.Index{}
	load := func(dir string) (func() *match.Index, error) {
		if loaded[dir] != nil {
			return loaded[dir], nil
		}
		first, err := indexWith(dir, quick)
		if err != nil {
			return nil, err
		}
		loaded[dir] = func() *match.Index { return first } // what ships does not change
		if dir != "" {
			w := watch.New(dir, first, quick, thorough, log)
			b.watchers = append(b.watchers, w)
			loaded[dir] = w.Index
		}
		return loaded[dir], nil
	}
	var err error
	if b.index, err = load(dir); err != nil {
		return bases{}, err
	}
	for channel, dir := range channels {
		if b.channels[channel], err = load(dir); err != nil {
			return bases{}, fmt.Errorf("facts of channel %s in %s: %w", channel, dir, err)
		}
	}
	return b, nil
}

// follow keeps the bases up to date with their files until ctx is done.
func (b bases) follow(ctx context.Context) {
	var all sync.WaitGroup
	for _, w := range b.watchers {
		all.Go(func() { w.Run(ctx, watch.Every) })
	}
	all.Wait()
}

// reloads counts the changed bases that were taken over and that were refused.
func (b bases) reloads() (loaded, refused int64) {
	for _, w := range b.watchers {
		loaded += w.Loaded()
		refused += w.Refused()
	}
	return loaded, refused
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
