package knowledge

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// TestHostile loads what nobody writes by hand: each is refused with a problem
// that has a place, and none takes the loader's time or memory away.
func TestHostile(t *testing.T) {
	const good = "facts:\n  - id: a\n    answer: \"It is.\"\n    certainty: reported\n    quotes: [{text: \"It is.\", source: s}]\n    questions: [\"is it?\"]\n"
	aliases := "a: &a [x]\n"
	for c := 'b'; c <= 'z'; c++ { // each ten times the one before
		aliases += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 10) + "]\n"
	}
	for _, tt := range []struct{ name, facts, text, want string }{
		{"binary", "\x00\x01\x02\xff", "", "not valid YAML"},
		{"not UTF-8", good + "gaps: \"\xff\xfe\"\n", "", "not valid YAML"},
		{"aliases of aliases", aliases, "", "unknown field"},
		{"an alias in place of a list", "names: &n []\nfacts: *n\n", "", "expected a list"},
		{"an alias to itself", "facts: &f\n  - *f\n", "", "facts.yaml:"},
		{"nested lists", "facts: " + strings.Repeat("[", 200_000), "", "not valid YAML"},
		{"nested maps", "facts:\n" + strings.Repeat("- ", 50_000), "", "not valid YAML"},
		{"a line without end", "facts: " + strings.Repeat("x", 8<<20), "", "expected a list"},
		{"a question without end", strings.Replace(good, "is it?", strings.Repeat("is it so ", 1<<19), 1), "", `source "s" is not in the list`},
		{"a tag", "facts: !!binary aGVsbG8=\n", "", "expected a list"},
		{"a merge key", "facts:\n  - <<: {id: a}\n", "", "unknown field"},
		{"a source that is binary", "sources: [{id: s, title: S, published: 2026-01-30, file: a.txt}]\n" + good, "\xff\xfe\x00", "not UTF-8"},
		{"a source outside of the base", "sources: [{id: s, title: S, published: 2026-01-30, file: ../../etc/passwd}]\n" + good, "", "not readable"},
	} {
		b, err := Load(fstest.MapFS{"facts.yaml": {Data: []byte(tt.facts)}, "a.txt": {Data: []byte(tt.text)}})
		var problems Problems
		if b != nil || !errors.As(err, &problems) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Load = %v, %.200v; want a problem with %q", tt.name, b, err, tt.want)
			continue
		}
		if said := problems.Error(); len(said) > 1<<14 {
			t.Errorf("%s: %d bytes are said about it: %.100s", tt.name, len(said), said)
		}
	}
}

func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a text of 32 MB")
	}
	files := fstest.MapFS{
		"facts.yaml": {Data: []byte("sources: [{id: s, title: S, published: 2026-01-30, file: a.txt}]\n")},
		"a.txt":      {Data: make([]byte, maxText+1)},
	}
	if _, err := Load(files); err == nil || !strings.Contains(err.Error(), "larger than 32 MB") {
		t.Errorf("Load = %v, want that the text is too large", err)
	}
}
