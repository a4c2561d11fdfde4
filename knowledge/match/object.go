package match

import (
	"slices"
	"strings"
)

// object returns the rule by which a fact that fits a question's words is not
// its answer, or nothing.
func (x *Index) object(s *scratch, class int32, asked []term, k kind) string {
	if !x.gives(class, k) {
		return "the fact does not say " + kindNames[k]
	}
	s.relations = relations(s.relations[:0], asked)
	for _, r := range s.relations {
		if _, miscast := x.cast(class, r); miscast {
			return "the fact gives " + x.names[r.name].ID + "'s part to another"
		}
	}
	return ""
}

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
