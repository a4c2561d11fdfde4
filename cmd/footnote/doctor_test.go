package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	_ "modernc.org/sqlite"

	"footnote"
	"footnote/bot/slacksim"
	"footnote/bot/store"
)

// patient is a bot's surroundings, in which all is well until a fault is
// planted.
type patient struct {
	t        *testing.T
	app      *slacksim.App
	ledger   string
	args     []string
	swap     bool                                                   // the tokens
	settings map[string]string                                      // over those that are right
	between  func(http.ResponseWriter, *http.Request, http.Handler) // before the workspace
	hold     func(*slacksim.Workspace, string)                      // done before the doctor comes
}

// unquoted is a base with a fact that no quote holds.
const unquoted = "facts:\n  - id: lonely\n    answer: No quote holds it.\n"

// write writes a file into a directory of its own.
func (p *patient) write(name, text string) (path string) {
	p.t.Helper()
	path = filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// examined returns what the doctor found, and whether it called the patient ill.
func (p *patient) examined() (findings []finding, ill bool) {
	p.t.Helper()
	ws := slacksim.New(slacksim.Config{App: p.app, OnCall: known(p.t)})
	next := ws.Handler()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.between(w, r, next) }))
	p.t.Cleanup(srv.Close)
	p.t.Cleanup(func() { ws.Close() })
	env := map[string]string{
		"SLACK_BOT_TOKEN": ws.BotToken(), "SLACK_APP_TOKEN": ws.AppToken(), "SLACK_API_URL": srv.URL + "/api/",
		"FOOTNOTE_DATABASE_URL": p.ledger, "FOOTNOTE_POLICY": "", "FOOTNOTE_SOCKETS": "",
	}
	if p.swap {
		env["SLACK_BOT_TOKEN"], env["SLACK_APP_TOKEN"] = env["SLACK_APP_TOKEN"], env["SLACK_BOT_TOKEN"]
	}
	for name, value := range env {
		if planted, ok := p.settings[name]; ok {
			value = planted
		}
		p.t.Setenv(name, value)
	}
	p.hold(ws, srv.URL)
	root, out := command(), &bytes.Buffer{}
	root.SetOut(out)
	root.SetArgs(append([]string{"doctor", "--json", "--user", "U0ASKER"}, p.args...))
	err := root.ExecuteContext(p.t.Context())
	if err != nil && err != errSaid {
		p.t.Fatal(err)
	}
	for _, token := range []string{ws.BotToken(), ws.AppToken()} {
		if strings.Contains(out.String(), token) {
			p.t.Errorf("the doctor prints a token:\n%s", out)
		}
	}
	for dec := json.NewDecoder(out); dec.More(); {
		var f finding
		if err := dec.Decode(&f); err != nil {
			p.t.Fatal(err)
		}
		findings = append(findings, f)
	}
	return findings, err == errSaid
}

// answer replaces the workspace's answer to one method.
func answer(method, body string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/"+method) {
			io.WriteString(w, body)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// Each fault is found under its own name, and no other is.
func TestDoctorNamesThePlantedFault(t *testing.T) {
	for name, tt := range map[string]struct {
		plant func(*patient)
		want  []string // the checks that are not ok
		found string   // in one of them
	}{
		"none": {func(*patient) {}, nil, ""},
		"a setting that cannot be read": {func(p *patient) { p.settings["FOOTNOTE_SOCKETS"] = "many" },
			[]string{"settings"}, `FOOTNOTE_SOCKETS: "many"`},
		"tokens swapped": {func(p *patient) { p.swap = true },
			[]string{"bot token", "app token"}, "begins with xapp-, which belongs to SLACK_APP_TOKEN"},
		"bot token refused": {func(p *patient) { p.settings["SLACK_BOT_TOKEN"] = "xoxb-revoked" },
			[]string{"bot token"}, "invalid_auth"},
		"app token refused": {func(p *patient) { p.settings["SLACK_APP_TOKEN"] = "xapp-revoked" },
			[]string{"app token"}, "invalid_auth"},
		"app token without connections:write": {func(p *patient) {
			p.between = answer("apps.connections.open", `{"ok":false,"error":"missing_scope","needed":"connections:write","provided":""}`)
		}, []string{"app token"}, "connections:write"},
		"a scope not granted": {func(p *patient) {
			p.app.Scopes = slices.DeleteFunc(p.app.Scopes, func(s string) bool { return s == "im:history" })
		}, []string{"scopes"}, "im:history"},
		"the scope to write not granted": {func(p *patient) {
			p.app.Scopes = slices.DeleteFunc(p.app.Scopes, func(s string) bool { return s == "chat:write" })
		}, []string{"scopes"}, "chat:write"},
		"messages tab off": {func(p *patient) { p.app.MessagesTab = false }, []string{"messages tab"}, "off"},
		"more than ten sockets": {func(p *patient) {
			p.hold = func(ws *slacksim.Workspace, url string) {
				for range maxSockets {
					p.connect(ws, url)
				}
			}
		}, []string{"sockets"}, "all 10"},
		"more than ten sockets with this bot": {func(p *patient) {
			p.hold = func(ws *slacksim.Workspace, url string) {
				for range maxSockets - 1 {
					p.connect(ws, url)
				}
			}
		}, []string{"sockets"}, "9 connections are open, and this bot opens 2 more"},
		"clock off": {func(p *patient) {
			p.between = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
				next.ServeHTTP(w, r)
			}
		}, []string{"clock"}, "ahead of Slack's"},
		"database unreachable": {func(p *patient) { p.ledger = "postgres://footnote:secret@127.0.0.1:1/footnote" },
			[]string{"ledger"}, "cannot be reached"},
		"database of a newer version": {func(p *patient) { p.newer() }, []string{"ledger"}, "newer Footnote (schema 99"},
		"facts that do not check": {func(p *patient) {
			p.args = append(p.args, "--facts", filepath.Dir(p.write("facts.yaml", unquoted)))
		}, []string{"facts"}, "facts.yaml"},
		"a channel's facts that do not check": {func(p *patient) {
			dir := filepath.Dir(p.write("facts.yaml", unquoted))
			p.settings["FOOTNOTE_POLICY"] = p.write("policy.yaml", "bases: {office: "+dir+"}\nchannels: {C0OFFICE: {facts: office}}\n")
		}, []string{"facts"}, "facts.yaml"},
		"a second process on the file": {func(p *patient) { p.lock() }, []string{"process"}, "another running Footnote"},
		"the bot itself on the file":   {func(p *patient) { p.lock(); p.args = append(p.args, "--running") }, nil, ""},
		"Slack unreachable":            {func(p *patient) { p.settings["SLACK_API_URL"] = "http://127.0.0.1:1/api/" }, []string{"slack", "slack"}, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := slacksim.ReadManifest(footnote.Manifest)
			if err != nil {
				t.Fatal(err)
			}
			p := &patient{
				t: t, app: app, ledger: filepath.Join(t.TempDir(), "ledger.db"), settings: map[string]string{},
				between: func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) },
				hold:    func(*slacksim.Workspace, string) {},
			}
			tt.plant(p)
			findings, ill := p.examined()
			var got []string
			var found strings.Builder
			for _, f := range findings {
				if !f.OK {
					got = append(got, f.Check)
					found.WriteString(f.Found)
				}
				if f.Found == "" || f.OK != (f.Do == "") || strings.Contains(f.Found+f.Do, "secret") {
					t.Errorf("%+v: what was found, and what to do if it is a fault, without a secret", f)
				}
			}
			if !slices.Equal(got, tt.want) || !strings.Contains(found.String(), tt.found) || ill != (tt.want != nil) {
				t.Errorf("ill %v: %+v\nwant %v with %q", ill, findings, tt.want, tt.found)
			}
		})
	}
}

// connect opens one of the app's sockets, until the test ends.
func (p *patient) connect(ws *slacksim.Workspace, url string) {
	p.t.Helper()
	d := &doctor{config: config{AppToken: ws.AppToken(), APIURL: url + "/api/"}}
	_, address, err := d.client(func(string, http.Header) {}).StartSocketModeContext(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	conn, _, err := websocket.Dial(p.t.Context(), address, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.CloseNow() })
	if _, _, err := conn.Read(p.t.Context()); err != nil { // the greeting
		p.t.Fatal(err)
	}
}

// lock has a process hold the ledger.
func (p *patient) lock() {
	p.t.Helper()
	s, err := store.Open(p.t.Context(), p.ledger)
	if err == nil {
		p.t.Cleanup(func() { s.Close() })
		err = s.Lock(p.t.Context())
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// newer makes the ledger one that a later program has written.
func (p *patient) newer() {
	p.t.Helper()
	s, err := store.Open(context.Background(), p.ledger)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", p.ledger)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		p.t.Fatal(err)
	}
}

// The doctor changes nothing: it makes no ledger and no lock.
func TestDoctorLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	d := &doctor{config: config{Database: filepath.Join(dir, "ledger.db")}}
	d.examineLedger(t.Context())
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
