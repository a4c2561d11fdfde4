package handlers

import (
	"os"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// TestStanding asks a base whose sources do not all say the same.
func TestStanding(t *testing.T) {
	base, err := knowledge.Load(os.DirFS("../examples/bridge"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		q    string
		want []string // in this order
		not  string
	}{
		{"when does the bridge open?", []string{"The bridge opens in August 2026", "Earlier reported otherwise: “The bridge will open in June 2026, the building department said.” (Plan for the new bridge, Building department of Lindach, published 2 December 2025)"}, "As known on"},
		{"as of December, when does the bridge open?", []string{"As known on 31 December 2025:", "The bridge will open in June 2026"}, "August"},
		{"as of December, why is the bridge late?", []string{"My sources said nothing about this by 31 December 2025."}, "steel"},
		{"how much does the bridge cost?", []string{"4.2 million euros", "published 2 December 2025", "Another source says otherwise:", "5.1 million euros", "published 20 February 2026"}, "Earlier"},
		{"how much does the bridge cost according to the audit?", []string{"5.1 million euros", "Another source says otherwise:", "4.2 million euros"}, "Earlier"},
		{"how much of the bridge does the state pay?", []string{"60 percent", "Also in: Bridge opens in August, Building department of Lindach, published 5 February 2026."}, "otherwise"},
	} {
		got := Plain(base, x.Answer(match.Question{Text: tt.q}))
		rest := got
		for _, want := range tt.want {
			_, after, ok := strings.Cut(rest, want)
			if !ok {
				t.Errorf("%s: no %q in its place in\n%s", tt.q, want, got)
				break
			}
			rest = after
		}
		if strings.Contains(got, tt.not) {
			t.Errorf("%s: %q in\n%s", tt.q, tt.not, got)
		}
	}
}
