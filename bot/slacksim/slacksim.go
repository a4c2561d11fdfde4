// Package slacksim is a Slack workspace in one process, for trying and testing
// a bot without Slack: the Web API and Socket Mode over real HTTP and
// WebSocket, a control API with which scripts act as people, and a page on
// which people do.
//
// A [Workspace] keeps everything in memory and forgets it when it ends, unless
// [Open] gave it a file. It is strict where Slack is: tokens, scopes, membership, threads, Block Kit and
// limits are checked and refused with Slack's own error names. What the
// installed [App] may do and hears, its manifest says. The workspace does not
// know attachments, files and broadcast replies. Where Slack's behaviour is not
// documented, it takes the stricter reading. On request things go wrong: see
// docs/workspace.md.
package slacksim

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Identities that every workspace has.
const (
	teamID   = "T0SIM"
	teamName = "Workspace"
	domain   = "workspace"
	appID    = "A0SIM"
	botUser  = "U0BOT"
	botID    = "B0BOT"
	botName  = "footnote"
)

// Config says what the workspace has installed and how it behaves.
type Config struct {
	// App is the installed app. If nil, it is Everything(), but hears only of
	// mentions, direct messages, its Home and the assistant's pane.
	App *App
	// RetryDelays says how long an event waits for its ack before it is sent
	// again, and again; 3 s, 1 min and 5 min if nil, never if empty.
	RetryDelays []time.Duration
	// RetryForever sends an event without an ack again and again after so long,
	// in place of RetryDelays; 0 does not.
	RetryForever time.Duration
	// Patience is how long a person waits for the ack of a command, press or
	// submission; 3 s, as in Slack, if 0.
	Patience time.Duration
	// RateLimit allows chat.postMessage one message a second in a channel, and
	// one more at a time.
	RateLimit bool
	// Now is the clock of messages and response URLs; time.Now if nil.
	Now func() time.Time
	// OnCall is told of every call to the Web API once it is decided. It must not
	// call the workspace; nil is not told.
	OnCall func(Call)
	// Log gets one line for each delivery that fails; nil discards.
	Log *slog.Logger
}

// Call is a call to the Web API.
type Call struct {
	Method string
	Args   []string // the names of its arguments, sorted, the token left out
	Error  string   // Slack's name for why it was refused; "" if it was not
}

// Workspace is a Slack workspace with one installed app. Its methods may be
// called by several goroutines at once.
type Workspace struct {
	cfg      Config
	botToken string
	appToken string
	patience time.Duration // how long a person waits for the bot's ack
	done     chan struct{} // closed by Close
	running  sync.WaitGroup

	// mu guards everything below and all that it points to. It is never held
	// while something is written to the network.
	mu        sync.Mutex
	closed    bool
	last      int64 // the latest ts that was given out, in microseconds
	users     []*user
	people    map[string]*user // the same by their ids
	channels  map[string]*channel
	order     []*channel // channels in the order of their making
	base      string     // the http://HOST under which the bot reached us
	tickets   map[string]string
	sockets   []*socket
	turn      int // of the sockets
	envelopes map[string]*envelope
	queue     []*envelope // sent while there was no socket
	responses map[string]*response
	issued    []*response // in the order of their making, the expired left out
	triggers  map[string]*trigger
	fired     []string // the ids of triggers, in the order of their making
	views     map[string]*view
	modals    map[string][]*view // those that a user has open, the lowest first
	homes     map[string]*view   // the Home tab of a user
	file      string             // that keeps the workspace; "" if none does
	saving    *time.Timer        // runs out when it is saved next; nil if nothing has changed
	listeners map[*listener]bool
	timers    map[*time.Timer]bool

	faults     []*fault // those that can still strike
	faultsMade int
	struck     map[string]int // how often each kind has, since the beginning
	lifted     chan struct{}  // closed when the faults are ended
	hanging    int            // callers that wait for nothing
	late       int            // effects that are still to come
}

// New returns a workspace with the channels general, random and lobby (the bot
// is in the first two) and the users asker and curator. The caller closes it.
func New(cfg Config) *Workspace {
	if cfg.App == nil {
		cfg.App = Everything()
		cfg.App.Events = []string{"app_mention", "app_home_opened", "message.im", "message.mpim", "assistant_thread_started", "assistant_thread_context_changed"}
	}
	if cfg.RetryDelays == nil {
		cfg.RetryDelays = []time.Duration{3 * time.Second, time.Minute, 5 * time.Minute}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	w := &Workspace{
		cfg:       cfg,
		botToken:  "xoxb-" + rand.Text(),
		appToken:  "xapp-1-" + appID + "-" + rand.Text(),
		patience:  cmp.Or(cfg.Patience, 3*time.Second),
		done:      make(chan struct{}),
		channels:  map[string]*channel{},
		tickets:   map[string]string{},
		envelopes: map[string]*envelope{},
		responses: map[string]*response{},
		triggers:  map[string]*trigger{},
		views:     map[string]*view{},
		modals:    map[string][]*view{},
		homes:     map[string]*view{},
		listeners: map[*listener]bool{},
		timers:    map[*time.Timer]bool{},
		people:    map[string]*user{},
		struck:    map[string]int{},
		lifted:    make(chan struct{}),
	}
	w.addUser(&user{id: "U0ASKER", name: "asker", realName: "Asker"})
	w.addUser(&user{id: "U0CURATOR", name: "curator", realName: "Curator"})
	w.addUser(&user{id: botUser, name: botName, realName: "Footnote", bot: true})
	everybody := []string{"U0ASKER", "U0CURATOR", botUser}
	w.addChannel(&channel{id: "C0GENERAL", name: "general", kind: kindChannel, members: everybody})
	w.addChannel(&channel{id: "C0RANDOM", name: "random", kind: kindChannel, members: everybody})
	w.addChannel(&channel{id: "C0LOBBY", name: "lobby", kind: kindChannel, members: everybody[:2:2]})
	return w
}

// BotToken returns the token that the Web API wants. It changes with each New.
func (w *Workspace) BotToken() string { return w.botToken }

// AppToken returns the token that opens sockets. It changes with each New.
func (w *Workspace) AppToken() string { return w.appToken }

// BotUser returns the id of the bot's user, as mentions name it.
func (w *Workspace) BotUser() string { return botUser }

// Handler serves the Web API under /api/, Socket Mode under /link/, response
// URLs under /response/, the control API under /_sim/ and the page under /.
// The last two answer only requests to a loopback address that no other site
// caused; serve the handler on a loopback address.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveMethod)
	mux.HandleFunc("GET /link/", w.serveSocket)
	mux.HandleFunc("POST /response/{secret}", w.serveResponse)
	mux.Handle("/_sim/", ownPage(w.control()))
	mux.Handle("/", ownPage(page()))
	mux.Handle("/archives/{channel}/{message}", ownPage(http.HandlerFunc(permalink)))
	return http.MaxBytesHandler(w.whileOpen(mux), maxBody)
}

// whileOpen refuses requests once the workspace is closed.
func (w *Workspace) whileOpen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-w.done:
			http.Error(rw, "the workspace is closed", http.StatusServiceUnavailable)
		default:
			next.ServeHTTP(rw, r)
		}
	})
}

// Close ends all sockets and streams and returns when none of the workspace's
// goroutines is left. Requests that come later are refused. The error is that of
// saving the workspace, if a file keeps it.
func (w *Workspace) Close() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.done)
	}
	for _, s := range w.sockets {
		s.cancel()
	}
	for t := range w.timers {
		w.stop(t)
	}
	err := w.save()
	w.mu.Unlock()
	w.running.Wait()
	return err
}

// in runs something with mu held after a while, at once if that is 0. Once the
// workspace is closed, nothing runs any more.
func (w *Workspace) in(d time.Duration, do func()) *time.Timer {
	if w.closed {
		return nil
	}
	if d <= 0 {
		do()
		return nil
	}
	var t *time.Timer
	w.running.Add(1)
	t = time.AfterFunc(d, func() {
		defer w.running.Done()
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.timers, t)
		if !w.closed {
			do()
		}
	})
	w.timers[t] = true
	return t
}

// stop keeps a timer, which may be nil, from running what it has not begun.
func (w *Workspace) stop(t *time.Timer) {
	if t != nil && t.Stop() {
		delete(w.timers, t)
		w.running.Done()
	}
}

// enter counts a goroutine in, so that Close waits for it to call running.Done.
// It reports false once the workspace is closed.
func (w *Workspace) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.running.Add(1)
	return true
}
