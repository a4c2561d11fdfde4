package match

import (
	"math"

	"footnote/knowledge"
	"footnote/knowledge/quantity"
)

// kind is the kind of answer that a question asks for, as far as its words say.
type kind uint8

const (
	whatever kind = iota
	who
	when
	where
	why
	howMuch
	howMany
	howLong
	whether
	kinds
)

// kindNames are what an explanation calls them.
var kindNames = [kinds]string{"anything", "who", "when", "where", "why", "how much", "how many", "how long", "whether"}

// heads are nouns that say what "what" or "which" before them asks for.
var heads = map[string]kind{
	"day": when, "date": when, "year": when, "month": when, "deadline": when,
	"country": where, "countries": where, "city": where, "cities": where, "place": where, "location": where, "region": where, "regions": where,
	"amount": howMuch, "sum": howMuch, "price": howMuch, "value": howMuch, "figure": howMuch, "cost": howMuch, "percentage": howMuch, "salary": howMuch,
	"reason": why, "reasons": why, "motive": why, "cause": why,
	"number": howMany, "headcount": howMany,
	"person": who, "name": who,
}

// headReach is how many words behind "what" its noun is looked for.
const headReach = 4

// verbs are those that begin a question of yes or no, and end the search for
// the noun of "what".
var verbs = map[string]bool{
	"is": true, "are": true, "was": true, "were": true, "do": true, "does": true, "did": true, "has": true, "have": true,
	"can": true, "could": true, "will": true, "would": true, "should": true,
}

// people are words behind which "who" begins no question: "people who left".
var people = map[string]bool{
	"people": true, "person": true, "those": true, "one": true, "ones": true, "anyone": true, "everyone": true, "someone": true, "anybody": true,
	"everybody": true, "somebody": true, "workers": true, "employees": true, "staff": true, "folks": true, "guys": true, "man": true, "woman": true,
}

// kindOf reads the kind off a question's tokens: its first question word, or a
// verb in front.
func kindOf(tokens []token) kind {
	for i, t := range tokens {
		next := ""
		if i+1 < len(tokens) {
			next = tokens[i+1].text
		}
		switch t.text {
		case "who", "whom", "whose":
			if i == 0 || !people[tokens[i-1].text] {
				return who
			}
		case "when":
			return when
		case "where":
			return where
		case "why":
			return why
		case "how":
			switch next {
			case "much", "big", "large", "high":
				return howMuch
			case "many":
				return howMany
			case "long", "soon":
				return howLong
			case "come":
				return why
			}
		case "what", "which":
			if k := kindOfHead(tokens[i+1:]); k != whatever {
				return k
			}
		default:
			if i == 0 && verbs[t.text] {
				return whether
			}
		}
	}
	return whatever
}

// kindOfHead reads it off the noun of "what is the full amount" or "what
// amount": the tokens are those behind "what".
func kindOfHead(tokens []token) kind {
	for i, t := range tokens[:min(headReach, len(tokens))] {
		if k := heads[t.text]; k != whatever {
			return k
		}
		if t.kind == nameToken || i > 0 && verbs[t.text] {
			break
		}
	}
	return whatever
}

// fitting is the logarithm of the share of the class's variants that ask for
// the kind; no kind fits any class.
func (x *Index) fitting(k kind, c, except int32) float64 {
	if k == whatever || k == whether {
		return 0
	}
	n, of := 0.5, 5.0
	for v := x.classes[c].from; v < x.classes[c].to; v++ {
		if int32(v) == except {
			continue
		}
		of++
		if x.variants[v].kind == k {
			n++
		}
	}
	return math.Log(n / of)
}

// manyVariants is how many ways of asking a fact must have for the kinds that
// are not among them to be kinds that it does not answer.
const manyVariants = 12

// gives reports whether a fact answers questions of a kind: it is asked for
// that, or its answer says something of the kind.
func (x *Index) gives(c int32, k kind) bool {
	if k == whatever || k == whether || x.classes[c].to-x.classes[c].from < manyVariants {
		return true
	}
	for v := x.classes[c].from; v < x.classes[c].to; v++ {
		if sameKind(x.variants[v].kind, k) {
			return true
		}
	}
	f := x.classes[c].fact
	if k == who {
		return x.saysWho(f)
	}
	for _, t := range words(f.Answer) {
		if sameKind(heads[t.text], k) {
			return true // "no amount is said"
		}
	}
	for _, q := range quantity.Find(f.Answer) {
		switch span := spans[nextWord(f.Answer, q.End)]; k {
		case when:
			if q.Kind == quantity.Date {
				return true
			}
		case howLong:
			if span {
				return true
			}
		case howMuch, howMany:
			if q.Kind != quantity.Date && !(span && k == howMuch) {
				return true
			}
		}
	}
	return false
}

// spans are units of time, which numbers count.
var spans = map[string]bool{
	"hour": true, "hours": true, "day": true, "days": true, "week": true, "weeks": true, "month": true, "months": true, "year": true, "years": true,
}

// saysWho reports whether a fact is about a person, a company or a newspaper.
func (x *Index) saysWho(f *knowledge.Fact) bool {
	return len(f.About) > 0
}

// sameKind reports whether an answer to one kind of question is one to the
// other: of amounts people ask "how much" or "how many billions".
func sameKind(a, b kind) bool {
	amount := func(k kind) bool { return k == howMuch || k == howMany }
	span := func(k kind) bool { return k == when || k == howLong }
	return a == b || amount(a) && amount(b) || span(a) && span(b)
}
