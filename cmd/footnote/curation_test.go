package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/slacksim/pagetest"
	"footnote/bot/store/pgtest"
)

// office is a workspace with two curators, an asker and two replicas of the bot.
type office struct {
	*testing.T
	bin, url        string
	facts, manifest string // a small base, which is learned at once; the bot's manifest
	env             []string
	bots            []*replica
}

type replica struct {
	cmd  *exec.Cmd
	mu   sync.Mutex // guards said
	said bytes.Buffer
}

func (r *replica) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.Write(p)
}

func (r *replica) log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.String()
}

const (
	author   = "U0AUTHOR"
	reviewer = "U0REVIEWER"
	asker    = "U0ASKER"
)

func newOffice(t *testing.T, replicas int) *office {
	t.Helper()
	cluster, err := pgtest.Open("")
	if errors.Is(err, pgtest.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	database, err := cluster.Create("curation")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.yaml")
	if err := os.WriteFile(policy, []byte("curators: ["+author+", "+reviewer+"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, bin: program(t), facts: filepath.Join(root, "examples", "bridge"), manifest: filepath.Join(root, "manifest.yaml")}
	o.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "FOOTNOTE_POLICY=" + policy, "FOOTNOTE_DATABASE_URL=" + database}
	// With the bot's own manifest each question is one envelope, and the sockets take turns.
	sim := o.command("sim", "--workspace-only", "--listen", "127.0.0.1:0", "--manifest", o.manifest)
	out, err := sim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	said := &replica{cmd: sim}
	sim.Stderr = said
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sim.Process.Kill(); sim.Wait() })
	settings := make([]byte, 0, 1024)
	for strings.Count(string(settings), "\n") < 3 {
		part := make([]byte, 256)
		n, err := out.Read(part)
		if err != nil {
			t.Fatal(err, said.log())
		}
		settings = append(settings, part[:n]...)
	}
	lines := strings.Split(strings.TrimSpace(string(settings)), "\n")
	o.env = append(o.env, lines...)
	o.url = strings.TrimSuffix(strings.TrimPrefix(lines[2], "SLACK_API_URL="), "/api/")
	for user, name := range map[string]string{author: "author", reviewer: "reviewer"} {
		o.act("user", object{"user": user, "name": name})
	}
	for range replicas {
		o.start()
	}
	return o
}

type object = map[string]any

func (o *office) command(args ...string) *exec.Cmd {
	cmd := exec.Command(o.bin, append([]string{"--facts", o.facts}, args...)...)
	cmd.Env, cmd.Dir = o.env, o.TempDir()
	return cmd
}

// start runs one more replica.
func (o *office) start(args ...string) {
	o.Helper()
	r := &replica{cmd: o.command(append(args, "run")...)}
	r.cmd.Stderr = r
	if err := r.cmd.Start(); err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() {
		r.cmd.Process.Kill()
		r.cmd.Wait()
		if o.Failed() {
			o.Log(r.log())
		}
	})
	o.bots = append(o.bots, r)
	n := len(o.bots)
	o.until("the bots listen", func() bool {
		return strings.Contains(o.get("/_sim/state"), fmt.Sprintf(`"sockets":%d`, n))
	})
}

func (o *office) get(path string) string {
	o.Helper()
	resp, err := http.Get(o.url + path)
	if err != nil {
		o.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		o.Fatal(err)
	}
	return string(body)
}

func (o *office) act(what string, in object) object {
	o.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		o.Fatal(err)
	}
	resp, err := http.Post(o.url+"/_sim/"+what, "application/json", bytes.NewReader(data))
	if err != nil {
		o.Fatal(err)
	}
	defer resp.Body.Close()
	var out object
	body, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(body, &out); err != nil || resp.StatusCode != http.StatusOK {
		o.Fatalf("%s %s: %s %s", what, data, resp.Status, body)
	}
	return out
}

func (o *office) until(what string, holds func() bool) {
	o.Helper()
	o.soon(30*time.Second, what, holds)
}

// soon waits until something holds, for so long at most.
func (o *office) soon(limit time.Duration, what string, holds func() bool) {
	o.Helper()
	deadline, tick := time.After(limit), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			o.Fatalf("waited in vain until %s", what)
		}
	}
}

type shownIn struct {
	ID     string
	Blocks []object
}

// shows waits until the home tab or the modal on top of a person's shows a text.
func (o *office) shows(user, where, text string) (v shownIn) {
	o.Helper()
	o.until(user+"'s "+where+" shows "+text, func() bool {
		var views struct {
			Home   *shownIn
			Modals []shownIn
		}
		if err := json.Unmarshal([]byte(o.get("/_sim/views?user="+user)), &views); err != nil {
			o.Fatal(err)
		}
		switch {
		case where == "home" && views.Home != nil:
			v = *views.Home
		case where == "modal" && len(views.Modals) > 0:
			v = views.Modals[len(views.Modals)-1]
		default:
			return false
		}
		data, _ := json.Marshal(v.Blocks)
		return strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data)), text)
	})
	return v
}

// home opens the home tab.
func (o *office) home(user, text string) shownIn {
	o.Helper()
	o.act("home", object{"user": user})
	return o.shows(user, "home", text)
}

// button finds a button of an action whose value holds a text.
func (v shownIn) button(action, holds string) (id string) {
	var walk func(any)
	walk = func(node any) {
		switch n := node.(type) {
		case map[string]any:
			a, _ := n["action_id"].(string)
			value, _ := n["value"].(string)
			if strings.HasPrefix(a, action+":") && strings.Contains(value, holds) {
				id = a
			}
			for _, child := range n {
				walk(child)
			}
		case []any:
			for _, child := range n {
				walk(child)
			}
		}
	}
	for _, block := range v.Blocks {
		walk(block)
	}
	return id
}

func (o *office) press(user string, v shownIn, action, holds string) {
	o.Helper()
	id := v.button(action, holds)
	if id == "" {
		o.Fatalf("there is no button %s of %q", action, holds)
	}
	o.act("action", object{"user": user, "view_id": v.ID, "action_id": id})
}

func (o *office) submit(user string, v shownIn, values object) object {
	o.Helper()
	return o.act("submit", object{"user": user, "view_id": v.ID, "values": values})
}

func (o *office) ask(text string) (ts string) {
	o.Helper()
	return o.act("message", object{"user": asker, "channel": "C0GENERAL", "text": "<@U0BOT> " + text})["ts"].(string)
}

// posted is a message.
type posted struct {
	User, Text string
	TS         string `json:"ts"`
	Thread     string `json:"thread_ts"`
}

// at is when the workspace took it.
func (p posted) at(t *testing.T) time.Time {
	t.Helper()
	seconds, micros, _ := strings.Cut(p.TS, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	us, err2 := strconv.ParseInt(micros, 10, 64)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return time.Unix(s, us*1000)
}

// said are the bot's messages that a person sees in a channel and that hold a
// text.
func (o *office) said(channel, user, text string) (out []posted) {
	o.Helper()
	var list struct{ Messages []posted }
	if err := json.Unmarshal([]byte(o.get("/_sim/messages?"+url.Values{"channel": {channel}, "user": {user}}.Encode())), &list); err != nil {
		o.Fatal(err)
	}
	for _, m := range list.Messages {
		if m.User == "U0BOT" && strings.Contains(m.Text, text) {
			out = append(out, m)
		}
	}
	return out
}

// TestCuration goes from a question that is not answered to a fact that two
// replicas answer with, and the asker is told once.
func TestCuration(t *testing.T) {
	o := newOffice(t, 2)
	const question = "who repairs the canteen's coffee machine?"
	ts := o.ask(question)
	o.until("the question is declined", func() bool { return len(o.said("C0GENERAL", asker, "")) == 1 })

	home := o.home(author, "coffee machine")
	o.press(author, home, "curate_add", "coffee machine")
	m := o.shows(author, "modal", "coffee machine")
	const quote = "Coffee machines are repaired by Robin of the facilities team."
	fields := object{"quotes": "Coffee machines are repaired by Kim of the facilities team.", "answer": "Robin of the facilities team repairs the coffee machines.",
		"source_text": "Handbook.\n" + quote + "\nCall extension 12.", "source_title": "Handbook", "source_date": "2026-02-01", "why": "asked often"}
	answer := fmt.Sprint(o.submit(author, m, fields))
	if !strings.Contains(answer, "word for word") || !strings.Contains(answer, quote) {
		t.Fatalf("a wrong quote: %s; want the nearest passage", answer)
	}
	fields["quotes"], fields["answer"] = quote, "Robin repairs 7 machines."
	if answer := fmt.Sprint(o.submit(author, m, fields)); !strings.Contains(answer, `"7"`) {
		t.Fatalf("a number that no quote says: %s", answer)
	}
	fields["answer"] = "Robin of the facilities team repairs the coffee machines."
	o.submit(author, m, fields)
	o.shows(author, "modal", "Sent to the other curators")

	home = o.home(reviewer, "Waiting for another curator")
	o.press(reviewer, home, "curate_review", "")
	review := o.shows(reviewer, "modal", quote)
	approved := time.Now()
	o.submit(reviewer, review, object{"opinion": "approve"})
	for i, bot := range o.bots {
		o.until(fmt.Sprintf("replica %d has the change", i), func() bool { return strings.Contains(bot.log(), "revision=1") })
	}
	t.Logf("both replicas have it after %v", time.Since(approved))
	o.until("the asker is told", func() bool { return len(o.said("C0GENERAL", asker, "I can answer that now")) > 0 })
	if got := o.said("C0GENERAL", asker, "I can answer that now"); len(got) != 1 || got[0].Thread != ts {
		t.Errorf("told %+v, want once in %q", got, ts)
	}
	for range 4 {
		o.ask(question)
	}
	o.until("both replicas answer", func() bool { return len(o.said("C0GENERAL", asker, "Robin of the facilities team")) == 5 })
	if got := o.said("C0GENERAL", asker, "I can answer that now"); len(got) != 1 {
		t.Errorf("told %d times", len(got))
	}

	dir := filepath.Join(t.TempDir(), "facts")
	if out, err := o.command("export", dir).CombinedOutput(); err != nil {
		t.Fatalf("export: %v\n%s", err, out)
	}
	fresh := exec.Command(o.bin, "--facts", dir, "ask", question)
	fresh.Env, fresh.Dir = []string{"HOME=" + t.TempDir()}, t.TempDir()
	if out, err := fresh.Output(); err != nil || !strings.Contains(string(out), quote) {
		t.Errorf("a fresh start from the exported files: %v\n%s", err, out)
	}
	if out, err := o.command("import", dir).CombinedOutput(); err != nil || !strings.Contains(string(out), "imported 0 changes") {
		t.Errorf("import of what was exported: %v\n%s", err, out)
	}
	rewrite := func(from, to string) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, "facts.yaml"))
		if err != nil || !strings.Contains(string(data), from) {
			t.Fatalf("no %q in the files: %v", from, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "facts.yaml"), []byte(strings.Replace(string(data), from, to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first := o.fact(dir)
	rewrite(first, first+" So it says.")
	if out, err := o.command("import", dir, "--why", "clearer").CombinedOutput(); err != nil || !strings.Contains(string(out), "imported 1 change") {
		t.Errorf("import: %v\n%s", err, out)
	}
	for i, bot := range o.bots {
		o.until(fmt.Sprintf("replica %d has what was imported", i), func() bool { return strings.Contains(bot.log(), "revision=2") })
	}
	rewrite("Robin of the facilities team repairs", "Robin repairs")
	if out, err := o.command("import", dir).CombinedOutput(); err == nil || !strings.Contains(string(out), "was changed in Slack and in") {
		t.Errorf("import of what was changed in Slack as well: %v\n%s", err, out)
	}
	for _, curator := range []string{author, reviewer} {
		o.until(curator+" is told of the conflict", func() bool { return len(o.said("@U0BOT", curator, "Nothing was imported")) == 1 })
	}

	out, err := o.command("log").Output()
	for _, want := range []string{"approved by " + author + ": asked often", "approve by " + reviewer} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("log lacks %q: %v\n%s", want, err, out)
		}
	}
}

// fact is the answer of the first fact in a directory.
func (o *office) fact(dir string) string {
	o.Helper()
	base, err := loadFacts(dir)
	if err != nil {
		o.Fatal(err)
	}
	return base.Facts[0].Answer
}

// TestCurationInTheBrowser is what two curators and an asker see and click: a
// question that nobody answers becomes a fact with proof, which two replicas
// answer with and a fresh start from the exported files too.
func TestCurationInTheBrowser(t *testing.T) {
	o := newOffice(t, 2)
	b := pagetest.Open(t, o.url)
	b.Shows("#sockets.up")
	be := func(user, place string) {
		t.Helper()
		b.Set(`[data-testid="user-switch"]`, user)
		visit(b, place)
	}
	const question = "@footnote who repairs the coffee machine?"
	be(asker, general)
	b.Write(question)
	b.Reads("#thread .message", "I don't know")

	be(author, direct)
	b.Click(`[data-testid="tab-home"]`)
	b.Reads("#home", "who repairs the coffee machine?")
	if *shots != "" {
		b.Picture(*shots+"/home.png", 1280, 900, false)
	}
	b.Click(`#home [data-action-id^="curate_add"][data-value*="coffee"]`)
	const quote = "Robin of the facilities team repairs the coffee machines."
	field := func(name string) string { return `dialog [data-action-id="` + name + `"]` }
	b.Type(field("quotes"), "Kim of the facilities team repairs the coffee machines.")
	b.Type(field("answer"), "Robin repairs the coffee machines.")
	b.Type(field("source_text"), "Handbook. "+quote+" Call extension 12.")
	b.Type(field("source_title"), "Handbook")
	b.Set(field("source_date"), "2026-02-01")
	b.Click(`dialog [data-testid="submit"]`)
	b.Reads("dialog .press-error", "The nearest passage is: “"+quote+"”")
	if *shots != "" {
		b.Picture(*shots+"/wrong.png", 1280, 900, false)
	}
	b.Set(field("quotes"), quote)
	b.Click(`dialog [data-testid="submit"]`)
	b.Reads("dialog", "Sent to the other curators")
	b.Click(`[data-testid="modal-x"]`)

	be(reviewer, direct)
	b.Reads("#messages .message", "proposes a change of the facts")
	b.Click(`#messages [data-action-id^="curate_review"]`)
	b.Reads("dialog", quote)
	if *shots != "" {
		b.Picture(*shots+"/review.png", 1280, 900, false)
	}
	b.Click(`dialog [data-action-id="opinion"][value="approve"]`)
	approved := time.Now()
	b.Click(`dialog [data-testid="submit"]`)
	b.Reads("dialog", "Your approval is counted")
	b.Click(`[data-testid="modal-x"]`)

	// Five seconds are what is promised, from the click to the answer of each replica.
	// This is no measurement of a speed but the deadline after which it would be broken:
	// the asker asks on until both have answered.
	const promised = 5 * time.Second
	be(asker, random)
	took := map[int]time.Duration{} // by replica
	for asked := 1; len(took) < len(o.bots); asked++ {
		if time.Since(approved) > promised {
			t.Fatalf("after %v only these replicas have answered: %v", promised, took)
		}
		o.soon(time.Until(approved.Add(promised)), fmt.Sprintf("each replica has the fact, as %v have", took), func() bool {
			for _, bot := range o.bots {
				if !strings.Contains(bot.log(), "revision=1") {
					return false
				}
			}
			return true
		})
		b.Write(question)
		b.Until(fmt.Sprintf(`(() => {
			const questions = [...document.querySelectorAll("#messages .message")], thread = [...document.querySelectorAll("#thread .message")];
			return questions.length === %d && thread.length === 2 && thread[0].dataset.ts === questions.at(-1).dataset.ts;
		})()`, asked))
		for _, m := range o.said("C0RANDOM", asker, "Robin repairs the coffee machines.") {
			for i, bot := range o.bots {
				if _, known := took[i]; !known && bot.answered(m.Thread) {
					took[i] = m.at(t).Sub(approved)
				}
			}
		}
	}
	for i, d := range took {
		t.Logf("replica %d answered %v after the approval", i, d.Round(time.Millisecond))
		if d > promised {
			t.Errorf("replica %d answered after %v, %v were promised", i, d, promised)
		}
	}
	answer := b.Reads("#thread .content", quote)

	visit(b, general)
	b.Click("#messages .replies")
	wants(t, "the asker is told", b.Reads("#thread .message", "I can answer that now"), "Robin repairs the coffee machines.", quote)
	b.Until(`[...document.querySelectorAll("#thread .message")].filter(m => m.innerText.includes("I can answer that now")).length === 1`)

	dir := filepath.Join(t.TempDir(), "facts")
	if out, err := o.command("export", dir).CombinedOutput(); err != nil {
		t.Fatalf("export: %v\n%s", err, out)
	}
	fresh := pagetest.Open(t, simAddress(t, "--facts", dir))
	fresh.Shows("#sockets.up")
	fresh.Write(question)
	if got := fresh.Reads("#thread .content", quote); got != answer {
		t.Errorf("a fresh start from the exported files answers\n%s\nwant\n%s", got, answer)
	}
	if got := append(o.said("C0GENERAL", asker, "I can answer that now"), o.said("@U0BOT", asker, "")...); len(got) != 1 {
		t.Errorf("the asker was told %d times: %+v", len(got), got)
	}
}

// answered reports whether this replica answered the message of that ts.
func (r *replica) answered(ts string) bool {
	for line := range strings.Lines(r.log()) {
		if strings.Contains(line, "msg=answered") && strings.Contains(line, ts) {
			return true
		}
	}
	return false
}

var shots = flag.String("shots", "", "directory for pictures of the curators' pages")
