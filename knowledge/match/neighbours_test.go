package match

import (
	"slices"
	"testing"

	"footnote/knowledge"
)

// trained is the index of a base of three facts that share few words.
func trained(t *testing.T) *Index {
	t.Helper()
	b := knowledge.Unproven([]knowledge.Fact{
		{ID: "leave", Questions: []string{"how much holiday do we get", "how many days of holiday", "may holiday be carried over", "who approves a holiday"}},
		{ID: "doctor", Questions: []string{"where is the doctor", "when may i see the doctor", "which doctor do we have", "is the doctor in today"}},
		{ID: "parking", Questions: []string{"where is the garage", "may guests use the garage", "when does the garage close", "who has a key of the garage"}},
	})
	m, err := Train(b)
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(b, WithModel(m))
	if err != nil {
		t.Fatal(err)
	}
	if x.neighbours == nil {
		t.Fatal("the index has no neighbours: its model was not used")
	}
	return x
}

func TestNeighbours(t *testing.T) {
	x := trained(t)
	for id, list := range x.neighbours {
		if len(list) > mostNeighbours {
			t.Errorf("term %d has %d neighbours, at most %d are right", id, len(list), mostNeighbours)
		}
		for i, n := range list {
			if int(n.Term) == id || n.cosine() < leastCosine-1./255 || i > 0 && list[i-1].Like < n.Like {
				t.Errorf("term %d has the neighbours %v", id, list)
			}
		}
	}
	s := x.borrow()
	defer x.scratch.Put(s)
	tokens, _ := x.read(s, "vacation physician")
	terms := x.ask(s, tokens, 1).terms
	if terms[1].id != unknown {
		t.Fatal("the base holds the word that it should not")
	}
	for i, want := range []string{"holiday", "doctor"} {
		holds := func(n nearTerm) bool { return n.Term == x.lexicon.surface[want].term }
		if first := x.neighboursOf(terms[i]); !slices.ContainsFunc(first, holds) {
			t.Errorf("%s is no neighbour of term %d: %v", want, i, first)
		} else if again := x.neighboursOf(terms[i]); &again[0] != &first[0] {
			t.Errorf("the neighbours of term %d were looked for twice", i)
		}
	}
}

// A word that no class holds speaks for the class that holds its neighbour.
func TestExpanded(t *testing.T) {
	x := trained(t)
	s := x.borrow()
	defer x.scratch.Put(s)
	for _, tt := range []struct{ q, want string }{{"vacation", "leave"}, {"a physician", "doctor"}} {
		s.begin()
		tokens, _ := x.read(s, tt.q)
		x.score(s, x.ask(s, tokens, 1), none)
		best := slices.MaxFunc(s.found, func(a, b int32) int {
			switch d := s.rank[a].expanded - s.rank[b].expanded; {
			case d < 0:
				return -1
			case d > 0:
				return 1
			}
			return 0
		})
		if f := x.classes[best].fact; f == nil || f.ID != tt.want {
			t.Errorf("%q is expanded to %s, want %s", tt.q, x.classes[best].name(), tt.want)
		}
		for _, c := range s.found {
			if int(c) >= x.own {
				continue
			}
			if e := s.rank[c].expanded; e < s.rank[c].cover-1e-6 || e > 1 {
				t.Errorf("%q: class %s is expanded to %v of the question, its own words cover %v", tt.q, x.classes[c].name(), e, s.rank[c].cover)
			}
		}
	}

	// Left out, a variant speaks for nobody.
	v := x.classes[0].from
	s.begin()
	q := query{x.appendVariant(nil, v), x.meaning(x.lexicon.read(x.variants[v].text))}
	x.score(s, q, none)
	with := s.rank[0].expanded
	x.score(s, q, int32(v))
	if without := s.rank[0].expanded; without >= with || without < s.rank[0].cover-1e-6 {
		t.Errorf("without its own variant a class is expanded to %v of it, with it to %v", without, with)
	}
}
