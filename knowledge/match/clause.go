package match

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// From so many words on a message is searched for the part that asks.
const (
	long     = 30 // whatever the whole is good for
	middling = 14 // if the whole is answered with nothing, and a part looks like a question
)

// How sure a part must be: by so much more than the whole, and of so much.
const (
	moreSure  = 0.2
	leastSure = 0.8
)

// aroundWeight is how much a name or number counts that stands elsewhere in the
// message than in the part that asks.
const aroundWeight = 0.6

// shortest is the number of words that such a part has at least.
const shortest = 3

// fewParts is how many parts a message seldom has more of.
const fewParts = 8

// clauses cuts a message into the parts that may ask something, its sentences and
// the parts of those between commas, colons and dashes, and tells which of them
// look like questions.
func clauses(text string) (all, asking []string) {
	all, asking = make([]string, 0, fewParts), make([]string, 0, fewParts)
	add := func(part string, asked bool) {
		part = strings.TrimSpace(part)
		head, n := headOf(part)
		if n < shortest {
			return
		}
		all = append(all, part)
		if asked || asks(head[:n]) {
			asking = append(asking, part)
		}
	}
	for _, sentence := range sentences(text) {
		asked, from := strings.HasSuffix(sentence, "?"), 0
		add(sentence, asked)
		for i, r := range sentence {
			if separates(r) {
				add(sentence[from:i], false)
				from = i + utf8.RuneLen(r)
			}
		}
		if from > 0 {
			add(sentence[from:], asked)
		}
	}
	return all, asking
}

// separates reports whether a sign stands between the parts of a sentence.
func separates(r rune) bool {
	switch r {
	case ',', ';', ':', '–', '—', '(', ')':
		return true
	}
	return false
}

// asking returns the part of a message that most likely asks: the one that the
// best fact or gap is surest of, or nothing if that is the whole, which s was
// ranked for and c is about. It leaves that ranking as it is.
func (x *Index) asking(s *scratch, c *consideration, text string) string {
	n := len(c.tokens)
	if n < middling || n < long && c.field.first >= 0 && c.one >= x.enough(s, c.field) {
		return ""
	}
	best, found := max(c.one+moreSure, leastSure), ""
	if best >= 1 {
		return "" // no part can be surer
	}
	text = strings.TrimSpace(plainText(text))
	all, parts := clauses(text)
	if len(parts) == 0 && n >= long {
		parts = all
	}
	other := x.borrow()
	defer x.scratch.Put(other)
	other.judged = append(other.judged, s.judged...)
	for _, part := range parts {
		if part == text {
			continue // the whole
		}
		if p, known := s.sureOf(part); known {
			if p > best {
				best, found = p, part
			}
			continue
		}
		tokens, _ := x.read(other, part)
		if len(tokens) < shortest {
			continue
		}
		other.kind = kindOf(tokens)
		x.scoreClasses(other, x.ask(other, tokens, 1), none)
		if !x.mayBeSure(other, best) {
			continue
		}
		x.scoreVariants(other, none)
		var ranked consideration
		x.assess(other, &ranked)
		if ranked.one > best {
			best, found = ranked.one, part
		}
	}
	s.judged = append(s.judged[:0], other.judged...)
	return found
}

// around are the names and numbers of a message that the part which asks does not
// repeat.
func (x *Index) around(s *scratch, message []token, part []term) []term {
	terms := x.ask(s, message, aroundWeight).terms
	return slices.DeleteFunc(terms, func(t term) bool {
		return !t.marked || slices.ContainsFunc(part, func(p term) bool { return p.id == t.id })
	})
}

// askedPart is a part of a message that was asked by itself, and the confidence in
// the best fact.
type askedPart struct {
	text string
	one  float64
}

// sureOf returns the confidence in the best fact of a part that was asked by itself.
func (s *scratch) sureOf(part string) (float64, bool) {
	for _, p := range s.parts {
		if p.text == part {
			return p.one, true
		}
	}
	return 0, false
}

// mayBeSure reports whether the confidence in the best fact of a ranking may turn
// out greater than p, now that only the classes are scored and not their variants.
func (x *Index) mayBeSure(s *scratch, p float64) bool {
	if x.softmax != nil || x.neighbours != nil {
		return true
	}
	b, facts := x.blend(), int32(len(x.base.Facts))
	gap := math.Inf(-1) // the best one scores at least so much
	for _, c := range s.found {
		if c >= facts && int(c) < x.own && s.rank[c].cover > 0 {
			gap = max(gap, b.withoutNear(&s.rank[c]))
		}
	}
	least := math.Log(p / (1 - p))
	for _, c := range s.found {
		if c >= facts {
			continue
		}
		r := &s.rank[c]
		sum := b.withoutNear(r) + b.near*s.lookup.nearBound(r.held, x.tightest(c))
		most := signals{0: 1, 1: familiar(sum, 0, r.alike), 4: noGap}
		if !math.IsInf(gap, -1) {
			most[4] = leadOver(sum, gap)
		}
		if logit(x.weights.In, most) <= least { // a confidence is this one times another
			continue
		}
		var words float64
		words, most[7] = x.foreign(s, c, none)
		most[1] = familiar(sum, words, r.alike)
		if logit(x.weights.In, most) > least {
			return true
		}
	}
	return false
}

// questions returns what a message asks, if it asks several things: its
// sentences that end with a question mark, and of those that ask twice ("how
// many and why") each half.
func questions(text string) []string {
	if strings.Count(text, "?") < 2 && !strings.Contains(text, " and ") {
		return nil
	}
	text = plainText(text)
	if strings.Count(text, "?") < 2 && !asksOn(text) {
		return nil
	}
	var out []string
	all := sentences(text)
	for _, s := range all {
		head, n := headOf(s)
		asked := strings.HasSuffix(s, "?") || len(all) <= 2 && asks(head[:n])
		if asked && n > 1 {
			out = append(out, halves(s)...)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// asksOn reports whether "and" and a word that may ask a second question stand in
// a text.
func asksOn(text string) bool {
	behind := false
	for f := range strings.FieldsSeq(text) {
		if behind && isSecond(f) {
			return true
		}
		behind = isAnd(f)
	}
	return false
}

func isAnd(field string) bool { return len(field) == 3 && strings.ToLower(field) == "and" }

func isSecond(field string) bool { return secondWords[strings.ToLower(strings.Trim(field, "?,"))] }

// halves cuts a sentence that asks twice before its second question word.
func halves(sentence string) []string {
	if !asksOn(sentence) {
		return []string{sentence}
	}
	fields := strings.Fields(sentence)
	for i := shortest; i+1 < len(fields); i++ {
		if isAnd(fields[i]) && isSecond(fields[i+1]) && asks(fields[:i]) {
			return []string{strings.Join(fields[:i], " ") + "?", strings.Join(fields[i+1:], " ")}
		}
	}
	return []string{sentence}
}

// secondWords begin the second half of a question that asks twice.
var secondWords = map[string]bool{"who": true, "whom": true, "what": true, "when": true, "where": true, "why": true, "how": true, "which": true}

// sentences cuts text behind full stops, question and exclamation marks and
// line ends, which it keeps.
func sentences(text string) []string {
	out := make([]string, 0, fewParts)
	from := 0
	for i := range len(text) {
		c, end := text[i], i+1
		stop := c == '\n' || (c == '.' || c == '?' || c == '!') && (end == len(text) || unicode.IsSpace(rune(text[end])))
		if stop {
			out = append(out, strings.TrimSpace(text[from:end]))
			from = end
		}
	}
	return append(out, strings.TrimSpace(text[from:]))
}

// headOf returns the first fields of a text and how many of them there are.
func headOf(text string) (head [shortest]string, n int) {
	for f := range strings.FieldsSeq(text) {
		head[n] = f
		if n++; n == len(head) {
			break
		}
	}
	return head, n
}

// asks reports whether a part begins like a question.
func asks(fields []string) bool {
	for _, f := range fields[:min(shortest, len(fields))] {
		if f = strings.Trim(f, `"'`); len(f) > longestAsking {
			continue
		}
		if askingWords[strings.ToLower(f)] {
			return true
		}
	}
	return false
}

// longestAsking is the length of the longest of askingWords.
const longestAsking = len("whether")

var askingWords = map[string]bool{
	"who": true, "whom": true, "whose": true, "what": true, "what's": true, "whats": true, "which": true, "when": true,
	"where": true, "why": true, "how": true, "is": true, "are": true, "was": true, "were": true, "do": true, "does": true,
	"did": true, "can": true, "could": true, "will": true, "would": true, "should": true, "has": true, "have": true,
	"whether": true, "tell": true, "explain": true, "name": true, "isn't": true, "doesn't": true,
}
