package match

import (
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge"
	"footnote/knowledge/quantity"
)

// contradict returns what is to be said before a fact to a question that claims
// something else, or nil: only if the fact's answer says one other quantity of
// the same kind. A quantity of the fact's quotes is something else only in a
// question that says none of the answer's.
func contradict(text string, f *knowledge.Fact) *Correction {
	answer := quantity.Find(f.Answer)
	if len(answer) == 0 {
		return nil
	}
	text = plainText(text)
	claims := quantity.Find(text)
	var quoted []quantity.Quantity
	for _, q := range f.Quotes {
		quoted = append(quoted, quantity.Find(q.Text)...)
	}
	agrees := slices.ContainsFunc(claims, func(c quantity.Quantity) bool { return carried(c, answer) })
	for _, claim := range claims {
		if carried(claim, answer) || agrees && (carried(claim, quoted) || isChoice(text, claim)) || isUnit(text, claim) {
			continue
		}
		if phrase := insteadOf(text, claim, f.Answer, quoted); phrase != "" {
			return &Correction{Text: "Not quite: " + phrase}
		}
	}
	return nil
}

// mayHoldQuantities reports whether a question may say a quantity: itself or as
// a part of a name.
func mayHoldQuantities(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return t.kind != wordToken })
}

func carried(claim quantity.Quantity, said []quantity.Quantity) bool {
	for _, q := range said {
		if q.Carries(claim) {
			return true
		}
	}
	return false
}

// insteadOf returns how the answer says the quantity that a claim gets wrong,
// "up to $50 billion", or nothing if it says none or several.
func insteadOf(question string, claim quantity.Quantity, answer string, said []quantity.Quantity) string {
	found := ""
	for _, q := range quantity.Find(answer) {
		if !comparable(question, claim, answer, q) || !carried(q, said) {
			continue
		}
		if holds(question, claim, q) {
			return ""
		}
		phrase := around(answer, q)
		if found != "" && found != phrase {
			return ""
		}
		found = phrase
	}
	return found
}

// much is the size from which on bare numbers are compared whatever they count.
const much = 1000

// comparable reports whether two quantities measure the same: money, a share, a
// date as exact, or a number of the same things or as large.
func comparable(question string, claim quantity.Quantity, answer string, q quantity.Quantity) bool {
	money := func(q quantity.Quantity) bool {
		return q.Kind == quantity.Money || q.Kind == quantity.Count && q.Value >= 1e6
	}
	switch {
	case money(claim) || money(q):
		return money(claim) && money(q)
	case claim.Kind != q.Kind:
		return false
	case q.Kind == quantity.Date:
		return (claim.Year == 0 || q.Year > 0) && (claim.Month == 0 || q.Month > 0) && (claim.Day == 0 || q.Day > 0)
	case q.Kind == quantity.Count:
		thing := nextWord(question, claim.End)
		return thing != "" && thing == nextWord(answer, q.End) || claim.Value >= much && q.Value >= much
	}
	return true
}

// isUnit reports whether a claim is only a unit and no number: "how many
// billions", "tens of billions".
func isUnit(text string, claim quantity.Quantity) bool {
	switch strings.TrimSuffix(strings.ToLower(strings.Trim(text[claim.Start:claim.End], " $")), "s") {
	case "hundred", "thousand", "million", "billion", "trillion", "bn", "percent", "dollar":
		return true
	}
	return false
}

// isChoice reports whether a claim is one of two: "is it 30 or 50 billion".
func isChoice(text string, claim quantity.Quantity) bool {
	before, after := lastWord(text[:claim.Start]), nextWord(text, claim.End)
	if before == "or" || after == "or" {
		return true
	}
	_, rest, _ := strings.Cut(strings.ToLower(text[claim.End:]), after)
	return nextWord(rest, 0) == "or"
}

// Words before a number that make a claim of what lies above or below it.
var (
	aboves = []string{"more than", "over", "above", "at least", "exceed", "exceeds", "exceeding", "north of"}
	belows = []string{"less than", "under", "below", "fewer than", "at most", "no more than"}
)

// holds reports whether a claim of more or less than a number is true of q.
func holds(question string, claim, q quantity.Quantity) bool {
	if q.Kind == quantity.Date {
		return false
	}
	before := " " + strings.TrimRight(strings.ToLower(question[:claim.Start]), " $€£")
	says := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(before, " "+w) })
	}
	return says(belows) && q.Value < claim.Value || says(aboves) && !says(belows) && q.Value > claim.Value
}

func lastWord(text string) string {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return ""
	}
	return strings.ToLower(fields[len(fields)-1])
}

func nextWord(text string, at int) string {
	word := strings.TrimLeft(text[at:], " -")
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	return strings.ToLower(word)
}

// hedges are what stands before a quantity and says how exact it is.
var hedges = []string{"up to", "as much as", "as many as", "around", "about", "roughly", "nearly", "almost", "over", "more than", "less than", "at least", "at most", "only", "some"}

// around returns a quantity with the hedge before it and, of a number, the
// thing that it counts, where that is one word.
func around(text string, q quantity.Quantity) string {
	phrase := text[q.Start:q.End]
	before := strings.ToLower(strings.TrimSpace(text[:q.Start]))
	for _, h := range hedges {
		if strings.HasSuffix(" "+before, " "+h) {
			phrase = h + " " + phrase
			break
		}
	}
	if thing := nextWord(text, q.End); q.Kind == quantity.Count && (strings.HasSuffix(thing, "s") || people[thing]) && strings.HasPrefix(text[q.End:], " ") {
		phrase += " " + thing
	}
	return phrase
}

// withoutClaims is a question without the quantities that it says, or nothing
// if it says none. A date claims something only in a question of yes or no:
// "how many were cut in 2024" asks about 2024.
func withoutClaims(text string, k kind) string {
	text = plainText(text)
	found := quantity.Find(text)
	if k != whether && k != whatever {
		found = slices.DeleteFunc(found, func(q quantity.Quantity) bool { return q.Kind == quantity.Date })
	}
	if len(found) == 0 {
		return ""
	}
	var out strings.Builder
	at := 0
	for _, q := range found {
		out.WriteString(text[at:q.Start])
		at = q.End
	}
	out.WriteString(text[at:])
	return out.String()
}
