package match

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge/quantity"
)

// token is one word, name or quantity of a question in its normal form.
type token struct {
	text    string // lower case; a name's is "@" and its id, a quantity's "#" and its key
	kind    tokenKind
	capital bool // it was written with a capital inside a sentence

	looked        bool // the lexicon was looked at, and set what follows; see word
	filler        bool // see fillers
	term, meaning int32
	part          part
}

type tokenKind uint8

const (
	wordToken tokenKind = iota
	nameToken
	quantityToken
)

var (
	slackLink   = regexp.MustCompile(`<([@#!]|https?:|mailto:)([^<>|]*)(?:\|([^<>]*))?>`)
	emojiCode   = regexp.MustCompile(`:[a-z0-9_+'-]+:(?::skin-tone-\d:)?`)
	bareAddress = regexp.MustCompile(`https?://\S+`)
	entities    = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	apostrophes = strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'", "`", "'")
)

// plainText returns what a person reads in a Slack message: mentions, links'
// addresses, emoji and entities resolved, Unicode in its compatibility form.
func plainText(s string) string {
	if isPlainText(s) {
		return s
	}
	if strings.ContainsRune(s, '<') {
		s = slackLink.ReplaceAllStringFunc(s, func(m string) string {
			part := slackLink.FindStringSubmatch(m)
			if part[1] == "@" || part[1] == "!" {
				return " "
			}
			return part[3] + " "
		})
	}
	if strings.ContainsRune(s, '&') {
		s = entities.Replace(s)
	}
	if strings.Contains(s, "://") {
		s = bareAddress.ReplaceAllString(s, " ")
	}
	if mayHoldEmoji(s) {
		s = emojiCode.ReplaceAllString(s, " ")
	}
	if !ascii(s) {
		s = norm.NFKC.String(apostrophes.Replace(s))
	}
	return s
}

// isPlainText reports whether a message holds nothing that plainText could resolve.
func isPlainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c == '<' || c == '&' || c == ':' {
			return false
		}
	}
	return true
}

// mayHoldEmoji reports whether a letter, digit or sign of an emoji's name stands
// behind a colon and a colon behind those.
func mayHoldEmoji(s string) bool {
	for {
		_, behind, found := strings.Cut(s, ":")
		if !found {
			return false
		}
		name := strings.TrimLeft(behind, "abcdefghijklmnopqrstuvwxyz0123456789_+'-")
		if len(name) < len(behind) && strings.HasPrefix(name, ":") {
			return true
		}
		s = behind
	}
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// words cuts plain text into lower-case words and quantities, with contractions
// and chat abbreviations spelled out and possessives dropped.
func words(text string) []token {
	return (*lexicon)(nil).appendTokens(make([]token, 0, 2+len(text)/4), text)
}

// appendTokens does so with the words as the lexicon holds them; it may be nil.
func (l *lexicon) appendTokens(out []token, text string) []token {
	at, first := 0, len(out)
	out, may := l.appendWords(out, text, true)
	if !may {
		return out
	}
	out = out[:first]
	for _, q := range quantity.Find(text) {
		out, _ = l.appendWords(out, text[at:q.Start], len(out) == first)
		out = appendQuantity(out, q)
		at = q.End
	}
	out, _ = l.appendWords(out, text[at:], len(out) == first)
	return out
}

// appendWords cuts text that begins a sentence, where a capital says nothing,
// or does not. It reports whether the text may hold a quantity.
func (l *lexicon) appendWords(out []token, text string, begins bool) (_ []token, quantities bool) {
	for i := 0; i < len(text); {
		if isPlain(text[i]) {
			end, word, cased := i, letters{}, byte(0)
			for end < len(text) && isPlain(text[end]) {
				c := text[end] | 0x20
				cased |= c ^ text[end]
				word.add(c)
				end++
			}
			if end == len(text) || endsPlain(text[end]) {
				n, may := len(out), false
				out, may = l.appendPlain(out, text[i:end], word, cased != 0)
				quantities = quantities || may
				if n < len(out) {
					out[n].capital = !begins && text[i] < 'a'
				}
				begins = false
				i = end
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			begins = begins || r == '.' || r == '?' || r == '!'
			i += size
			continue
		}
		end := i + size
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			inner := r == '\'' && end+1 < len(text) && text[end+1]|0x20 >= 'a' && text[end+1]|0x20 <= 'z'
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !inner {
				break
			}
			end += size
		}
		n := len(out)
		out = appendWord(out, l.lower(text[i:end]))
		quantities = quantities || quantity.May(text[i:end])
		if n < len(out) {
			out[n].capital = !begins && unicode.IsUpper(r)
		}
		begins = false
		i = end
	}
	return out, quantities
}

// appendPlain appends a word of a to z, and reports whether it may belong to a
// quantity.
func (l *lexicon) appendPlain(out []token, text string, word letters, capitals bool) (_ []token, mayBe bool) {
	if l != nil && len(text) <= mostLetters {
		if at := l.vocabulary.known(word); at >= 0 {
			k, lower := &l.vocabulary.words[at], text
			if capitals {
				lower = l.vocabulary.texts[at]
			}
			return append(out, token{text: lower, looked: true, filler: k.filler, term: k.term, meaning: k.meaning, part: k.part}), false
		}
	}
	return appendWord(out, l.lower(text)), quantity.May(text)
}

// isPlain reports whether a byte is a letter of a to z.
func isPlain(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// endsPlain reports whether a word of such letters that stands before a byte ends
// there.
func endsPlain(c byte) bool {
	return c < utf8.RuneSelf && c != '\'' && !isPlain(c) && (c < '0' || c > '9')
}

// appendWord appends a word, spelled out.
func appendWord(out []token, w string) []token {
	if full, ok := shortForms[w]; ok {
		for part := range strings.FieldsSeq(full) {
			out = append(out, token{text: part})
		}
		return out
	}
	if stem, ok := strings.CutSuffix(w, "n't"); ok {
		return append(out, token{text: stem}, token{text: "not"})
	}
	stem, ending, ok := strings.Cut(w, "'")
	if !ok {
		return append(out, token{text: w})
	}
	out = append(out, token{text: stem})
	switch full := endings[ending]; {
	case full != "":
		return append(out, token{text: full})
	case ending == "s" && questionWords[stem]:
		return append(out, token{text: "is"})
	case ending == "s":
		return out // a possessive
	}
	return append(out, token{text: ending})
}

// appendQuantity appends a quantity's value without its unit, which people
// leave out, and of a date each part that it says.
func appendQuantity(out []token, q quantity.Quantity) []token {
	if q.Kind != quantity.Date {
		q.Unit = ""
		if q.Kind == quantity.Money {
			q.Kind = quantity.Count
		}
		return append(out, token{text: "#" + q.Key(), kind: quantityToken})
	}
	for _, part := range []quantity.Quantity{{Year: q.Year}, {Month: q.Month}, {Day: q.Day}} {
		if part.Year+part.Month+part.Day > 0 {
			part.Kind = quantity.Date
			out = append(out, token{text: "#" + part.Key(), kind: quantityToken})
		}
	}
	return out
}
