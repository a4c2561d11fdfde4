package main

import (
	"bufio"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"footnote"
	"footnote/bot/slacksim"
	"footnote/bot/slacksim/reference"
)

// known returns what holds a call to the Web API against Slack's reference.
// Whatever a test is about: no call may be one that Slack would not know, or that
// the scopes of manifest.yaml do not allow.
func known(t *testing.T) func(slacksim.Call) {
	t.Helper()
	app, err := slacksim.ReadManifest(footnote.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	return func(c slacksim.Call) {
		if err := reference.Faults(c.Method, c.Args, app.Scopes); err != nil {
			t.Error(err)
		}
	}
}

// watchCalls does the same with the calls to a workspace in another process, from
// now until it or the test ends.
func watchCalls(t *testing.T, workspace string) {
	t.Helper()
	check := known(t)
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, workspace+"/_sim/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e struct {
				Type, Method string
				Args         map[string]string
			}
			data, _ := strings.CutPrefix(lines.Text(), "data: ")
			if json.Unmarshal([]byte(data), &e) == nil && e.Type == "api" && e.Method != "response_url" {
				check(slacksim.Call{Method: e.Method, Args: slices.Collect(maps.Keys(e.Args))})
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		resp.Body.Close()
	})
}
