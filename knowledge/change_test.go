package knowledge

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func shippedBase(t *testing.T) *Base {
	t.Helper()
	b, err := Load(Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// edited is a copy of a fact that says something else.
func edited(f *Fact, change func(*Fact)) *Fact {
	c := *f
	c.Quotes, c.Questions = slices.Clone(f.Quotes), slices.Clone(f.Questions)
	change(&c)
	return &c
}

func TestWith(t *testing.T) {
	b := shippedBase(t)
	first := &b.Facts[0]
	same, err := b.With()
	if err != nil {
		t.Fatal(err)
	}
	if len(same.Facts) != len(b.Facts) || len(same.Gaps) != len(b.Gaps) || len(same.Drafts) != len(b.Drafts) {
		t.Errorf("without changes: %d facts and %d gaps, want %d and %d", len(same.Facts), len(same.Gaps), len(b.Facts), len(b.Gaps))
	}
	for i := range b.Facts {
		if digest(&same.Facts[i], nil) != digest(&b.Facts[i], nil) || !slices.Equal(same.Facts[i].Quotes, b.Facts[i].Quotes) {
			t.Errorf("without changes, fact %s is another", b.Facts[i].ID)
		}
	}

	added := edited(first, func(f *Fact) { f.ID, f.Questions, f.Related = "added", []string{"zebra crossing?"}, nil })
	c := b.Draw("added", added, nil)
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var read Change
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	next, err := b.With(read)
	if err != nil {
		t.Fatal(err)
	}
	got := next.Fact("added")
	if got == nil || got.Quotes[0].Paragraph != first.Quotes[0].Paragraph || next.Hash == b.Hash || b.Fact("added") != nil {
		t.Errorf("added %+v to a base with hash %s", got, next.Hash)
	}
	if _, err := next.With(read); !errors.Is(err, ErrConflict) {
		t.Errorf("added twice: %v", err)
	}
	back, err := next.With(read.Invert())
	if err != nil || back.Fact("added") != nil {
		t.Errorf("taken back: %v, %v", back, err)
	}

	bad := edited(first, func(f *Fact) {
		f.ID, f.Questions = "bad", []string{first.Questions[0], "!"}
		f.Answer, f.Certainty = "It is 4321 dollars.", "sure"
		f.Quotes[0].Text = "no source says this"
	})
	_, err = b.With(b.Draw("bad", bad, nil))
	for _, want := range []string{"4321", "certainty", "word for word", "stands at", "without a letter"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a bad fact is not refused with %q: %v", want, err)
		}
	}
}

func TestRetire(t *testing.T) {
	b := shippedBase(t)
	for i := range b.Facts {
		id := b.Facts[i].ID
		next, err := b.With(b.Draw(id, nil, nil))
		var problems Problems
		if errors.As(err, &problems) {
			continue // a gap has nothing near it any more, and says so
		}
		if err != nil || next.Fact(id) != nil || len(next.Facts) != len(b.Facts)-1 {
			t.Errorf("retire %s: %v", id, err)
		}
	}
}

func TestReplay(t *testing.T) {
	b := shippedBase(t)
	f := &b.Facts[0]
	one := b.Draw(f.ID, edited(f, func(f *Fact) { f.Questions = append(f.Questions, "zebra one") }), nil)
	after, err := b.With(one)
	if err != nil {
		t.Fatal(err)
	}
	two := after.Draw(f.ID, edited(one.Fact, func(f *Fact) { f.Questions = append(f.Questions, "zebra two") }), nil)
	last, err := after.With(two)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := b.With(b.Draw(f.ID, edited(f, func(f *Fact) { f.Questions = append(f.Questions, "by hand") }), nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		files   *Base
		want    *Fact
		refused int
	}{
		{"the files it was made of", b, two.Fact, 0},
		{"exported in between", after, two.Fact, 0},
		{"exported since", last, two.Fact, 0},
		{"changed by hand as well", foreign, f, 1},
	} {
		got, refused := tt.files.Replay([]Change{one, two})
		if digest(got.Fact(f.ID), nil) != digest(tt.want, nil) || len(refused) != tt.refused {
			t.Errorf("%s: the last question is %q with %d refused, want %q with %d", tt.name,
				got.Fact(f.ID).Questions[len(got.Fact(f.ID).Questions)-1], len(refused), tt.want.Questions[len(tt.want.Questions)-1], tt.refused)
		}
	}
}

func TestNearest(t *testing.T) {
	s := &Source{Text: "The canteen opens at noon.\nIt closes at three, except on Fridays. Coffee is free."}
	for _, tt := range []struct{ quote, want string }{
		{"It closes at four, except on Fridays.", "It closes at three, except on Fridays."},
		{"coffee is not free", "Fridays. Coffee is free."},
		{"zebra", ""},
		{"", ""},
	} {
		if got := s.Nearest(tt.quote); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.quote, got, tt.want)
		}
		if s.Holds(tt.quote) {
			t.Errorf("holds %q", tt.quote)
		}
	}
	if !s.Holds("closes at three,  except\non Fridays") {
		t.Error("a quote in other white space is not found")
	}
}
