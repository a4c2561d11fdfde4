package slacksim

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// reopened serves the workspace that a file keeps; the returned function closes
// it.
func reopened(t *testing.T, file string) (*world, func()) {
	t.Helper()
	w, err := Open(Config{}, file)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(w.Handler())
	x := &world{w, srv.URL, slack.New(w.BotToken(), slack.OptionAPIURL(srv.URL+"/api/"))}
	return x, func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	}
}

func TestAFileKeepsTheWorkspace(t *testing.T) {
	file := t.TempDir() + "/workspace.json"
	x, end := reopened(t, file)
	asked := x.say(t, "C0GENERAL", "a question")
	x.act(t, "user", object{"user": "U0GUEST", "name": "guest", "guest": true})
	x.act(t, "channel", object{"channel": "C0SECRET", "name": "secret", "private": true, "members": []string{"U0GUEST", botUser}})
	x.must(t, "chat.postMessage", object{"channel": "C0GENERAL", "thread_ts": asked, "text": "an answer", "blocks": []any{button("a", "1")}, "metadata": object{"event_type": "x", "event_payload": object{"n": 1}}})
	x.must(t, "chat.postEphemeral", object{"channel": "C0GENERAL", "user": "U0ASKER", "text": "between us"})
	x.must(t, "reactions.add", object{"channel": "C0GENERAL", "timestamp": asked, "name": "eyes"})
	x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "ts": asked, "text": "another question"})
	x.must(t, "views.publish", object{"user_id": "U0ASKER", "view": object{"type": "home", "blocks": []object{{"type": "divider"}}}})
	x.act(t, "assistant", object{"user": "U0ASKER"})
	say := func(x *world) string {
		var all []string
		for _, path := range []string{"messages?channel=C0GENERAL", "messages?channel=D0ASKER", "state"} {
			answer := x.request(t, "GET", "/_sim/"+path, "", "")
			delete(answer, "unacked") // what is on its way is not kept
			all = append(all, string(frame(answer)))
		}
		replies := x.must(t, "conversations.replies", object{"channel": "C0GENERAL", "ts": asked, "include_all_metadata": true})
		return strings.Join(append(all, string(frame(replies["messages"])), x.BotToken(), x.AppToken()), "\n")
	}
	before := say(x)
	end()

	x, end = reopened(t, file)
	defer end()
	if after := say(x); after != before {
		t.Errorf("after:\n%s\nbefore:\n%s", after, before)
	}
	if got := x.request(t, "GET", "/_sim/views?user=U0ASKER", "", "")["home"]; !strings.Contains(fmt.Sprint(got), "divider") {
		t.Errorf("home = %v", got)
	}
	if later := x.say(t, "C0GENERAL", "more"); later <= asked {
		t.Errorf("ts %s is not after %s", later, asked)
	}
}

func TestFilesThatKeepNoWorkspace(t *testing.T) {
	dir := t.TempDir()
	for content, want := range map[string]string{"": "unexpected end", `{"Version":9}`: "begin a new file", `{"Version":1,"Homes":{"U1":{}}}`: "who is nobody"} {
		file := dir + "/file"
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Config{}, file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
		if got, _ := os.ReadFile(file); string(got) != content {
			t.Errorf("%q was overwritten", content)
		}
	}
	if _, err := Open(Config{}, dir+"/none/file"); err == nil {
		t.Error("a folder that is not there is no error")
	}
}
