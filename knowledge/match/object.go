package match

import (
	"slices"
	"strings"
)

// object returns the rule by which a fact that fits a question's words is not
// its answer, or nothing.
func (x *Index) object(s *scratch, class int32, tokens []token, asked []term, k kind) string {
	if !x.gives(class, k) {
		return "the fact does not say " + kindNames[k]
	}
	s.relations = relations(s.relations[:0], asked)
	for _, r := range s.relations {
		if _, miscast := x.cast(class, r); miscast {
			return "the fact gives " + x.names[r.name].ID + "'s part to another"
		}
	}
	if name := x.stranger(class, tokens, asked, k); name != "" {
		return "the fact does not know " + name
	}
	return ""
}

// stranger returns the place, name or date that a question is limited to ("in
// Germany", "for Microsoft", "how many in 2024") and that a fact does not know,
// or nothing. A name that is mentioned otherwise ("I'm in Germany") may be the
// asker's own affair; a date in a question of yes or no is a claim.
func (x *Index) stranger(class int32, tokens []token, asked []term, k kind) string {
	for i, t := range asked {
		if i == 0 || !t.marked || t.id != unknown && x.frequency(class, t.id, none) > 0 {
			continue
		}
		if tokens[i].kind == quantityToken && (!tokens[i].isDate() || k == whether || k == whatever) {
			continue
		}
		at := i - 1
		if tokens[at].text == "the" && at > 0 {
			at--
		}
		own := slices.ContainsFunc(tokens[max(0, at-3):at], func(t token) bool { return t.text == "i" })
		if limits[tokens[at].text] && !own {
			return strings.NewReplacer("@", "", "#", "", "0000-", "", "-00", "").Replace(tokens[i].text)
		}
	}
	return ""
}

// isDate reports whether a quantity is one: its key is a year, month and day.
func (t token) isDate() bool { return strings.Count(t.text, "-") == 2 }

// limits are words that limit a question to the place or name behind them.
var limits = map[string]bool{"in": true, "for": true, "at": true, "outside": true, "within": true, "across": true, "from": true}

// recast returns what is to be said before a fact to a question of yes or no
// that gives a name another's part, or nil: only if the question turns round
// what a quote says, or asks about one name where the answer says another of
// its kind.
func (x *Index) recast(s *scratch, class int32, asked []term) *Correction {
	s.relations = relations(s.relations[:0], asked)
	for _, r := range s.relations {
		right, miscast := x.cast(class, r)
		switch {
		case !miscast || r.role == owner:
		case slices.Contains(s.relations, relation{r.word, right, r.role.turned()}) && x.cites(class, r.word, r.name, r.role.turned()):
			return &Correction{Text: "Not quite: the other way round"}
		case x.names[r.name].Kind == x.names[right].Kind && claims(asked, r) && strings.Contains(x.classes[class].fact.Answer, x.names[right].ID):
			return &Correction{Text: "Not quite: " + x.names[right].ID}
		}
	}
	return nil
}

// claims reports whether a question of yes or no asks if r is so: its first
// name has that role to its first word.
func claims(asked []term, r relation) bool {
	for i, t := range asked {
		switch t.part {
		case content, link:
			return false
		case name:
			verb := slices.IndexFunc(asked[i:], func(t term) bool { return t.part == content })
			return verb > 0 && r == relation{asked[i+verb].id, t.id, before}
		}
	}
	return false
}

// turned is the role on the other side of the word.
func (r role) turned() role {
	if r == before {
		return behind
	}
	return before
}

// cites reports whether a fact's answer or quotes give a name a role.
func (x *Index) cites(class, word, name int32, as role) bool {
	return slices.ContainsFunc(x.roles[roleKey{class, word, as}], func(f filler) bool { return f.name == name && f.cited > 0 })
}

// misnamed answers a question whether one name is another that means something
// else ("is Altman the CEO of Amazon", where the base knows that as a name of
// Jassy's): with the best fact that says who the other is, put right. It
// abstains if the question is none or no fact says it.
func (x *Index) misnamed(tokens []token) Answer {
	var rest [3]token
	n := 0
	for _, t := range tokens {
		if t.filler {
			continue
		}
		if n == len(rest) {
			return Answer{}
		}
		rest[n] = t
		n++
	}
	if partsOf[rest[0].text] != be || rest[1].kind != nameToken || rest[2].kind != nameToken || rest[1].text == rest[2].text {
		return Answer{}
	}
	right := strings.TrimPrefix(rest[2].text, "@")
	a := x.Answer(Question{Text: "who is " + right})
	if a.Verdict != Sure || !strings.Contains(a.Facts[0].Fact.Answer, right) {
		return Answer{}
	}
	a.Correction = &Correction{Text: "Not quite: " + right}
	return a
}
