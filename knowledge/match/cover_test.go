package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"footnote/knowledge"
)

// Nothing is allocated for a question but its answer: one slice of facts.
func TestAllocations(t *testing.T) {
	x := shippedIndex(t)
	for _, text := range []string{
		"So who is it that leads those negotiations on their side",
		"Can you help me move my sofa on Saturday?",
		"Who is leading the negotiations?", // the base's own
		"hello there",
	} {
		s := new(scratch)
		ask := func() {
			s.begin()
			x.answer(s, Question{Text: text})
		}
		least := testing.AllocsPerRun(1, ask)
		for range 50 { // the race detector has pools lose things
			least = min(least, testing.AllocsPerRun(1, ask))
		}
		if least > 1+spare {
			t.Errorf("Answer(%q) allocates %v times, want at most once", text, least)
		}
	}
}

// The candidates of a large base are those that a scan of all of it ranks best.
func TestCandidatesAreTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Custom(func(t *rapid.T) string { // the low numbers are in many facts
			return fmt.Sprintf("zq%dx", rapid.IntRange(0, rapid.SampledFrom([]int{4, 30, 400}).Draw(t, "range")).Draw(t, "word"))
		})
		sentence := rapid.Map(rapid.SliceOfN(word, 1, 8), func(words []string) string { return strings.Join(words, " ") })
		variants := rapid.SliceOfN(sentence, 1, 3)
		facts := make([]knowledge.Fact, fewClasses+rapid.IntRange(1, 300).Draw(t, "more"))
		for i := range facts {
			facts[i] = knowledge.Fact{ID: fmt.Sprint(i), Questions: variants.Draw(t, "questions")}
		}
		x, err := newIndex(knowledge.Unproven(facts))
		if err != nil {
			t.Fatal(err)
		}
		s := new(scratch)
		for range 5 {
			tokens, _ := x.read(s, sentence.Draw(t, "question"))
			s.terms = appendDistinct(s.terms[:0], x.ask(s, tokens, 1).terms)
			s.pairs = s.pairs[:0]
			s.rank, s.sums, s.found = make([]score, len(x.classes)), make([]float32, len(x.classes)), nil
			s.held = make([]uint64, len(x.classes))
			x.prepare(s)
			x.scoreCover(s, none)
			x.clear(s)
			got := covers(s, s.found, x.own)
			if want := scan(x, s); !slices.EqualFunc(got, want, func(a, b float64) bool { return a-b < 1e-4 && b-a < 1e-4 }) {
				t.Fatalf("%v: the candidates cover %v, the best of all %v", texts(tokens), got, want)
			}
		}
	})
}

// covers returns the shares of the base's own classes among some, greatest first.
func covers(s *scratch, classes []int32, own int) []float64 {
	var out []float64
	for _, c := range classes {
		if int(c) < own {
			out = append(out, s.rank[c].cover)
		}
	}
	slices.SortFunc(out, func(a, b float64) int { return cmp.Compare(b, a) })
	return out
}

// scan is what BM25 makes of each class, the best ones.
func scan(x *Index, s *scratch) []float64 {
	var out []float64
	for c := range int32(x.own) {
		sum, total := 0.0, 1e-6
		for _, t := range s.terms {
			total += x.weigh(t)
			if t.id == unknown {
				continue
			}
			if i := slices.IndexFunc(x.holdersOf(t.id), func(h holding) bool { return h.at == c }); i >= 0 {
				sum += x.weigh(t) * float64(x.holdersOf(t.id)[i].impact)
			}
		}
		if sum > 0 {
			out = append(out, sum/total)
		}
	}
	slices.SortFunc(out, func(a, b float64) int { return cmp.Compare(b, a) })
	return out[:min(mostCandidates, len(out))]
}

// Steps that are added up at once come out as one by one.
func TestStepsAtOnce(t *testing.T) {
	steps := make(column, columnSize(100))
	for c := range 100 {
		steps[c] = uint8(37 * c)
	}
	one, all := make([]uint64, len(steps)/4), make([]uint64, len(steps)/4)
	for _, weight := range []uint16{topWeight, 1, 500} {
		addStepsPlainly(one, steps, weight)
		addSteps(all, steps, weight)
	}
	if !slices.Equal(one, all) {
		t.Errorf("sums of steps %x, want %x", all, one)
	}
	var got, want [block / 4]uint64
	greatest(&got, one)
	greatestPlainly(&want, one)
	if got != want {
		t.Errorf("greatest sums %x, want %x", got, want)
	}
	marks, plain := make([]uint32, len(steps)/block), make([]uint32, len(steps)/block)
	for _, least := range []uint16{0, 1, uint16(one[3]), 1<<15 - 1} {
		markFrom(marks, one, least)
		markFromPlainly(plain, one, least)
		if !slices.Equal(marks, plain) {
			t.Errorf("sums of at least %d: %x, want %x", least, marks, plain)
		}
	}
}

// A sum that does not fit stays the greatest that does, and spills into no other.
func TestListedSums(t *testing.T) {
	s := &scratch{rough: []uint64{5 | 7<<16 | 9<<48}, listed: []int32{1, 2}, sums: []float32{0, 1e12, 3}}
	s.addListed(1)
	if want := uint64(5 | topSum<<16 | 3<<32 | 9<<48); s.rough[0] != want {
		t.Errorf("the sums are %x, want %x", s.rough[0], want)
	}
}
