package slacksim

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// node skips a test that lacks Node or what npm has to install, which must not
// happen in CI.
func node(t *testing.T, dir string) {
	t.Helper()
	lacks := ""
	if _, err := exec.LookPath("node"); err != nil {
		lacks = "no node on the PATH"
	} else if _, err := os.Stat(dir + "/node_modules"); err != nil {
		lacks = "nothing is installed: run npm ci in bot/slacksim/" + dir
	}
	switch {
	case lacks == "":
	case os.Getenv("CI") == "true":
		t.Fatal(lacks)
	default:
		t.Skip(lacks)
	}
}

// expect waits for an event that holds a text somewhere.
func expect(t *testing.T, events <-chan object, holds string) object {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case e, ok := <-events:
			if !ok {
				t.Fatalf("the stream ended before %q", holds)
			}
			if strings.Contains(fmt.Sprint(e), holds) {
				return e
			}
		case <-late:
			t.Fatalf("waited in vain for %q", holds)
		}
	}
}

// TestBolt runs an unchanged app of somebody else's client.
func TestBolt(t *testing.T) {
	node(t, "testdata/bolt")
	for _, version := range []string{"bolt4", "bolt5"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			boltApp(t, version)
		})
	}
}

func boltApp(t *testing.T, version string) {
	if out, err := exec.Command("node", "-p", "parseInt(process.versions.node)").Output(); version == "bolt5" && err == nil && len(out) < 3 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("Bolt 5 needs Node 20, this is %s", out)
		}
		t.Skipf("Bolt 5 needs Node 20, this is %s", out)
	}
	x := start(t, Config{})
	messages, private, sockets, views := x.follow(t, "message"), x.follow(t, "ephemeral"), x.follow(t, "sockets"), x.follow(t, "views")
	var log bytes.Buffer
	cmd := exec.Command("node", "app.js", version)
	cmd.Dir = "testdata/bolt"
	cmd.Env = append(os.Environ(), "SLACK_BOT_TOKEN="+x.BotToken(), "SLACK_APP_TOKEN="+x.AppToken(), "SLACK_API_URL="+x.url+"/api/")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	expect(t, sockets, "sockets:1")

	x.say(t, "C0GENERAL", "<@U0BOT> one")
	expect(t, messages, "Mentioned: <@U0BOT> one")
	x.say(t, "@U0BOT", "two")
	expect(t, messages, "Direct: two")

	x.act(t, "command", object{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/form"})
	form := expect(t, private, "A form")["message"].(object)
	x.act(t, "action", object{"user": "U0ASKER", "channel": "C0GENERAL", "message_ts": form["ts"], "action_id": "open"})
	expect(t, views, "U0ASKER")
	for len(x.modalIDs(t)) == 0 {
		expect(t, views, "U0ASKER")
	}
	id := x.modalIDs(t)[0]
	if answer := x.act(t, "suggest", object{"user": "U0ASKER", "view_id": id, "action_id": "fact", "value": "leaders"}); !strings.Contains(fmt.Sprint(answer), "About leaders") {
		t.Errorf("suggestions: %v", answer)
	}
	submit := func(reason string) object {
		return x.act(t, "submit", object{"user": "U0ASKER", "view_id": id, "values": object{"text": reason, "fact": "leaders"}})
	}
	if answer := submit("no"); fmt.Sprint(answer["errors"]) != "map[reason:Say more]" {
		t.Errorf("a short reason: %v", answer)
	}
	submit("because")
	expect(t, messages, "Form: because, leaders")
	if left := x.modalIDs(t); len(left) != 0 {
		t.Errorf("still open: %v", left)
	}

	for i := range 2 {
		x.act(t, "fault", object{"kind": "disconnect", "count": 1})
		expect(t, sockets, "sockets:0")
		x.say(t, "C0GENERAL", fmt.Sprintf("<@U0BOT> between sockets %d", i))
		expect(t, sockets, "sockets:1")
		expect(t, messages, fmt.Sprintf("Mentioned: <@U0BOT> between sockets %d", i))
	}
}
