package quantity

import (
	"strings"
	"testing"
)

func keys(text string) string {
	var out []string
	for _, q := range Find(text) {
		out = append(out, q.Key())
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"up to $50 billion", "50000000000usd"},
		{"$50bn?", "50000000000usd"},
		{"50B", "50000000000"},
		{"a 50-billion-dollar cheque", "50000000000usd"},
		{"fifty billion dollars", "50000000000usd"},
		{"50 billion bucks", "50000000000usd"},
		{"a hundred billion", "100000000000"},
		{"one hundred and fifty thousand people", "150000"},
		{"half a million", "500000"},
		{"around half of a new funding round", "50%"},
		{"fifty percent", "50%"},
		{"50 %, 50 per cent, 50pct", "50% 50% 50%"},
		{"a third or a quarter of it", "33.333333333333336% 25%"},
		{"16,000 jobs; 16 000; 16.000; 16k; sixteen thousand", "16000 16000 16000 16000 16000"},
		{"$1.125 billion", "1125000000usd"},
		{"up to 90 days", "90"},
		{"the 90-day window", "90"},
		{"twenty-five or ten twenty", "25 10 20"},
		{"date 2026-01-30", "2026-01-30"},
		{"30 January 2026, January 30, 2026, the 30th of January 2026", "2026-01-30 2026-01-30 2026-01-30"},
		{"corporate staff in October 2025, bringing", "2025-10-00"},
		{"in oct 25 jobs went", "0000-10-25"},
		{"last october", "0000-10-00"},
		{"it may change; they march on", ""},
		{"in May 2026", "2026-05-00"},
		{"2025 or 2026", "2025-00-00 2026-00-00"},
		{"GPT-4, Q4, H-1B, 5pm, COVID-19", ""},
		{"which one is it", ""},
		{"the two firms", "2"},
		{"no numbers here", ""},
		{"2026-13-45", ""},
	} {
		if got := keys(tt.text); got != tt.want {
			t.Errorf("Find(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestFindPlaces(t *testing.T) {
	text := "about “sixteen thousand” or $50 billion"
	var got []string
	for _, q := range Find(text) {
		got = append(got, text[q.Start:q.End])
	}
	if want := "sixteen thousand|$50 billion"; strings.Join(got, "|") != want {
		t.Errorf("places = %q, want %q", got, want)
	}
}

func TestCarries(t *testing.T) {
	for _, tt := range []struct {
		quote, claim string
		want         bool
	}{
		{"$50 billion", "$50bn", true},
		{"$50 billion", "50 billion", true},
		{"16,000 employees", "$16,000", false},
		{"$50 billion", "$60 billion", false},
		{"half of the round", "50 %", true},
		{"50 days", "half", false},
		{"2026-01-30", "30 January 2026", true},
		{"2026-01-30", "January 2026", true},
		{"October 2025", "October", true},
		{"October 2025", "12 October 2025", false},
		{"October 2025", "October 2024", false},
	} {
		if got := Find(tt.quote)[0].Carries(Find(tt.claim)[0]); got != tt.want {
			t.Errorf("%q carries %q = %v, want %v", tt.quote, tt.claim, got, tt.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"$50 billion", "half a", "one hundred and", "2026-01-3", "-5-", "9,999,99", "\xff1k"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, q := range Find(text) {
			if q.Start < last || q.End <= q.Start || q.End > len(text) {
				t.Fatalf("Find(%q): %+v is out of order or of range", text, q)
			}
			last = q.End
		}
	})
}
