// Package draft makes a fact base of an article, for a person to go through: a
// [Base] of drafts, each a statement of the article with its quote, how certain
// the wording is, who reports it, and ways of asking for it; and the questions
// that readers of such an article have and that it does not answer.
//
// It works by rules on the wording of English sentences, knows no network and
// no model, and gives the same base for the same article every time. What it
// makes checks; whether it is right is for the person to say who accepts it.
package draft

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
	"footnote/knowledge/article"
	"footnote/knowledge/quantity"
)

// Base is what was drafted from an article.
type Base struct {
	Article article.Article
	Names   []knowledge.Name
	Facts   []knowledge.Fact
	Gaps    []knowledge.Gap
}

// sourceID is the id of the article among the base's sources.
const sourceID = "article"

// New drafts a base from an article. If progress is not nil it is called now
// and then with how many of the article's sentences are done.
func New(a article.Article, progress func(done, of int)) *Base {
	all := sentences(a.Text)
	c := newCast(all)
	r := &reader{cast: c, sentences: all}
	b := &Base{Article: a}
	d := drafter{cast: c, base: b, asked: map[string]bool{}, ids: map[string]bool{}}
	d.date(a.Text)
	for i := range all {
		for _, s := range r.read(i) {
			d.add(s)
		}
		if progress != nil {
			progress(i+1, len(all))
		}
	}
	d.overview()
	d.relate()
	for _, n := range c.names {
		b.Names = append(b.Names, knowledge.Name{ID: n.id, Kind: n.kind, Aliases: n.aliases})
	}
	for _, g := range c.gaps(a.Text, b.Facts) {
		g.ID, g.Questions = d.id(g.ID), d.fresh(g.Questions)
		if len(g.Questions) > 0 {
			b.Gaps = append(b.Gaps, g)
		}
	}
	return b
}

// drafter turns statements into facts.
type drafter struct {
	cast  *cast
	base  *Base
	asked map[string]bool // questions, folded
	ids   map[string]bool
	said  map[string]bool // answers, folded
}

func (d *drafter) add(s statement) {
	if d.said == nil {
		d.said = map[string]bool{}
	}
	if key := knowledge.Fold(s.answer); key == "" || d.said[key] || !carried(s.answer, s.quote) {
		return
	}
	if s.group == nil && s.role == nil && !endsWith(s.quote, ".", ".”", ".\"") {
		return // no sentence
	}
	questions := d.fresh(d.cast.questions(&s))
	if len(questions) == 0 {
		return
	}
	d.said[knowledge.Fold(s.answer)] = true
	d.base.Facts = append(d.base.Facts, knowledge.Fact{
		ID: d.id(slug(s)), Answer: finished(s.answer), Questions: questions,
		Quotes:    []knowledge.Quote{{Text: s.quote, Source: sourceID}},
		Certainty: s.certainty, ReportedBy: s.reportedBy, About: s.about,
	})
}

// carried reports whether the quote says every quantity of the answer.
func carried(answer, quote string) bool {
	said := quantity.Find(quote)
	for _, claim := range quantity.Find(answer) {
		ok := false
		for _, q := range said {
			ok = ok || q.Carries(claim)
		}
		if !ok {
			return false
		}
	}
	return true
}

// fresh returns the questions that the base does not hold yet, and notes them.
func (d *drafter) fresh(questions []string) []string {
	var out []string
	for _, q := range questions {
		if key := knowledge.Fold(q); key != "" && !d.asked[key] {
			d.asked[key] = true
			out = append(out, q)
		}
	}
	return out
}

// Dated returns the day with which a text begins, behind a place or not, or the
// zero time.
func Dated(text string) time.Time {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if _, day := stamped(first); !day.IsZero() {
		return day
	}
	for _, q := range quantity.Find(placed.FindString(first)) {
		if q.Kind == quantity.Date && q.Year > 0 && q.Day > 0 {
			return time.Date(q.Year, time.Month(q.Month), q.Day, 0, 0, 0, 0, time.UTC)
		}
	}
	return time.Time{}
}

// Title makes a title for a text without one: its first line, or the beginning
// of that, without a date.
func Title(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	words := strings.Fields(undated(strings.TrimLeft(line, "# ")))
	if len(words) > 12 {
		return strings.Join(words[:12], " ") + "…"
	}
	return strings.Join(words, " ")
}

// stamped returns the date at the head of a line, as it stands there and as a day.
func stamped(line string) (string, time.Time) {
	stamp := strings.TrimRight(strings.TrimSpace(dated.FindString(line+" ")), ":.,")
	found := quantity.Find(stamp)
	if len(found) != 1 || found[0].Kind != quantity.Date || found[0].Day == 0 {
		return "", time.Time{}
	}
	q := found[0]
	return stamp, time.Date(q.Year, time.Month(q.Month), q.Day, 0, 0, 0, 0, time.UTC)
}

// date drafts a fact of the date that the article begins with, if it does.
func (d *drafter) date(text string) {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	stamp, day := stamped(first)
	if stamp == "" {
		return
	}
	d.base.Facts = append(d.base.Facts, knowledge.Fact{
		ID: d.id("date"), Answer: "The article is dated " + day.Format("2 January 2006") + ".",
		Quotes: []knowledge.Quote{{Text: stamp, Source: sourceID}}, Certainty: knowledge.Confirmed,
		Questions: d.fresh([]string{"what is the date of the article?", "when was this published?", "when was the article written?", "how old is this news?",
			"when was this reported?", "what day is the article from?", "how recent is this?", "publication date", "as of when is this?", "is this news from today?"}),
	})
}

// overview has the first statement answer what the article is about.
func (d *drafter) overview() {
	for i := range d.base.Facts {
		if f := &d.base.Facts[i]; f.ID != "date" {
			f.Questions = append(f.Questions, d.fresh([]string{"what is the article about?", "what is this about?", "what is the news?", "what happened?", "summary please",
				"give me the gist", "what is going on?", "the story in one sentence", "what does the report say?", "what is the headline?"})...)
			return
		}
	}
}

// relate ties facts of neighbouring sentences and the same names together.
func (d *drafter) relate() {
	facts := d.base.Facts
	for i := range facts {
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(facts) && shared(facts[i].About, facts[j].About) {
				facts[i].Related = append(facts[i].Related, facts[j].ID)
			}
		}
	}
}

func shared(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// id makes an id that the base does not have yet.
func (d *drafter) id(want string) string {
	id := want
	for n := 2; d.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", want, n)
	}
	d.ids[id] = true
	return id
}

// slug makes an id of what a statement says: three or four of its words.
func slug(s statement) string {
	words := s.answer
	if s.group != nil {
		words = s.subject + " " + joined(s.tokens[s.group.from:])
	}
	var out []string
	for _, t := range tokenize(words) {
		low := notSlug.ReplaceAllString(strings.ToLower(ascii(t.low)), "")
		if !t.word() || low == "" || t.is(determiners) || t.is(prepositions) || t.is(conjunctions) || t.is(modals) || t.is(beForms) || t.is(haveForms) || t.is(pronouns) || t.is(notNouns) {
			continue
		}
		if out = append(out, low); len(out) == 4 {
			break
		}
	}
	if len(out) == 0 {
		return "statement"
	}
	return strings.Join(out, "-")
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// ascii takes the marks off letters.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// finished writes an answer as a sentence.
func finished(s string) string {
	s = strings.TrimSpace(s)
	if !endsWith(s, ".", "!", "?", "”", "\"") {
		s += "."
	}
	return upper(s)
}
