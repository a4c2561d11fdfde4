package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"footnote"
	"footnote/bot"
	"footnote/bot/slacksim"
	"footnote/bot/slacksim/reference"
	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// A person, a channel and a DM of the workspace.
const (
	person  = "U0ASKER"
	channel = "C0GENERAL"
	private = "@footnote"
)

const question = "How much may Amazon invest in OpenAI?"

// world is a workspace, what stands between it and the bot, and a ledger that
// outlives the bot.
type world struct {
	t      *testing.T
	ws     *slacksim.Workspace
	url    string
	ledger string
	index  *match.Index
	log    *lines
	tune   func(*bot.Bot) // done to each bot before it runs; may be nil
}

// newWorld has every request to the workspace pass through the given handler.
func newWorld(t *testing.T, between func(w http.ResponseWriter, r *http.Request, next http.Handler), change ...func(*slacksim.Config)) *world {
	t.Helper()
	return newWorldOf(t, footnote.Manifest, between, change...)
}

// patiently is for what is about answers and not about when they come: on a busy
// machine they may take longer than the three seconds that people wait in Slack.
func patiently(c *slacksim.Config) { c.Patience = 30 * time.Second }

// newWorldOf has the app of a manifest.
func newWorldOf(t *testing.T, manifest []byte, between func(w http.ResponseWriter, r *http.Request, next http.Handler), change ...func(*slacksim.Config)) *world {
	t.Helper()
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	index, err := match.NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	app, err := slacksim.ReadManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	cfg := slacksim.Config{
		App: app, RetryDelays: []time.Duration{time.Second, time.Second, time.Second},
		// Whatever a test is about: no call may be one that Slack would not know.
		OnCall: func(c slacksim.Call) {
			if err := reference.Faults(c.Method, c.Args, app.Scopes); err != nil {
				t.Error(err)
			}
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	ws := slacksim.New(cfg)
	next := ws.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if between == nil {
			next.ServeHTTP(w, r)
			return
		}
		between(w, r, next)
	}))
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return &world{t: t, ws: ws, url: srv.URL, ledger: filepath.Join(t.TempDir(), "ledger.db"), index: index, log: &lines{}}
}

// start runs a bot until the returned function is called, which returns what
// Run returned.
func (w *world) start(change ...func(*bot.Config)) (stop func() error) {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.ledger)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := s.Lock(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	cfg := bot.Config{
		BotToken: w.ws.BotToken(), AppToken: w.ws.AppToken(), APIURL: w.url + "/api", Command: "/ask",
		Index: func() *match.Index { return w.index }, Ledger: s,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	for _, f := range change {
		f(&cfg)
	}
	b, err := bot.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.tune != nil {
		w.tune(b)
	}
	before := w.log.count("msg=connected")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		err := <-ended
		if err := s.Close(); err != nil {
			w.t.Error(err)
		}
		return err
	})
	w.t.Cleanup(func() {
		stop()
		if w.t.Failed() {
			w.t.Log(w.log.text())
		}
	})
	w.until("the bot is connected or has given up", func() bool {
		return w.log.count("msg=connected") > before || len(ended) > 0
	})
	return stop
}

// until polls, for half a minute at most.
func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatalf("waited in vain until %s\n%s", what, w.log.text())
		}
	}
}

// call asks the workspace's control API, past what stands between.
func (w *world) call(method, path string, body, answer any) {
	w.t.Helper()
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			w.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, w.url+path, &sent)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.ws.Handler().ServeHTTP(rec, r)
	var ok struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	got := rec.Body.Bytes()
	if err := errors.Join(json.Unmarshal(got, &ok), json.Unmarshal(got, answer)); err != nil || !ok.OK {
		w.t.Fatalf("%s %s: %d %s %v", method, path, rec.Code, got, err)
	}
}

// say has the person write in a channel and returns the message's ts.
func (w *world) say(channel, text string) string {
	w.t.Helper()
	var posted struct {
		TS string `json:"ts"`
	}
	w.call(http.MethodPost, "/_sim/message", map[string]string{"user": person, "channel": channel, "text": text}, &posted)
	return posted.TS
}

// mention asks the bot in the channel.
func (w *world) mention(text string) string {
	w.t.Helper()
	return w.say(channel, "<@"+w.ws.BotUser()+"> "+text)
}

type message struct {
	TS     string          `json:"ts"`
	Thread string          `json:"thread_ts"`
	User   string          `json:"user"`
	Text   string          `json:"text"`
	Hidden string          `json:"ephemeral_to"`
	Raw    json.RawMessage `json:"-"`
	Blocks []struct {
		Elements []struct {
			Action string `json:"action_id"`
		} `json:"elements"`
	} `json:"blocks"`
}

// UnmarshalJSON keeps the blocks as they came, too.
func (m *message) UnmarshalJSON(data []byte) error {
	type plain message
	if err := json.Unmarshal(data, (*plain)(m)); err != nil {
		return err
	}
	m.Raw = append(m.Raw, data...)
	return nil
}

// action is the first action of the message whose id begins so.
func (m message) action(prefix string) string {
	for _, b := range m.Blocks {
		for _, e := range b.Elements {
			if strings.HasPrefix(e.Action, prefix) {
				return e.Action
			}
		}
	}
	return ""
}

// replies are the bot's messages in a channel.
func (w *world) replies(channel string) (found []message) {
	w.t.Helper()
	var list struct {
		Messages []message `json:"messages"`
	}
	w.call(http.MethodGet, "/_sim/messages?"+url.Values{"channel": {channel}, "user": {person}}.Encode(), nil, &list)
	for _, m := range list.Messages {
		if m.User == w.ws.BotUser() {
			found = append(found, m)
		}
	}
	return found
}

// unacked is how many envelopes the workspace has no ack for.
func (w *world) unacked() int {
	w.t.Helper()
	var state struct {
		Unacked int `json:"unacked"`
	}
	w.call(http.MethodGet, "/_sim/state", nil, &state)
	return state.Unacked
}

// settled waits until the workspace has all acks and the ledger owes nothing,
// and fails unless the bot has replied exactly n times in the channel.
func (w *world) settled(channel string, n int) []message {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.ledger)
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Close()
	w.until("the bot has replied and owes nothing", func() bool {
		next, err := s.Next(w.t.Context())
		return err == nil && next == time.Minute && w.unacked() == 0 && len(w.replies(channel)) >= n
	})
	got := w.replies(channel)
	if len(got) != n {
		w.t.Errorf("%d replies, want %d: %+v", len(got), n, got)
	}
	return got
}

// lines is a log to look into.
type lines struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *lines) count(s string) int { return strings.Count(l.text(), s) }

func TestAMentionIsAnsweredInItsThread(t *testing.T) {
	w := newWorld(t, nil)
	stop := w.start()
	ts := w.mention(question)
	got := w.settled(channel, 1)
	if got[0].Thread != ts {
		t.Errorf("replied in thread %q, want %q", got[0].Thread, ts)
	}
	if err := stop(); err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	if log := w.log.text(); strings.Contains(log, "Amazon") || strings.Contains(log, w.ws.BotToken()) {
		t.Errorf("the log holds a question or a token:\n%s", log)
	}
}

func TestADirectMessageIsAnswered(t *testing.T) {
	w := newWorld(t, nil)
	w.start()
	w.say(private, question)
	if got := w.settled(private, 1); got[0].Thread != "" {
		t.Errorf("replied in thread %q, want beside the question", got[0].Thread)
	}
}

// deaf loses the answer of what its functions name.
type deaf struct {
	bot.Ledger
	put, claim, done bool
	lost             atomic.Int64
}

var errLost = errors.New("the ledger's answer was lost")

func (d *deaf) Put(ctx context.Context, ev handlers.Event, dec handlers.Decision) (bool, error) {
	fresh, err := d.Ledger.Put(ctx, ev, dec)
	if d.put && fresh && d.lost.Add(1) == 1 {
		return false, errLost
	}
	return fresh, err
}

func (d *deaf) PutAndClaim(ctx context.Context, ev handlers.Event, dec handlers.Decision, lease time.Duration) (bool, *bot.Item, error) {
	if d.put || d.claim {
		fresh, err := d.Put(ctx, ev, dec)
		return fresh, nil, err
	}
	return d.Ledger.PutAndClaim(ctx, ev, dec, lease)
}

func (d *deaf) Claim(ctx context.Context, lease time.Duration) (*bot.Item, error) {
	if d.claim {
		d.lost.Add(1)
		return nil, bot.ErrNone
	}
	return d.Ledger.Claim(ctx, lease)
}

func (d *deaf) Next(ctx context.Context) (time.Duration, error) {
	if d.claim {
		return time.Minute, nil
	}
	return d.Ledger.Next(ctx)
}

func (d *deaf) Done(ctx context.Context, it *bot.Item, ts string) error {
	if d.done {
		d.lost.Add(1)
		return errLost
	}
	return d.Ledger.Done(ctx, it, ts)
}

// Written down but not acked, the mention comes again and is acked then.
func TestDeliveredTwiceAnsweredOnce(t *testing.T) {
	w := newWorld(t, nil)
	ledger := &deaf{put: true}
	w.start(func(c *bot.Config) { ledger.Ledger, c.Ledger = c.Ledger, ledger })
	w.mention(question)
	w.until("the first delivery was left unacked", func() bool { return w.log.count("not written down yet") == 1 })
	w.settled(channel, 1)
}

func TestDeadBetweenLedgerAndPost(t *testing.T) {
	w := newWorld(t, nil)
	ledger := &deaf{claim: true}
	stop := w.start(func(c *bot.Config) { ledger.Ledger, c.Ledger = c.Ledger, ledger })
	w.mention(question)
	w.until("it is written down", func() bool { return w.log.count("msg=answered") == 1 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := w.replies(channel); len(got) != 0 {
		t.Fatalf("the first bot posted %+v: this test shows nothing", got)
	}
	w.start()
	w.settled(channel, 1)
}

func TestDeadBetweenPostAndDone(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*world) string{
		"in a thread": func(w *world) string { w.mention(question); return channel },
		"in a DM":     func(w *world) string { w.say(private, question); return private },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			ledger := &deaf{done: true}
			stop := w.start(func(c *bot.Config) { ledger.Ledger, c.Ledger = c.Ledger, ledger })
			where := ask(w)
			w.until("it is posted and not written down", func() bool { return ledger.lost.Load() == 1 })
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			w.start(func(c *bot.Config) { c.Settle = time.Millisecond })
			w.settled(where, 1)
		})
	}
}

// breakOnce lets the first request for the method through and then breaks the
// connection.
func breakOnce(method string) func(http.ResponseWriter, *http.Request, http.Handler) {
	var calls atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, method) && calls.Add(1) == 1 {
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	}
}

func TestAPostWhoseAnswerIsLostIsFound(t *testing.T) {
	w := newWorld(t, breakOnce("chat.postMessage"))
	w.start(func(c *bot.Config) { c.Settle = time.Millisecond })
	w.mention(question)
	w.settled(channel, 1)
	if w.log.count("unclear=true") != 1 {
		t.Error("no post had an unclear outcome: this test shows nothing")
	}
}

func TestTooFast(t *testing.T) {
	var calls atomic.Int64
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "chat.postMessage") && calls.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
	w.start()
	w.mention(question)
	w.settled(channel, 1)
}

func TestWhatIsInHandIsFinished(t *testing.T) {
	posting, proceed := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "chat.postMessage") {
			posting <- struct{}{}
			<-proceed
		}
		next.ServeHTTP(w, r)
	})
	stop := w.start()
	w.mention(question)
	<-posting
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	w.until("the bot is stopping", func() bool { return w.log.count("msg=stopping") == 1 })
	close(proceed)
	if err := <-stopped; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	w.settled(channel, 1)
}

func TestARefusedTokenIsFinal(t *testing.T) {
	w := newWorld(t, nil)
	for _, tt := range []struct {
		variable string
		change   func(*bot.Config)
	}{
		{"SLACK_BOT_TOKEN", func(c *bot.Config) { c.BotToken = "xoxb-unknown" }},
		{"SLACK_APP_TOKEN", func(c *bot.Config) { c.AppToken = "xapp-unknown" }},
		{"SLACK_APP_TOKEN", func(c *bot.Config) { c.AppToken = w.ws.BotToken() }},
	} {
		err := w.start(tt.change)()
		if !errors.Is(err, bot.ErrToken) || !strings.Contains(err.Error(), tt.variable) {
			t.Errorf("Run = %v, want ErrToken about %s", err, tt.variable)
		}
	}
}

func TestSlackMayBeLate(t *testing.T) {
	var calls atomic.Int64
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/api/auth.test" && calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
	w.start()
	w.mention(question)
	w.settled(channel, 1)
}

func TestAPanicIsAnApology(t *testing.T) {
	w := newWorld(t, nil)
	var calls atomic.Int64
	w.start(func(c *bot.Config) {
		index := c.Index
		c.Index = func() *match.Index {
			if calls.Add(1) == 1 {
				panic("at the worst of times: " + question)
			}
			return index()
		}
	})
	w.mention(question)
	apology := w.settled(channel, 1)
	want := handlers.Apologise(handlers.Event{Kind: handlers.Mention}).Actions[0].Text
	if apology[0].Text != want {
		t.Errorf("replied %q, want %q", apology[0].Text, want)
	}
	w.mention(question)
	w.settled(channel, 2)
	if w.log.count("msg=panicked") != 1 || w.log.count("Amazon") != 0 {
		t.Errorf("want one line about the panic, without the question:\n%s", w.log.text())
	}
}

// However long a decision takes, the ledger has its time.
func TestASlowDecisionIsWrittenDown(t *testing.T) {
	w := newWorld(t, nil)
	w.start(func(c *bot.Config) {
		index := c.Index
		c.Index = func() *match.Index {
			<-time.After(time.Second) // more than the ledger gets for a command
			return index()
		}
	})
	w.call(http.MethodPost, "/_sim/command", thing{"user": person, "channel": channel, "command": "/ask", "text": question}, &thing{})
	w.until("it is written down", func() bool { return w.log.count("msg=answered") > 0 })
	if n := w.log.count("without the ledger"); n != 0 {
		t.Errorf("answered without the ledger %d times", n)
	}
}

// stuck is a ledger that does not answer.
type stuck struct{ bot.Ledger }

func (stuck) Put(ctx context.Context, _ handlers.Event, _ handlers.Decision) (bool, error) {
	<-ctx.Done()
	return false, ctx.Err()
}

func (stuck) PutAndClaim(ctx context.Context, _ handlers.Event, _ handlers.Decision, _ time.Duration) (bool, *bot.Item, error) {
	<-ctx.Done()
	return false, nil, ctx.Err()
}

func TestACommandIsAnsweredInItsAck(t *testing.T) {
	for name, change := range map[string]func(*bot.Config){
		"as ever":                          func(*bot.Config) {},
		"while the ledger does not answer": func(c *bot.Config) { c.Ledger = stuck{c.Ledger} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.start(change)
			var got struct {
				Response message `json:"response"`
			}
			w.call(http.MethodPost, "/_sim/command", map[string]string{"user": person, "channel": channel, "command": "/ask", "text": question}, &got)
			if got.Response.Text == "" {
				t.Error("the ack has no answer")
			}
			w.settled(channel, 1)
			if got, want := w.log.count("answered without the ledger"), strings.Count(name, "does not"); got != want {
				t.Errorf("%d answers are logged as not written down, want %d", got, want)
			}
		})
	}
}

func TestAPressIsAnswered(t *testing.T) {
	for name, change := range map[string]func(*bot.Config){
		"as ever":                          func(*bot.Config) {},
		"while the ledger does not answer": func(c *bot.Config) { c.Ledger = stuck{c.Ledger} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.start(change)
			var none struct{}
			w.call(http.MethodPost, "/_sim/command", map[string]string{"user": person, "channel": channel, "command": "/ask", "text": question}, &none)
			private := w.settled(channel, 1)[0]
			share := private.action(handlers.ActionShare)
			if share == "" {
				t.Fatalf("no button to share %+v", private)
			}
			w.call(http.MethodPost, "/_sim/action", map[string]string{"user": person, "channel": channel, "message_ts": private.TS, "action_id": share}, &none)
			w.settled(channel, 2)
			if log := w.log.text(); strings.Contains(log, "/response/") {
				t.Errorf("the log holds a response URL:\n%s", log)
			}
		})
	}
}

// refusing answers the method with the error as long as on is true.
func refusing(method, code string, on *atomic.Bool) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, method) && on.Load() {
			w.Write([]byte(`{"ok":false,"error":"` + code + `"}`))
			return
		}
		next.ServeHTTP(w, r)
	}
}

func TestATokenRevokedWhileRunningEndsItAndLosesNothing(t *testing.T) {
	var on atomic.Bool
	on.Store(true)
	w := newWorld(t, refusing("chat.postMessage", "token_revoked", &on))
	stop := w.start()
	w.mention(question)
	w.until("the bot has stopped by itself", func() bool { return w.log.count("msg=stopped") == 1 })
	if err := stop(); !errors.Is(err, bot.ErrToken) || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN") {
		t.Errorf("Run = %v, want ErrToken about SLACK_BOT_TOKEN", err)
	}
	s, err := store.Open(t.Context(), w.ledger)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if next, err := s.Next(t.Context()); err != nil || next == time.Minute {
		t.Errorf("Next = %v, %v: the reply is no longer owed", next, err)
	}
}

func TestWhatSlackNeverTakesIsSetAside(t *testing.T) {
	var on atomic.Bool
	on.Store(true)
	w := newWorld(t, refusing("chat.postMessage", "is_archived", &on))
	w.start()
	w.mention(question)
	w.until("the reply and its apology are set aside", func() bool { return w.log.count("set aside") == 2 })
	on.Store(false)
	w.mention(question)
	w.settled(channel, 1)
}
