package match

import (
	"github.com/kljensen/snowball/english"

	"footnote/knowledge/match/vector"
)

// lexicon numbers the terms of a base. A term is a word's stem, a name or a
// quantity.
type lexicon struct {
	ids     map[string]int32 // of terms
	surface map[string]int32 // of words as they stand in the base, which spares them the stemmer
	uses    []use            // of each term
	names   resolver
	speller *speller
	table   *vector.Table // whose words are spelled right
}

// use says how the base writes a term.
type use struct {
	marked   bool // it is a name or a quantity
	capitals int  // how often it stands with a capital inside a sentence
	total    int  // how often it stands at all
}

// unknown is the number of every term that the base does not hold.
const unknown int32 = -1

// add returns the number of a token's term, a new one if need be.
func (l *lexicon) add(t token) int32 {
	id, ok := l.surface[t.text]
	if !ok {
		key := t.text
		if t.kind == wordToken {
			key = english.Stem(t.text, true)
		}
		if id, ok = l.ids[key]; !ok {
			id = int32(len(l.ids))
			l.ids[key] = id
			l.uses = append(l.uses, use{marked: t.kind != wordToken})
		}
		l.surface[t.text] = id
	}
	l.uses[id].total++
	if t.capital {
		l.uses[id].capitals++
	}
	return id
}

// find returns the number of a token's term, or unknown.
func (l *lexicon) find(t token) int32 {
	if id, ok := l.surface[t.text]; ok {
		return id
	}
	if t.kind == wordToken {
		if id, ok := l.ids[english.Stem(t.text, true)]; ok {
			return id
		}
	}
	return unknown
}

// marks reports whether a token sets its question apart: a name, a quantity, or
// a word that is written with a capital, by the base or, if the base does not
// know it, by the question.
func (l *lexicon) marks(t token, id int32) bool {
	if id == unknown {
		return t.capital || t.kind != wordToken
	}
	u := l.uses[id]
	return u.marked || 2*u.capitals > u.total
}

// read turns a text of the base into tokens.
func (l *lexicon) read(text string) []token {
	return l.names.resolve(words(plainText(text)))
}

// misspelt are words of the table that are another word's typos.
var misspelt = map[string]bool{"teh": true, "adn": true, "hte": true, "thier": true, "recieve": true, "wich": true, "waht": true, "hwo": true}

// right reports whether a word is spelled as somebody meant it: a name's or one
// of the table's.
func (l *lexicon) right(w string) bool {
	_, known := l.table.Rank(w)
	return l.names.words[w] || known && !misspelt[w]
}

// repair mends the spelling of the words that neither the base nor the table
// know, then resolves names, mended ones included. It returns what it changed.
func (l *lexicon) repair(tokens []token) ([]token, []Repair) {
	var repairs []Repair
	for i, t := range tokens {
		if t.kind != wordToken || l.right(t.text) || l.find(t) != unknown {
			continue
		}
		if better, ok := l.speller.mend(t.text); ok {
			repairs = append(repairs, Repair{From: t.text, To: better})
			tokens[i].text = better
		}
	}
	return tokens, repairs
}
