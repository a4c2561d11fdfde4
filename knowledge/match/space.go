package match

import (
	"math"

	"footnote/knowledge/match/vector"
)

// space is where the meanings of a base's questions are compared. The directions
// in which questions for the same class differ count less in it: it is the word
// table's, less the middle of the questions and multiplied with the inverse of
// the Cholesky factor of their covariance within classes (within-class covariance
// normalisation, Hatch, Kajarekar and Stolcke 2006).
type space struct {
	Middle vector.Vector
	Axes   []vector.Vector
}

// evenness is the share that equal variance in all directions has in the
// covariance: a base of few questions knows little of its own.
const evenness = 0.5

// newSpace returns the space of a base's questions, whose classes are 0 to n-1,
// or nil if no two for one class differ.
func newSpace(meanings []vector.Vector, classes []int32, n int) *space {
	counts := make([]float32, n)
	middles := make([]vector.Vector, n)
	p := new(space)
	for i := range meanings {
		counts[classes[i]]++
		middles[classes[i]].Plus(&meanings[i])
		p.Middle.Plus(&meanings[i])
	}
	for d := range p.Middle {
		p.Middle[d] /= float32(max(1, len(meanings)))
		for c := range middles {
			middles[c][d] /= max(1, counts[c])
		}
	}
	var covariance [vector.Dims]vector.Vector // the lower triangle of a symmetric matrix
	for i, v := range meanings {
		for d := range v {
			v[d] -= middles[classes[i]][d]
		}
		for d := range v {
			addScaled(covariance[d][:d+1], v[:d+1], v[d])
		}
	}
	trace := float32(0)
	for d := range covariance {
		trace += covariance[d][d]
	}
	if trace < 1e-6 {
		return nil
	}
	for d := range covariance {
		for e := range d + 1 {
			covariance[d][e] *= (1 - evenness) * vector.Dims / trace
		}
		covariance[d][d] += evenness
	}
	p.Axes = inverseFactor(&covariance)
	return p
}

// inverseFactor returns the inverse of the lower triangular l with l·lᵀ = a. Of a
// only the lower triangle is read.
func inverseFactor(a *[vector.Dims]vector.Vector) []vector.Vector {
	l, inverse := *a, make([]vector.Vector, vector.Dims)
	for i := range l {
		for j := range i + 1 {
			sum := float64(l[i][j])
			for k := range j {
				sum -= float64(l[i][k]) * float64(l[j][k])
			}
			if i == j {
				l[i][i] = float32(math.Sqrt(sum))
			} else {
				l[i][j] = float32(sum / float64(l[j][j]))
			}
		}
	}
	for j := range l {
		inverse[j][j] = 1 / l[j][j]
		for i := j + 1; i < len(l); i++ {
			sum := 0.0
			for k := j; k < i; k++ {
				sum -= float64(l[i][k]) * float64(inverse[k][j])
			}
			inverse[i][j] = float32(sum / float64(l[i][i]))
		}
	}
	return inverse
}

// place returns where a meaning stands in the space, at length 1; what has no
// meaning stands nowhere. Without a space it is where it was.
func (p *space) place(meaning *vector.Vector) vector.Vector {
	if p == nil || *meaning == (vector.Vector{}) {
		return *meaning
	}
	off, out := *meaning, vector.Vector{}
	for d := range off {
		off[d] -= p.Middle[d]
	}
	for d := range p.Axes {
		out[d] = p.Axes[d].Dot(&off)
	}
	out.Unit()
	return out
}
