package slacksim

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// listener is a page that follows what happens.
type listener struct {
	lines chan []byte // closed when it is too slow
}

// passing are the events that change nothing which a file would keep.
var passing = []string{"sockets", "envelope", "ack", "api"}

// publish tells all pages of something that happened.
func (w *Workspace) publish(kind string, fields object) {
	if !slices.Contains(passing, kind) {
		w.changed()
	}
	if len(w.listeners) == 0 {
		return
	}
	event := object{"type": kind}
	maps.Copy(event, fields)
	line := frame(event)
	for l := range w.listeners {
		select {
		case l.lines <- line:
		default:
			// It reconnects and loads everything anew.
			close(l.lines)
			delete(w.listeners, l)
		}
	}
}

// serveStream sends what happens from now on as server-sent events, one JSON
// object each. A reader that falls behind is cut off.
func (w *Workspace) serveStream(rw http.ResponseWriter, r *http.Request) {
	if !w.enter() {
		http.Error(rw, "the workspace is closed", http.StatusServiceUnavailable)
		return
	}
	defer w.running.Done()
	l := &listener{lines: make(chan []byte, 1024)}
	w.mu.Lock()
	w.listeners[l] = true
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.listeners, l)
	}()
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(rw)
	// A comment now and then finds out that nobody reads any more.
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	next := []byte(": hello\n\n")
	for {
		// A reader that has stopped to read must not hold up Close.
		_ = out.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := rw.Write(next); err != nil || out.Flush() != nil {
			return
		}
		select {
		case line, ok := <-l.lines:
			if !ok {
				return
			}
			next = append(append([]byte("data: "), line...), '\n', '\n')
		case <-alive.C:
			next = []byte(": alive\n\n")
		case <-r.Context().Done():
			return
		case <-w.done:
			return
		}
	}
}
