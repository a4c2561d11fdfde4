package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// payload is what a decision has Slack show.
func payload(d Decision) (text string, blocks []slack.Block) {
	if m, ok := d.Ack.(Message); ok {
		return m.Text, m.Blocks.BlockSet
	}
	return d.Actions[0].Text, d.Actions[0].Blocks.BlockSet
}

func pressable(d Decision) []*slack.ButtonBlockElement {
	var out []*slack.ButtonBlockElement
	_, blocks := payload(d)
	for _, b := range blocks {
		if row, ok := b.(*slack.ActionBlock); ok {
			for _, e := range row.Elements.ElementSet {
				out = append(out, e.(*slack.ButtonBlockElement))
			}
		}
	}
	return out
}

func action(d Decision, id string) *slack.ButtonBlockElement {
	for _, b := range pressable(d) {
		if b.ActionID == id {
			return b
		}
	}
	return nil
}

func button(t *testing.T, d Decision, id string) *slack.ButtonBlockElement {
	t.Helper()
	b := action(d, id)
	if b == nil {
		t.Fatalf("no button %q in %+v", id, d)
	}
	return b
}

// shown is every text that Slack parses or shows on a button. Quotes are not
// among it: Slack does not parse rich text.
func shown(t *testing.T, d Decision) []string {
	t.Helper()
	text, blocks := payload(d)
	out := []string{text}
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			out = append(out, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				out = append(out, e.(*slack.TextBlockObject).Text)
			}
		case *slack.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				out = append(out, e.(*slack.ButtonBlockElement).Text.Text)
			}
		case *slack.RichTextBlock, *slack.ContextActionsBlock: // the catalogue's words
		default:
			t.Fatalf("unexpected block %T", b)
		}
	}
	return out
}

var (
	sharer = regexp.MustCompile(`^Shared by <@U[A-Z0-9]+>$`)
	anchor = regexp.MustCompile(`<https?://[^<>|]+\|[^<>]*>`)
)

// unsafe says what in a decision could ping somebody or be read as markup.
func unsafe(t *testing.T, d Decision) error {
	for _, s := range shown(t, d) {
		if sharer.MatchString(s) {
			continue
		}
		if strings.ContainsAny(anchor.ReplaceAllString(s, ""), "<>") {
			return fmt.Errorf("%q has an unescaped bracket", s)
		}
	}
	return nil
}

// unsendable says what in a decision Slack would refuse.
func unsendable(d Decision) error {
	if len(d.Actions) == 0 && d.Ack == nil {
		for _, a := range d.AtOnce {
			if err := unopenable(a); err != nil {
				return fmt.Errorf("%s: %w", a.Do, err)
			}
		}
		return nil
	}
	text, blocks := payload(d)
	if len(blocks) == 0 || len(blocks) > 50 {
		return fmt.Errorf("%d blocks", len(blocks))
	}
	var all strings.Builder
	enc := json.NewEncoder(&all)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(blocks); err != nil || units(all.String()) > 13_200 {
		return fmt.Errorf("blocks of %d characters: %w", units(all.String()), err)
	}
	if n := len(must(json.Marshal(d.Ack))); n > 20_480 {
		return fmt.Errorf("ack of %d bytes", n)
	}
	if err := check("text", text, 3000); err != nil {
		return err
	}
	for _, b := range blocks {
		if err := unshowable(b); err != nil {
			return err
		}
	}
	for _, a := range d.AtOnce {
		if err := unopenable(a); err != nil {
			return fmt.Errorf("%s: %w", a.Do, err)
		}
	}
	return nil
}

// unopenable says what in a view, a title or prompts Slack would refuse.
func unopenable(a Action) error {
	var blocks slack.Blocks
	switch {
	case a.Modal != nil:
		blocks = a.Modal.Blocks
		if err := check("title", a.Modal.Title.Text, 24); err != nil {
			return err
		}
		if n := units(a.Modal.PrivateMetadata); n > 3000 {
			return fmt.Errorf("private metadata of %d characters", n)
		}
	case a.Home != nil:
		blocks = a.Home.Blocks
	default:
		if err := check("text", a.Text, 3000); err != nil {
			return err
		}
		for _, p := range a.Prompts {
			if err := errors.Join(check("prompt", p.Title, 75), check("prompt", p.Message, 3000)); err != nil {
				return err
			}
		}
		return nil
	}
	if n := len(blocks.BlockSet); n == 0 || n > 100 {
		return fmt.Errorf("%d blocks", n)
	}
	if n := len(must(json.Marshal(blocks))); n > 250_000 {
		return fmt.Errorf("blocks of %d bytes", n)
	}
	for _, b := range blocks.BlockSet {
		if err := unshowable(b); err != nil {
			return err
		}
	}
	return nil
}

func check(what, s string, max int) error {
	if s == "" || units(s) > max || !utf8.ValidString(s) {
		return fmt.Errorf("%s of %d characters: %q", what, units(s), s)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
		return fmt.Errorf("%s has a control character at %d: %q", what, i, s)
	}
	return nil
}

// unshowable says what in a block Slack would refuse.
func unshowable(b slack.Block) error {
	if n := len(b.ID()); n > 255 {
		return fmt.Errorf("block_id of %d bytes", n)
	}
	switch b := b.(type) {
	case *slack.SectionBlock:
		if b.Accessory != nil && b.Accessory.ButtonElement != nil {
			return errors.Join(check("section", b.Text.Text, 3000), unpressable(b.Accessory.ButtonElement))
		}
		return check("section", b.Text.Text, 3000)
	case *slack.HeaderBlock:
		return check("header", b.Text.Text, 150)
	case *slack.RichTextBlock:
		return check("quote", b.Elements[0].(*slack.RichTextQuote).Elements[0].(*slack.RichTextSectionTextElement).Text, 3000)
	case *slack.ContextBlock:
		if n := len(b.ContextElements.Elements); n == 0 || n > 10 {
			return fmt.Errorf("context of %d elements", n)
		}
		for _, e := range b.ContextElements.Elements {
			if err := check("context", e.(*slack.TextBlockObject).Text, 3000); err != nil {
				return err
			}
		}
	case *slack.ActionBlock:
		seen := map[string]bool{}
		if n := len(b.Elements.ElementSet); n == 0 || n > 25 {
			return fmt.Errorf("actions of %d elements", n)
		}
		for _, e := range b.Elements.ElementSet {
			e := e.(*slack.ButtonBlockElement)
			if seen[e.ActionID] {
				return fmt.Errorf("action_id %q stands twice", e.ActionID)
			}
			seen[e.ActionID] = true
			if err := unpressable(e); err != nil {
				return err
			}
		}
	case *slack.ContextActionsBlock:
		for _, e := range b.Elements.ElementSet {
			e := e.(*slack.FeedbackButtonsBlockElement)
			for _, side := range []*slack.FeedbackButton{e.PositiveButton, e.NegativeButton} {
				if err := errors.Join(check("vote", side.Text.Text, 75), check("label", side.AccessibilityLabel, 75), check("value", side.Value, 2000)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func unpressable(e *slack.ButtonBlockElement) error {
	if e.ActionID == "" || len(e.ActionID) > 255 {
		return fmt.Errorf("action_id %q", e.ActionID)
	}
	if units(e.AccessibilityLabel) > 75 {
		return fmt.Errorf("label %q", e.AccessibilityLabel)
	}
	return errors.Join(check("button", e.Text.Text, 75), check("value", e.Value, 2000))
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

var hostile = []string{
	"<!here>", "<!channel|x>", "<!subteam^S1>", "<@U1>", "<#C1|general>", "&lt;!here&gt;", "&amp;lt;!here&amp;gt;", "<<!here>>", "<!here", "@here", "@channel",
	"<https://evil.example|click>", "*bold*", "`code`", "> quote", "\u202eesrever", "\x00\x07\x1b[31m", "\xff\xfe", "\n\n", "|", "{topic}", "%s", "%!d(",
	"👩‍👩‍👧‍👦", "👍🏽", "e\u0301\u0301", "שלום עולם", "مرحبا بالعالم", "漢字", "Zürich", " ", "\u200b", "what", "?", "16,000",
}

// hostileText is made of what has hurt bots before, and can be very long.
func hostileText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(hostile), rapid.String()), 0, 6).Draw(t, "parts")
		glue := rapid.SampledFrom([]string{"", " "}).Draw(t, "glue")
		return strings.Repeat(strings.Join(parts, glue)+glue, rapid.SampledFrom([]int{1, 1, 7, 400}).Draw(t, "times"))
	})
}

// Whatever stands in a base and whatever is asked, Slack takes the reply and
// nobody is pinged by it.
func TestRenderHostile(t *testing.T) {
	files := twoSources
	rapid.Check(t, func(rt *rapid.T) {
		text := func(name string) string { return hostileText().Draw(rt, name) }
		b := must(knowledge.Load(files))
		for i := range b.Sources {
			b.Sources[i].Title, b.Sources[i].Kind, b.Sources[i].Publisher = text("title"), text("kind"), text("publisher")
			b.Sources[i].URL = rapid.SampledFrom([]string{"", "https://example.com/", "javascript:x", "https://example.com/<!here>|"}).Draw(rt, "url") + text("path")
			b.Sources[i].Published = time.Date(rapid.IntRange(1, 9999).Draw(rt, "year"), 1, 1, 0, 0, 0, 0, time.UTC)
		}
		draw := func(most int) []match.Match {
			var out []match.Match
			for i := range rapid.IntRange(0, most).Draw(rt, "facts") {
				f := &knowledge.Fact{ID: fmt.Sprintf("fact-%d", i), Answer: text("answer") + ".", ReportedBy: text("reporter"),
					Certainty: rapid.SampledFrom([]knowledge.Certainty{knowledge.Confirmed, knowledge.Reported, knowledge.UnderDiscussion, knowledge.Possible, "", "rumour"}).Draw(rt, "certainty")}
				for range rapid.IntRange(0, 6).Draw(rt, "quotes") {
					f.Quotes = append(f.Quotes, knowledge.Quote{Text: text("quote"), Source: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "source"), Paragraph: rapid.IntRange(0, 5).Draw(rt, "paragraph")})
				}
				for range rapid.IntRange(0, 2).Draw(rt, "questions") {
					f.Questions = append(f.Questions, text("question"))
				}
				for range rapid.IntRange(0, 4).Draw(rt, "names") {
					f.About = append(f.About, text("name"))
				}
				out = append(out, match.Match{Fact: f, Question: text("asked")})
				b.Facts = append(b.Facts, *f)
			}
			return out
		}
		a := match.Answer{
			Verdict: match.Verdict(rapid.IntRange(0, 4).Draw(rt, "verdict")),
			Facts:   draw(8), Near: draw(4), Chat: rapid.SampledFrom([]string{"greeting", "about", "", "%s"}).Draw(rt, "chat"),
		}
		if rapid.Bool().Draw(rt, "gap") {
			a.Gap = &knowledge.Gap{ID: "gap", Missing: text("missing")}
		}
		if rapid.Bool().Draw(rt, "corrected") {
			a.Correction = &match.Correction{Text: text("correction")}
		}
		s := speaker{base: b, command: rapid.SampledFrom([]string{"", "/ask", "<!here>"}).Draw(rt, "command"), words: english}
		question := text("user's question")
		for name, r := range map[string]reply{"say": s.say(a), "offer": s.offer(a, question, inPrivate), "shared": s.shared(a, echo(question), "U1"), "help": s.help()} {
			d := Decision{Ack: private(r)}
			if err := unsafe(t, d); err != nil {
				rt.Errorf("%s: %v", name, err)
			}
			if err := unsendable(d); err != nil {
				rt.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Whatever is written to the bot, it answers something harmless.
func TestHandleHostile(t *testing.T) {
	x := testIndex(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := hostileText().Draw(rt, "text")
		ev := Event{
			Kind:    rapid.SampledFrom([]Kind{Mention, Direct, Command, Press}).Draw(rt, "kind"),
			Channel: "C1", TS: "1.1", Message: "1.2", User: text, Text: "<@UBOT> " + text, ResponseURL: respondAt,
			Action:    rapid.SampledFrom([]string{"answer:1", "ask:1", "share", "", text}).Draw(rt, "action"),
			Value:     rapid.SampledFrom([]string{text, string(must(json.Marshal(share{Question: text, Facts: []string{"amount"}})))}).Draw(rt, "value"),
			Ephemeral: rapid.Bool().Draw(rt, "ephemeral"),
		}
		d := handle(t, x, ev)
		if err := unsafe(t, d); err != nil {
			rt.Error(err)
		}
		if err := unsendable(d); err != nil {
			rt.Error(err)
		}
	})
}

func TestEcho(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"how much?", "how much?"},
		{"<!here> how <@U1|ann> much <!subteam^S1|@ops>?", "how much ?"},
		{"is <https://example.com|this> or <https://example.com/x> right?", "is this or https://example.com/x right?"},
		{"3 &lt; 4 &amp;&amp; 5 &gt; 4", "3 ‹ 4 && 5 › 4"},
		{"&lt;!here&gt; @here @@channel a@example.com", "‹!here› here channel a@example.com"},
		{"one\ntwo\x00three", "one two three"},
	} {
		if got := echo(tt.text); got != tt.want {
			t.Errorf("echo(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		text string
		max  int
		want string
	}{
		{"short", 5, "short"},
		{"a longer text", 10, "a longer…"},
		{"a longer text", 9, "a longer…"},
		{"abcdefghij", 5, "abcd…"},
		{"a bcdefghijklm", 10, "a bcdefgh…"}, // the last word is most of it
		{"x & y & z", 10, "x &amp; y…"},
		{"👍👍👍👍", 6, "👍👍…"},
		{"ab👩‍👧cd", 6, "ab…"},
		{"abce\u0301fgh", 5, "abc…"},
		{"漢字漢字漢字", 4, "漢字漢…"},
	} {
		if got := escape(shorten(tt.text, tt.max)); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.text, tt.max, got, tt.want)
		}
	}
}

func TestLinked(t *testing.T) {
	for _, tt := range []struct{ address, want string }{
		{"https://example.com/a", "<https://example.com/a|T>"},
		{"https://example.com/a|b<c>?d=1&e=2", "<https://example.com/a%7Cb%3Cc%3E?d=1&amp;e=2|T>"},
		{"https://example.com/?q=ä b>|", "<https://example.com/?q=%C3%A4%20b%3E%7C|T>"},
		{"", "T"},
		{"javascript:alert(1)", "T"},
		{"/relative", "T"},
		{"https://example.com/" + strings.Repeat("x", maxText), "T"},
	} {
		if got := linked("T", tt.address, maxText); got != tt.want {
			t.Errorf("linked(%q) = %q, want %q", tt.address, got, tt.want)
		}
	}
}

// Words of the catalogue hold no markup of their own: they are escaped or put
// beside markup without another look. None is missing.
func TestWordsArePlain(t *testing.T) {
	said := []string{english.place("t", "p", "d", []int{1, 2}), english.sources([]string{"a", "b"}), english.sharedBy("u"), english.tooMany(time.Hour),
		english.showSource("k"), english.views.homeLead(2, "/ask"), english.views.quoted(2), english.views.leftOut(2), english.views.topics("n"), english.views.searchHint(2)}
	var collect func(v reflect.Value, name string)
	collect = func(v reflect.Value, name string) {
		switch v.Kind() {
		case reflect.String:
			said = append(said, v.String())
		case reflect.Struct:
			for i := range v.NumField() {
				collect(v.Field(i), v.Type().Field(i).Name)
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				said = append(said, v.MapIndex(key).String())
			}
		case reflect.Func:
			if v.IsNil() {
				t.Errorf("%s is missing", name)
			}
		}
	}
	collect(reflect.ValueOf(english), "words")
	for _, s := range said {
		if s == "" || strings.ContainsAny(s, "<>&*_~`") {
			t.Errorf("%q is empty or has markup", s)
		}
	}
	for _, s := range []string{english.views.whyTitle, english.views.searchTitle, english.views.close, english.views.submit} {
		if units(s) > maxTitle {
			t.Errorf("%q does not fit on a modal", s)
		}
	}
}
