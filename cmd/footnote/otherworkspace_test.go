package main

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"footnote"
	"footnote/bot/slacksim"
)

// What is asked in workspaces that are not ours gets the same answers in ours.
func TestOtherWorkspace(t *testing.T) {
	node(t, "")
	app, err := slacksim.ReadManifest(footnote.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	ws := slacksim.New(slacksim.Config{App: app, OnCall: known(t)})
	srv := httptest.NewServer(ws.Handler())
	t.Cleanup(srv.Close)
	t.Cleanup(func() { ws.Close() })
	cmd := exec.Command("node", "../../scripts/other-workspace.mjs", "footnote", srv.URL)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "FOOTNOTE=" + program(t), "SLACK_BOT_TOKEN=" + ws.BotToken(), "SLACK_APP_TOKEN=" + ws.AppToken()}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
