package match

import (
	_ "embed" // the lists below
	"strings"
)

//go:embed smalltalk.txt
var smalltalk string

//go:embed offtopic.txt
var offtopic string

// section is a kind of small talk with the ways in which people say it.
type section struct {
	kind    string
	phrases []string
}

// sections reads a list in which "# kind" heads the phrases of a kind.
func sections(list string) []section {
	var out []section
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if kind, ok := strings.CutPrefix(line, "# "); ok {
			out = append(out, section{kind: kind})
		} else if line != "" && len(out) > 0 {
			last := &out[len(out)-1]
			last.phrases = append(last.phrases, line)
		}
	}
	return out
}
