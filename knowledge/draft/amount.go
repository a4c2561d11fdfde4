package draft

import (
	"strings"
	"unicode"

	"footnote/knowledge/quantity"
)

// quantities asks for each number, amount, share and date that a clause says.
func (a *asker) quantities(s *statement, stop, end int) {
	t, g := s.tokens, s.group
	for _, q := range quantity.Find(s.text) {
		from, to := tokensOf(t, q.Start, q.End)
		if from < 0 {
			continue
		}
		if q.Kind == quantity.Count && q.Value < 3 && unicode.IsLetter(rune(t[from].text[0])) {
			continue // "the two firms" counts nothing
		}
		if from > 0 && numbered[t[from-1].low] || to < len(t) && (t[to].low == "pm" || t[to].low == "am") {
			continue
		}
		from = hedged(t, from)
		noun, nounEnd := nounBehind(t, to, end)
		if from >= g.to && !near(t[g.to:from]) {
			a.apart(s, q, from, noun)
			continue
		}
		if nounEnd <= g.from {
			predicate := a.finite(s) + " " + joined(t[g.to:stop])
			switch {
			case q.Kind == quantity.Count && noun != "":
				a.add("how many", noun, predicate)
			case q.Kind == quantity.Money || q.Kind == quantity.Share:
				a.add("how much", predicate)
			}
			continue
		}
		if from < g.to {
			continue
		}
		if q.Kind == quantity.Date && from > g.to && dateBefore[t[from-1].low] {
			from--
		}
		rest := func(to int) string { // the clause without the tokens [from, to)
			behind := t[to:max(to, min(end, to+12))]
			behind = behind[:clip(behind, 0, len(behind))]
			return a.inverted(s, g.to, from) + " " + joined(behind)
		}
		switch q.Kind {
		case quantity.Money:
			a.add("how much", rest(to))
			a.add("what amount", rest(to))
			if noun != "" {
				a.add("how big is the", noun)
			}
		case quantity.Share:
			a.add("what share", rest(to))
			a.add("how much", rest(to))
			a.add("what percentage", rest(to))
		case quantity.Date:
			a.add("when", rest(to))
			a.add("on what date", rest(to))
		case quantity.Count:
			if noun == "" {
				a.add("how many", rest(to))
				a.add("what number", rest(to))
				continue
			}
			if units[lastWord(noun)] {
				a.add("how long", rest(nounEnd))
			}
			a.add("how many", noun, rest(nounEnd))
			a.add("what is the number of", noun)
		}
	}
}

// near reports whether what stands between the verb and a quantity leaves the
// quantity in reach of a question.
func near(between []token) bool {
	for _, t := range between {
		if t.is(relatives) || t.text == "," || t.text == ";" || t.low == "and" || t.low == "or" {
			return false
		}
	}
	return len(between) <= 7
}

// apart asks for a quantity that stands far from the verb by the noun that it
// belongs to: "a round that might total up to $100 billion", "layoffs of about
// 14,000 staff", "the $50 billion figure".
func (a *asker) apart(s *statement, q quantity.Quantity, from int, noun string) {
	t := s.tokens
	word := map[quantity.Kind]string{quantity.Money: "how much is", quantity.Count: "how many are", quantity.Share: "how much is", quantity.Date: "when is"}[q.Kind]
	if q.Kind == quantity.Count && noun != "" {
		a.add("how many", noun)
		a.add("what is the number of", noun)
	} else if noun != "" && q.Kind != quantity.Date {
		a.add("how big is the", noun)
		a.add(word, "the", noun)
	}
	i := from
	for i > 0 && from-i < 6 && !t[i-1].is(relatives) && t[i-1].low != "of" && t[i-1].text != "," {
		i--
	}
	if i == 0 || t[i-1].text == "," || from-i >= 6 {
		return
	}
	if whole := a.phraseBefore(t, i-1); whole != "" && len(strings.Fields(whole)) <= 7 {
		whole = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(a.cast.lower(whole), "a "), "an "), "the ")
		a.add("what is the size of the", whole)
		a.add("how big is the", whole)
		if q.Kind == quantity.Count && noun != "" {
			a.add("how many", noun, "in the", whole)
		} else {
			a.add(word, "the", whole)
		}
	}
}

// numbered are words that a number behind them names.
var numbered = set("version section article chapter no number figure level phase route item page line bus room generation windows")

var (
	dateBefore = set("in on by until since from before after")
	units      = set("day days week weeks month months year years hour hours minute minutes")
	hedges     = set("up to as much many at least most more less fewer than around about roughly some nearly almost approximately over a an the only just another total of")
)

// hedged moves a quantity's start over the words that hedge it: "up to",
// "as much as", "roughly".
func hedged(t []token, from int) int {
	for from > 0 && (hedges[t[from-1].low] && t[from-1].low != "of" && !(t[from-1].low == "to" && (from < 2 || t[from-2].low != "up")) || t[from-1].low == "as") {
		from--
	}
	return from
}

// tokensOf returns the tokens that stand in bytes [start, end), or -1.
func tokensOf(t []token, start, end int) (int, int) {
	from := -1
	for i := range t {
		if t[i].end > start && from < 0 {
			from = i
		}
		if t[i].start < end && t[i].end > start {
			if i == len(t)-1 || t[i+1].start >= end {
				return from, i + 1
			}
		}
	}
	return -1, -1
}

// nounBehind returns what a number counts and where that ends.
func nounBehind(t []token, from, end int) (string, int) {
	to := from
	for to < end && to-from < 4 && t[to].word() && !t[to].is(prepositions) && !t[to].is(conjunctions) && !t[to].is(modals) && !t[to].is(beForms) &&
		!t[to].is(haveForms) && !t[to].is(notNouns) && !endsWith(t[to].low, "ly") && !(verbs[t[to].low].past && to > from) {
		to++
	}
	if to == from {
		return "", from
	}
	return joined(t[from:to]), to
}

// phraseBefore is the noun phrase that ends before token i, with the one that it
// hangs on: "a new funding round for OpenAI". It is empty for a mere share.
func (a *asker) phraseBefore(t []token, i int) string {
	whole := nounPhrase(t, i)
	if n := i - len(tokenize(whole)); whole != "" && n > 1 && t[n-1].is(prepositions) && t[n-1].low != "to" {
		if outer := nounPhrase(t, n-1); outer != "" {
			whole = outer + " " + t[n-1].text + " " + whole
		}
	}
	if j := strings.LastIndex(whole, "half of "); j >= 0 {
		whole = whole[j+len("half of "):]
	}
	if quantity.Find(whole) != nil || strings.HasSuffix(whole, "half") {
		return ""
	}
	return whole
}
