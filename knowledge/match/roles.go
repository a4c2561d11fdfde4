package match

import (
	"slices"
	"strings"

	"footnote/knowledge"
)

// role is how a name stands to a word of its sentence: who supplies is before
// "supplies", who is supplied behind it.
type role uint8

const (
	before role = iota // "Amazon supplies", "supplied by Amazon"
	behind             // "supplies OpenAI", "OpenAI is supplied"
	owner              // "OpenAI's models"
)

// relation is one name's role to one word.
type relation struct {
	word, name int32 // numbers of their terms
	role       role
}

// How many words may stand between a word and a name that has a role to it, how
// many of those may be content in front of it and behind it.
const (
	reach       = 4
	reachBefore = 1
	reachBehind = 2
)

// part says what a term is to the roles of names.
type part uint8

const (
	content part = iota // a word that names may have a role to
	name
	helper // "would": a name behind it is no object
	be     // the same; a word behind it may be a passive or not
	by     // turns a passive round
	of     // says the owner
	to     // an infinitive's
	link   // "with", "and": what stands on both sides has one role
	other  // articles, pronouns, prepositions
)

// rolePart is a term's part, and whether its word ends in "ing".
type rolePart struct {
	part part
	ing  bool
}

// partsOf are the words that are no content.
var partsOf = func() map[string]part {
	out := map[string]part{"by": by}
	for p, list := range map[part]string{
		be:     "is are was were be been being am",
		helper: "do does did has have had can could will would should may might must shall get gets got",
		of:     "of",
		to:     "to",
		link:   "with and or between than versus from for like about besides",
		other: "the a an this that these those it its they them their he his him she her we our us you your i my me who whom whose what which " +
			"when where why how in on at into onto up as so if then there here not no yes only just also really still already actually " +
			"all any some more most much many very too both each other else please ok one two new next right true",
	} {
		for w := range strings.FieldsSeq(list) {
			out[w] = p
		}
	}
	return out
}()

// relations appends the roles of names in a row of terms. Of a passive ("is
// supplied by X") the sides are turned round; of what may be one or not nothing
// is said of the name in front.
func relations(out []relation, terms []term) []relation {
	if !slices.ContainsFunc(terms, func(t term) bool { return t.part == name }) {
		return out
	}
	for i, t := range terms {
		if t.id == unknown || t.part != content {
			continue
		}
		left, right := nameBefore(terms, i), nameBehind(terms, i)
		first, second := before, behind
		if right >= 0 {
			switch terms[right-1].part {
			case by:
				first, second = behind, before
			case of:
				second = owner
			}
			out = append(out, relation{t.id, terms[right].id, second})
			if right+2 < len(terms) && terms[right+1].part == by && terms[right+2].part == name {
				first = behind // "is supplied to X by Y"
				out = append(out, relation{t.id, terms[right+2].id, before})
			}
		}
		if left < 0 || first == before && !t.ing && isBehindBe(terms, left, i) {
			continue
		}
		out = append(out, relation{t.id, terms[left].id, first})
		if i-left == 1 || i-left == 2 && terms[left+1].part == content {
			out = append(out, relation{t.id, terms[left].id, owner})
		}
	}
	return out
}

// isBehindBe reports whether the word at i may be a passive, or a noun of which
// the sentence says that the name on its left is it.
func isBehindBe(terms []term, left, i int) bool {
	switch {
	case left > 0 && terms[left-1].part == be:
		return true // "is X a rival"
	case terms[i-1].part == to:
		return false // "is in talks to invest"
	}
	return terms[i-1].part == be || i-2 > left && terms[i-2].part == be
}

// nameBefore returns where the name stands that does what the word at i says,
// or -1.
func nameBefore(terms []term, i int) int {
	most := reachBefore
	if i > 0 && terms[i-1].part == to {
		most++ // "is in talks to invest"
	}
	between := 0
	for j := i - 1; j >= max(0, i-reach-2) && between <= most; j-- {
		switch terms[j].part {
		case name:
			return j
		case link, by:
			return -1
		case content:
			between++
		}
	}
	return -1
}

// nameBehind returns where the name stands that the word at i is done to, or -1.
func nameBehind(terms []term, i int) int {
	between := 0
	for j := i + 1; j < min(len(terms), i+reach+2) && between <= reachBehind; j++ {
		switch terms[j].part {
		case name:
			return j
		case link, helper, be:
			return -1
		case content:
			between++
		}
	}
	return -1
}

func partOf(t token) part {
	if t.kind == nameToken {
		return name
	}
	return partsOf[t.text]
}

// roleKey is one role to one word in what is said of one fact.
type roleKey struct {
	class, word int32
	role        role
}

// filler is a name that has a role, how much the fact's questions give it to
// it (one of yes or no, which may suppose anything, half as much as another),
// and how many of its quotes and its answer do.
type filler struct {
	name         int32
	asked, cited int32
}

// learnRoles notes which names have which roles in each fact: in its answer and
// quotes, which are true, and in its questions, which may suppose anything.
func (x *Index) learnRoles() {
	x.roles = map[roleKey][]filler{}
	if len(x.base.Names) == 0 {
		return
	}
	x.names = x.lexicon.namesOf(x.base)
	x.related = kin(x.base, x.names)
	s := new(scratch)
	var found []relation
	var terms []term
	for c := range x.base.Facts {
		for v := x.classes[c].from; v < x.classes[c].to; v++ {
			terms = x.appendVariant(terms[:0], v)
			found = relations(found[:0], terms)
			asked := int32(2)
			if x.variants[v].kind == whether {
				asked = 1
			}
			x.noteRoles(int32(c), found, filler{asked: asked})
		}
		f := &x.base.Facts[c]
		said := []string{f.Answer}
		for _, q := range f.Quotes {
			said = append(said, q.Text)
		}
		for _, text := range said {
			for _, sentence := range sentences(text) {
				s.begin()
				found = relations(found[:0], x.ask(s, x.lexicon.read(sentence), 1).terms)
				x.noteRoles(int32(c), found, filler{cited: 1})
			}
		}
	}
}

func (x *Index) noteRoles(class int32, found []relation, count filler) {
next:
	for _, r := range found {
		key := roleKey{class, r.word, r.role}
		list := x.roles[key]
		for i := range list {
			if list[i].name == r.name {
				list[i].asked += count.asked
				list[i].cited += count.cited
				continue next
			}
		}
		x.roles[key] = append(list, filler{r.name, count.asked, count.cited})
	}
}

// cast returns who has the role of r in what a fact says, and whether that is
// somebody else than r says. The questions for facts that rest on the same
// quotes count too.
func (x *Index) cast(class int32, r relation) (int32, bool) {
	own, all, cited, right := int32(0), int32(0), int32(0), unknown
	for c := range int32(len(x.base.Facts)) {
		if !x.sameAnswer(class, c) {
			continue
		}
		for _, f := range x.roles[roleKey{c, r.word, r.role}] {
			all += f.asked + 2*f.cited
			switch {
			case f.name != r.name && !x.related[[2]int32{f.name, r.name}]:
				if c == class && f.cited > cited {
					cited, right = f.cited, f.name
				}
			case f.cited > 0:
				return 0, false
			default:
				own += f.asked
			}
		}
	}
	return right, cited > 0 && all >= leastCast && own <= mostOwn && own*mostShare <= all
}

// A name is miscast if the fact's texts give its role to others often enough,
// and to it hardly ever.
const (
	leastCast = 5
	mostOwn   = 5
	mostShare = 8 // at most one in so many
)

// names are the base's by the numbers of their terms.
type names map[int32]*knowledge.Name

func (l *lexicon) namesOf(b *knowledge.Base) names {
	out := names{}
	for i := range b.Names {
		if id := l.find(token{text: "@" + b.Names[i].ID, kind: nameToken}); id != unknown {
			out[id] = &b.Names[i]
		}
	}
	return out
}

// kin are the names of which one may stand for the other: somebody and the
// company that a fact knows him of, a product and its maker.
func kin(b *knowledge.Base, known names) map[[2]int32]bool {
	ids, kinds := map[string]int32{}, map[string]string{}
	for id, n := range known {
		ids[n.ID], kinds[n.ID] = id, n.Kind
	}
	out := map[[2]int32]bool{}
	for _, f := range b.Facts {
		if len(f.About) != 2 || (kinds[f.About[0]] == "company") == (kinds[f.About[1]] == "company") {
			continue
		}
		one, two := ids[f.About[0]], ids[f.About[1]]
		out[[2]int32{one, two}], out[[2]int32{two, one}] = true, true
	}
	return out
}
