package knowledge

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge/quantity"
)

// checker holds the entries of all files and finds every fault in them.
type checker struct {
	entries
	texts    map[string]string   // by id of the source
	passages map[string]passages // the same, for finding quotes
	found    map[place]spot      // by where a quote is written: where it stands in its source
	entry    string              // what the next faults belong to
	problems Problems
}

func (c *checker) fault(at place, format string, args ...any) {
	c.problems = append(c.problems, Problem{File: at.file, Line: at.line, Column: at.col, Entry: c.entry, Msg: fmt.Sprintf(format, args...)})
}

func (c *checker) check() {
	c.passages, c.found = map[string]passages{}, map[place]spot{}
	for id, source := range c.texts {
		c.passages[id] = newPassages(source)
	}
	c.checkSources()
	names := c.checkNames()
	facts := c.factIDs()
	asked := map[string]text{}
	for _, f := range c.facts {
		c.entry = entryName("fact", f.id.s)
		c.checkFact(f, names, facts)
		c.checkQuestions(f.at, f.questions, asked)
	}
	for _, g := range c.gaps {
		c.entry = entryName("gap", g.id.s)
		c.checkGap(g, facts)
		c.checkQuestions(g.at, g.questions, asked)
	}
	c.checkSuccession()
	c.entry = ""
	if len(c.facts) == 0 && len(c.problems) == 0 {
		c.problems = append(c.problems, Problem{File: ".", Msg: "no facts; add a list under \"facts:\""})
	}
}

func (c *checker) checkSources() {
	seen := map[string]place{}
	for _, s := range c.sources {
		c.entry = entryName("source", s.id.s)
		c.need(s.at, "id", s.id)
		c.need(s.at, "title", s.title)
		c.need(s.at, "file", s.file)
		c.unique(seen, "source", s.id)
		if _, err := time.Parse(time.DateOnly, s.date.s); err != nil {
			c.fault(either(s.date.at, s.at), "published %q is no date; write it as 2026-01-30", s.date.s)
		}
		if u, err := url.Parse(s.url.s); s.url.s != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			c.fault(s.url.at, "url %q is no web address; write it with https:// or leave it out", s.url.s)
		}
		if !utf8.ValidString(c.texts[s.id.s]) {
			c.fault(s.file.at, "%s is not UTF-8 text; convert it", s.file.s)
		}
	}
}

// checkNames returns the ids of the names.
func (c *checker) checkNames() map[string]bool {
	ids, owner := map[string]bool{}, map[string]text{}
	for _, n := range c.names {
		c.entry = entryName("name", n.name.s)
		c.need(n.at, "name", n.name)
		ids[n.name.s] = true
		for _, alias := range append([]text{n.name}, n.aliases...) {
			key := Fold(alias.s)
			if key == "" {
				c.fault(either(alias.at, n.at), "an alias without a letter or digit; fill it in or take it out")
				continue
			}
			if first, taken := owner[key]; taken {
				c.fault(alias.at, "%q stands at %s too; an alias belongs to one name", alias.s, where(first.at))
				continue
			}
			owner[key] = alias
		}
	}
	return ids
}

// factIDs returns the ids of all facts, those that are not readable included.
func (c *checker) factIDs() map[string]bool {
	ids, seen := map[string]bool{}, map[string]place{}
	for _, id := range c.broken {
		ids[id] = true
	}
	for _, f := range c.facts {
		c.entry = entryName("fact", f.id.s)
		c.need(f.at, "id", f.id)
		c.unique(seen, "fact", f.id)
		ids[f.id.s] = true
	}
	for _, g := range c.gaps {
		c.entry = entryName("gap", g.id.s)
		c.need(g.at, "id", g.id)
		c.unique(seen, "fact or gap", g.id)
	}
	return ids
}

func (c *checker) checkFact(f factEntry, names, facts map[string]bool) {
	c.need(f.at, "answer", f.answer)
	switch Certainty(f.certainty.s) {
	case Confirmed, Reported, UnderDiscussion, Possible:
	default:
		c.fault(either(f.certainty.at, f.at), "certainty %q is none of confirmed, reported, under_discussion, possible", f.certainty.s)
	}
	for _, id := range f.about {
		if !names[id.s] {
			c.fault(id.at, "about %q is not in the list of names; add it there", id.s)
		}
	}
	for _, r := range []struct {
		field string
		ids   []text
	}{{"related", f.related}, {"supersedes", f.supersedes}, {"confirms", f.confirms}, {"contradicts", f.contradicts}} {
		c.known(r.ids, facts, r.field)
		for _, id := range r.ids {
			if id.s == f.id.s {
				c.fault(id.at, "a fact is not %s itself; take it out", map[string]string{"related": "related to", "supersedes": "superseded by",
					"confirms": "confirmed by", "contradicts": "contradicted by"}[r.field])
			}
		}
	}
	if _, err := time.Parse(time.DateOnly, f.reviewBy.s); f.reviewBy.s != "" && err != nil {
		c.fault(f.reviewBy.at, "review_by %q is no date; write it as 2026-01-30", f.reviewBy.s)
	}
	if len(f.quotes) == 0 {
		c.fault(f.at, "no quote; a fact needs at least one passage of a source, word for word")
	}
	var said []quantity.Quantity
	for _, q := range f.quotes {
		c.checkQuote(q)
		said = append(said, quantity.Find(q.text.s)...)
	}
	if len(f.quotes) > 0 {
		c.checkNumbers(f.answer, said)
	}
}

func (c *checker) checkQuote(q quoteEntry) {
	c.need(q.at, "text", q.text)
	c.need(q.at, "source", q.source)
	if q.text.s == "" || q.source.s == "" {
		return
	}
	source, ok := c.passages[q.source.s]
	if !ok {
		if !c.hasSource(q.source.s) {
			c.fault(q.source.at, "source %q is not in the list of sources; add it there", q.source.s)
		}
		return
	}
	if found, ok := source.find(q.text.s); ok {
		c.found[q.text.at] = found
	} else {
		agrees, goesOn := source.diverges(q.text.s)
		c.fault(q.text.at, "the quote is not in source %q word for word: after “%s” the source goes on “%s”; copy the passage as it stands there", q.source.s, agrees, goesOn)
	}
}

// checkSuccession reports facts that supersede one that no earlier source says,
// or each other in a circle.
func (c *checker) checkSuccession() {
	published := map[string]string{} // dates as written compare as they are
	for _, s := range c.sources {
		published[s.id.s] = s.date.s
	}
	said := map[string]string{} // when a fact's latest source was published
	supersedes := map[string][]string{}
	for _, f := range c.facts {
		for _, q := range f.quotes {
			said[f.id.s] = max(said[f.id.s], published[q.source.s])
		}
		supersedes[f.id.s] = plain(f.supersedes)
	}
	for _, f := range c.facts {
		c.entry = entryName("fact", f.id.s)
		for _, id := range f.supersedes {
			if id.s == f.id.s {
				continue // reported as such
			}
			if said[id.s] > said[f.id.s] {
				c.fault(id.at, "supersedes %q, which a later source says (%s after %s); turn it round or mend the dates", id.s, said[id.s], said[f.id.s])
			}
			if reaches(supersedes, id.s, f.id.s) {
				c.fault(id.at, "supersedes %q, which supersedes it in turn; take one out", id.s)
			}
		}
	}
}

// reaches reports whether there is a way from one id to another.
func reaches(edges map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	for open := []string{from}; len(open) > 0; {
		id := open[len(open)-1]
		open = open[:len(open)-1]
		if id == to {
			return true
		}
		if !seen[id] {
			seen[id] = true
			open = append(open, edges[id]...)
		}
	}
	return false
}

func (c *checker) hasSource(id string) bool {
	for _, s := range c.sources {
		if s.id.s == id {
			return true
		}
	}
	return slices.Contains(c.broken, id)
}

// checkNumbers reports each quantity of an answer that no quote carries.
func (c *checker) checkNumbers(answer text, said []quantity.Quantity) {
	for _, claim := range quantity.Find(answer.s) {
		carried := false
		for _, q := range said {
			carried = carried || q.Carries(claim)
		}
		if !carried {
			c.fault(answer.at, "the answer says %q, which no quote of this fact says; take it out or add the quote", answer.s[claim.Start:claim.End])
		}
	}
}

func (c *checker) checkGap(g gapEntry, facts map[string]bool) {
	c.need(g.at, "missing", g.missing)
	for _, q := range quantity.Find(g.missing.s) {
		if q.Kind == quantity.Date && q.Year == 0 && q.Day == 0 {
			continue // the name of a month claims nothing
		}
		c.fault(g.missing.at, "missing says %q; what is absent is named without numbers", g.missing.s[q.Start:q.End])
	}
	if len(g.near) == 0 {
		c.fault(g.at, "near is empty; name at least one fact that says the nearest thing")
	}
	c.known(g.near, facts, "near")
}

func (c *checker) known(ids []text, facts map[string]bool, field string) {
	for _, id := range ids {
		if !facts[id.s] {
			c.fault(id.at, "%s %q is no fact's id", field, id.s)
		}
	}
}

// checkQuestions reports questions that are empty or stand twice in the base.
func (c *checker) checkQuestions(at place, questions []text, asked map[string]text) {
	if len(questions) == 0 {
		c.fault(at, "no questions; add the ways in which people ask for it")
	}
	for _, q := range questions {
		key := Fold(q.s)
		if key == "" {
			c.fault(q.at, "a question without a letter or digit; fill it in or take it out")
			continue
		}
		if first, taken := asked[key]; taken {
			c.fault(q.at, "the question %q stands at %s too; leave it where its answer is", q.s, where(first.at))
			continue
		}
		asked[key] = q
	}
}

func (c *checker) need(at place, field string, t text) {
	if strings.TrimSpace(t.s) == "" {
		c.fault(either(t.at, at), "%s is empty; fill it in", field)
	}
}

func (c *checker) unique(seen map[string]place, kind string, id text) {
	if first, taken := seen[id.s]; taken && id.s != "" {
		c.fault(id.at, "the %s id %q stands at %s too; rename one", kind, id.s, where(first))
		return
	}
	seen[id.s] = id.at
}

func where(p place) string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// entryName is what an entry is called in a problem.
func entryName(kind, id string) string { return strings.TrimSpace(kind + " " + id) }

// either is where a field stands, or if it is missing its entry.
func either(field, entry place) place {
	if field.line > 0 {
		return field
	}
	return entry
}

// Fold makes questions, and names, equal that differ in case, punctuation or
// white space alone: a base has each once.
func Fold(s string) string {
	out := make([]byte, 0, len(s))
	gap := false // a space is due before the next letter
	for i, r := range s {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) || r == '%' || r == '#':
			r = unicode.ToLower(r)
		case r == '\'' || r == '’':
			continue // "what's" and "whats" are the same
		case r == '.' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9':
			// "$1.5bn" is not "$15bn"
		default:
			gap = len(out) > 0
			continue
		}
		if gap {
			out, gap = append(out, ' '), false
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}
