package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"footnote/handlers"
)

// knownFor is how long it is remembered whether somebody is a guest.
const knownFor = time.Hour

// guests remembers who is a guest of the workspace. The zero value is ready.
type guests struct {
	mu    sync.Mutex // guards known
	known map[string]guest
}

type guest struct {
	is    bool
	until time.Time
}

func (g *guests) recall(user string, now time.Time) (is, known bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was, known := g.known[user]
	return was.is, known && now.Before(was.until)
}

func (g *guests) note(user string, is bool, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil {
		g.known = map[string]guest{}
	}
	for u, was := range g.known {
		if now.After(was.until) {
			delete(g.known, u)
		}
	}
	g.known[user] = guest{is, now.Add(knownFor)}
}

// guest reports whether who did ev is a guest. Slack is asked only if the
// policy makes a difference; who it does not tell of is taken for one.
func (b *Bot) guest(ctx context.Context, ev handlers.Event) (bool, error) {
	if b.cfg.Policy.Guests == handlers.Openly || ev.User == "" || ev.Kind == handlers.Suggest {
		return false, nil
	}
	if is, known := b.guests.recall(ev.User, ev.Came); known {
		return is, nil
	}
	u, err := b.api.GetUserInfoContext(ctx, ev.User)
	if err != nil {
		return true, fmt.Errorf("ask Slack whether a user is a guest: %w", err)
	}
	is := u.IsRestricted || u.IsUltraRestricted || u.IsStranger
	b.guests.note(ev.User, is, ev.Came)
	return is, nil
}
