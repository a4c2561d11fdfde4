package match

import (
	"maps"
	"math"
	"slices"

	"footnote/knowledge/match/vector"
)

// averageStress is how much a word of average length in the word table counts
// among the softmax's features, over 1 for being there.
const averageStress = 4

// stress is how much a term counts among the softmax's features. Where words are
// expanded it is told by the word table: in a base of so few questions it is
// mostly chance in how many classes a word stands.
func (x *Index) stress(term int32) float64 {
	if x.stresses != nil {
		return x.stresses[term]
	}
	return 1 + x.idf[term]
}

// tableStresses returns each term's by the mean length of its words in the table,
// which says how much a word counts in a sentence. One that the table does not
// hold counts as much as the average of the base's words.
func (x *Index) tableStresses() []float64 {
	lengths, words := make([]float64, len(x.idf)), make([]float64, len(x.idf))
	total, n := 0.0, 0.0
	for _, text := range slices.Sorted(maps.Keys(x.lexicon.surface)) {
		w := x.lexicon.surface[text]
		if w.meaning == unknown || int(w.meaning) >= x.table.Words() {
			continue
		}
		var v vector.Vector
		x.table.AddRank(&v, int(w.meaning))
		length := math.Sqrt(float64(v.Dot(&v)))
		lengths[w.term] += length
		words[w.term]++
		total += length
		n++
	}
	for t := range lengths {
		share := 1.0 // of the average
		if words[t] > 0 {
			share = lengths[t] / words[t] * n / total
		}
		lengths[t] = 1 + averageStress*share
	}
	return lengths
}
