package slacksim

import (
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// trouble is an answer with an HTTP status of its own.
type trouble struct {
	status int
	after  time.Duration // when to come back; whole seconds
}

func (t *trouble) Error() string {
	if t.status == http.StatusTooManyRequests {
		return "ratelimited"
	}
	return "http_" + strconv.Itoa(t.status)
}

// tooMany asks the caller to come back after a while, at least a second.
func tooMany(wait time.Duration) error {
	return &trouble{http.StatusTooManyRequests, max(1, time.Duration(math.Ceil(wait.Seconds()))) * time.Second}
}

// errNoAnswer means that the caller is to hear nothing at all.
var errNoAnswer = errors.New("no_answer")

// fail answers a call that has no answer in Slack's JSON.
func fail(rw http.ResponseWriter, err error) {
	var t *trouble
	switch {
	case errors.Is(err, errNoAnswer):
		panic(http.ErrAbortHandler) // which drops the connection
	case !errors.As(err, &t):
		http.Error(rw, err.Error(), http.StatusRequestEntityTooLarge)
	case t.status == http.StatusTooManyRequests:
		rw.Header().Set("Retry-After", strconv.Itoa(int(t.after.Seconds())))
		writeJSON(rw, t.status, object{"ok": false, "error": t.Error()})
	default:
		http.Error(rw, http.StatusText(t.status), t.status)
	}
}

// perform lets a call have its effect, unless a fault befalls it. effect runs
// with mu held, at once or later.
func (w *Workspace) perform(r *http.Request, method, channel string, effect func() (object, error)) (object, error) {
	kinds := []string{rateLimit, serverError, timeoutAfterEffect, lateEffect}
	if method == openMethod {
		kinds = append(kinds, refuseConnection)
	}
	var answer object
	var err error
	w.mu.Lock()
	f := w.strike(method, channel, kinds...)
	if f == nil || f.Kind == timeoutAfterEffect {
		answer, err = effect()
	}
	w.mu.Unlock()
	if f == nil {
		return answer, err
	}
	switch f.Kind {
	case rateLimit:
		return nil, tooMany(f.delay(0))
	case serverError:
		w.holdUp(r, f, f.delay(0))
		return nil, &trouble{status: http.StatusInternalServerError}
	case refuseConnection:
		w.holdUp(r, f, f.delay(0))
		return nil, &trouble{status: http.StatusServiceUnavailable}
	case timeoutAfterEffect:
		w.holdUp(r, f, f.delay(math.MaxInt64))
		return answer, err
	}
	w.holdUp(r, f, math.MaxInt64)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late++
	w.in(f.delay(time.Duration(f.random.Int64N(int64(maxLate)))), func() {
		w.late--
		if _, err := effect(); err != nil {
			w.cfg.Log.Warn("late effect refused", "method", method, "err", err)
		}
	})
	return nil, errNoAnswer
}

// holdUp keeps a caller waiting for so long, unless it gives up or the fault is
// ended before that.
func (w *Workspace) holdUp(r *http.Request, f *fault, d time.Duration) {
	if d == 0 {
		return
	}
	// Only once the body is read to its end the server notices a caller's going.
	_, _ = io.Copy(io.Discard, r.Body)
	w.mu.Lock()
	w.hanging++
	w.mu.Unlock()
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-over.C:
	case <-f.lifted:
	case <-r.Context().Done():
	case <-w.done:
	}
	w.mu.Lock()
	w.hanging--
	w.mu.Unlock()
}
