package knowledge

import (
	"os"
	"testing"
	"time"
)

func bridge(t *testing.T) *Base {
	t.Helper()
	b, err := Load(os.DirFS("../examples/bridge"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return d
}

func ids(facts []*Fact) string {
	out := ""
	for _, f := range facts {
		out += f.ID + " "
	}
	return out
}

func TestStanding(t *testing.T) {
	b := bridge(t)
	for _, tt := range []struct{ fact, day, current, earlier, confirmed, against string }{
		{"opening-june", "", "opening-august", "opening-june ", "", ""},
		{"opening-august", "", "opening-august", "opening-june ", "", ""},
		{"opening-august", "2025-12-31", "opening-june", "", "", ""},
		{"opening-june", "2026-02-04", "opening-june", "", "", ""},
		{"opening-june", "2026-02-05", "opening-august", "opening-june ", "", ""},
		{"opening-june", "2025-12-01", "", "", "", ""},
		{"delay-reason", "2025-12-31", "", "", "", ""},
		{"cost-plan", "", "cost-plan", "", "", "cost-audit "},
		{"cost-audit", "", "cost-audit", "", "", "cost-plan "},
		{"cost-plan", "2026-02-19", "cost-plan", "", "", ""},
		{"state-share", "", "state-share", "", "state-share-again ", ""},
		{"lanes", "", "lanes", "", "", ""},
	} {
		s, known := b.Standing(b.Fact(tt.fact), day(tt.day))
		current := ""
		if known {
			current = s.Current.ID
		}
		if current != tt.current || ids(s.Earlier) != tt.earlier || ids(s.Confirmed) != tt.confirmed || ids(s.Against) != tt.against {
			t.Errorf("%s on %q: %q, earlier %q, confirmed %q, against %q", tt.fact, tt.day, current, ids(s.Earlier), ids(s.Confirmed), ids(s.Against))
		}
	}
}

func TestAsOf(t *testing.T) {
	b := bridge(t)
	for _, tt := range []struct{ question, rest, day string }{
		{"As of December, when does the bridge open?", "when does the bridge open?", "2025-12-31"},
		{"when does it open as of 1 February 2026?", "when does it open ?", "2026-02-01"},
		{"what was known on 1 February about the opening of the bridge?", "what about the opening of the bridge?", "2026-02-01"},
		{"what did we know in January about the cost?", "what about the cost?", "2026-01-31"},
		{"cost as of 2025", "cost", "2025-12-31"},
		{"does the bridge open in June?", "does the bridge open in June?", ""},
		{"will it be open by August?", "will it be open by August?", ""},
		{"as of now, when does it open?", "as of now, when does it open?", ""},
	} {
		rest, on := b.AsOf(tt.question)
		if rest != tt.rest || !on.Equal(day(tt.day)) {
			t.Errorf("AsOf(%q) = %q, %v; want %q, %s", tt.question, rest, on, tt.rest, tt.day)
		}
	}
	shipped, err := Load(Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if rest, on := shipped.AsOf("as of October, how many?"); rest != "as of October, how many?" || !on.IsZero() {
		t.Errorf("a base of one source reads %q as of %v", rest, on)
	}
}
