package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/store/pgtest"
)

// What a ledger costs a question: it is put, claimed and done. Eight write at
// once, as the bot does, over channels that are free.
func BenchmarkQuestions(b *testing.B) {
	for _, db := range []struct {
		name    string
		address func(*testing.B) string
	}{
		{"sqlite", func(b *testing.B) string { return filepath.Join(b.TempDir(), "ledger.db") }},
		{"postgres", func(b *testing.B) string { return pgtest.Start(b) }},
	} {
		for _, open := range []int{0, 200_000} {
			b.Run(fmt.Sprintf("%s/open=%d", db.name, open), func(b *testing.B) {
				s, err := Open(b.Context(), db.address(b))
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				backlog(b, s, open)
				questions(b, s)
			})
		}
	}
}

// questions has b.N questions answered, each in a channel of its own.
func questions(b *testing.B, s *Store) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range 8 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				channel := fmt.Sprintf("B%d", i)
				_, it, err := s.PutAndClaim(b.Context(), mention(channel, "1.0", ""), reply(channel, "1.0", "hello"), time.Minute)
				if err == nil && it == nil {
					err = errors.New("not claimed although its channel is free")
				}
				if err == nil {
					err = s.Done(b.Context(), it, "2.0")
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
}

// BenchmarkClaims works off a backlog of 200,000 actions in 2,000 channels: a
// claim and a done each.
func BenchmarkClaims(b *testing.B) {
	for _, db := range []struct {
		name    string
		address func(*testing.B) string
	}{
		{"sqlite", func(b *testing.B) string { return filepath.Join(b.TempDir(), "ledger.db") }},
		{"postgres", func(b *testing.B) string { return pgtest.Start(b) }},
	} {
		b.Run(db.name, func(b *testing.B) {
			s, err := Open(b.Context(), db.address(b))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			backlog(b, s, 200_000)
			// The pace of a channel is not what is measured.
			execute(b, s, `UPDATE channels SET pace = 0, next = {now}`)
			var wg sync.WaitGroup
			var next atomic.Int64
			b.ResetTimer()
			for range 8 {
				wg.Go(func() {
					for next.Add(1) <= int64(b.N) {
						it, err := s.Claim(b.Context(), time.Minute)
						if errors.Is(err, bot.ErrNone) {
							continue // all channels are in somebody's hands
						}
						if err == nil {
							err = s.Done(b.Context(), it, "2.0")
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
		})
	}
}

// backlog puts n open actions into 2,000 channels that are not to be looked
// into for an hour.
func backlog(tb testing.TB, s *Store, n int) {
	tb.Helper()
	const digits = `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < $1) `
	for _, q := range []string{
		`INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created)
			` + digits + `SELECT 'old' || n, 'mention', 'T1', 'C' || n % 2000, 'U1', '1.' || n, '', 'who?', 'null', 'answer', {now} - n FROM i`,
		`INSERT INTO actions (event, n, channel, lane, action, state, created, due)
			` + digits + `SELECT 'old' || n, 0, 'C' || n % 2000, 'C' || n % 2000 || '/1.' || n, '{}', 'open', {now} - n, {now} - n FROM i`,
	} {
		if n > 0 {
			execute(tb, s, q, n)
		}
	}
	if n > 0 {
		execute(tb, s, `INSERT INTO channels (channel, free, next) SELECT DISTINCT channel, {now} + 3600, {now} + 3600 FROM actions`)
	}
}
