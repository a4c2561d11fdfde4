package match

import (
	"bytes"
	_ "embed" // the shipped model
	"encoding/gob"
	"fmt"

	"footnote/knowledge"
	"footnote/knowledge/match/vector"
)

// Model is what training learned of one base: a softmax over its facts and
// gaps, where there are enough ways of asking, and how sure to be of a ranking.
// It is immutable.
type Model struct {
	Hash       string // of the base
	Format     int    // of the features: a model of another format fits no base
	Weights    weights
	Centroids  []vector.Vector
	Softmax    *softmax
	Neighbours [][]nearTerm // of each term of the base, or nil if words are not expanded
}

// format changes with whatever changes how questions are read or ranked.
const format = 5

// A softmax is trained for bases with at least so many variants a class and at
// most so many classes. With so many variants a class, words are not expanded:
// people's own words are in the base, and neighbours only blur them.
const (
	fewestVariants = 4
	ownWords       = 16
	mostClasses    = 600
)

// Fits reports whether the model was trained on a base and can be used.
func (m *Model) Fits(b *knowledge.Base) bool { return m.Hash == b.Hash && m.Format == format }

// hasRows reports whether the softmax has a row for each feature of an index:
// one trained with other lists of small talk counts them otherwise.
func (m *Model) hasRows(x *Index) bool {
	return m.Softmax == nil || len(m.Softmax.Scales) == x.wordRows+vector.Dims && (m.Neighbours == nil || len(m.Neighbours) == len(x.idf))
}

// Train learns from a base. It takes seconds where a softmax is trained, and
// gives the same model for the same base.
func Train(b *knowledge.Base) (*Model, error) {
	x, err := newIndex(b)
	if err != nil {
		return nil, err
	}
	m := &Model{Hash: b.Hash, Format: format}
	enough := x.own <= mostClasses && x.own > 1 && x.classes[x.own-1].to >= fewestVariants*x.own
	if enough && x.classes[x.own-1].to < ownWords*x.own {
		m.Neighbours = x.allNeighbours()
		x.expand(m.Neighbours)
	}
	m.Weights = x.fit(enough)
	m.Centroids = x.centre(func(int) bool { return false })
	if enough {
		m.Softmax = x.trainSoftmax(func(int) bool { return false })
	}
	return m, nil
}

// Encode returns the model as bytes for [Decode].
func (m *Model) Encode() ([]byte, error) {
	var out bytes.Buffer
	err := gob.NewEncoder(&out).Encode(m)
	return out.Bytes(), err
}

// Decode reads what Encode wrote.
func Decode(data []byte) (*Model, error) {
	m := new(Model)
	if len(data) == 0 {
		return m, nil // fits no base
	}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(m); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

//go:embed model.bin
var shipped []byte

// Shipped returns the model of the base that ships.
func Shipped() (*Model, error) { return Decode(shipped) }
