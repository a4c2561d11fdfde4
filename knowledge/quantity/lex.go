package quantity

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokKind int

const (
	none tokKind = iota
	word
	number
	ordinal
	isoDate
	symbol
)

type tok struct {
	kind       tokKind
	text       string // lower case
	value      float64
	plain      bool // digits alone, no separator
	start, end int
}

func (t tok) is(text string) bool { return t.text == text }

func (t tok) isYear() bool {
	return t.kind == number && t.plain && t.value >= 1900 && t.value < 2100 && len(t.text) == 4
}

func (t tok) isDay() bool {
	return (t.kind == number && t.plain && len(t.text) <= 2 || t.kind == ordinal) && t.value >= 1 && t.value <= 31
}

// begins reports whether a quantity may begin with the token.
func (t tok) begins() bool {
	return t.kind != word || speaksOfQuantity(t.text) || t.text == "a" || t.text == "one"
}

func (t tok) startsScale() bool {
	return t.kind == word && (scales[t.text] != 0 || suffixes[t.text] != 0)
}

// lex cuts text into words, numbers and single signs. Digits that belong to a
// word ("Q4", "H-1B", "5pm") become words, which no quantity is read from.
func lex(text string) []tok {
	toks := make([]tok, 0, 8+len(text)/5)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsDigit(r) && r < utf8.RuneSelf:
			toks = appendDigits(toks, text, i)
			i = toks[len(toks)-1].end
		case unicode.IsLetter(r):
			end := i
			for end < len(text) {
				r, n := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					break
				}
				end += n
			}
			if strings.HasPrefix(text[end:], "-") && end+1 < len(text) && isDigit(text[end+1]) && !isScaleOrUnit(text[i:end]) {
				for end < len(text) && (isDigit(text[end]) || isLetter(text[end]) || text[end] == '-') {
					end++ // "H-1B", "COVID-19"
				}
			}
			toks = append(toks, tok{kind: word, text: lower(text[i:end]), start: i, end: end})
			i = end
		case unicode.IsSpace(r):
			i += size
		default:
			toks = append(toks, tok{kind: symbol, text: text[i : i+size], start: i, end: i + size})
			i += size
		}
	}
	return toks
}

// appendDigits appends the number at text[i:], with its thousands' separators, its
// decimals and the letters that stick to it.
func appendDigits(toks []tok, text string, i int) []tok {
	if iso := text[i:min(len(text), i+10)]; looksISO(iso) && (i+10 == len(text) || !isDigit(text[i+10])) {
		return append(toks, tok{kind: isoDate, text: iso, start: i, end: i + 10})
	}
	end := i
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	digits, plain := text[i:end], true
	for {
		gap, ok := thousands(text, end, len(digits) <= 3 || !plain)
		if !ok {
			break
		}
		digits += text[gap : gap+3]
		end, plain = gap+3, false
	}
	if end+1 < len(text) && text[end] == '.' && isDigit(text[end+1]) {
		from := end
		for end++; end < len(text) && isDigit(text[end]); end++ {
		}
		digits, plain = digits+text[from:end], false
	}
	value, _ := strconv.ParseFloat(digits, 64)
	t := tok{kind: number, text: text[i:end], value: value, plain: plain, start: i, end: end}

	stuck := end
	for stuck < len(text) && isLetter(text[stuck]) {
		stuck++
	}
	switch suffix := lower(text[end:stuck]); {
	case suffix == "":
		return append(toks, t)
	case suffixes[suffix] != 0 || scales[suffix] != 0 || suffix == "pct":
		return append(toks, t, tok{kind: word, text: suffix, start: end, end: stuck})
	case suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th":
		t.kind, t.end = ordinal, stuck
		return append(toks, t)
	default:
		return append(toks, tok{kind: word, text: lower(text[i:stuck]), start: i, end: stuck})
	}
}

// thousands reports where the next group of three digits begins, if a
// separator and exactly three digits stand at text[at:]. A full stop counts
// where no scale follows ("16.000", not "1.125 billion").
func thousands(text string, at int, possible bool) (int, bool) {
	if !possible || at >= len(text) {
		return 0, false
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	group := at + size
	if group+3 > len(text) || !isDigit(text[group]) || !isDigit(text[group+1]) || !isDigit(text[group+2]) {
		return 0, false
	}
	if group+3 < len(text) && isDigit(text[group+3]) {
		return 0, false
	}
	switch r {
	case ',', '\'', '’', ' ', '\u00a0', '\u202f', '\u2009':
		return group, true
	case '.':
		rest := strings.TrimLeft(text[group+3:], " -")
		for name := range scales {
			if strings.HasPrefix(rest, name) {
				return 0, false
			}
		}
		for name := range suffixes {
			if strings.HasPrefix(rest, name) && !(len(rest) > len(name) && isLetter(rest[len(name)])) {
				return 0, false
			}
		}
		return group, true
	}
	return 0, false
}

func looksISO(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for i, c := range []byte(s) {
		if i != 4 && i != 7 && !isDigit(c) {
			return false
		}
	}
	return true
}

func isScaleOrUnit(s string) bool {
	s = lower(s)
	return scales[s] != 0 || currencies[s] != ""
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func lower(s string) string { return strings.ToLower(s) }

// cardinals are the words that a spelled number adds up; "one" counts only
// next to others, for by itself it is mostly a pronoun.
var cardinals = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
	"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
	"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// scales multiply the number before them.
var scales = map[string]float64{
	"hundred": 100, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12,
}

// suffixes are the scales that are written right behind digits.
var suffixes = map[string]float64{
	"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9, "bln": 1e9, "bil": 1e9, "tn": 1e12,
}

var currencies = map[string]string{
	"$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd", "bucks": "usd",
	"€": "eur", "eur": "eur", "euro": "eur", "euros": "eur",
	"£": "gbp", "gbp": "gbp",
}

var months = map[string]int{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4,
	"may": 5, "june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9,
	"sept": 9, "sep": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}

// verbs are the months that are other words too: months only next to a day or
// a year.
var verbs = map[string]bool{"may": true, "march": true, "mar": true, "jun": true, "dec": true, "sep": true}

// fractions are the words that say a part of a whole.
var fractions = map[string]bool{"half": true, "third": true, "quarter": true}

// beginners are the words that can begin a quantity.
var beginners = func() map[string]bool {
	out := map[string]bool{}
	for w := range cardinals {
		out[w] = w != "one"
	}
	for w := range scales {
		out[w] = true
	}
	for w := range months {
		out[w] = true
	}
	for w := range fractions {
		out[w] = true
	}
	return out
}()

// longestBeginner is the length of the longest beginners.
const longestBeginner = 9

// beginnerLengths has of each first letter a bit for each length of a beginner.
var beginnerLengths = func() (out [256]uint16) {
	for w := range beginners {
		out[w[0]] |= 1 << len(w)
	}
	return out
}()

// speaksOfQuantity reports whether a word can begin a quantity.
func speaksOfQuantity(w string) bool {
	if len(w) > longestBeginner || beginnerLengths[w[0]|0x20]>>len(w)&1 == 0 {
		return false
	}
	var buffer [longestBeginner]byte
	for i := range len(w) {
		buffer[i] = w[i] | 0x20
	}
	return beginners[string(buffer[:len(w)])]
}
