package bot

import (
	"context"
	"time"
)

const (
	beatEvery  = 5 * time.Second // a third of the silence after which a process is taken for dead
	eraseEvery = time.Hour
)

// beat tells the ledger that the bot is alive until it has said everything, or
// ctx is done.
func (b *Bot) beat(ctx context.Context, drain <-chan struct{}) {
	away := false
	every(ctx, drain, beatEvery, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, beatEvery)
		defer cancel()
		err := b.cfg.Ledger.Beat(ctx)
		switch {
		case err != nil && !away:
			b.log.Error("the ledger is away", "error", err)
		case err == nil && away:
			b.log.Info("the ledger is back")
		}
		away = err != nil
	})
}

// forget has the ledger erase what is older than it may keep.
func (b *Bot) forget(ctx context.Context, drain <-chan struct{}) {
	if b.cfg.Retention == 0 {
		return
	}
	every(ctx, drain, eraseEvery, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		n, err := b.cfg.Ledger.Erase(ctx, b.cfg.Retention)
		switch {
		case err != nil:
			b.log.Error("old questions not erased", "error", err)
		case n > 0:
			b.log.Info("erased old questions", "events", n)
		}
	})
}

// every calls do at once and then once in a while, until ctx or drain is done.
func every(ctx context.Context, drain <-chan struct{}, d time.Duration, do func(context.Context)) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-tick.C:
		case <-drain:
			return
		case <-ctx.Done():
			return
		}
	}
}
