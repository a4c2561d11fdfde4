package draft

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"footnote/knowledge"
)

//go:embed gaps.txt
var gapList string

// topic is what gaps may be about, and the words by which it is known.
type topic struct {
	words []string // "any" alone: every article
	gaps  []openGap
}

// openGap is something that readers ask unless the article holds its words.
type openGap struct {
	id, missing string
	unless      []string
	questions   []string
}

var topics = readTopics(gapList)

func readTopics(list string) []topic {
	var out []topic
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if words, ok := strings.CutPrefix(line, "## "); ok {
			out = append(out, topic{words: strings.Fields(words)})
			continue
		}
		if len(out) == 0 || line == "" {
			continue
		}
		t := &out[len(out)-1]
		if head, ok := strings.CutPrefix(line, "# "); ok {
			head, unless, _ := strings.Cut(head, "; unless ")
			id, missing, _ := strings.Cut(head, ": ")
			t.gaps = append(t.gaps, openGap{id: id, missing: missing})
			if unless != "" {
				t.gaps[len(t.gaps)-1].unless = strings.Split(unless, ", ")
			}
			continue
		}
		g := &t.gaps[len(t.gaps)-1]
		g.questions = append(g.questions, line)
	}
	return out
}

// gaps returns what the article leaves open, with the facts nearest to it.
func (c *cast) gaps(text string, facts []knowledge.Fact) []knowledge.Gap {
	words := lowerWords(text)
	var ids []string
	for _, n := range c.names {
		ids = append(ids, n.id)
	}
	fill := c.fill(ids)
	var out []knowledge.Gap
	for _, t := range topics {
		if t.words[0] != "any" && count(words, t.words) < 2 {
			continue
		}
		near := nearest(facts, t.words)
		for _, g := range t.gaps {
			if slices.ContainsFunc(g.unless, func(phrase string) bool { return holds(words, phrase) }) {
				continue
			}
			gap := knowledge.Gap{ID: "open-" + g.id, Missing: g.missing, Near: near}
			for _, q := range g.questions {
				if q = fill.Replace(q); !strings.Contains(q, "{") {
					gap.Questions = append(gap.Questions, q)
				}
			}
			if len(gap.Questions) > 0 && len(near) > 0 {
				out = append(out, gap)
			}
		}
	}
	return out
}

// lowerWords are the words of a text, each with a space before and behind.
func lowerWords(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range tokenize(text) {
		if t.word() {
			b.WriteString(t.low)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// holds reports whether words hold a phrase; one that ends with "*" is the
// beginning of a word.
func holds(words, phrase string) bool {
	if stem, ok := strings.CutSuffix(phrase, "*"); ok {
		return strings.Contains(words, " "+stem)
	}
	return strings.Contains(words, " "+phrase+" ")
}

// count is how many of the phrases words hold, one that stands there twice
// counted twice.
func count(words string, phrases []string) int {
	n := 0
	for _, p := range phrases {
		if stem, ok := strings.CutSuffix(p, "*"); ok {
			n += strings.Count(words, " "+stem)
		} else {
			n += strings.Count(words, " "+p+" ")
		}
	}
	return n
}

// nearest returns the ids of the two facts that say most of a topic, or of the
// first facts.
func nearest(facts []knowledge.Fact, phrases []string) []string {
	type scored struct {
		id string
		n  int
	}
	var all []scored
	for _, f := range facts {
		all = append(all, scored{f.ID, count(lowerWords(f.Answer), phrases)})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.n, a.n) })
	var out []string
	for _, s := range all[:min(2, len(all))] {
		out = append(out, s.id)
	}
	return out
}
