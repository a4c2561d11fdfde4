package match

import "math"

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
			return who
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
			}
		case "what", "which":
			switch next {
			case "day", "date", "time", "year", "month":
				return when
			case "country", "countries", "city", "cities", "place":
				return where
			case "amount", "sum", "price", "value", "figure":
				return howMuch
			case "reason", "reasons":
				return why
			case "number":
				return howMany
			}
		case "is", "are", "was", "were", "do", "does", "did", "has", "have", "can", "could", "will", "would", "should":
			if i == 0 {
				return whether
			}
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
