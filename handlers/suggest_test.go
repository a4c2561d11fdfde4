package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

func suggested(t testing.TB, x *match.Index, text string) []string {
	t.Helper()
	d, err := handler.Handle(x, Event{Key: "k", Kind: Suggest, User: "U1", Value: text})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range d.Ack.(slack.OptionsResponse).Options {
		out = append(out, o.Value)
	}
	return out
}

func TestSuggest(t *testing.T) {
	b, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ typed, first string }{
		{"who is leading", "negotiator-amazon"},
		{"negotiations jassy", "negotiator-amazon"},     // words in another order
		{"leadng the negotiatons", "negotiator-amazon"}, // with letters missing
		{"who conducts the talks for Amazon?", "negotiator-amazon"},
	} {
		got := suggested(t, x, tt.typed)
		if i := slices.Index(got, tt.first); i < 0 || i > 4 {
			t.Errorf("typed %q: %v, want %s among the first five", tt.typed, got, tt.first)
		}
	}
	for _, typed := range []string{"", " ", "?!", "zyzzyva", "\u202e", strings.Repeat("zyzzyva ", 20_000)} {
		if got := suggested(t, x, typed); len(got) > 0 {
			t.Errorf("typed %.20q: %v, want nothing", typed, got)
		}
	}
	if got := suggested(t, x, "a"); len(got) != maxOptions {
		t.Errorf("typed a: %d options, want %d", len(got), maxOptions)
	}
}

// BenchmarkSuggest is what one key typed into the search costs with 10,000
// facts.
func BenchmarkSuggest(b *testing.B) {
	shipped, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		b.Fatal(err)
	}
	big := &knowledge.Base{Sources: shipped.Sources, Names: shipped.Names}
	for n := 0; len(big.Facts) < 10_000; n++ {
		for _, f := range shipped.Facts {
			f.ID = fmt.Sprintf("%s-%d", f.ID, n)
			f.Questions = []string{fmt.Sprintf("%s (year %d)", f.Questions[0], n)}
			f.Answer = fmt.Sprintf("%s That was in year %d.", f.Answer, n)
			big.Facts = append(big.Facts, f)
		}
	}
	x, err := match.NewIndex(big)
	if err != nil {
		b.Fatal(err)
	}
	for _, typed := range []string{"j", "jassy", "who is leading", "negotiations jassy leading year 77"} {
		b.Run(strings.ReplaceAll(typed, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				suggested(b, x, typed)
			}
		})
	}
}
