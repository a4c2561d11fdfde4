package match

import (
	"os"
	"testing"
	"time"

	"footnote/knowledge"
)

func TestAnswersAsThingsStand(t *testing.T) {
	b, err := knowledge.Load(os.DirFS("../../examples/bridge"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ q, fact, asOf string }{
		{"when does the bridge open?", "opening-august", ""},
		{"was the bridge to open in June 2026?", "opening-august", ""},
		{"As of December, when does the bridge open?", "opening-june", "2025-12-31"},
		{"when does the bridge open as of 4 February 2026?", "opening-june", "2026-02-04"},
		{"when does the bridge open as of 5 February 2026?", "opening-august", "2026-02-05"},
		{"as of December, why is the bridge late?", "", "2025-12-31"}, // nobody knew
		{"what was known on 1 February about the opening of the bridge?", "opening-june", "2026-02-01"},
	} {
		a := x.Answer(Question{Text: tt.q})
		fact, asOf := "", ""
		if len(a.Facts) > 0 {
			fact = a.Facts[0].Fact.ID
		}
		if !a.AsOf.IsZero() {
			asOf = a.AsOf.Format(time.DateOnly)
		}
		if fact != tt.fact || asOf != tt.asOf || (a.Verdict == Sure) != (tt.fact != "") {
			t.Errorf("Answer(%q) = %s %s as of %q, want %s as of %q", tt.q, a.Verdict, fact, asOf, tt.fact, tt.asOf)
		}
	}
}
