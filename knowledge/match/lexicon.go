package match

import (
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/kljensen/snowball/english"

	"footnote/knowledge/match/vector"
)

// lexicon numbers the terms of a base. A term is a word's stem, a name or a
// quantity.
type lexicon struct {
	ids     map[string]int32 // of terms
	surface map[string]*word // of words as they stand in the base, names and quantities included
	uses    []use            // of each term
	rows    []vector.Row     // of the base's words that the table does not hold, and of names
	stems   []atomic.Int32   // of the table's words that do not stand in the base: their term plus two, zero until it is known
	names   resolver
	speller *speller

	vocabulary vocabulary
	marked     []bool        // of each term: the base sets it apart
	pairs      pairTable     // the index's
	table      *vector.Table // whose words are spelled right
}

// word is what is known of a word, name or quantity.
type word struct {
	text    string
	term    int32 // or unknown
	meaning int32 // its rank in the table, behind those its place in rows, or unknown if it has none
	part    part
	count   int // how often the base uses it
}

// use says how the base writes a term.
type use struct {
	marked   bool // it is a name or a quantity
	capitals int  // how often it stands with a capital inside a sentence
	total    int  // how often it stands at all
}

// unknown is the number of every term that the base does not hold.
const unknown int32 = -1

// add takes up a token of the base and returns its word, with a new term if need
// be.
func (l *lexicon) add(t token) *word {
	w, ok := l.surface[t.text]
	if !ok {
		key := t.text
		if t.kind == wordToken {
			key = english.Stem(t.text, true)
		}
		id, known := l.ids[key]
		if !known {
			id = int32(len(l.ids))
			l.ids[key] = id
			l.uses = append(l.uses, use{marked: t.kind != wordToken})
		}
		w = &word{text: t.text, term: id, meaning: l.learn(t), part: partOf(t)}
		l.surface[t.text] = w
	}
	w.count++
	l.uses[w.term].total++
	if t.capital {
		l.uses[w.term].capitals++
	}
	return w
}

// aliasCount is what a word of an alias counts when spelling is mended, against
// one use of a word in the base: names are asked for more often.
const aliasCount = 20

// counts is how often the base uses each word, those of aliases included.
func (l *lexicon) counts() map[string]int {
	out := make(map[string]int, len(l.surface))
	for text, w := range l.surface {
		if text[0] != '@' && text[0] != '#' {
			out[text] = w.count
		}
	}
	for text := range l.names.words {
		out[text] += aliasCount
	}
	return out
}

// learn returns where the meaning of a token of the base is found, a new row if
// the table does not hold it.
func (l *lexicon) learn(t token) int32 {
	var v vector.Vector
	switch t.kind {
	case quantityToken:
		return unknown
	case nameToken:
		for _, w := range words(t.text[1:]) {
			l.table.Add(&v, w.text)
		}
	default:
		if rank, ok := l.table.Rank(t.text); ok {
			return int32(rank)
		}
		l.table.Add(&v, t.text)
	}
	l.rows = append(l.rows, v.Row())
	return int32(l.table.Words() + len(l.rows) - 1)
}

// look fills in a token's term and meaning.
func (l *lexicon) look(t *token) {
	t.looked, t.filler = true, t.kind == wordToken && fillers[t.text]
	t.term, t.meaning = unknown, unknown
	if w, ok := l.surface[t.text]; ok {
		t.term, t.meaning, t.part = w.term, w.meaning, w.part
		return
	}
	t.part = partOf(*t)
	if t.kind != wordToken {
		return
	}
	rank, ok := l.table.Rank(t.text)
	if !ok {
		t.term = l.stem(t.text)
		return
	}
	t.meaning = int32(rank)
	if known := l.stems[rank].Load(); known != 0 {
		t.term = known - 2
		return
	}
	t.term = l.stem(t.text)
	l.stems[rank].Store(t.term + 2)
}

func (l *lexicon) stem(text string) int32 {
	if id, ok := l.ids[english.Stem(text, true)]; ok {
		return id
	}
	return unknown
}

// find returns the number of a token's term, or unknown.
func (l *lexicon) find(t token) int32 {
	l.look(&t)
	return t.term
}

// marks reports whether a token sets its question apart: a name, a quantity, or
// a word that is written with a capital, by the base or, if the base does not
// know it, by the question.
func (l *lexicon) marks(t token, id int32) bool {
	if id == unknown {
		return t.capital || t.kind != wordToken
	}
	return l.marked[id]
}

// complete makes ready what questions are read by, once all tokens are added.
func (l *lexicon) complete() {
	l.vocabulary = newVocabulary(l)
	l.marked = make([]bool, len(l.uses))
	for id, u := range l.uses {
		l.marked[id] = u.marked || 2*u.capitals > u.total
	}
}

// cut turns a text of the base into tokens that are not looked up. It reads
// nothing of the lexicon but the names.
func (l *lexicon) cut(text string) []token { return l.names.resolve(words(plainText(text))) }

// read turns a text of the base into tokens.
func (l *lexicon) read(text string) []token {
	tokens := l.cut(text)
	for i := range tokens {
		l.look(&tokens[i])
	}
	return tokens
}

// lower returns a word in lower case; one that the base or the table hold as
// they hold it.
func (l *lexicon) lower(w string) string {
	var buffer [maxMend]byte
	if len(w) > len(buffer) || !ascii(w) {
		return strings.ToLower(w)
	}
	upper := false
	for i := range len(w) {
		buffer[i] = w[i]
		if c := w[i]; c >= 'A' && c <= 'Z' {
			buffer[i] += 'a' - 'A'
			upper = true
		}
	}
	if !upper {
		return w
	}
	if l != nil {
		if known, ok := l.surface[string(buffer[:len(w)])]; ok {
			return known.text
		}
		if rank, ok := l.table.RankBytes(buffer[:len(w)]); ok {
			return l.table.Word(rank)
		}
	}
	return string(buffer[:len(w)])
}

// misspelt are words of the table that are another word's typos.
var misspelt = map[string]bool{"teh": true, "adn": true, "hte": true, "thier": true, "recieve": true, "wich": true, "waht": true, "hwo": true}

// A word of the table that the base does not hold is taken for a mistake if it
// is rare and a word that stands beside a word of the question in the base is
// likelier by so much.
const (
	rareRank = 2000
	likelier = 3
)

// mostJudged is how many words of a message may have their spelling mended: more
// than anybody misspells, and few enough for a message full of made-up words.
const mostJudged = 128

// judgement is what became of a word that the base does not know: its token as it
// was looked up, and as it is read.
type judgement struct{ was, is token }

// judgementOf returns where a word's stands, or -1.
func judgementOf(judged []judgement, text string) int {
	return slices.IndexFunc(judged, func(j judgement) bool { return j.was.text == text })
}

// repair looks the tokens up and mends the spelling of the words that neither
// the base nor the table know, as long as there are few. It returns what it
// changed. In judged it keeps what became of each word, for the parts of a message
// are read again.
func (l *lexicon) repair(tokens []token, judged *[]judgement) []Repair {
	var repairs []Repair
	for i := range tokens {
		t := &tokens[i]
		if t.looked {
			continue
		}
		if at := judgementOf(*judged, t.text); at >= 0 && t.kind == wordToken {
			t.readAs(&(*judged)[at].was)
			continue
		}
		l.look(t)
	}
	for i := range tokens {
		t := &tokens[i]
		if t.kind != wordToken || t.term != unknown || len(t.text) < minMend || l.names.words[t.text] {
			continue
		}
		at := judgementOf(*judged, t.text)
		if at < 0 {
			if len(*judged) == mostJudged {
				continue
			}
			at = len(*judged)
			*judged = append(*judged, judgement{*t, l.judge(tokens, i)})
		}
		if j := &(*judged)[at]; j.was.text != j.is.text {
			repairs = append(repairs, Repair{j.was.text, j.is.text})
			t.readAs(&j.is)
		}
	}
	return repairs
}

// readAs makes of a token another one in the same place.
func (t *token) readAs(o *token) {
	capital := t.capital
	*t = *o
	t.capital = capital
}

// judge returns what is meant by the word at a place, which may be itself.
func (l *lexicon) judge(tokens []token, i int) token {
	t := tokens[i]
	if meant := l.meant(tokens, i); meant != t.text {
		t.text = meant
		l.look(&t)
	}
	return t
}

// meant is the word that is meant by the one at a place, which may be itself.
func (l *lexicon) meant(tokens []token, i int) string {
	t := &tokens[i]
	least := math.Inf(-1)
	if t.meaning != unknown && !misspelt[t.text] {
		if t.meaning < rareRank {
			return t.text
		}
		least = likelihood(int(t.meaning)) + likelier
	}
	near := neighbours{unknown, unknown}
	must := least > math.Inf(-1)
	if must {
		near = neighbours{unknown - 1, unknown - 1} // the ends stand beside too much
	}
	if i > 0 {
		near.before = known(tokens[i-1])
	}
	if i+1 < len(tokens) {
		near.behind = known(tokens[i+1])
	}
	if better := l.mend(t.text, near, least, must); better != "" {
		return better
	}
	return t.text
}

// known is a token's term, or one that no pair holds.
func known(t token) int32 {
	if t.term == unknown {
		return unknown - 1
	}
	return t.term
}
