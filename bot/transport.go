package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// bearer sends the token in the header as well: slack-go puts it in the form
// alone, which not every server reads.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Authorization") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.next.RoundTrip(r)
}

// The calls that open one socket are at least minGap apart, and further with
// each that comes soon after the one before. A connection that held for calm
// starts anew.
const (
	minGap = time.Second
	maxGap = 30 * time.Second
	calm   = time.Minute
)

// pace is how calls are spaced.
type pace struct{ min, max, calm time.Duration }

// after is how far the next call is kept from one that came since after the
// call before it, which had itself been kept back by gap.
func (p pace) after(gap, since time.Duration) time.Duration {
	if gap == 0 || since > gap+p.calm {
		return p.min
	}
	return min(2*gap, p.max)
}

// paced spaces the calls of apps.connections.open of one socket. The socket's
// client does so only if connecting fails: told to go away as soon as it has
// connected, it would come back thousands of times a second.
type paced struct {
	next http.RoundTripper
	pace pace

	mu   sync.Mutex // guards last and gap
	last time.Time
	gap  time.Duration
}

func (p *paced) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/apps.connections.open") {
		if err := sleep(r.Context(), p.turn(time.Now())); err != nil {
			return nil, err
		}
	}
	return p.next.RoundTrip(r)
}

// turn takes the next turn and returns how long until it comes.
func (p *paced) turn(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.IsZero() {
		p.last = now
		return 0
	}
	p.gap = p.pace.after(p.gap, now.Sub(p.last))
	at := p.last.Add(jitter(p.gap))
	if at.Before(now) {
		at = now
	}
	p.last = at
	return at.Sub(now)
}

// retryAfter is how long Slack wants to be left alone, if that is what err says.
func retryAfter(err error) time.Duration {
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return limited.RetryAfter
	}
	return 0
}

// jitter adds up to a quarter, so that not all come back at the same moment.
func jitter(d time.Duration) time.Duration {
	return d + rand.N(d/4+1)
}

// sleep waits for d, or fails when ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
