package main

import (
	"bufio"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"

	"footnote/bot/slacksim/pagetest"
)

var update = flag.Bool("update", false, "write the screenshots that README.md and docs/workspace.md show")

// simAddress runs "footnote sim" until the test ends and returns where its page is.
func simAddress(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(program(t), append(args, "sim", "--listen", "127.0.0.1:0")...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir()) // nothing is learned yet
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("footnote sim: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url := address.FindString(line)
	watchCalls(t, url)
	return url
}

// TestPage asks the same questions as a newcomer does, in a real browser: by
// mention, by slash command and by direct message.
func TestPage(t *testing.T) {
	b := pagetest.Open(t, simAddress(t))
	b.Shows("#sockets.up")
	b.Shows(".chip")

	b.Write("@footnote Who is leading the negotiations?")
	wants(t, "mention", b.Reads("#thread .message", "Sam Altman"), "Andy Jassy", "It was earlier reported by The Wall Street Journal",
		"Reported by The Wall Street Journal, not confirmed", "30 January 2026")
	b.Shows("#thread .quote")
	if *update {
		b.Picture("../../docs/workspace.png", 1280, 640, false)
		b.Picture("../../docs/workspace-dark.png", 1280, 640, true)
		b.Picture("../../docs/workspace-phone.png", 390, 780, false)
	}

	b.Write("@footnote what is OpenAI's valuation")
	wants(t, "decline", b.Reads("#thread .message", "does not give OpenAI's valuation"), "The nearest it says")
	b.Click(`#thread [data-action-id^="answer"]`)
	b.Reads("#thread .message", "Amazon is in advanced discussions to invest as much as")

	b.Write("/ask how much severance support is there")
	wants(t, "command", b.Reads("#messages .ephemeral", "severance pay"), "career transition services", "90 days", "no amount", "Only visible to you")
	b.Click(`#messages .ephemeral [data-action-id="share"]`)
	wants(t, "share", b.Reads("#messages .message:not(.ephemeral)", "Shared by"), "severance pay")

	b.Click(`[data-channel="@U0BOT"]`)
	b.Write("How much severance support is there?")
	wants(t, "direct message", b.Reads("#messages .message", "severance pay"), "career transition services")
}

// Places in the page's sidebar.
const (
	general = `[data-channel="C0GENERAL"]`
	random  = `[data-channel="C0RANDOM"]`
	direct  = `:is([data-channel="@U0BOT"], [data-channel^="D"])` // the direct messages with the bot
)

// visit opens a place and waits until the page has it: the thread of an answer
// that it finds there already stays closed.
func visit(b pagetest.Tab, place string) {
	b.Click(place)
	b.Shows(place + `[aria-current="page"]`)
	b.Until(`document.querySelector("#messages").ariaBusy === "false"`)
}

func wants(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, got)
		}
	}
}
