package slacksim

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The kinds of faults.
const (
	deliverTwice       = "deliver_twice"
	loseAck            = "lose_ack"
	delayEvent         = "delay_event"
	closeSocket        = "close_socket"
	dismissSocket      = "disconnect"
	refuseConnection   = "refuse_connection"
	rateLimit          = "ratelimit"
	serverError        = "http_500"
	timeoutAfterEffect = "timeout_after_effect"
	lateEffect         = "late_effect"
)

// What faults of calls and connections call those that are no methods.
const (
	responseMethod = "response_url"
	socketMethod   = "websocket"
)

// Bounds of delay_ms.
const (
	maxDelay = 10 * time.Minute
	maxLate  = 10 * time.Second // of an effect, after its caller gave up
)

// reach says to what a kind of fault can be narrowed.
type reach struct {
	methods  []string
	channels bool
	delays   bool
}

// reaches lists all kinds.
func reaches() map[string]reach {
	deliveries := reach{methods: []string{kindEvent, kindCommand, kindInteraction}, channels: true, delays: true}
	acks := reach{methods: deliveries.methods, channels: true}
	sockets := reach{delays: true}
	calls := reach{methods: append(slices.Sorted(maps.Keys(methods)), responseMethod), channels: true, delays: true}
	return map[string]reach{
		deliverTwice: deliveries, delayEvent: deliveries, loseAck: acks,
		closeSocket: sockets, dismissSocket: sockets,
		refuseConnection: {methods: []string{openMethod, socketMethod}, delays: true},
		rateLimit:        calls, serverError: calls, timeoutAfterEffect: calls, lateEffect: calls,
	}
}

// reasons are what a disconnect may say. After a warning comes a
// refresh_requested.
var reasons = []string{"warning", "refresh_requested", "link_disabled", "too_many_websockets"}

// faultID is what the channel of a fault must look like; it may be one that is
// made later.
var faultID = regexp.MustCompile(`^[CD][A-Z0-9]{2,30}$`)

// faultRequest says what shall go wrong. Nil stands for what is left out.
type faultRequest struct {
	Kind    string   `json:"kind"`
	Method  string   `json:"method,omitempty"`
	Channel string   `json:"channel,omitempty"`
	Reason  string   `json:"reason,omitempty"` // of a disconnect
	P       *float64 `json:"p"`
	Count   *int     `json:"count,omitempty"`
	DelayMS *int     `json:"delay_ms,omitempty"`
	Seed    *uint64  `json:"seed"`
}

// check finds everything that is wrong with a request.
func (f faultRequest) check() error {
	kinds := reaches()
	can, ok := kinds[f.Kind]
	if !ok {
		return fmt.Errorf("kind %q is unknown: use one of %s", f.Kind, names(slices.Sorted(maps.Keys(kinds))))
	}
	var errs []error
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	switch {
	case f.Method == "" || slices.Contains(can.methods, f.Method):
	case can.methods == nil:
		wrong(true, "%s has no method", f.Kind)
	default:
		wrong(true, "method %q is none that %s befalls: use one of %s", f.Method, f.Kind, names(can.methods))
	}
	wrong(f.Channel != "" && !can.channels, "%s has no channel", f.Kind)
	wrong(f.Channel != "" && !faultID.MatchString(f.Channel), "channel %q is no id of a channel", f.Channel)
	wrong(f.Reason != "" && f.Kind != dismissSocket, "%s has no reason", f.Kind)
	wrong(f.Reason != "" && !slices.Contains(reasons, f.Reason), "reason %q is unknown: use one of %s", f.Reason, names(reasons))
	wrong(f.P != nil && !(*f.P > 0 && *f.P <= 1), "p must be more than 0 and at most 1")
	wrong(f.Count != nil && *f.Count < 1, "count must be at least 1")
	most := maxDelay
	if f.Kind == lateEffect {
		most = maxLate
	}
	wrong(f.DelayMS != nil && !can.delays, "%s has no delay_ms", f.Kind)
	wrong(f.DelayMS != nil && (*f.DelayMS < 0 || *f.DelayMS > int(most.Milliseconds())), "delay_ms of %s must be from 0 to %d", f.Kind, most.Milliseconds())
	return errors.Join(errs...)
}

func names(all []string) string { return strings.Join(all, ", ") }

// fault is something that goes wrong until it has done so often enough or is
// ended.
type fault struct {
	ID int `json:"id"`
	faultRequest
	Struck int `json:"struck"`
	random *rand.Rand
	lifted <-chan struct{} // closed when it is ended
}

// delay is how long the fault takes.
func (f *fault) delay(otherwise time.Duration) time.Duration {
	if f.DelayMS == nil {
		return otherwise
	}
	return time.Duration(*f.DelayMS) * time.Millisecond
}

// actFault makes something go wrong from now on.
func (w *Workspace) actFault(_ *http.Request, in faultRequest) (object, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	always, seed := 1.0, rand.Uint64N(1<<53) // which any JSON number holds
	if in.P == nil {
		in.P = &always
	}
	if in.Seed == nil {
		in.Seed = &seed
	}
	if in.Kind == dismissSocket && in.Reason == "" {
		in.Reason = "refresh_requested"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faultsMade++
	f := &fault{ID: w.faultsMade, faultRequest: in, random: rand.New(rand.NewPCG(*in.Seed, 0)), lifted: w.lifted}
	w.faults = append(w.faults, f)
	for _, s := range slices.Clone(w.sockets) {
		w.upset(s, f)
	}
	return object{"fault": *f}, nil
}

// endFaults ends all faults. What they hold up goes on; what they have set on
// its way still comes.
func (w *Workspace) endFaults(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	w.faults = nil
	close(w.lifted)
	w.lifted = make(chan struct{})
	answer := w.troubles()
	w.mu.Unlock()
	tell(rw, answer, nil)
}

func (w *Workspace) serveFaults(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	answer := w.troubles()
	w.mu.Unlock()
	tell(rw, answer, nil)
}

// troubles lists what goes wrong and counts what has gone wrong.
func (w *Workspace) troubles() object {
	all := []fault{}
	for _, f := range w.faults {
		all = append(all, *f)
	}
	return object{"faults": all, "struck": maps.Clone(w.struck), "hanging": w.hanging, "late": w.late}
}

// strike returns the first fault of some kinds that befalls a method in a
// channel, nil if none does.
func (w *Workspace) strike(method, channel string, kinds ...string) *fault {
	for _, f := range w.faults {
		if slices.Contains(kinds, f.Kind) && w.befalls(f, method, channel) {
			return f
		}
	}
	return nil
}

// befalls reports whether a fault strikes now. One that has done so often
// enough is over.
func (w *Workspace) befalls(f *fault, method, channel string) bool {
	if f.Method != "" && f.Method != method || f.Channel != "" && f.Channel != channel ||
		f.Count != nil && f.Struck >= *f.Count || f.random.Float64() >= *f.P {
		return false
	}
	f.Struck++
	w.struck[f.Kind]++
	if f.Count != nil && f.Struck == *f.Count {
		w.faults = slices.DeleteFunc(slices.Clone(w.faults), func(other *fault) bool { return other == f })
	}
	return true
}
