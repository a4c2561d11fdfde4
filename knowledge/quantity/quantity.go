// Package quantity finds the numbers, amounts of money, shares and dates in
// English text and brings each to one form, so that "$50bn", "fifty billion
// dollars" and "50-billion" can be seen to be the same, and "half" to be 50 %.
//
// It reads what people write, not a grammar: what it cannot make out with
// confidence ("GPT-4", "Q4", "5pm", the pronoun "one") it leaves alone.
package quantity

import (
	"fmt"
	"strconv"
)

// Kind says what a quantity measures.
type Kind int

const (
	Count Kind = iota // a bare number: 16,000
	Money             // an amount in Unit: $50 billion
	Share             // a part of a whole, in percent: half, 50 %
	Date              // a day, month or year
)

// Quantity is one number, amount, share or date in a text.
type Quantity struct {
	Kind             Kind
	Value            float64 // of all kinds but Date; a Share in percent
	Unit             string  // of Money: "usd", "eur" or "gbp"
	Year, Month, Day int     // of a Date; zero for a part that is not said
	Start, End       int     // where it stands: bytes [Start, End) of the text
}

// Carries reports whether a text that says q supports a text that says claim:
// the same value in the same unit, or a date that is no less exact. A bare
// number is carried by money or a share of the same value, but not the other
// way round.
func (q Quantity) Carries(claim Quantity) bool {
	if q.Kind == Date || claim.Kind == Date {
		return q.Kind == claim.Kind &&
			covers(q.Year, claim.Year) && covers(q.Month, claim.Month) && covers(q.Day, claim.Day)
	}
	if q.Value != claim.Value {
		return false
	}
	return claim.Kind == Count || q.Kind == claim.Kind && q.Unit == claim.Unit
}

func covers(have, claimed int) bool { return claimed == 0 || have == claimed }

// Key is the quantity in one form: equal keys mean equal quantities. It holds
// no white space.
func (q Quantity) Key() string {
	value := strconv.FormatFloat(q.Value, 'f', -1, 64)
	switch q.Kind {
	case Money:
		return value + q.Unit
	case Share:
		return value + "%"
	case Date:
		return fmt.Sprintf("%04d-%02d-%02d", q.Year, q.Month, q.Day)
	}
	return value
}

// Find returns the quantities of text in the order in which they stand there.
func Find(text string) []Quantity {
	if !May(text) {
		return nil
	}
	s := scanner{toks: lex(text)}
	var found []Quantity
	for s.i < len(s.toks) {
		from := s.i
		if !s.toks[from].begins() {
			s.i++
			continue
		}
		q, ok := s.date()
		if !ok {
			q, ok = s.number()
		}
		if !ok {
			s.i = from + 1
			continue
		}
		q.Start, q.End = s.toks[from].start, s.toks[s.i-1].end
		found = append(found, q)
	}
	return found
}

// May reports whether a text may hold a quantity; if none of its words may, it
// does not. It spares the usual question, which has no number in it, the lexer.
func May(text string) bool {
	start := -1
	for i := 0; i <= len(text); i++ {
		letter := i < len(text) && isLetter(text[i])
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			if speaksOfQuantity(text[start:i]) {
				return true
			}
			start = -1
		}
		if i < len(text) && isDigit(text[i]) {
			return true
		}
	}
	return false
}

// scanner reads quantities off a text's tokens. Its methods stand at i and,
// when they return true, have moved behind what they read.
type scanner struct {
	toks []tok
	i    int
}

func (s *scanner) peek(ahead int) tok {
	if s.i+ahead < len(s.toks) {
		return s.toks[s.i+ahead]
	}
	return tok{}
}

// number reads an amount: "$50 billion", "half a million", "16k", "90", "50 %".
func (s *scanner) number() (Quantity, bool) {
	q := Quantity{}
	if unit, ok := currencies[s.peek(0).text]; ok && s.peek(0).kind == symbol {
		q.Kind, q.Unit = Money, unit
		s.i++
	}
	value, share, ok := s.magnitude()
	if !ok {
		return Quantity{}, false
	}
	q.Value = value
	if share {
		q.Kind = Share
	}
	if s.peek(0).is("-") && (currencies[s.peek(1).text] != "" || s.peek(1).is("percent")) {
		s.i++
	}
	next := s.peek(0)
	switch unit := currencies[next.text]; {
	case unit != "" && next.kind != number && q.Kind == Count:
		q.Kind, q.Unit = Money, unit
		s.i++
	case next.is("%") || next.is("percent") || next.is("pct"):
		q.Kind = Share
		s.i++
	case next.is("per") && s.peek(1).is("cent"):
		q.Kind = Share
		s.i += 2
	}
	return q, true
}

// magnitude reads the value of a number in digits, in words or in both, and
// whether it is a fraction of a whole.
func (s *scanner) magnitude() (value float64, share, ok bool) {
	switch t := s.peek(0); {
	case t.is("half"):
		s.i++
		if scale := scales[s.peek(1).text]; s.peek(0).is("a") && scale != 0 {
			s.i += 2
			return scale / 2, false, true
		}
		return 50, true, true
	case t.is("a") || t.is("one"):
		return s.afterArticle()
	case t.kind == number:
		s.i++
		value = t.value
		for scale, ok := s.scale(); ok; scale, ok = s.scale() {
			value *= scale
		}
		return value, false, true
	}
	return s.spelled()
}

// afterArticle reads "a hundred billion", "a third", "one quarter". "a" and
// "one" by themselves are no numbers.
func (s *scanner) afterArticle() (value float64, share, ok bool) {
	switch next := s.peek(1); {
	case next.is("half"):
		s.i += 2
		return 50, true, true
	case next.is("third"):
		s.i += 2
		return 100.0 / 3, true, true
	case next.is("quarter") && s.peek(2).is("of"):
		s.i += 2
		return 25, true, true
	case scales[next.text] != 0 && next.kind == word:
		s.i++
		return s.spelled()
	case s.peek(0).is("one") && next.is("-") && scales[s.peek(2).text] != 0:
		s.i += 2
		return s.spelled()
	}
	return 0, false, false
}

// spelled reads a number in words: "one hundred and fifty thousand".
func (s *scanner) spelled() (value float64, share, ok bool) {
	total, group := 0.0, 0.0 // group is what stands before the next thousand, million, …
	from := s.i
	for {
		t := s.peek(0)
		cardinal, scale := cardinals[t.text], scales[t.text]
		switch {
		case cardinal != 0 && continues(group, cardinal):
			group += cardinal
		case scale == 100:
			group = max(group, 1) * 100
		case scale != 0:
			total += max(group, 1) * scale
			group = 0
		case s.i > from && s.joins(group):
		default:
			return total + group, false, s.i > from
		}
		s.i++
	}
}

// continues reports whether a cardinal can follow the group: "twenty five",
// "one hundred ten", but not "ten twenty", which is two numbers.
func continues(group, cardinal float64) bool {
	rest := int(group) % 100
	return rest == 0 || rest >= 20 && rest%10 == 0 && cardinal < 10
}

// joins reports whether the token binds the number before it to the one behind
// it: the hyphen of "twenty-five", the "and" of "hundred and fifty".
func (s *scanner) joins(group float64) bool {
	next := s.peek(1).text
	if s.peek(0).is("-") {
		return scales[next] != 0 || cardinals[next] != 0 && continues(group, cardinals[next])
	}
	return s.peek(0).is("and") && group >= 100 && int(group)%100 == 0 && cardinals[next] != 0
}

// scale reads "billion", "bn", "-billion" after digits.
func (s *scanner) scale() (float64, bool) {
	ahead := 0
	if s.peek(0).is("-") {
		ahead = 1
	}
	t := s.peek(ahead)
	for _, table := range []map[string]float64{scales, suffixes} {
		if v := table[t.text]; v != 0 && t.kind == word {
			s.i += ahead + 1
			return v, true
		}
	}
	return 0, false
}

// date reads "2026-01-30", "30 January 2026", "January 30, 2026", "October
// 2025", "October" and "2025".
func (s *scanner) date() (Quantity, bool) {
	t := s.peek(0)
	if t.kind == isoDate {
		var q Quantity
		q.Kind = Date
		if _, err := fmt.Sscanf(t.text, "%4d-%2d-%2d", &q.Year, &q.Month, &q.Day); err != nil || !valid(q) {
			return Quantity{}, false
		}
		s.i++
		return q, true
	}
	if q, ok := s.dayMonth(); ok {
		return q, true
	}
	if q, ok := s.monthDay(); ok {
		return q, true
	}
	if t.isYear() && !s.peek(1).startsScale() {
		s.i++
		return Quantity{Kind: Date, Year: int(t.value)}, true
	}
	return Quantity{}, false
}

func (s *scanner) dayMonth() (Quantity, bool) {
	t, ahead := s.peek(0), 1
	if !t.isDay() {
		return Quantity{}, false
	}
	if s.peek(ahead).is("of") {
		ahead++
	}
	month, ok := months[s.peek(ahead).text]
	if !ok || s.peek(ahead).kind != word {
		return Quantity{}, false
	}
	s.i += ahead + 1
	q := Quantity{Kind: Date, Day: int(t.value), Month: month}
	q.Year = s.year()
	return q, true
}

func (s *scanner) monthDay() (Quantity, bool) {
	t := s.peek(0)
	month, ok := months[t.text]
	if !ok || t.kind != word {
		return Quantity{}, false
	}
	ahead := 1
	if s.peek(ahead).is("the") {
		ahead++
	}
	q := Quantity{Kind: Date, Month: month}
	switch next := s.peek(ahead); {
	case next.isDay():
		s.i += ahead + 1
		q.Day = int(next.value)
	case verbs[t.text] && !s.peek(1).isYear():
		return Quantity{}, false
	default:
		s.i++
	}
	q.Year = s.year()
	return q, true
}

// year reads the year behind a month or day, with a comma or "of" between.
func (s *scanner) year() int {
	ahead := 0
	if s.peek(0).is(",") || s.peek(0).is("of") {
		ahead = 1
	}
	if t := s.peek(ahead); t.isYear() {
		s.i += ahead + 1
		return int(t.value)
	}
	return 0
}

func valid(q Quantity) bool { return q.Month >= 1 && q.Month <= 12 && q.Day >= 1 && q.Day <= 31 }
