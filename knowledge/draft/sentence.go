package draft

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a part of the source that says something, word for word but for
// white space.
type sentence struct {
	text    string
	passage int // sentences with the same one follow each other
}

// Sentences returns the sentences of a text, headings left out, with white space
// folded.
func Sentences(text string) []string {
	var out []string
	for _, s := range sentences(text) {
		out = append(out, s.text)
	}
	return out
}

// sentences cuts a text into its sentences. Headings are none.
func sentences(text string) []sentence {
	var out []sentence
	passage := 0
	for _, p := range paragraphs(text) {
		passage++
		if isHeading(p) {
			continue
		}
		p = bullet.ReplaceAllString(p, "")
		for _, s := range split(p) {
			if len(s) > longest {
				passage++
				continue // no sentence that a person wrote
			}
			out = append(out, sentence{s, passage})
		}
	}
	return out
}

// longest is how many bytes a sentence may have.
const longest = 2000

// paragraphs are the blocks between blank lines or, in a text without any, its
// lines. An item of a list is a paragraph by itself.
func paragraphs(text string) []string {
	lines := strings.Split(text, "\n")
	wrapped := false
	for i := 1; i+1 < len(lines); i++ {
		wrapped = wrapped || strings.TrimSpace(lines[i]) == ""
	}
	var out []string
	fresh := true
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "":
			fresh = true
			continue
		case fresh || !wrapped || bullet.MatchString(line) || closed(out[len(out)-1], line):
			out = append(out, line)
		default:
			out[len(out)-1] += " " + line
		}
		fresh = false
	}
	return out
}

// closed reports whether a line is a title, which the next does not go on.
func closed(line, next string) bool {
	first, _ := utf8.DecodeRuneInString(next)
	return len(line) < 50 && !ended(line) && unicode.IsUpper(first)
}

// ended reports whether a line has the mark of a sentence's end or middle.
func ended(line string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune(".!?…;,”\"", last)
}

// headingWords begin headings that have a verb.
var headingWords = set("who what when where why how which whom minutes")

var bullet = regexp.MustCompile(`^(?:[-*•–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+`)

// isHeading reports whether a paragraph is a title over what follows: short,
// and without the end of a sentence.
func isHeading(p string) bool {
	if strings.HasPrefix(p, "#") {
		return true
	}
	first, _, _ := strings.Cut(strings.ToLower(p), " ")
	if ended(p) || len(strings.Fields(p)) > 9 || strings.HasPrefix(p, "- ") || strings.HasPrefix(p, "* ") {
		return false
	}
	return headingWords[first] || verbGroup(tokenize(bullet.ReplaceAllString(p, ""))) == nil
}

// split cuts a paragraph behind full stops, question and exclamation marks that
// end a sentence. Full stops of abbreviations, initials and numbers do not.
func split(p string) []string {
	var out []string
	from := 0
	for i := 0; i < len(p); i++ {
		if p[i] != '.' && p[i] != '?' && p[i] != '!' {
			continue
		}
		end := i + 1
		for end < len(p) && strings.IndexByte(`.?!")]'`, p[end]) >= 0 {
			end++
		}
		for _, mark := range []string{"”", "’", "»"} {
			if strings.HasPrefix(p[end:], mark) {
				end += len(mark)
			}
		}
		if end < len(p) && p[end] != ' ' || p[i] == '.' && !endsHere(p[from:i], p[end:]) {
			continue
		}
		if s := strings.TrimSpace(p[from:end]); s != "" {
			out = append(out, s)
		}
		from, i = end, end-1
	}
	if s := strings.TrimSpace(p[from:]); s != "" {
		out = append(out, s)
	}
	return out
}

// endsHere reports whether a full stop between before and after ends a sentence.
func endsHere(before, after string) bool {
	after = strings.TrimLeft(after, " \"“‘'([")
	next, _ := utf8.DecodeRuneInString(after)
	if after != "" && !unicode.IsUpper(next) && !unicode.IsDigit(next) {
		return false
	}
	last := before[strings.LastIndexByte(before, ' ')+1:]
	last = strings.TrimLeft(last, "(\"“‘'[")
	return after == "" || !abbreviations[strings.ToLower(last)] && (len(last) != 1 || !unicode.IsUpper(rune(last[0])))
}

var abbreviations = set(`mr mrs ms dr prof st sr jr rev hon gen col lt sgt capt gov sen rep pres
	inc ltd co corp plc llc bros dept univ est vs etc e.g i.e cf al no nos art sec fig vol ch pp approx
	jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun u.s u.k e.u u.n a.m p.m`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
