package draft

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
)

// statement is one thing that a sentence says.
type statement struct {
	quote      string // the sentence, word for word
	answer     string
	reportedBy string
	certainty  knowledge.Certainty
	about      []string
	topic      string // of a role: what the role is; else empty

	// The clause that questions are formed from.
	lead    string // "If the talks succeed", or empty
	subject string // references to names resolved
	group   *group
	tokens  []token // of the clause without its lead
	text    string  // that the tokens are of
	role    *role
}

// reader reads statements off the sentences of an article.
type reader struct {
	cast      *cast
	sentences []sentence
	org       string // the organisation that the sentences before are about, if it is one
	subject   string // of the sentence before
	paper     string // the publication named last
}

// read returns what the i-th sentence says; sentences are read in their order.
func (r *reader) read(i int) []statement {
	quote := undated(r.sentences[i].text)
	if endsWith(quote, "?") {
		return nil
	}
	text := upper(connective.ReplaceAllString(quote, ""))
	a := attribute(text)
	by, speaksForItself := r.reporter(a)
	before := r.before(i)
	var out []statement
	for n, part := range parts(upper(a.rest)) {
		answer := part
		if n == 0 && a.by != "" && len(text) <= len(part)+80 && len(strings.Fields(text)) <= 45 {
			answer = text // with who says so
		}
		s := statement{quote: quote, reportedBy: by, certainty: certaintyOf(part+" "+a.verb, a, speaksForItself)}
		s.answer = r.resolve(r.pronoun(answer, before), text)
		if before != "" && (s.answer != answer || deictic.MatchString(answer)) { // the sentence before says who or what is meant
			s.quote = before + " " + r.sentences[i].text
		}
		if speaksForItself {
			s.reportedBy = ""
		}
		r.analyse(&s, r.resolve(r.pronoun(part, before), text))
		s.about = r.cast.in(s.answer)
		out = append(out, s)
	}
	for k := range r.cast.roles {
		if role := &r.cast.roles[k]; role.sentence == i {
			out = append(out, r.roleStatement(role, quote))
		}
	}
	r.note(quote)
	r.subject = ""
	if len(out) > 0 && out[0].group != nil && out[0].role == nil {
		r.subject = out[0].subject
	}
	return out
}

var (
	dated      = regexp.MustCompile(`^(?:(?i:date:?|published:?|updated:?)\s+)?(?:\d{4}-\d\d-\d\d|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4})[:.,]?\s+`)
	placed     = regexp.MustCompile(`^[A-Z][A-Z .]{2,30}(?:, [^—–]{2,40})? ?(?:\([A-Za-z]+\) )?(?:[—–-]|--) `)
	connective = regexp.MustCompile(`^(?:Meanwhile|However|Moreover|Furthermore|In addition|Additionally|Also|But|And|Yet|Still|So|Thus|Therefore|Nevertheless|Nonetheless|Finally|Separately|Then|For example|For instance|In fact|Indeed|Instead|Besides),? `)
)

// undated is a sentence without the date or place that leads it.
func undated(s string) string {
	for _, p := range []*regexp.Regexp{dated, placed} {
		if m := p.FindString(s); len(m) < len(s) {
			s = s[len(m):]
		}
	}
	return s
}

// parts cuts a sentence into what it says: clauses that could stand alone,
// relative clauses and participles at its end.
func parts(text string) []string {
	text = strings.TrimRight(strings.TrimSpace(text), ".") + "."
	var out, more []string
	for _, half := range halves(text) {
		main, tails := tails(half)
		out = append(out, main)
		more = append(more, tails...)
	}
	return append(out, more...)
}

// halves cuts at semicolons, and at ", and" or ", but" between two clauses.
func halves(text string) []string {
	tokens := tokenize(text)
	for i, t := range tokens {
		if i < 3 || i+3 >= len(tokens) {
			continue
		}
		from := 0
		switch {
		case t.text == ";":
			from = i + 1
		case t.text == "," && (tokens[i+1].low == "and" || tokens[i+1].low == "but" || tokens[i+1].low == "while"):
			from = i + 2
		default:
			continue
		}
		before, after := tokens[:i], tokens[from:]
		g := verbGroup(after)
		if verbGroup(before) == nil || g == nil || g.from == 0 || g.from > 7 || before[0].is(subordinators) && !hasComma(before) {
			continue
		}
		rest := text[after[0].start:]
		return append([]string{text[:tokens[i].start] + "."}, halves(upper(rest))...)
	}
	return []string{text}
}

func hasComma(tokens []token) bool {
	for _, t := range tokens {
		if t.text == "," {
			return true
		}
	}
	return false
}

// tails cuts ", which …" and ", doing …" off a clause and makes clauses of them.
func tails(text string) (string, []string) {
	tokens := tokenize(text)
	g := verbGroup(tokens)
	if g == nil {
		return text, nil
	}
	for i := g.to; i+2 < len(tokens); i++ {
		if tokens[i].text != "," {
			continue
		}
		next := tokens[i+1]
		end := text[next.start:]
		switch v := verbs[next.low]; {
		case next.low == "which" || next.low == "who":
			antecedent := nounPhrase(tokens, i)
			rest := text[next.end:]
			if g := verbGroup(append([]token{{text: "it", low: "it"}}, tokens[i+2:]...)); g == nil || g.from > 2 || !standsAlone(antecedent) {
				continue // the pronoun is no subject
			}
			return text[:tokens[i].start] + ".", []string{upper(antecedent) + strings.TrimRight(rest, ".") + "."}
		case v.gerund && next.low != "including" && next.low != "following" && next.low != "according" && next.low != "regarding" && next.low != "starting" && next.low != "beginning" && tokens[i-1].word():
			subject := strings.TrimSpace(text[:tokens[g.from].start])
			if j := strings.LastIndex(subject, ", "); j >= 0 {
				subject = subject[j+2:]
			}
			finite := inflections[v.base].third
			switch {
			case g.aux == "" && g.verb.past && !g.verb.bare || g.aux == "was" || g.aux == "were" || g.aux == "had":
				finite = inflections[v.base].past
			case modals[g.aux]:
				finite = g.aux + " " + v.base
			case plural(tokens[max(0, g.from-1)]):
				finite = v.base
			}
			return text[:tokens[i].start] + ".", []string{upper(subject) + " " + finite + strings.TrimRight(end[len(next.text):], ".") + "."}
		}
	}
	return text, nil
}

// standsAlone reports whether a noun phrase can be a subject as it is: it is
// plural, has an article or is a name.
func standsAlone(phrase string) bool {
	tokens := tokenize(phrase)
	return len(tokens) > 0 && (tokens[0].is(determiners) || plural(tokens[len(tokens)-1]) || tokens[0].capital())
}

// nounPhrase returns the noun phrase that ends before token i.
func nounPhrase(tokens []token, i int) string {
	from := i
	for from > 0 && i-from < 9 {
		t := tokens[from-1]
		v := verbs[t.low]
		if !t.word() && !t.possessive() || t.is(prepositions) && t.low != "of" || t.is(modals) || t.is(beForms) || t.is(haveForms) ||
			v.base != "" && !t.capital() && (from < 2 || tokens[from-2].low == "to" || v.gerund || v.past && !v.participle) {
			break
		}
		from--
		if t.is(determiners) {
			break
		}
	}
	return joined(tokens[from:i])
}

// analyse finds the lead, the subject and the verb of a clause.
func (r *reader) analyse(s *statement, clause string) {
	tokens := tokenize(clause)
	if len(tokens) > 0 && tokens[0].is(subordinators) {
		for i, t := range tokens[:min(len(tokens), 24)] {
			if t.text == "," && verbGroup(tokens[i+1:]) != nil {
				s.lead = clause[:t.start]
				clause = upper(strings.TrimSpace(clause[t.end:]))
				tokens = tokenize(clause)
				break
			}
		}
	}
	s.text, s.tokens, s.group = clause, tokens, verbGroup(tokens)
	if s.group == nil || s.group.from == 0 {
		s.group = nil
		return
	}
	subject := tokens[:s.group.from]
	for len(subject) > 1 && (subject[len(subject)-1].is(notNouns) || subject[len(subject)-1].low == "today" || subject[len(subject)-1].low == "yesterday") {
		subject = subject[:len(subject)-1]
	}
	s.subject = r.lowerFirst(joined(subject))
}

// lowerFirst writes the first word of a clause as it stands inside of one.
func (r *reader) lowerFirst(text string) string {
	tokens := tokenize(text)
	if len(tokens) == 0 {
		return text
	}
	if first := tokens[0]; first.is(determiners) || first.is(pronouns) && first.text != "I" || first.is(prepositions) || first.is(notNouns) || !r.named(text) && !strings.ContainsFunc(first.text[1:], unicode.IsUpper) {
		c, size := utf8.DecodeRuneInString(text)
		return string(unicode.ToLower(c)) + text[size:]
	}
	return text
}

// named reports whether a text begins with a name.
func (r *reader) named(text string) bool {
	tokens := tokenize(text)
	for _, n := range r.cast.starting(tokens[0].text) {
		if strings.HasPrefix(text, n.id) || n.kind == "person" && strings.HasPrefix(text, lastWord(n.id)) {
			return true
		}
	}
	return false
}

// roleStatement says what a name is: "Andy Jassy is the CEO of Amazon."
func (r *reader) roleStatement(role *role, quote string) statement {
	what := role.title
	switch {
	case role.of != "" && (titles[strings.ToLower(lastWord(role.title))] || makers[role.title]):
		what = "the " + role.title + " of " + role.of
	case role.of != "":
		what = withArticle(role.title) + " of " + role.of
	case !determiners[strings.ToLower(strings.Fields(role.title)[0])]:
		what = withArticle(role.title)
	}
	answer := role.name + " is " + what + "."
	return statement{quote: quote, answer: answer, certainty: knowledge.Reported, about: r.cast.in(answer), topic: what, role: role}
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiouAEIO", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func upper(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
