package match

import (
	"flag"
	"os"
	"testing"

	"footnote/knowledge"
)

var update = flag.Bool("update", false, "write what the tests computed to the files that they compare with")

func shippedIndex(t testing.TB) *Index {
	t.Helper()
	b, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// untrained returns an index that ranks by general weights.
func untrained(t testing.TB, b *knowledge.Base) *Index {
	t.Helper()
	x, err := newIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	x.centroids = x.centre(func(int) bool { return false })
	return x
}

// The model that ships was trained on the base that ships.
func TestShippedModel(t *testing.T) {
	b, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		m, err := Train(b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("model.bin", data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	m, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if !m.Fits(b) {
		t.Error("the base changed: train again with go test ./knowledge/match -run TestShippedModel -update")
	}
}
