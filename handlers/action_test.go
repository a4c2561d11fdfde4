package handlers

import (
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"
)

func TestEncode(t *testing.T) {
	said := plainly(`"Quotes" & <tags>`)
	if !said.fits() {
		t.Fatal("too long")
	}
	text, rendered := said.sent()
	unrendered := Blocks{Blocks: slack.Blocks{BlockSet: said.blocks}}
	for name, a := range map[string]Action{
		"blocks that are JSON already": {Channel: "C1", Thread: "1.0", Text: text, Blocks: rendered},
		"blocks that are not":          {Channel: "C1", Text: text, Blocks: unrendered},
		"no blocks":                    {Do: Remove, Channel: "C1"},
		"to a response URL":            {Respond: &Respond{URL: "https://r", InChannel: true}, Text: "x", Blocks: rendered},
	} {
		got, err := a.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
