package bot

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"footnote/handlers"
)

// A reply is made ready while it is written down: the words become a request
// that has its connection, and whose body waits at a gate.

// gate holds a request back until it is known whether it may leave.
type gate struct {
	known chan struct{} // closed when open is final
	open  bool
}

// errShut is what becomes of a request that may not leave.
var errShut = errors.New("not to be sent")

// pass returns when the gate is open, and fails if it will not be or ctx is done.
func (g *gate) pass(ctx context.Context) error {
	select {
	case <-g.known:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !g.open {
		return errShut
	}
	return nil
}

type gateKey struct{}

func isGated(ctx context.Context) bool { return ctx.Value(gateKey{}) != nil }

// gated holds back the bodies of the requests whose context has a gate: their
// headers leave, upon which Slack does nothing. One that may not leave costs its
// connection, of HTTP/2 its stream.
type gated struct{ next http.RoundTripper }

func (t gated) RoundTrip(r *http.Request) (*http.Response, error) {
	g, ok := r.Context().Value(gateKey{}).(*gate)
	if !ok {
		return t.next.RoundTrip(r)
	}
	if r.Body == nil || r.ContentLength <= 0 || r.GetBody == nil {
		if err := g.pass(r.Context()); err != nil { // there is nothing to be held by
			return nil, errors.Join(err, closeBody(r))
		}
		return t.next.RoundTrip(r)
	}
	held := r.Clone(r.Context())
	held.Body = heldBody{r.Body, g, r.Context()}
	held.GetBody = func() (io.ReadCloser, error) {
		body, err := r.GetBody()
		return heldBody{body, g, r.Context()}, err
	}
	return t.next.RoundTrip(held)
}

// heldBody is a body that is read when its gate is open.
type heldBody struct {
	io.ReadCloser
	gate *gate
	ctx  context.Context
}

func (b heldBody) Read(p []byte) (int, error) {
	if err := b.gate.pass(b.ctx); err != nil {
		return 0, err
	}
	return b.ReadCloser.Read(p)
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

// recent knows where the bot was about to post within the last second: there a
// reply seldom may leave at once, and to make it ready is lost work.
type recent struct {
	mu sync.Mutex           // guards at
	at map[string]time.Time // by channel; what goes to a response URL, which is not paced, by its event
}

// second is for how long, and how far apart Slack wants messages in a channel.
const second = time.Second

// add notes a channel, and reports whether it was not noted within a second.
func (l *recent) add(channel string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.at) >= holding {
		maps.DeleteFunc(l.at, func(_ string, then time.Time) bool { return now.Sub(then) > second })
	}
	fresh := now.Sub(l.at[channel]) > second
	l.at[channel] = now
	return fresh
}

// putAndCarry writes down a decision whose first action has a slot, and makes
// the request that carries that action out ready meanwhile, as far as the
// network. It leaves when the caller calls leave, which must be called and does
// nothing if the action was not handed out.
func (b *Bot) putAndCarry(ctx, limited context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, leave func(), err error) {
	first := d.Actions[0]
	// What it replaces the ledger alone knows.
	if early := b.recent.add(cmp.Or(first.Channel, ev.Key), time.Now()); !early || first.Replaces() {
		fresh, it, err := b.cfg.Ledger.PutAndClaim(limited, ev, d, lease)
		if it != nil {
			it.Came = ev.Came
			return fresh, func() { b.carry(ctx, it) }, err
		}
		<-b.slots
		return fresh, b.wake, err // even after an error: it may be written down all the same
	}
	g := &gate{known: make(chan struct{})}
	b.carry(context.WithValue(ctx, gateKey{}, g), &Item{Key: ev.Key, Action: first, Claims: 1, Came: ev.Came})
	fresh, it, err := b.cfg.Ledger.PutAndClaim(limited, ev, d, lease)
	g.open = it != nil
	return fresh, func() { close(g.known) }, err
}
