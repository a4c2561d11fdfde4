package handlers

import (
	"strings"
	"testing"

	"footnote/knowledge/match"
)

// done tells what a decision does to the conversation.
func done(d Decision) string {
	if d.Silent {
		return "nothing"
	}
	var out []string
	for _, a := range d.Actions {
		out = append(out, strings.TrimSpace(string(a.Do)+" "+a.Channel+" "+a.Thread))
	}
	return strings.Join(out, ", ")
}

// In a thread that the bot follows, it speaks when it knows something.
func TestFollow(t *testing.T) {
	x := testIndex(t)
	asked := Memory{Prior: match.Prior{Question: "how much does Amazon want to invest in OpenAI", Facts: []string{"amount"}}}
	known := asked
	known.Seen = true
	const question = "who leads the negotiations for Amazon?"
	for name, tt := range map[string]struct {
		text, version string
		memory        Memory
		want          string
	}{
		"a question":                       {question, "", asked, "C1 1.0"},
		"a thread that the bot is not in":  {question, "", Memory{}, "nothing"},
		"to somebody else":                 {"<@U2> " + question, "", asked, "nothing"},
		"what the source does not say":     {"what is OpenAI worth?", "", asked, "C1 1.0"},
		"the same, not as a question":      {"what OpenAI is worth, well", "", asked, "nothing"},
		"talk":                             {"lunch at noon then, zyzzyva", "", asked, "nothing"},
		"thanks":                           {"thanks a lot", "", asked, "nothing"},
		"an edit into a question":          {question, "2.0", known, "update C1 1.0"},
		"an edit into talk":                {"zyzzyva", "2.0", known, "remove C1 1.0"},
		"an edit of what nobody cared for": {"zyzzyva", "2.0", asked, "nothing"},
	} {
		d := handle(t, x, Event{Key: "k", Kind: Follow, Channel: "C1", TS: "1.5", Thread: "1.0", User: "U1", Text: tt.text, Version: tt.version, Memory: tt.memory})
		if got := done(d); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if d.Silent && d.Asked.Question != "" {
			t.Errorf("%s: is kept, though it was not for the bot", name)
		}
	}
}

func TestEditsAndDeletions(t *testing.T) {
	x := testIndex(t)
	for name, tt := range map[string]struct {
		ev   Event
		want string
	}{
		"an edited mention":             {Event{Kind: Mention, Channel: "C1", TS: "1.0", Version: "2.0"}, "update C1 1.0"},
		"an edited mention in a thread": {Event{Kind: Mention, Channel: "C1", TS: "1.5", Thread: "1.0", Version: "2.0"}, "update C1 1.0"},
		"an edited DM":                  {Event{Kind: Direct, Channel: "D1", TS: "1.0", Version: "2.0"}, "update D1"},
		"a deleted mention":             {Event{Kind: Delete, Channel: "C1", TS: "1.0", Version: Deleted, Memory: Memory{Seen: true}}, "remove C1 1.0"},
		"deleted talk":                  {Event{Kind: Delete, Channel: "C1", TS: "1.0", Version: Deleted}, "nothing"},
		"a deleted DM":                  {Event{Kind: Delete, Channel: "D1", TS: "1.0", Version: Deleted}, "remove D1"},
		"a deleted DM in a thread":      {Event{Kind: Delete, Channel: "D1", TS: "1.5", Thread: "1.0", Version: Deleted}, "remove D1 1.0"},
	} {
		tt.ev.Text = "who leads the negotiations for Amazon?"
		if got := done(handle(t, x, tt.ev)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
