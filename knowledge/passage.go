package knowledge

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passages finds quotes in a source, white space folded: any run of it, line
// ends included, counts as one space.
type passages struct {
	folded  string
	offsets []int // offsets[i] is the byte of the source behind folded[i]
	lines   []int // bytes of the source at which its lines begin
}

// spot is where a quote stands in its source.
type spot struct {
	offset    int // byte of the source's text
	paragraph int // line, from 1
}

func newPassages(source string) passages {
	p := passages{lines: []int{0}}
	var b strings.Builder
	space := true // leading space is dropped
	for i, r := range source {
		if r == '\n' {
			p.lines = append(p.lines, i+1)
		}
		if unicode.IsSpace(r) {
			if !space {
				b.WriteByte(' ')
				p.offsets = append(p.offsets, i)
			}
			space = true
			continue
		}
		space = false
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			size = 1 // an invalid byte, kept as it is
			b.WriteByte(source[i])
		} else {
			b.WriteRune(r)
		}
		for j := range size {
			p.offsets = append(p.offsets, i+j)
		}
	}
	p.folded = b.String()
	return p
}

// find returns where quote stands, or false.
func (p passages) find(quote string) (spot, bool) {
	i := strings.Index(p.folded, foldSpace(quote))
	if i < 0 || i >= len(p.offsets) {
		return spot{}, false
	}
	offset := p.offsets[i]
	return spot{offset: offset, paragraph: sort.SearchInts(p.lines, offset+1)}, true
}

// diverges returns the longest beginning of quote that the source holds and
// how the source goes on behind it, both cut to what a person can compare.
func (p passages) diverges(quote string) (agrees, goesOn string) {
	quote = foldSpace(quote)
	n := sort.Search(len(quote), func(n int) bool { return !strings.Contains(p.folded, quote[:n+1]) })
	for n > 0 && !utf8.RuneStart(quote[min(n, len(quote)-1)]) {
		n--
	}
	at := strings.Index(p.folded, quote[:n]) + n
	return tail(quote[:n], 40), head(p.folded[at:], 40)
}

func foldSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

func tail(s string, n int) string {
	if extra := utf8.RuneCountInString(s) - n; extra > 0 {
		for i := range s {
			if extra--; extra < 0 {
				return "…" + s[i:]
			}
		}
	}
	return s
}
