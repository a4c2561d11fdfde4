package draft

import (
	_ "embed"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/quantity"
)

//go:embed frames.txt
var frameList string

// frame is what people ask about statements of one kind.
type frame struct {
	groups    [][]string // phrases, of each group one
	unless    []string
	quantity  string // a kind, or empty
	questions []string
}

var frames = readFrames(frameList)

func readFrames(list string) []frame {
	var out []frame
	started := false // the comment at the top is over
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		head, isHead := strings.CutPrefix(line, "# ")
		switch {
		case line == "":
			started = true
		case !started:
		case isHead:
			head, kind, _ := strings.Cut(head, " ; ")
			head, unless, _ := strings.Cut(head, " !")
			f := frame{quantity: kind}
			if unless != "" {
				f.unless = alternatives(unless)
			}
			for _, g := range strings.Split(head, " + ") {
				f.groups = append(f.groups, alternatives(g))
			}
			out = append(out, f)
		default:
			out[len(out)-1].questions = append(out[len(out)-1].questions, line)
		}
	}
	return out
}

func alternatives(group string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(group), "_", " "), "|")
}

var quantityKinds = map[string]quantity.Kind{"money": quantity.Money, "count": quantity.Count, "share": quantity.Share, "date": quantity.Date}

// fits reports whether a frame is for a statement with these words.
func (f frame) fits(words string, said []quantity.Quantity) bool {
	for _, g := range f.groups {
		if !slices.ContainsFunc(g, func(phrase string) bool { return holds(words, phrase) }) {
			return false
		}
	}
	if slices.ContainsFunc(f.unless, func(phrase string) bool { return holds(words, phrase) }) {
		return false
	}
	return f.quantity == "" || slices.ContainsFunc(said, func(q quantity.Quantity) bool { return q.Kind == quantityKinds[f.quantity] })
}

// framed returns what people ask about matters like the statement's.
func (c *cast) framed(s *statement) []string {
	words, said := lowerWords(s.answer), quantity.Find(s.answer)
	fill := c.fill(s.about)
	var out []string
	for _, f := range frames {
		if !f.fits(words, said) {
			continue
		}
		for _, q := range f.questions {
			if q = fill.Replace(q); !strings.Contains(q, "{") {
				out = append(out, q)
			}
		}
	}
	if s.certainty == knowledge.Confirmed && s.role == nil {
		for _, q := range []string{"has {org} confirmed it?", "is it official?", "was it officially announced?"} {
			if q = fill.Replace(q); !strings.Contains(q, "{") {
				out = append(out, q)
			}
		}
	}
	return out
}

// fill puts the first organisations, person and publication of some names where
// a question has their marks.
func (c *cast) fill(ids []string) *strings.Replacer {
	var pairs []string
	marks := map[string][]string{"organisation": {"{org}", "{other}", "{third}"}, "person": {"{person}"}, "publication": {"{paper}"}}
	for _, id := range ids {
		kind := c.byID[id].kind
		if open := marks[kind]; len(open) > 0 {
			pairs = append(pairs, open[0], id)
			marks[kind] = open[1:]
		}
	}
	return strings.NewReplacer(pairs...)
}
