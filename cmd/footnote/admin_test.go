package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"footnote"
	"footnote/bot/slacksim"
	"footnote/knowledge"
)

// transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// life is a bot that runs in a workspace, as footnote run has it.
type life struct {
	t       *testing.T
	url     string // of the workspace
	admin   string // http://HOST:PORT
	log     *transcript
	secrets []string
	stop    func() // ends the bot
}

func newLife(t *testing.T) *life {
	t.Helper()
	app, err := slacksim.ReadManifest(footnote.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	ws := slacksim.New(slacksim.Config{App: app, OnCall: known(t)})
	l := &life{t: t, log: &transcript{}}
	srv := httptest.NewServer(ws.Handler())
	t.Cleanup(srv.Close)
	t.Cleanup(func() { ws.Close() })
	l.url, l.secrets = srv.URL, []string{ws.BotToken(), ws.AppToken()}
	c, err := parseConfig(func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	c.BotToken, c.AppToken, c.APIURL = ws.BotToken(), ws.AppToken(), srv.URL+"/api/"
	c.Database = filepath.Join(t.TempDir(), "ledger.db")
	c.AdminAddress, c.AdminSet = "127.0.0.1:0", true
	log := slog.New(slog.NewJSONHandler(l.log, nil))
	from, err := loadBases("", nil, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, c, from, log)
	}()
	l.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(l.stop)
	l.await("the admin address", func() bool {
		if m := regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/metrics`).FindStringSubmatch(l.log.String()); m != nil {
			l.admin = m[1]
		}
		return l.admin != ""
	})
	l.await("readiness", func() bool { _, status := l.get("/readyz", ""); return status == http.StatusOK })
	return l
}

// await looks again until it is so.
func (l *life) await(what string, so func() bool) {
	l.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			l.t.Fatalf("no %s:\n%s", what, l.log.String())
		}
	}
}

// get asks the admin address under the name of a host, its own if empty.
func (l *life) get(path, host string) (string, int) {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, l.admin+path, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	r.Host = host
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(body), resp.StatusCode
}

// act has somebody do something in the workspace.
func (l *life) act(what string, in map[string]any) map[string]any {
	l.t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		l.t.Fatal(err)
	}
	resp, err := http.Post(l.url+"/_sim/"+what, "application/json", bytes.NewReader(data))
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out["ok"] != true {
		l.t.Fatalf("%s: %v, %v", what, out, err)
	}
	return out
}

// metric is the value of a metric, with its labels if it has any; "" if it is
// not there.
func (l *life) metric(name string) string {
	l.t.Helper()
	body, _ := l.get("/metrics", "")
	for line := range strings.Lines(body) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// asked are the questions of a whole run.
var asked = []string{
	"Who is leading the negotiations?",
	"What is OpenAI's valuation?",
	"how much severance support is there",
	"Will the zebra of Marmalade Quay get a pension?",
}

// live plays a run: a question on each surface, one of them while Slack fails.
func (l *life) live() {
	l.t.Helper()
	l.act("message", map[string]any{"user": "U0ASKER", "channel": "C0GENERAL", "text": "<@U0BOT> " + asked[0]})
	l.act("message", map[string]any{"user": "U0ASKER", "channel": "@U0BOT", "text": asked[1]})
	l.act("command", map[string]any{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask", "text": asked[2]})
	l.act("fault", map[string]any{"kind": "http_500", "method": "chat.postMessage", "count": 1})
	l.act("message", map[string]any{"user": "U0ASKER", "channel": "C0RANDOM", "text": "<@U0BOT> " + asked[3]})
	l.await("failed call", func() bool {
		return l.metric(`footnote_slack_errors_total{error="http_500",method="chat.postMessage"}`) == "1"
	})
	l.await("replies", func() bool {
		return l.metric("footnote_ledger_open_actions") == "1" && l.metric("footnote_reply_duration_seconds_count") == "3"
	})
}

func shipped(t *testing.T) *knowledge.Base {
	t.Helper()
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return base
}

var documented = regexp.MustCompile("(?m)^\\| `(footnote_[a-z_]+)` \\|")

// TestWholeRun looks at a run as an operator does.
func TestWholeRun(t *testing.T) {
	l := newLife(t)
	l.live()
	t.Run("the metrics are those of the manual", l.testManual)
	t.Run("their names and units are as Prometheus would have them", l.testLint)
	t.Run("the admin address", l.testAddress)
	l.stop()
	t.Run("the log", l.testLog)
}

// What docs/operating.md lists is what a run has, and the other way round.
func (l *life) testManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, m := range documented.FindAllStringSubmatch(string(manual), -1) {
		want[m[1]] = true
	}
	got := map[string]bool{}
	body, _ := l.get("/metrics", "")
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (footnote_\S+)`).FindAllStringSubmatch(body, -1) {
		got[m[1]] = true
	}
	if got := l.metric("footnote_facts"); got != strconv.Itoa(len(shipped(t).Facts)) {
		t.Errorf("footnote_facts is %s", got)
	}
	if !maps.Equal(got, want) {
		t.Errorf("a run has %v\nthe manual has %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	for name, want := range map[string]string{
		`footnote_questions_total{surface="mention",verdict="answer"}`:  "1",
		`footnote_questions_total{surface="mention",verdict="abstain"}`: "1",
		`footnote_questions_total{surface="direct",verdict="abstain"}`:  "1",
		`footnote_questions_total{surface="command",verdict="answer"}`:  "1",
		`footnote_slack_calls_total{method="auth.test"}`:                "1",
		"footnote_sockets_connected":                                    "2",
		"footnote_sockets_wanted":                                       "2",
		"footnote_ledger_up":                                            "1",
		"footnote_acks_late_total":                                      "0",
	} {
		if got := l.metric(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func (l *life) testLint(t *testing.T) {
	body, _ := l.get("/metrics", "")
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// A run's log holds ids, and no token, address or word that is a secret, nor
// what somebody asked.
func (l *life) testLog(t *testing.T) {
	log := l.log.String()
	for _, sign := range []string{"signed in", "answered", "replied", "not replied yet", "stopped"} {
		if !strings.Contains(log, sign) {
			t.Errorf("the log has no %q: was this a whole run?\n%s", sign, log)
		}
	}
	private := slices.Concat(l.secrets, asked, []string{"xoxb-", "xapp-", "ticket=", "/response/", "severance", "Marmalade", "valuation"})
	for _, text := range private {
		if strings.Contains(strings.ToLower(log), strings.ToLower(text)) {
			t.Errorf("the log holds %q", text)
		}
	}
}

func (l *life) testAddress(t *testing.T) {
	for _, tt := range []struct {
		path, host string
		want       int
	}{
		{"/healthz", "", http.StatusOK},
		{"/readyz", "", http.StatusOK},
		{"/metrics", "localhost", http.StatusOK},
		{"/metrics", "evil.example", http.StatusForbidden},
		{"/metrics", "127.0.0.1.evil.example:9464", http.StatusForbidden},
		{"/debug/pprof/", "", http.StatusNotFound},
		{"/", "", http.StatusNotFound},
	} {
		if _, got := l.get(tt.path, tt.host); got != tt.want {
			t.Errorf("GET %s as %q: %d, want %d", tt.path, tt.host, got, tt.want)
		}
	}
	resp, err := http.Post(l.admin+"/metrics", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /metrics: %d", resp.StatusCode)
	}
	asked, page := httptest.NewRequest(http.MethodGet, "/debug/pprof/", nil), httptest.NewRecorder()
	admin{metrics: newMetrics(), pprof: true}.handler(false).ServeHTTP(page, asked)
	if page.Code != http.StatusOK {
		t.Errorf("pprof that was asked for: %d", page.Code)
	}
}

// Without a connection the bot is not ready; it is alive until it was silent for
// long.
func TestHealth(t *testing.T) {
	l := newLife(t)
	l.act("fault", map[string]any{"kind": "refuse_connection"})
	l.act("fault", map[string]any{"kind": "close_socket"})
	l.await("loss of readiness", func() bool {
		body, status := l.get("/readyz", "")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "no connection to Slack")
	})
	if body, status := l.get("/healthz", ""); status != http.StatusOK {
		t.Errorf("healthz: %d %s", status, body)
	}
}

func TestAdminAddressTaken(t *testing.T) {
	taken := httptest.NewServer(http.NotFoundHandler())
	defer taken.Close()
	address := strings.TrimPrefix(taken.URL, "http://")
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if _, err := serveAdmin(t.Context(), config{AdminAddress: address, AdminSet: true}, admin{}, log); err == nil {
		t.Error("an address that was asked for and is taken is no error")
	}
	stop, err := serveAdmin(t.Context(), config{AdminAddress: address}, admin{}, log)
	if err != nil {
		t.Fatalf("the usual address is taken: %v", err)
	}
	stop()
}

// Nothing is open to others unless somebody says so.
func TestDefaultsListenOnLoopback(t *testing.T) {
	c, err := parse(t, nil)
	if err != nil || !isLoopback(c.AdminAddress) || c.Pprof {
		t.Errorf("the admin address is %s, profiles %v, %v", c.AdminAddress, c.Pprof, err)
	}
	sim, _, err := command().Find([]string{"sim"})
	if err != nil {
		t.Fatal(err)
	}
	if listen := sim.Flag("listen").DefValue; !isLoopback(listen) {
		t.Errorf("the workspace is at %s", listen)
	}
	for _, address := range []string{":9464", "9464", "127.0.0.1", "127.0.0.1:"} {
		if _, err := parse(t, map[string]string{"FOOTNOTE_ADMIN_ADDRESS": address}); err == nil {
			t.Errorf("%q is taken, which does not say who may come", address)
		}
	}
}
