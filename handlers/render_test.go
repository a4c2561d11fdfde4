package handlers

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

var update = flag.Bool("update", false, "write the golden files of testdata/replies")

func load(t testing.TB, files fs.FS) *knowledge.Base {
	t.Helper()
	b, err := knowledge.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func testBase(t *testing.T) *knowledge.Base {
	t.Helper()
	return load(t, testFiles)
}

var testFiles = os.DirFS("testdata/base")

// twoSources has a fact that rests on both of its sources.
var twoSources = fstest.MapFS{
	"a.txt": {Data: []byte("The office opens at nine.\nDogs are welcome.\n")},
	"b.txt": {Data: []byte("Opening hours\nThe doors are unlocked at nine.\n")},
	"facts.yaml": {Data: []byte(`
sources:
  - {id: a, kind: handbook, title: "Handbook <v2>", publisher: "R&D", url: "https://example.com/h?a=1&b=2|3", published: 2026-03-01, file: a.txt}
  - {id: b, kind: sign, title: "The sign", published: 2026-02-02, file: b.txt}
facts:
  - id: hours
    answer: "The office opens at nine."
    certainty: confirmed
    quotes:
      - {source: b, text: "The doors are unlocked at nine."}
      - {source: a, text: "The office opens at nine."}
    questions: ["when does the office open?", "from when is the door open"]
  - id: dogs
    answer: "Dogs may come."
    certainty: possible
    quotes: [{source: a, text: "Dogs are welcome."}]
    questions: ["may I bring my dog?", "are pets allowed"]
gaps:
  - {id: cats, missing: "whether cats may come", near: [dogs], questions: ["may I bring my cat?"]}
`)},
}

// facts are matches of the base's facts with these ids.
func facts(t *testing.T, b *knowledge.Base, ids ...string) []match.Match {
	t.Helper()
	var out []match.Match
	for _, id := range ids {
		f := b.Fact(id)
		if f == nil {
			t.Fatalf("no fact %q in the base", id)
		}
		out = append(out, match.Match{Fact: f, Question: f.Questions[1], Score: 0.9})
	}
	return out
}

func gap(t *testing.T, b *knowledge.Base, id string) *knowledge.Gap {
	t.Helper()
	for i := range b.Gaps {
		if b.Gaps[i].ID == id {
			return &b.Gaps[i]
		}
	}
	t.Fatalf("no gap %q in the base", id)
	return nil
}

// golden compares v, as JSON, with a file, or writes the file.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got strings.Builder
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false) // to be read
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "replies", name+".json")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func TestReplies(t *testing.T) {
	one := testBase(t)
	two := load(t, twoSources)
	sure := func(b *knowledge.Base, ids ...string) match.Answer {
		return match.Answer{Verdict: match.Sure, Facts: facts(t, b, ids...)}
	}
	corrected := sure(one, "amount")
	corrected.Correction = &match.Correction{Text: "Not quite: up to $50 billion"}
	for name, tt := range map[string]struct {
		b *knowledge.Base
		a match.Answer
	}{
		"sure-under-discussion": {one, sure(one, "amount")},
		"sure-reported-by":      {one, sure(one, "negotiator")},
		"sure-reported":         {one, sure(one, "layoffs-why")},
		"sure-possible":         {one, sure(one, "round-total")},
		"sure-confirmed":        {one, sure(one, "layoffs")},
		"sure-corrected":        {one, corrected},
		"sure-parts":            {one, sure(one, "layoffs", "layoffs-why")},
		"sure-sources":          {two, sure(two, "hours")},
		"ambiguous":             {one, match.Answer{Verdict: match.Ambiguous, Facts: facts(t, one, "amount", "round-total", "layoffs")}},
		"ambiguous-alike":       {one, match.Answer{Verdict: match.Ambiguous, Facts: facts(t, one, "layoffs", "layoffs-why")}},
		"gap-thing":             {one, match.Answer{Gap: gap(t, one, "valuation"), Near: facts(t, one, "round-total", "amount", "talks-focus")}},
		"gap-clause":            {one, match.Answer{Gap: gap(t, one, "more-layoffs"), Near: facts(t, one, "layoffs")}},
		"gap-sources":           {two, match.Answer{Gap: gap(t, two, "cats"), Near: facts(t, two, "dogs")}},
		"unknown-near":          {one, match.Answer{Near: facts(t, one, "layoffs", "round-total")}},
		"unknown":               {one, match.Answer{}},
		"unknown-sources":       {two, match.Answer{}},
		"chat-greeting":         {one, match.Answer{Verdict: match.Chat, Chat: "greeting"}},
		"chat-thanks":           {one, match.Answer{Verdict: match.Chat, Chat: "thanks"}},
		"chat-bye":              {one, match.Answer{Verdict: match.Chat, Chat: "bye"}},
		"chat-praise":           {one, match.Answer{Verdict: match.Chat, Chat: "praise"}},
		"chat-complaint":        {one, match.Answer{Verdict: match.Chat, Chat: "complaint"}},
		"chat-about":            {one, match.Answer{Verdict: match.Chat, Chat: "about"}},
		"chat-joke":             {one, match.Answer{Verdict: match.Chat, Chat: "joke"}},
		"chat-other":            {one, match.Answer{Verdict: match.Chat, Chat: "weather"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := speaker{base: tt.b, command: "/ask", words: english}
			golden(t, name, post(Event{Kind: Direct, Channel: "D1"}, s.say(tt.a)))
		})
	}
	s := speaker{base: one, command: "/ask", words: english}
	t.Run("private", func(t *testing.T) {
		golden(t, "private", private(s.offer(sure(one, "amount"), `how much does <@U2> "want" &lt;now&gt;?`, inPrivate)))
	})
	t.Run("shared", func(t *testing.T) {
		ev := Event{Kind: Press, Channel: "C1", ResponseURL: respondAt}
		golden(t, "shared", respond(ev, s.shared(corrected, "Amazon gives 40 billion?", "U123"), true))
	})
	t.Run("help", func(t *testing.T) { golden(t, "help", private(s.help())) })
	t.Run("apology", func(t *testing.T) { golden(t, "apology", private(plainly(english.apology))) })
	t.Run("stale", func(t *testing.T) { golden(t, "stale", private(plainly(english.stale))) })
}

// A ledger keeps actions as JSON: nothing may be lost on the way.
func TestActionSurvivesJSON(t *testing.T) {
	b := testBase(t)
	s := speaker{base: b, command: "/ask", words: english}
	a := match.Answer{Gap: gap(t, b, "valuation"), Near: facts(t, b, "round-total", "amount")}
	want, err := json.Marshal(post(Event{Kind: Mention, Channel: "C1", TS: "1.2"}, s.say(a)))
	if err != nil {
		t.Fatal(err)
	}
	var back Action
	if err := json.Unmarshal(want, &back); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("read back it differs (-want +got):\n%s", diff)
	}
}

// An ambiguous answer without two facts to choose from is no choice.
func TestAmbiguousOfOne(t *testing.T) {
	b := testBase(t)
	s := speaker{base: b, words: english}
	got := s.say(match.Answer{Verdict: match.Ambiguous, Facts: facts(t, b, "amount")})
	want := s.say(match.Answer{Near: facts(t, b, "amount")})
	if diff := cmp.Diff(want.text, got.text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// Examples come from all over the base, not from its first lines.
func TestExamplesOfShippedBase(t *testing.T) {
	b := load(t, knowledge.Shipped())
	got := speaker{base: b, words: english, room: maxText}.examples()
	if len(got) != maxExamples {
		t.Fatalf("got %d examples, want %d", len(got), maxExamples)
	}
	for _, c := range got {
		if width(c.text) > maxLabel {
			t.Errorf("example %q does not go on a button", c.text)
		}
	}
}

// No byte of a reply's text becomes more in what is sent than is reckoned with.
func TestMostOfByte(t *testing.T) {
	most := 0
	for b := range 256 {
		text, err := json.Marshal(escape(string([]byte{byte(b)})))
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, len(text)-len(`""`))
	}
	if most != mostOfByte {
		t.Errorf("a byte becomes up to %d bytes; fits reckons with %d", most, mostOfByte)
	}
	around, err := json.Marshal(Message{ResponseType: slack.ResponseTypeEphemeral, Blocks: Blocks{rendered: []byte("[]")}})
	if err != nil || len(around) > maxFrame {
		t.Errorf("%d bytes stand around text and blocks (%v); fits reckons with %d", len(around), err, maxFrame)
	}
}
