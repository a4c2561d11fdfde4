package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"footnote/bot"
	"footnote/bot/slacksim"
	"footnote/bot/store"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// conversations is how many channels are asked in, one after the other.
const conversations = 1000

// BenchmarkPromise tells what the ledger costs: how long it takes from the
// frame of a mention until the workspace has the request that answers it, beside
// a bot that writes nothing down and sends the question back. Both live in this
// process together with the workspace, one after the other.
func BenchmarkPromise(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + store.DiskWaits)) // as footnote run does
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		b.Fatal(err)
	}
	index, err := match.NewIndex(base)
	if err != nil {
		b.Fatal(err)
	}
	for _, rate := range []int{100, 500, 800} {
		var echoed time.Duration
		for _, tt := range []struct {
			name  string
			start func(*testing.B, *meter) (stop func())
		}{
			{"echo", startEcho},
			{"footnote", func(b *testing.B, m *meter) func() { return startFootnote(b, m, index) }},
		} {
			b.Run(fmt.Sprintf("%s-%d", tt.name, rate), func(b *testing.B) {
				m := newMeter(b)
				stop := tt.start(b, m)
				m.warm(b)
				took, elapsed := m.ask(b, rate, 10*rate)
				stop()
				median := took[len(took)/2]
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(median.Seconds()*1000, "ms-median")
				b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "ms-p99")
				b.ReportMetric(float64(len(took))/elapsed.Seconds(), "answers/s")
				if tt.name == "echo" {
					echoed = median
				} else {
					b.ReportMetric(float64(median)/float64(echoed), "times-echo")
				}
			})
		}
	}
}

// meter is a workspace that notes when a mention's frame leaves it and when the
// request that answers it arrives.
type meter struct {
	ws  *slacksim.Workspace
	url string

	mu       sync.Mutex // guards what follows
	sent     map[string]time.Time
	took     map[string]time.Duration
	answered chan struct{} // a signal that took grew
}

func newMeter(b *testing.B) *meter {
	m := &meter{ws: slacksim.New(slacksim.Config{}), sent: map[string]time.Time{}, took: map[string]time.Duration{}, answered: make(chan struct{}, 1)}
	next := m.ws.Handler()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
			body, err := io.ReadAll(r.Body) // a request is there when all of it is
			now := time.Now()
			if err == nil {
				r.Body = io.NopCloser(bytes.NewReader(body))
				err = r.ParseForm()
			}
			if err != nil {
				b.Error(err)
			}
			m.arrived(r.Form.Get("thread_ts"), now)
		}
		next.ServeHTTP(w, r)
	}))
	srv.Listener = tap{srv.Listener, m}
	srv.Start()
	b.Cleanup(func() {
		m.ws.Close()
		srv.Close()
	})
	m.url = srv.URL
	return m
}

// tap notes the frames that are written to the connections of a listener.
type tap struct {
	net.Listener
	m *meter
}

func (t tap) Accept() (net.Conn, error) {
	c, err := t.Listener.Accept()
	return tapped{c, t.m}, err
}

type tapped struct {
	net.Conn
	m *meter
}

func (t tapped) Write(p []byte) (int, error) {
	const mention, field = `"type":"app_mention"`, `"ts":"`
	if bytes.Contains(p, []byte(mention)) {
		if _, rest, ok := bytes.Cut(p, []byte(field)); ok {
			ts, _, _ := bytes.Cut(rest, []byte(`"`))
			t.m.left(string(ts), time.Now())
		}
	}
	return t.Conn.Write(p)
}

func (m *meter) left(ts string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.sent[ts]; !again {
		m.sent[ts] = now
	}
}

func (m *meter) arrived(ts string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took[ts] = now.Sub(m.sent[ts])
	select {
	case m.answered <- struct{}{}:
	default:
	}
}

func (m *meter) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.took)
}

// mention asks in the n-th conversation.
func (m *meter) mention(b *testing.B, n int) {
	body := fmt.Sprintf(`{"user":%q,"channel":"C%04d","text":"<@%s> %s"}`, person, n%conversations, m.ws.BotUser(), question)
	r := httptest.NewRequest(http.MethodPost, m.url+"/_sim/message", strings.NewReader(body))
	rec := httptest.NewRecorder()
	m.ws.Handler().ServeHTTP(rec, r)
	if !bytes.Contains(rec.Body.Bytes(), []byte(`"ok":true`)) {
		b.Fatal(rec.Body.String())
	}
}

// warm waits for the first answers and forgets them.
func (m *meter) warm(b *testing.B) {
	const first = 20
	for n := range first {
		m.mention(b, conversations-1-n)
	}
	m.wait(b, first)
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.took)
}

func (m *meter) wait(b *testing.B, n int) {
	late := time.After(2 * time.Minute)
	for m.count() < n {
		select {
		case <-m.answered:
		case <-late:
			b.Fatalf("%d of %d were answered", m.count(), n)
		}
	}
}

// ask asks n questions at a rate and returns how long each answer took, the
// shortest first, and how long all of it took.
func (m *meter) ask(b *testing.B, rate, n int) (took []time.Duration, elapsed time.Duration) {
	begun := time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for asked := 0; asked < n; {
		<-tick.C
		for due := min(n, int(time.Since(begun).Seconds()*float64(rate))); asked < due; asked++ {
			m.mention(b, asked)
		}
	}
	m.wait(b, n)
	elapsed = time.Since(begun)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.took {
		took = append(took, d)
	}
	slices.Sort(took)
	return took, elapsed
}

// startEcho runs the least bot there can be.
func startEcho(b *testing.B, m *meter) (stop func()) {
	api := slack.New(m.ws.BotToken(), slack.OptionAppLevelToken(m.ws.AppToken()), slack.OptionAPIURL(m.url+"/api/"))
	client := socketmode.New(api)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { client.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case ev := <-client.Events:
				outer, ok := ev.Data.(slackevents.EventsAPIEvent)
				if !ok {
					continue
				}
				client.Ack(*ev.Request)
				if said, ok := outer.InnerEvent.Data.(*slackevents.AppMentionEvent); ok {
					wg.Go(func() {
						if _, _, err := api.PostMessage(said.Channel, slack.MsgOptionText(said.Text, false), slack.MsgOptionTS(said.TimeStamp)); err != nil {
							b.Error(err)
						}
					})
				}
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}
}

func startFootnote(b *testing.B, m *meter, index *match.Index) (stop func()) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "ledger.db"))
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Lock(b.Context()); err != nil {
		b.Fatal(err)
	}
	footnote, err := bot.New(bot.Config{
		BotToken: m.ws.BotToken(), AppToken: m.ws.AppToken(), APIURL: m.url + "/api/", Command: "/ask",
		Index: func() *match.Index { return index }, Ledger: s, Sockets: 2,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- footnote.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	}
}
