package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"footnote"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"footnote": main})
}

// TestScripts runs the whole program as its users do. Beside testscript's own
// commands a script may say
//
//	sim NAME [ARG…]    start "footnote sim" on a free port; $NAME is its address
//	bot NAME [ARG…]    start "footnote run" with the environment of the script
//	stop NAME          send SIGTERM and expect exit status 0
//	sigkill NAME       send SIGKILL
//	post URL JSON      send a request; its answer is the command's output, and
//	                   $CHANNEL and $TS the message that it names
//	until URL REGEXP   ask until the answer matches, at most 20 s
//	answered URL TEXT REGEXP  type "/ask TEXT" until the answer matches, at most 20 s
//	listed REGEXP      list the ledger as JSON until that matches, at most 20 s
//
// $ADMIN is an address that is free for metrics.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Values["running"], env.Values["test"] = map[string]*process{}, t
			admin, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADMIN", admin.Addr().String())
			admin.Close()
			return os.WriteFile(filepath.Join(env.WorkDir, "manifest.yaml"), footnote.Manifest, 0o644)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sim": startSim, "bot": startBot, "stop": stop, "sigkill": kill, "post": post, "until": until, "listed": listLedger, "answered": askUntil,
		},
	})
}

// process is a program that a script has started.
type process struct {
	cmd    *exec.Cmd
	ended  chan error
	errors bytes.Buffer // what it wrote to standard error; read only once it has ended
}

const patience = 20 * time.Second

// start runs footnote until the script ends and returns its first lines of
// standard output, n of them.
func start(ts *testscript.TestScript, n int, args ...string) (*process, []string) {
	path, err := exec.LookPath("footnote")
	ts.Check(err)
	p := &process{cmd: exec.Command(path, args...), ended: make(chan error, 1)}
	p.cmd.Dir = ts.Getenv("WORK")
	p.cmd.Stderr = &p.errors
	p.cmd.Env = []string{"FOOTNOTE_ADMIN_ADDRESS=off"} // a script may say otherwise
	for _, name := range []string{"FOOTNOTE_ADMIN_ADDRESS", "PATH", "HOME", "TMPDIR", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "FOOTNOTE_COMMAND", "FOOTNOTE_DATABASE_URL", "FOOTNOTE_FOLLOW_THREADS", "FOOTNOTE_SURFACES", "FOOTNOTE_POLICY", "FOOTNOTE_APPROVALS"} {
		if value := ts.Getenv(name); value != "" {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	ts.Defer(func() {
		p.cmd.Process.Kill()
		<-p.ended
	})
	var lines []string
	reader := bufio.NewReader(out)
	for range n {
		line, err := reader.ReadString('\n')
		if err != nil {
			p.ended <- p.cmd.Wait()
			ts.Fatalf("footnote %s ended: %s", strings.Join(args, " "), p.errors.String())
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	go func() {
		io.Copy(io.Discard, reader)
		p.ended <- p.cmd.Wait()
		close(p.ended)
	}()
	return p, lines
}

func running(ts *testscript.TestScript) map[string]*process {
	return ts.Value("running").(map[string]*process)
}

var address = regexp.MustCompile(`http://[0-9.:]+`)

func startSim(ts *testscript.TestScript, neg bool, args []string) {
	name, args := args[0], append([]string{"sim", "--listen", "127.0.0.1:0"}, args[1:]...)
	n := 1
	if strings.Contains(strings.Join(args, " "), "--workspace-only") {
		n = 3
	}
	p, lines := start(ts, n, args...)
	running(ts)[name] = p
	for _, line := range lines[:n-1] {
		variable, value, _ := strings.Cut(line, "=")
		ts.Setenv(variable, value)
	}
	ts.Setenv(name, address.FindString(lines[n-1]))
	watchCalls(ts.Value("test").(*testing.T), ts.Getenv(name))
	if n == 3 {
		ts.Setenv("SLACK_API_URL", ts.Getenv(name)+"/api/")
		return
	}
	until(ts, false, []string{ts.Getenv(name) + "/_sim/state", `"sockets":[1-9]`})
}

func startBot(ts *testscript.TestScript, neg bool, args []string) {
	p, _ := start(ts, 0, append([]string{"run"}, args[1:]...)...)
	running(ts)[args[0]] = p
	workspace := strings.TrimSuffix(ts.Getenv("SLACK_API_URL"), "/api/")
	until(ts, false, []string{workspace + "/_sim/state", `"sockets":[1-9]`})
}

func stop(ts *testscript.TestScript, neg bool, args []string) {
	p := running(ts)[args[0]]
	ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-p.ended:
		if err != nil {
			ts.Fatalf("%s: %v\n%s", args[0], err, p.errors.String())
		}
	case <-time.After(patience):
		ts.Fatalf("%s does not stop", args[0])
	}
}

func kill(ts *testscript.TestScript, neg bool, args []string) {
	p := running(ts)[args[0]]
	ts.Check(p.cmd.Process.Kill())
	<-p.ended
}

func post(ts *testscript.TestScript, neg bool, args []string) {
	resp, err := http.Post(args[0], "application/json", strings.NewReader(args[1]))
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", body)
	var posted struct{ Channel, TS string }
	if json.Unmarshal(body, &posted) == nil {
		ts.Setenv("CHANNEL", posted.Channel)
		ts.Setenv("TS", posted.TS)
	}
}

func until(ts *testscript.TestScript, neg bool, args []string) {
	wait(ts, args[0], args[1], func() string { return ask(ts, args[0]) })
}

func askUntil(ts *testscript.TestScript, neg bool, args []string) {
	body, err := json.Marshal(map[string]string{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask", "text": args[1]})
	ts.Check(err)
	wait(ts, "the answer", args[2], func() string {
		resp, err := http.Post(args[0]+"/_sim/command", "application/json", bytes.NewReader(body))
		ts.Check(err)
		defer resp.Body.Close()
		said, err := io.ReadAll(resp.Body)
		ts.Check(err)
		return string(said)
	})
}

func listLedger(ts *testscript.TestScript, neg bool, args []string) {
	wait(ts, "the ledger", args[0], func() string {
		ts.Check(ts.Exec("footnote", "ledger", "--json"))
		return ts.ReadFile("stdout")
	})
}

// wait looks at what there is until it matches.
func wait(ts *testscript.TestScript, what, pattern string, look func() string) {
	want := regexp.MustCompile(pattern)
	deadline := time.Now().Add(patience)
	for {
		got := look()
		if want.MatchString(got) {
			fmt.Fprintln(ts.Stdout(), got)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s does not match %s:\n%s", what, pattern, got)
		}
		time.Sleep(20 * time.Millisecond) // between two looks at another process
	}
}

// ask gets a URL, JSON without the escapes that hide what a person reads.
func ask(ts *testscript.TestScript, url string) string {
	resp, err := http.Get(url)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	var value any
	if json.Unmarshal(body, &value) != nil {
		return string(body)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	ts.Check(enc.Encode(value))
	return out.String()
}
