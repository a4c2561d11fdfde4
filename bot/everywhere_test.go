package bot_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// questions are the first n of the shipped base that follow no other.
func questions(t *testing.T, n int) []string {
	t.Helper()
	f, err := os.Open("../knowledge/amazon-openai/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for lines := bufio.NewScanner(f); lines.Scan() && len(out) < n; {
		var q struct {
			Q     string
			After *string
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.After == nil {
			out = append(out, q.Q)
		}
	}
	return out
}

// asked is how one asks on each surface that answers with a message; it returns
// what was answered.
var asked = map[string]func(s *stage, q string) string{
	"mention": func(s *stage, q string) string {
		s.ask(q, "")
		return s.told(s.channel, 1)[0].Text
	},
	"direct": func(s *stage, q string) string {
		channel := s.act("message", thing{"channel": private, "text": q})["channel"].(string)
		return s.told(channel, 1)[0].Text
	},
	"command": func(s *stage, q string) string {
		answer, _ := s.act("command", thing{"channel": s.channel, "command": "/ask", "text": q})["response"].(thing)
		text, _ := answer["text"].(string)
		return text
	},
	"pane": func(s *stage, q string) string {
		begun := s.act("assistant", thing{})
		channel := begun["channel"].(string)
		s.told(channel, 2)
		s.act("message", thing{"channel": private, "thread_ts": begun["thread_ts"], "text": q})
		return s.told(channel, 3)[2].Text
	},
	"shortcut": func(s *stage, q string) string {
		ts := s.write(q, "")
		s.act("shortcut", thing{"callback_id": "find", "channel": s.channel, "message_ts": ts})
		return s.told(s.channel, 1)[0].Text
	},
}

// The same questions find the same facts wherever they are asked.
func TestTheSameEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, patiently)
	w.start()
	t.Run("questions", func(t *testing.T) {
		for i, q := range questions(t, 50) {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				askEverywhere(t, w, i, q)
			})
		}
	})
	w.untroubled()
}

// askEverywhere puts the i-th question on each surface and in the search.
func askEverywhere(t *testing.T, w *world, i int, q string) {
	answer := w.index.Answer(match.Question{Text: q})
	n := 0
	for surface, ask := range asked {
		n++
		s := &stage{T: t, w: w, user: fmt.Sprintf("U0Q%02d%d", i, n), channel: fmt.Sprintf("C0Q%02d%d", i, n)}
		got := ask(s, q)
		for _, m := range answer.Facts {
			if answer.Verdict == match.Sure && !strings.Contains(got, m.Fact.Answer) {
				t.Errorf("%s %q: %q, want %s", surface, q, got, m.Fact.ID)
			}
		}
		if answer.Verdict == match.Abstain && answer.Gap != nil && !strings.Contains(got, strings.TrimRight(answer.Gap.Missing, ".")) {
			t.Errorf("%s %q: %q, want the gap %s", surface, q, got, answer.Gap.ID)
		}
	}
	if answer.Verdict != match.Sure {
		return // a search lists, and says nothing of what there is not
	}
	s := &stage{T: t, w: w, user: fmt.Sprintf("U0Q%02d", i), channel: channel}
	home := s.home("What I know")
	for _, m := range answer.Facts {
		s.act("suggest", thing{"view_id": home.ID, "action_id": "find", "value": q})
		s.act("action", thing{"view_id": home.ID, "action_id": "find", "value": m.Fact.ID})
		found := s.modal(plainText(m.Fact.Answer))
		s.act("close", thing{"view_id": found.ID, "all": true})
	}
}

// plainText is a text as it stands in the JSON of blocks.
func plainText(text string) string {
	data, _ := json.Marshal(text)
	return strings.Trim(plainJSON(data), "\"\n")
}

// untroubled fails if Slack refused anything.
func (w *world) untroubled() {
	w.t.Helper()
	for line := range strings.Lines(w.log.text()) {
		slow := strings.Contains(line, "deadline exceeded") // is the machine's trouble
		if !slow && (strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN")) {
			w.t.Error(line)
		}
	}
}

// Whatever is asked, the answer is one that Slack takes and pings nobody.
func TestHostileQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, patiently)
	w.start()
	for i, q := range []string{
		strings.Repeat("who leads the negotiations? ", 1_400), // 39,200 characters
		strings.Repeat("x", 39_000),
		strings.Repeat("🙂", 9_000),
		"\u202eמי מוביל את המשא ומתן?\u202c",
		"من يقود المفاوضات؟",
		"🙂 🎉 👩‍👩‍👧‍👦",
		"```who leads the negotiations?```",
		"<!channel> <!here> <!everyone> <!subteam^S0ABC|@ops>",
		"<!channel> who leads <https://example.com/a|the negotiations> &lt;!here&gt; <@U0CURATOR>?",
		"*who* _leads_ ~the~ `negotiations` > ?",
		"' OR 1=1; -- \\ \" {topic} %s",
		"?", "…", "\u200b",
	} {
		n := 0
		for surface, ask := range asked {
			n++
			if surface == "command" && len(q) > 8_000 {
				continue // Slack's own client sends no such command
			}
			s := &stage{T: t, w: w, user: fmt.Sprintf("U0H%02d%d", i, n), channel: fmt.Sprintf("C0H%02d%d", i, n)}
			got := ask(s, q)
			if got == "" || strings.ContainsAny(got, "<>") {
				t.Errorf("%s %.40q: %q", surface, q, got)
			}
		}
		s := &stage{T: t, w: w, user: fmt.Sprintf("U0H%02d", i), channel: channel}
		home := s.home("What I know")
		s.act("suggest", thing{"view_id": home.ID, "action_id": "find", "value": q[:min(len(q), 300)]})
	}
	w.untroubled()
}

// A fact that exceeds every limit is shortened, and never refused.
func TestOversizedFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, patiently)
	w.index = oversized(t)
	w.start()
	for n, surface := range []string{"mention", "direct", "command", "pane", "shortcut"} {
		s := &stage{T: t, w: w, user: fmt.Sprintf("U0B%02d", n), channel: fmt.Sprintf("C0B%02d", n)}
		if got := asked[surface](s, "what does the huge passage say?"); !strings.HasPrefix(got, "Huge huge") || !strings.Contains(got, "…") {
			t.Errorf("%s: %.80q", surface, got)
		}
	}
	s := &stage{T: t, w: w, user: "U0B00", channel: "C0B00"}
	s.press(s.told(s.channel, 1)[0], "source", "")
	s.modal("Quoted: paragraph 1")
	s.act("close", thing{"view_id": s.modal("Quoted").ID, "all": true})
	home := s.home("What I know")
	s.act("suggest", thing{"view_id": home.ID, "action_id": "find", "value": "huge passage"})
	s.act("action", thing{"view_id": home.ID, "action_id": "find", "value": "huge-0"})
	s.modal("Huge huge")
	w.untroubled()
}

// oversized is a base in which everything is too long.
func oversized(t *testing.T) *match.Index {
	t.Helper()
	var article, facts strings.Builder
	title := strings.Repeat("Title & more ", 80)
	fmt.Fprintf(&facts, "sources:\n  - {id: a, kind: %q, title: %q, publisher: %q, url: %q, published: 2026-03-01, file: a.txt}\nfacts:\n",
		strings.Repeat("kind ", 60), title, title, "https://example.com/"+strings.Repeat("path/", 800))
	long := "Huge huge " + strings.Repeat("passage of <words> & signs ", 400)
	for n := range 150 {
		line := fmt.Sprintf("%s number %s.", long, strings.Repeat("i", n+1))
		article.WriteString(line + "\n")
		fmt.Fprintf(&facts, "  - id: huge-%d\n    answer: %q\n    certainty: confirmed\n    quotes: [{source: a, text: %q}]\n    questions: [%q, %q]\n",
			n, line, line, "what does the huge passage "+strings.Repeat("i", n)+" say?", strings.Repeat("what of the huge passage ", 60)+strings.Repeat("i", n))
	}
	b, err := knowledge.Load(fstest.MapFS{"a.txt": {Data: []byte(article.String())}, "facts.yaml": {Data: []byte(facts.String())}})
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
