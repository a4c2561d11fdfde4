package draft

import (
	_ "embed"
	"slices"
	"strings"

	"footnote/knowledge"
)

//go:embed synonyms.txt
var synonymList string

// thesaurus is what can be put for a noun, a verb or another word.
var thesaurus = readSynonyms(synonymList)

func readSynonyms(list string) map[string]map[string][]string {
	out := map[string]map[string][]string{"n": {}, "v": {}, "a": {}}
	for line := range strings.Lines(list) {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "#" {
			continue
		}
		of := out[f[0]]
		if of == nil {
			continue // the second line of the comment at the top
		}
		for i, w := range f[1:] {
			for j, other := range f[1:] {
				other = strings.ReplaceAll(other, "_", " ")
				if i != j && !strings.Contains(w, "_") && !slices.Contains(of[w], other) {
					of[w] = append(of[w], other)
				}
			}
		}
	}
	return out
}

// reworded returns a question with its words replaced by others, of which it
// takes the n-th there is, or "" if there is none.
func reworded(q string, n int) string {
	words := strings.Fields(strings.TrimSuffix(q, "?"))
	changed := false
	for i := 1; i < len(words); i++ {
		other := synonym(words, i, n)
		if other == "" {
			continue
		}
		changed = true
		words[i] = other
		switch before := strings.ToLower(words[i-1]); {
		case before == "a" && strings.ContainsRune("aeiou", rune(other[0])):
			words[i-1] = "an"
		case before == "an" && !strings.ContainsRune("aeiou", rune(other[0])):
			words[i-1] = "a"
		}
	}
	if !changed {
		return ""
	}
	return strings.Join(words, " ") + "?"
}

// synonym returns another word for the i-th, in its form, or "".
func synonym(words []string, i, n int) string {
	w := strings.TrimRight(words[i], ",")
	if w != strings.ToLower(w) || w == "" {
		return ""
	}
	mark := words[i][len(w):]
	pick := func(others []string) string { return others[n%len(others)] }
	if others := thesaurus["a"][w]; others != nil {
		return pick(others) + mark
	}
	before := strings.ToLower(words[i-1])
	afterNoun := determiners[before] || prepositions[before] && before != "to" || endsWith(before, "'s")
	v := verbs[w]
	if v.base == "" || afterNoun || v.present && !doesDo(words[:i]) && alsoNouns[v.base] && !pronouns[before] {
		if others := thesaurus["n"][w]; others != nil {
			return pick(others) + mark
		}
		if stem, ok := strings.CutSuffix(w, "s"); ok && thesaurus["n"][stem] != nil {
			return pluralOf(pick(thesaurus["n"][stem])) + mark
		}
		if stem, ok := strings.CutSuffix(w, "ies"); ok && thesaurus["n"][stem+"y"] != nil {
			return pluralOf(pick(thesaurus["n"][stem+"y"])) + mark
		}
	}
	others := thesaurus["v"][v.base]
	if v.base == "" || afterNoun || others == nil {
		return ""
	}
	first, particle, _ := strings.Cut(pick(others), " ")
	in, known := inflections[first]
	if !known {
		in = inflection{thirdOf(first), edOf(first), edOf(first), ingOf(first)}
	}
	form := first
	switch {
	case v.gerund:
		form = in.gerund
	case v.past && !v.bare && (beForms[before] || haveForms[before]):
		form = in.participle
	case v.past && !v.bare:
		form = in.past
	case v.participle && !v.bare:
		form = in.participle
	case v.present:
		form = in.third
	}
	return strings.TrimSpace(form+" "+particle) + mark
}

// doesDo reports whether words begin with "who" or "what", behind which a form
// with -s is a verb.
func doesDo(words []string) bool {
	return len(words) == 1 && (words[0] == "who" || words[0] == "what")
}

func pluralOf(noun string) string {
	if strings.HasSuffix(noun, "y") && !vowelBefore(noun) {
		return noun[:len(noun)-1] + "ies"
	}
	if endsWith(noun, "s", "staff", "headcount", "money put in", "growth") {
		return noun
	}
	return noun + "s"
}

func fold(s string) string { return knowledge.Fold(s) }
