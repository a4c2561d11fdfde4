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
	channel string // the id of where it comes from, "" for a view
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
func (w *Workspace) send(kind, channel string, payload object, acked func(json.RawMessage)) *envelope {
	e := &envelope{id: uuid.NewString(), kind: kind, channel: channel, payload: frame(payload), acked: acked}
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
	w.transmit(e)
	w.publish("envelope", object{"envelope_id": e.id, "kind": e.kind, "retry_attempt": e.attempt, "payload": e.payload})
	if e.acked == nil {
		w.await(e)
	}
}

// transmit sends an envelope on its way, on which it can be held up or doubled.
func (w *Workspace) transmit(e *envelope) {
	data, wait := e.frame(), time.Duration(0)
	if f := w.strike(e.kind, e.channel, delayEvent); f != nil {
		wait = f.delay(time.Second)
	}
	w.in(wait, func() { w.arrive(data) })
	if f := w.strike(e.kind, e.channel, deliverTwice); f != nil {
		w.in(wait+f.delay(0), func() { w.arrive(data) })
	}
}

// arrive gives a frame to the next live socket. It is lost if there is none.
func (w *Workspace) arrive(data []byte) {
	if len(w.sockets) == 0 {
		return
	}
	s := w.sockets[w.turn%len(w.sockets)]
	w.turn++
	if !s.put(data) {
		w.cfg.Log.Warn("delivery lost: the socket does not keep up")
	}
	w.upset(s, w.faults...)
}

// await sends an event again when its ack is late, or gives it up after the
// last try.
func (w *Workspace) await(e *envelope) {
	wait, last := w.patience, e.attempt >= len(w.cfg.RetryDelays)
	if !last {
		wait = w.cfg.RetryDelays[e.attempt]
	}
	if w.cfg.RetryForever > 0 {
		wait, last = w.cfg.RetryForever, false
	}
	e.timer = w.in(wait, func() {
		if w.envelopes[e.id] == nil {
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
	if w.strike(e.kind, e.channel, loseAck) != nil {
		return
	}
	w.settle(e)
	w.publish("ack", object{"envelope_id": id, "payload": payload})
	if e.acked != nil {
		e.acked(payload)
	}
}

// settle forgets an envelope.
func (w *Workspace) settle(e *envelope) {
	delete(w.envelopes, e.id)
	w.stop(e.timer)
	e.timer = nil
}
