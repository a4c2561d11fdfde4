package slacksim

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// The kinds of envelopes.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
)

// envelope is a payload that waits for its ack.
type envelope struct {
	id      string
	kind    string
	payload json.RawMessage
	attempt int
	timer   *time.Timer                   // runs out when the ack is late
	acked   func(payload json.RawMessage) // takes the ack; nil for events
}

// frame is an envelope as it travels.
func (e *envelope) frame() []byte {
	o := object{"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.kind != kindEvent}
	if e.kind == kindEvent {
		o["retry_attempt"], o["retry_reason"] = e.attempt, ""
		if e.attempt > 0 {
			o["retry_reason"] = "timeout"
		}
	}
	return frame(o)
}

// send delivers a payload to the bot. acked is called with mu held when the
// ack comes; events have none and are sent again instead.
func (w *Workspace) send(kind string, payload object, acked func(json.RawMessage)) *envelope {
	e := &envelope{id: uuid.NewString(), kind: kind, payload: frame(payload), acked: acked}
	w.envelopes[e.id] = e
	w.deliver(e)
	return e
}

// deliver gives an envelope to the next live socket, or keeps it for the first
// that opens.
func (w *Workspace) deliver(e *envelope) {
	if w.closed || w.envelopes[e.id] == nil {
		return
	}
	if len(w.sockets) == 0 {
		w.queue = append(w.queue, e)
		return
	}
	s := w.sockets[w.turn%len(w.sockets)]
	w.turn++
	select {
	case s.frames <- e.frame():
	default:
		w.cfg.Log.Warn("socket ended: it does not read")
		s.cancel()
	}
	w.publish("envelope", object{"envelope_id": e.id, "kind": e.kind, "retry_attempt": e.attempt})
	if e.acked == nil {
		w.await(e)
	}
}

// await sends an event again when its ack is late, or gives it up after the
// last try.
func (w *Workspace) await(e *envelope) {
	wait, last := w.patience, e.attempt >= len(w.cfg.RetryDelays)
	if !last {
		wait = w.cfg.RetryDelays[e.attempt]
	}
	w.running.Add(1)
	e.timer = time.AfterFunc(wait, func() {
		defer w.running.Done()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.closed || w.envelopes[e.id] == nil {
			return
		}
		e.timer = nil
		if last {
			w.settle(e)
			w.cfg.Log.Warn("event given up: no ack", "envelope_id", e.id, "retry_attempt", e.attempt)
			return
		}
		e.attempt++
		w.deliver(e)
	})
}

// ack settles an envelope, whichever socket its ack came over.
func (w *Workspace) ack(id string, payload json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := w.envelopes[id]
	if e == nil {
		w.cfg.Log.Debug("ack ignored: unknown or late", "envelope_id", id)
		return
	}
	w.settle(e)
	w.publish("ack", object{"envelope_id": id})
	if e.acked != nil {
		e.acked(payload)
	}
}

// settle forgets an envelope.
func (w *Workspace) settle(e *envelope) {
	delete(w.envelopes, e.id)
	if e.timer != nil && e.timer.Stop() {
		w.running.Done()
	}
	e.timer = nil
}
