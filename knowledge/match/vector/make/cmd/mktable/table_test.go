package main

import (
	"math"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
)

// small is a table of three words and two buckets.
func small() *table {
	return newTable([]string{"the", "office", "don't"}, [][]float32{{1, 0}, {0, -127}, {3, 4}, {2, 2}, {4, 4}})
}

func TestPack(t *testing.T) {
	want := small()
	data := pack(want)
	got, err := unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.words, want.words) {
		t.Errorf("words = %q, want %q", got.words, want.words)
	}
	if got.ranks["don't"] != 2 {
		t.Errorf(`rank of "don't" = %d, want 2`, got.ranks["don't"])
	}
	for i, row := range want.rows {
		half := max(row[0], -row[0], row[1], -row[1]) / 127 / 2 // what rounding may take
		for j := range row {
			if off := got.rows[i][j] - row[j]; off > half || -off > half {
				t.Errorf("row %d = %v, want %v", i, got.rows[i], row)
			}
		}
	}
	for name, damaged := range map[string][]byte{
		"nothing":         nil,
		"no table":        []byte(strings.Repeat("x", 100)),
		"cut short":       data[:len(data)-1],
		"one word merged": []byte(strings.Replace(string(data), "the\noffice", "the office", 1)),
		"another version": append([]byte("SEVT\x02"), data[5:]...),
	} {
		if _, err := unpack(damaged); err == nil {
			t.Errorf("%s was read as a table", name)
		}
	}
}

func TestTokenize(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"Who's the CEO?", []string{"who's", "the", "ceo"}},
		{"the team’s 3rd", []string{"the", "team's", "3rd"}},
		{"'quoted' the teams' 'n", []string{"quoted", "the", "teams", "n"}},
		{"café\tnaïve", []string{"café", "naïve"}},
		{" ?! ", nil},
	} {
		if got := tokenize(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("tokenize(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestUnknownWordsAreTheirGrams(t *testing.T) {
	table := small()
	// ^a$ is one n-gram of three bytes.
	grams := table.grams("a")
	if len(grams) != 1 || grams[0] < 3 || grams[0] > 4 {
		t.Errorf(`grams("a") = %v, want one of the rows 3 and 4`, grams)
	}
	for _, tt := range []struct {
		words []string
		drop  float64
		want  int // terms
	}{
		{[]string{"the", "office"}, 0, 2},
		{[]string{"the", "abc"}, 0, 1 + 3 + 2 + 1}, // ^abc$ has three n-grams of 3 bytes, two of 4 and one of 5
		{[]string{"the"}, 1, 3 + 2 + 1},
	} {
		terms := table.terms(tt.words, tt.drop, rand.New(rand.NewSource(1)))
		if len(terms) != tt.want {
			t.Errorf("terms(%q) with drop %.0f = %v, want %d", tt.words, tt.drop, terms, tt.want)
		}
		var weight float32
		for _, f := range terms {
			weight += f.weight
		}
		if got, want := weight, float32(len(tt.words)); math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("terms(%q) weigh %f, want %f", tt.words, got, want)
		}
	}
}

func TestReduceKeepsCosines(t *testing.T) {
	// All rows lie in a plane of the three dimensions.
	table := newTable([]string{"a", "b", "c"}, [][]float32{{1, 2, 0}, {-2, 1, 0}, {3, 1, 0}, {1, 1, 0}})
	texts := []string{"a", "b", "c", "a c", "b c"}
	reduced := table.reduce(2, texts)
	if got := reduced.dims(); got != 2 {
		t.Errorf("dims = %d, want 2", got)
	}
	for _, s := range texts {
		got, want := dot(reduced.sentence(s), reduced.sentence("a b")), dot(table.sentence(s), table.sentence("a b"))
		if math.Abs(float64(got-want)) > 1e-5 {
			t.Errorf("cosine(%q, %q) = %f, want %f", s, "a b", got, want)
		}
	}
}

func TestShippedTable(t *testing.T) {
	data, err := os.ReadFile("../../../en-128.bin")
	if err != nil {
		t.Fatal(err)
	}
	table, err := unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range golden {
		if got := dot(table.sentence(g.pair[0]), table.sentence(g.pair[1])); math.Abs(float64(got-g.cosine)) > 1e-5 {
			t.Errorf("cosine(%q, %q) = %f, want %f", g.pair[0], g.pair[1], got, g.cosine)
		}
	}
	var out strings.Builder
	if err := check(table, &out); err != nil {
		t.Error(err)
	}
	if want := "30000 words, 20000 buckets, 128 dimensions\n"; !strings.HasPrefix(out.String(), want) {
		t.Errorf("check wrote %q, want it to begin with %q", out.String(), want)
	}
	for i := range table.rows {
		clear(table.rows[i])
	}
	if err := check(table, &out); err == nil {
		t.Error("check let a table of zeros pass")
	}
}
