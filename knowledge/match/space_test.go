package match

import (
	"math"
	"math/rand/v2"
	"testing"

	"footnote/knowledge/match/vector"
)

// along is the unit vector in the direction of its first components.
func along(components ...float32) vector.Vector {
	var v vector.Vector
	copy(v[:], components)
	v.Unit()
	return v
}

// Two classes lie along the first two components, and their questions differ along
// the third.
func TestSpace(t *testing.T) {
	meanings := []vector.Vector{along(1, 0, .5), along(1, 0, -.5), along(0, 1, .5), along(0, 1, -.5)}
	p := newSpace(meanings, []int32{0, 0, 1, 1}, 2)
	cosine := func(a, b vector.Vector) float32 { return a.Dot(&b) }
	for _, tt := range []struct {
		what   string
		a, b   vector.Vector
		nearer bool
	}{
		{"questions for the same class", meanings[0], meanings[1], true},
		{"questions for two classes", meanings[0], meanings[2], false},
		{"others that differ as those of a class do", along(1, .2, .6), along(1, .2, -.6), true},
	} {
		before, after := cosine(tt.a, tt.b), cosine(p.place(&tt.a), p.place(&tt.b))
		if after > before != tt.nearer {
			t.Errorf("%s: cosine %v in the space, %v in the table", tt.what, after, before)
		}
	}
	place := p.place(&meanings[0])
	if got := place.Dot(&place); math.Abs(float64(got-1)) > 1e-5 {
		t.Errorf("a place has length² %v, want 1", got)
	}
	var nothing vector.Vector
	if got := p.place(&nothing); got != nothing {
		t.Error("what means nothing has a place")
	}
	if got := (*space)(nil).place(&meanings[0]); got != meanings[0] {
		t.Error("without a space a meaning moved")
	}
}

func TestNoSpace(t *testing.T) {
	for _, tt := range []struct {
		meanings []vector.Vector
		classes  []int32
	}{
		{nil, nil},
		{[]vector.Vector{along(1), along(0, 1)}, []int32{0, 1}},
		{[]vector.Vector{along(1), along(1), along(0, 1)}, []int32{0, 0, 1}},
	} {
		if newSpace(tt.meanings, tt.classes, 2) != nil {
			t.Errorf("%d questions of which no two for one class differ have a space", len(tt.meanings))
		}
	}
}

func TestInverseFactor(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var a [vector.Dims]vector.Vector
	for range 2 * vector.Dims {
		var v vector.Vector
		for d := range v {
			v[d] = float32(random.NormFloat64())
		}
		for d := range v {
			addScaled(a[d][:], v[:], v[d])
		}
	}
	inverse := inverseFactor(&a)
	for i := range inverse {
		var row vector.Vector // of inverse·a
		for j := range a {
			addScaled(row[:], a[j][:], inverse[i][j])
		}
		for j := range inverse {
			want := 0.0
			if i == j {
				want = 1
			}
			if got := float64(row.Dot(&inverse[j])); math.Abs(got-want) > 1e-3 {
				t.Fatalf("inverse·a·inverseᵀ at %d, %d is %v, want %v", i, j, got, want)
			}
		}
	}
}
