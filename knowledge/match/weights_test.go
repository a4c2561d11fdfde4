package match

import (
	"encoding/json"
	"flag"
	"math"
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

// The weights that ship are those that fitting the shipped base gives.
func TestShippedWeights(t *testing.T) {
	x := shippedIndex(t)
	got := x.fit()
	if *update {
		data, err := json.MarshalIndent(got, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("weights.json", append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, name := range featureNames {
		if math.Abs(got.One[i]-x.weights.One[i]) > 1e-3 || math.Abs(got.Two[i]-x.weights.Two[i]) > 1e-3 {
			t.Errorf("weights of %q = %.4f, %.4f, want %.4f, %.4f; the base changed: run go test ./knowledge/match -run TestShippedWeights -update",
				name, got.One[i], got.Two[i], x.weights.One[i], x.weights.Two[i])
		}
	}
}
