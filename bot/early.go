package bot

import (
	"context"
	"errors"
	"net/http"

	"footnote/handlers"
)

// A reply is made ready while it is written down: the words become a request,
// which waits at a gate before it gets to the network.

// gate holds a request back until it is known whether it may leave.
type gate struct {
	known chan struct{} // closed when open is final
	open  bool
}

// errShut is what becomes of a request that may not leave.
var errShut = errors.New("not to be sent")

type gateKey struct{}

func isGated(ctx context.Context) bool { return ctx.Value(gateKey{}) != nil }

// gated holds back the requests whose context has a gate.
type gated struct{ next http.RoundTripper }

func (t gated) RoundTrip(r *http.Request) (*http.Response, error) {
	g, ok := r.Context().Value(gateKey{}).(*gate)
	if !ok {
		return t.next.RoundTrip(r)
	}
	select {
	case <-g.known:
	case <-r.Context().Done():
		return nil, errors.Join(r.Context().Err(), closeBody(r))
	}
	if !g.open {
		return nil, errors.Join(errShut, closeBody(r))
	}
	return t.next.RoundTrip(r)
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

// putAndCarry writes down a decision whose first action has a slot, and makes
// the request that carries that action out ready meanwhile, as far as the
// network. It leaves when the caller calls leave, which must be called and does
// nothing if the action was not handed out.
func (b *Bot) putAndCarry(ctx, limited context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, leave func(), err error) {
	if d.Actions[0].Replaces() {
		// The ledger alone knows what.
		fresh, first, err := b.cfg.Ledger.PutAndClaim(limited, ev, d, lease)
		if first != nil {
			first.Came = ev.Came
			return fresh, func() { b.carry(ctx, first) }, err
		}
		<-b.slots
		return fresh, b.wake, err // even after an error: it may be written down all the same
	}
	g := &gate{known: make(chan struct{})}
	b.carry(context.WithValue(ctx, gateKey{}, g), &Item{Key: ev.Key, Action: d.Actions[0], Claims: 1, Came: ev.Came})
	fresh, first, err := b.cfg.Ledger.PutAndClaim(limited, ev, d, lease)
	g.open = first != nil
	return fresh, func() { close(g.known) }, err
}
