package draft

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, number or mark of a sentence.
type token struct {
	text       string
	low        string // in lower case
	start, end int    // bytes of the sentence
}

func (t token) is(words map[string]bool) bool { return words[t.low] }

func (t token) capital() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsUpper(r)
}

func (t token) word() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("$€£¥", r)
}

// tokenize cuts a sentence into words with their inner hyphens, apostrophes and
// points, the possessive apart, and single marks.
func tokenize(s string) []token {
	var out []token
	add := func(from, to int) {
		if from < to {
			text := s[from:to]
			out = append(out, token{text, strings.ReplaceAll(strings.ToLower(text), "’", "'"), from, to})
		}
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case !isWordRune(r):
			add(i, i+size)
			i += size
			continue
		}
		from := i
		for i < len(s) {
			r, size := utf8.DecodeRuneInString(s[i:])
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !isWordRune(r) && !(strings.ContainsRune("-'’.,/&:", r) && i > from && isWordRune(next) && joinsWord(s[from:i], r, next)) {
				break
			}
			i += size
		}
		stem := s[from:i]
		for _, mark := range []string{"'s", "’s", "'S", "’S"} {
			if cut, ok := strings.CutSuffix(stem, mark); ok && cut != "" && !pronounIs[strings.ToLower(cut)] {
				add(from, from+len(cut))
				from += len(cut)
				break
			}
		}
		add(from, i)
	}
	return out
}

// joinsWord says whether a mark stands inside of a word: a comma or colon only
// between digits, a full stop there and in "U.S".
func joinsWord(before string, mark, next rune) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	switch mark {
	case ',', ':':
		return unicode.IsDigit(last) && unicode.IsDigit(next)
	case '.':
		return unicode.IsDigit(last) && unicode.IsDigit(next) || len(before) == 1 || unicode.IsUpper(last) && unicode.IsUpper(next)
	}
	return true
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("$€£¥%_", r)
}

// possessive reports whether a token is the ending "'s", or an apostrophe
// behind a plural.
func (t token) possessive() bool { return t.low == "'s" || t.low == "'" }

// Words of the closed classes.
var (
	pronounIs    = set("it he she that this there here what who where how let")
	determiners  = set("the a an this that these those its their his her our my your each every all both any some no another such either neither many several few most more")
	prepositions = set(`of in on at by for with from to into onto over under between among through during before after about against within without across
		along around behind beyond despite except like near since than toward towards until upon via per including following amid alongside throughout as versus because due`)
	conjunctions  = set("and or but nor yet so while whereas although though if unless when where because that which who whom whose as since")
	relatives     = set("which who whom whose that")
	subordinators = set("if unless when while although though because since as after before once until whereas under in at on with by for during despite following given amid despite among besides")
	modals        = set("will would can could may might shall should must cannot won't wouldn't can't couldn't shouldn't mustn't")
	beForms       = set("is are was were be been being am isn't aren't wasn't weren't")
	haveForms     = set("has have had having hasn't haven't hadn't")
	doForms       = set("do does did don't doesn't didn't")
	pronouns      = set("it they he she we i you this that these those them him us there which who what each one")
	notNouns      = set("not also only just even still already then now soon yet again ever never very too so more most less least well often always usually rather quite almost nearly about around roughly up at down out off away back together apart ahead however therefore meanwhile moreover further furthermore otherwise instead later earlier previously currently recently")
)

//go:embed verbs.txt
var verbList string

// verb is a form of a verb, by what it can be.
type verb struct {
	base                                    string
	present, past, participle, gerund, bare bool
}

// verbs are all forms of the verbs in verbs.txt, and inflections are those
// forms by base: third person, past, participle and gerund.
var verbs, inflections = readVerbs(verbList)

type inflection struct{ third, past, participle, gerund string }

func readVerbs(list string) (map[string]verb, map[string]inflection) {
	forms, all := map[string]verb{}, map[string]inflection{}
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		base := f[0]
		in := inflection{thirdOf(base), edOf(base), edOf(base), ingOf(base)}
		if len(f) == 3 {
			in.past, in.participle = f[1], f[2]
			if strings.HasSuffix(in.past, "ed") && in.past != base+"ed" && !strings.HasSuffix(base, "y") { // the consonant doubles
				in.gerund = strings.TrimSuffix(in.past, "ed") + "ing"
			} else if doubling[base] {
				in.gerund = base + base[len(base)-1:] + "ing"
			}
		}
		if base == "be" {
			in.third = "is"
		} else if base == "have" {
			in.third = "has"
		}
		all[base] = in
		note := func(form string, set func(*verb)) {
			v := forms[form]
			if v.base == "" {
				v.base = base
			}
			set(&v)
			forms[form] = v
		}
		note(base, func(v *verb) { v.bare = true })
		note(in.third, func(v *verb) { v.present = true })
		note(in.past, func(v *verb) { v.past = true })
		note(in.participle, func(v *verb) { v.participle = true })
		note(in.gerund, func(v *verb) { v.gerund = true })
	}
	return forms, all
}

var doubling = set("begin bid cut drop forbid forget get hit let put quit run set shut sit split spread stop win")

func thirdOf(base string) string {
	switch {
	case strings.HasSuffix(base, "y") && !vowelBefore(base):
		return base[:len(base)-1] + "ies"
	case endsWith(base, "s", "x", "z", "ch", "sh", "o"):
		return base + "es"
	}
	return base + "s"
}

func edOf(base string) string {
	switch {
	case strings.HasSuffix(base, "e"):
		return base + "d"
	case strings.HasSuffix(base, "y") && !vowelBefore(base):
		return base[:len(base)-1] + "ied"
	case base == "drop":
		return "dropped"
	}
	return base + "ed"
}

func ingOf(base string) string {
	switch {
	case strings.HasSuffix(base, "ie"):
		return base[:len(base)-2] + "ying"
	case strings.HasSuffix(base, "e") && !endsWith(base, "ee", "oe", "ye") && base != "be":
		return base[:len(base)-1] + "ing"
	case base == "drop":
		return "dropping"
	}
	return base + "ing"
}

func vowelBefore(base string) bool {
	return len(base) > 1 && strings.IndexByte("aeiou", base[len(base)-2]) >= 0
}

func endsWith(s string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
