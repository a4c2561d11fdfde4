package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/bot/slacksim/pagetest"
)

// clicks is the page with the bot that ships, and what the workspace behind it
// says.
type clicks struct {
	*testing.T
	pagetest.Tab
	url string
}

// last waits until the last of the elements holds a text.
func (c clicks) last(selector, holds string) {
	c.Helper()
	c.Until(fmt.Sprintf(`[...document.querySelectorAll(%q)].at(-1)?.innerText.includes(%q)`, selector, holds))
}

// count waits until there are so many elements.
func (c clicks) count(selector string, n int) {
	c.Helper()
	c.Until(fmt.Sprintf("document.querySelectorAll(%q).length === %d", selector, n))
}

// closed waits until no modal is open.
func (c clicks) closed() {
	c.Helper()
	c.Until(`!document.querySelector("dialog[open]")`)
}

// article closes the article that a click has opened.
func (c clicks) article() {
	c.Helper()
	wants(c.T, "the article", c.Reads("dialog", "Quoted: paragraph 9"), jassy, "are left out here")
	c.Click(`[data-testid="modal-x"]`)
	c.closed()
}

// search types into a search and chooses who leads the negotiations.
func (c clicks) search(within string) {
	c.Helper()
	c.Click(within + ` [data-action-id="find"]`)
	c.Type(within+` [data-action-id="find"]`, "jassy")
	c.Click(`.options [data-value="negotiator-amazon"]`)
	c.Reads("dialog", jassy+" is directly leading")
}

// says is what the bot has said to a person in a channel.
func (c clicks) says(channel, user string) (texts []string) {
	c.Helper()
	var list struct{ Messages []struct{ User, Text string } }
	c.get("messages?"+url.Values{"channel": {channel}, "user": {user}}.Encode(), &list)
	for _, m := range list.Messages {
		if m.User == "U0BOT" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (c clicks) get(path string, answer any) {
	c.Helper()
	resp, err := http.Get(c.url + "/_sim/" + path)
	if err != nil {
		c.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(data, answer) != nil {
		c.Fatalf("%s: %s, %v", path, data, err)
	}
}

const (
	jassy  = "Andy Jassy"
	amount = "up to $50 billion"
	leads  = "Who leads the negotiations?"
)

// TestSurfaces clicks through every surface that TestPage leaves out, with the bot
// that ships: once as ever, and once with each delivery doubled, which nobody must
// notice.
func TestSurfaces(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte("curators: [U0CURATOR]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FOOTNOTE_POLICY", policy)
	for _, tt := range []struct{ name, fault string }{{"as ever", ""}, {"each delivery doubled", `{"kind": "deliver_twice"}`}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := simAddress(t)
			c := clicks{t, pagetest.Open(t, address), address}
			c.Shows("#sockets.up")
			c.Shows(".chip")
			if tt.fault != "" {
				resp, err := http.Post(c.url+"/_sim/fault", "application/json", strings.NewReader(tt.fault))
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Fatal(resp, err)
				}
				resp.Body.Close()
			}
			c.channel()
			c.privately()
			c.lookUp()
			c.homeAndSearch()
			c.pane()
			c.judged()
		})
	}
}

// channel is what happens in a channel and its threads.
func (c clicks) channel() {
	visit(c.Tab, general)
	c.Write("@footnote " + leads)
	c.last("#thread .message", jassy)

	// A follow-up in the side pane is answered from the thread's memory.
	c.WriteIn(`[data-testid="thread-composer"]`, "@footnote source?")
	c.count("#thread .message", 4)
	c.last("#thread .message", jassy)

	c.Click(`#thread [data-action-id="source"]`)
	c.article()

	// A vote, and another one, with the reason.
	c.Click(`#thread [data-action-id="vote"][data-value^="up "]`)
	c.Reads(".ephemeral", "your vote is counted")
	c.Click(`#thread [data-action-id="vote"][data-value^="down "]`)
	c.Reads("dialog", "What was wrong")
	c.Type(`dialog [data-action-id="why"]`, "It is out of date.")
	c.Click(`dialog [data-testid="submit"]`)
	c.closed()
	c.Shows(`#thread [data-action-id="vote"][data-value^="down "][aria-pressed="true"]`)

	// Two questions have one answer, with both.
	c.Click("#thread-close")
	c.Write("@footnote Who leads the negotiations? How much may Amazon invest in OpenAI?")
	c.last("#thread .message", jassy)
	c.last("#thread .message", amount)
	c.count("#thread .message", 2)

	// What is edited has its answer edited.
	c.Click("#thread-close")
	c.Write("@footnote " + leads)
	c.last("#thread .message", jassy)
	c.count("#thread .message", 2)
	c.Click(`#messages .message:last-child [aria-label="Edit message"]`)
	c.Set("#messages .editor textarea", "@footnote how much may Amazon invest in OpenAI?")
	c.Click("#messages .editor .primary")
	c.last("#thread .message", amount)
	c.count("#thread .message", 2)
	c.Until(fmt.Sprintf(`!document.querySelector("#thread").innerText.includes(%q)`, jassy))

	// What nobody knows is declined, and what is near is a click away.
	c.Click("#thread-close")
	c.Write("@footnote Who repairs the coffee machine?")
	c.last("#thread .message", "Did you mean")
	c.Click("#thread .message:last-child .controls .button")
	c.count("#thread .message", 3)
	c.last("#thread .message", "Source:")

	// What may mean several things is asked back.
	c.Click("#thread-close")
	c.Write("@footnote what about the deal?")
	c.last("#thread .message", "Which one?")
	c.Click("#thread .message:last-child .controls .button")
	c.count("#thread .message", 3)
	c.last("#thread .message", "Source:")
	c.Click("#thread-close")
}

// privately is what happens in direct messages.
func (c clicks) privately() {
	visit(c.Tab, direct)
	c.Write(leads)
	c.last("#messages .message", jassy)
	c.Write("source?")
	c.count("#messages .message", 4)
	c.last("#messages .message", jassy)
	c.Click(`#messages .message:first-of-type [aria-label="Edit message"]`)
	c.Set("#messages .editor textarea", "how much may Amazon invest in OpenAI?")
	c.Click("#messages .editor .primary")
	c.Reads("#messages .message", amount)
	c.Click(`#messages .message:first-of-type [aria-label="Delete message"]`)
	c.Click(`dialog[open] [value="yes"]`)
	c.count("#messages .message", 2) // the question goes, and its answer with it
}

// lookUp is what somebody does with another's message.
func (c clicks) lookUp() {
	visit(c.Tab, random)
	c.Write("Does anybody know who leads the negotiations?")
	c.count("#messages .message", 1)
	c.Set(`[data-testid="user-switch"]`, "U0CURATOR")
	visit(c.Tab, random)
	c.Click(`#messages .message [aria-label="More actions"]`)
	c.Click(`.popup [data-key="find"]`)
	wants(c.T, "what is found", c.Reads(".ephemeral", jassy), "Only visible to you")
	c.Click(`.ephemeral [data-action-id="share"]`)
	c.Reads(".ephemeral", "You have shared this answer.")
	c.Click("#messages .replies")
	wants(c.T, "what is shared", c.Reads("#thread .message:not(.ephemeral)", jassy), "Shared by")
	c.Click("#thread-close")
	c.Set(`[data-testid="user-switch"]`, "U0ASKER")
}

// homeAndSearch is the Home tab and the shortcut that is on no message.
func (c clicks) homeAndSearch() {
	visit(c.Tab, direct)
	c.Click(`[data-testid="tab-home"]`)
	c.Reads("#home", "What I know")
	c.search("#home")
	c.Click(`dialog [data-action-id="source"]`)
	c.article()
	c.Reads("#home", "Your last questions")
	c.Click(`#home [data-action-id="ask:1"]`)
	c.Reads("dialog", "Source:")
	c.Click(`[data-testid="modal-x"]`)
	c.closed()

	visit(c.Tab, general)
	c.Click(`[data-testid="shortcuts"]`)
	c.Click(`.popup [data-key="search"]`)
	c.search("dialog")
	c.Click(`[data-testid="modal-x"]`)
	c.closed()
}

// pane is the assistant's.
func (c clicks) pane() {
	c.Click(`[data-testid="assistant-toggle"]`)
	c.last("#pane .message", "Hello!")
	c.Click("#pane .prompts .chip")
	c.count("#pane .message", 3)
	c.last("#pane .message", "Source:")
	c.Until(`!["", "New chat"].includes(document.querySelector("#pane h2").innerText)`)
	c.WriteIn(`[data-testid="pane-composer"]`, leads)
	c.count("#pane .message", 5)
	c.last("#pane .message", jassy)
	c.Click(`#pane [aria-label="Close the assistant"]`)
}

// judged is what is left of all that: the vote, and each answer once.
func (c clicks) judged() {
	c.Set(`[data-testid="user-switch"]`, "U0CURATOR")
	visit(c.Tab, direct)
	c.Click(`[data-testid="tab-home"]`)
	wants(c.T, "the vote", c.Reads("#home", "1 against, 0 for."), "It is out of date.")
	for _, tt := range []struct {
		channel, user string
		want          int
	}{
		{"C0GENERAL", "U0ASKER", 9},  // with the word of thanks for the vote
		{"C0RANDOM", "U0CURATOR", 2}, // a private one that was shared
		{"@U0BOT", "U0ASKER", 5},     // with what the pane begins with
	} {
		if got := c.says(tt.channel, tt.user); len(got) != tt.want {
			c.Errorf("%d answers in %s, want %d:\n%s", len(got), tt.channel, tt.want, strings.Join(got, "\n"))
		}
	}
}
