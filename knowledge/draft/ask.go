package draft

import (
	"slices"
	"strings"
	"unicode"
)

// asker forms questions that a statement answers.
type asker struct {
	cast *cast
	out  []string
}

// mostQuestions is how many ways of asking one draft gets.
const mostQuestions = 40

// questions returns ways of asking for a statement, the plainest first.
func (c *cast) questions(s *statement) []string {
	a := &asker{cast: c}
	if s.role != nil {
		a.role(s.role, s.topic)
	} else if s.group != nil {
		a.clause(s)
	}
	a.reported(s)
	formed := distinct(a.out)
	out := slices.Concat(formed, c.framed(s))
	a.out = nil
	if s.role == nil {
		a.phrases(s)
	}
	phrases := distinct(a.out)
	for i, q := range formed {
		out = append(out, reworded(q, i))
	}
	out = append(out, phrases...)
	for i, q := range slices.Concat(formed, phrases) {
		out = append(out, reworded(q, i+1))
	}
	out = distinct(out)
	return out[:min(len(out), mostQuestions)]
}

// add adds a question made of parts, if it is one that somebody might ask.
func (a *asker) add(parts ...string) {
	q := strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	q = strings.NewReplacer(" ,", ",", " 's", "'s", " ’s", "'s", "’", "'", "“", "", "”", "", "\"", "", "( ", "(", " )", ")").Replace(q)
	q = strings.TrimRight(q, " .,;:?-–—")
	if n := len(strings.Fields(q)); n < 2 || n > 26 || len(q) > 200 {
		return
	}
	a.out = append(a.out, q+"?")
}

// clause asks for what a clause says.
func (a *asker) clause(s *statement) {
	t, g := s.tokens, s.group
	end := len(t)
	for end > 0 && !t[end-1].word() {
		end--
	}
	if end <= g.to && g.main < 0 {
		return
	}
	stop := clip(t, g.to, end)
	purpose := purposeAt(t, g, end)

	a.quantities(s, stop, end)
	if purpose > 0 {
		before := min(purpose, stop)
		a.add("why", a.inverted(s, g.to, before))
		a.add("what is the reason that", s.subject, joined(t[g.from:before]))
	}
	a.add(a.interrogative(s), a.finite(s), joined(t[g.to:stop]))
	if stop != end {
		a.add(a.interrogative(s), a.finite(s), joined(t[g.to:end]))
	}
	if o := objectEnd(t, g, stop); o > g.to && g.main >= 0 && g.aux != "is" {
		a.add("what", a.inverted(s, o, stop))
	}
	a.add(a.inverted(s, g.to, stop))
	a.where(s, end)
	if s.lead != "" {
		a.add("what happens", a.cast.lower(s.lead))
		a.add(a.interrogative(s), a.finite(s), joined(t[g.to:stop]), a.cast.lower(s.lead))
	}
	a.lists(s, end)
}

// interrogative is the word that asks for the subject.
func (a *asker) interrogative(s *statement) string {
	if ids := a.cast.in(s.subject); len(ids) > 0 && strings.HasSuffix(s.subject, lastWord(ids[len(ids)-1])) {
		if k := a.cast.byID[ids[len(ids)-1]].kind; k == "person" || k == "organisation" || k == "publication" {
			return "who"
		}
	}
	for _, w := range strings.Fields(strings.ToLower(s.subject)) {
		if people[w] {
			return "who"
		}
	}
	return "what"
}

var people = set("people workers employees staff members residents customers council committee board minister mayor ministry department government company firm court police team users everybody everyone nobody")

// finite is the verb behind "who" or "what", which are singular.
func (a *asker) finite(s *statement) string {
	g, t := s.group, s.tokens
	first := t[g.from].text
	switch strings.ToLower(first) {
	case "are":
		first = "is"
	case "were":
		first = "was"
	case "have":
		first = "has"
	default:
		if g.aux == "" && g.verb.bare && !g.verb.past {
			first = inflections[g.verb.base].third
		}
	}
	return first + " " + joined(t[g.from+1:g.to])
}

// inverted is the clause as a question without its question word: "is Amazon
// reducing", "did the town pay". What stands behind the verb is [from, to).
func (a *asker) inverted(s *statement, from, to int) string {
	g, t := s.group, s.tokens
	behind := ""
	if from < to {
		behind = joined(t[from:to])
	}
	if g.aux != "" {
		return t[g.from].low + " " + s.subject + " " + joined(t[g.from+1:g.to]) + " " + behind
	}
	do := "does"
	switch {
	case g.verb.past && !(g.verb.bare && g.verb.present):
		do = "did"
	case g.verb.bare:
		do = "do"
	}
	return do + " " + s.subject + " " + g.verb.base + " " + behind
}

// clip returns where the text behind the verb is cut so that a question stays
// short: before a comma or preposition within fourteen words.
func clip(t []token, from, end int) int {
	const most = 14
	for i := from + 1; i < end; i++ {
		if t[i].text == "," && i-from >= 3 || t[i].low == "because" && i-from >= 2 || t[i].low == "and" && i-from >= 2 && i+1 < end && (finiteAuxiliary(t[i+1]) || verbs[t[i+1].low].present && !alsoNouns[verbs[t[i+1].low].base]) || t[i].text == ";" || t[i].text == ":" || t[i].text == "(" {
			return i
		}
		if i-from >= most {
			for j := i; j > from+5; j-- {
				if t[j].is(prepositions) || t[j].low == "that" {
					return whole(t, from, j)
				}
			}
			return whole(t, from, i)
		}
	}
	return end
}

// whole moves the end of a cut back over words that cannot be the last.
func whole(t []token, from, to int) int {
	for to > from+1 && (t[to-1].is(hedges) || t[to-1].is(prepositions) || t[to-1].is(determiners) || t[to-1].is(modals) || t[to-1].is(conjunctions)) {
		to--
	}
	return to
}

// objectEnd returns the token behind the verb's object: the first preposition
// or mark.
func objectEnd(t []token, g *group, end int) int {
	for i := g.to; i < end; i++ {
		if t[i].is(prepositions) && t[i].low != "of" || t[i].low == "to" || t[i].low == "that" || !t[i].word() && !t[i].possessive() {
			return i
		}
	}
	return end
}

// purposeAt returns the token where a clause begins to say why, or 0.
func purposeAt(t []token, g *group, end int) int {
	for i := g.to; i < end; i++ {
		next := func(n int) string {
			if i+n < end {
				return t[i+n].low
			}
			return ""
		}
		switch t[i].low {
		case "because":
			return i
		case "due":
			if next(1) == "to" {
				return i
			}
		case "as":
			if next(1) == "part" && next(2) == "of" {
				return i
			}
		case "in":
			if next(1) == "order" && next(2) == "to" || next(1) == "response" || next(1) == "view" {
				return i
			}
		case "so":
			if next(1) == "that" {
				return i
			}
		case "to":
			v := verbs[next(1)]
			if v.bare && i > g.to+1 && purposive[v.base] {
				return i
			}
			if v.bare && i == g.to && (g.verb.base == "aim" || g.verb.base == "serve") {
				return i
			}
		}
	}
	return 0
}

// purposive are verbs that, after "to", say what something is done for.
var purposive = set(`deepen support reduce improve prevent protect save avoid ensure make help allow enable strengthen increase cut limit simplify remove fund finance cover
	meet keep raise boost ease address tackle speed reach become give lower pay provide create secure expand extend fight promote encourage comply replace restore`)

// where asks for places: "in the US", "globally".
func (a *asker) where(s *statement, end int) {
	t, g := s.tokens, s.group
	for i := g.to; i < end; i++ {
		place := false
		switch t[i].low {
		case "globally", "worldwide", "nationwide", "abroad", "online", "overseas":
			place = true
		case "in", "at":
			j := i + 1
			if j < end && t[j].low == "the" {
				j++
			}
			if j < end && t[j].capital() {
				id := a.cast.find(t[j].text)
				place = id != "" && a.cast.byID[id].kind == "place" || countries[t[j].low]
			}
		}
		if place && i > g.to {
			a.add("where", a.inverted(s, g.to, min(i, clip(t, g.to, end))))
			return
		}
	}
}

var countries = set("us usa u.s uk u.k eu europe america britain germany france india china japan canada australia asia africa london berlin paris")

// lists asks for what an "including" names.
func (a *asker) lists(s *statement, end int) {
	t := s.tokens
	for i := s.group.to; i+1 < end; i++ {
		if t[i].low != "including" && !(t[i].low == "such" && t[i+1].low == "as") {
			continue
		}
		at := i
		if t[at-1].text == "," {
			at--
		}
		if whole := nounPhrase(t, at); whole != "" {
			whole = a.cast.lower(strings.TrimPrefix(strings.TrimPrefix(whole, "the "), "other "))
			a.add("which", whole)
			a.add("which other", whole)
			a.add("who else are", whole, "besides", joined(t[i+1:min(end, i+4)]))
		}
		return
	}
}

// reported asks who says so.
func (a *asker) reported(s *statement) {
	if s.reportedBy == "" || s.group == nil {
		return
	}
	stop := clip(s.tokens, s.group.to, len(s.tokens))
	clause := s.subject + " " + joined(s.tokens[s.group.from:stop])
	a.add("who reported that", clause)
	a.add("according to whom", a.inverted(s, s.group.to, stop))
	a.add("what does", s.reportedBy, "say about", s.subject)
	a.add("which report says that", clause)
}

// role asks for who somebody is.
func (a *asker) role(r *role, what string) {
	if r.of != "" && titles[strings.ToLower(lastWord(r.title))] {
		a.add("who is", what)
		a.add("what is", r.name+"'s", "role at", r.of)
		a.add("who is", r.name)
		a.add("which company is", r.name, r.title, "of")
		for _, other := range sameTitle[strings.ToLower(r.title)] {
			a.add("who is the", other, "of", r.of)
		}
		a.add("who runs", r.of)
		a.add("what job does", r.name, "have")
		a.add("name of", r.of+"'s", r.title)
		return
	}
	a.add("what is", r.name)
	a.add("who is", r.name)
	a.add("what kind of company is", r.name)
	a.add("is", r.name, what)
	if r.of != "" {
		a.add("what is", r.name, "to", r.of)
		a.add("who is", what)
		a.add("which company is", what)
		if makers[r.title] {
			a.add("who makes", r.of)
			a.add("what does", r.name, "make")
			a.add("which company makes", r.of)
			a.add("who is behind", r.of)
		}
	}
	a.add("how is", r.name, "described")
}

// phrases asks in a few words, as people do who type no sentence.
func (a *asker) phrases(s *statement) {
	if s.group == nil {
		a.add("what about", a.cast.lower(strings.Join(firstWords(s.answer, 8), " ")))
		a.add(a.cast.lower(strings.Join(firstWords(s.answer, 5), " ")))
		return
	}
	t := s.tokens
	if n := len(strings.Fields(s.subject)); n <= 6 && !pronouns[strings.ToLower(s.subject)] {
		v := joined(t[s.group.from+min(1, s.group.to-s.group.from-1) : s.group.to])
		if s.group.main >= 0 {
			v = s.group.verb.base
		}
		if o := objectEnd(t, s.group, len(t)); o > s.group.to {
			a.add(s.subject, v, joined(t[s.group.to:min(o, s.group.to+5)]))
		}
		a.add("what is said about", s.subject)
	}
	for i := s.group.to; i < len(t); i++ {
		j := i
		for j < len(t) && phraseWord(t, j) {
			j++
		}
		if j-i >= 2 && j-i <= 4 && !unicode.IsDigit(rune(t[i].text[0])) && t[i].text[0] != '$' {
			a.add("what about the", joined(t[i:j]))
			a.add(joined(t[i:j]))
		}
		i = max(i, j)
	}
}

// phraseWord reports whether the token at i can stand in a noun phrase.
func phraseWord(t []token, i int) bool {
	w := t[i]
	v := verbs[w.low]
	return w.word() && !w.is(prepositions) && !w.is(conjunctions) && !w.is(determiners) && !w.is(notNouns) && !w.is(beForms) && !w.is(haveForms) && !w.is(modals) &&
		!w.is(hedges) && !v.gerund && !(v.bare && i > 0 && t[i-1].low == "to") && !(v.present && !alsoNouns[v.base])
}

func firstWords(s string, n int) []string {
	f := strings.Fields(s)
	return f[:min(n, len(f))]
}

// lower writes a clause as it stands inside of a sentence.
func (c *cast) lower(s string) string {
	r := reader{cast: c}
	return r.lowerFirst(s)
}

func distinct(questions []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, q := range questions {
		key := fold(q)
		if !seen[key] && key != "" {
			seen[key] = true
			out = append(out, q)
		}
	}
	return out
}
