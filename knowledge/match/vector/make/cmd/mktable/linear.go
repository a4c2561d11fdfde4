package main

import "math"

// dot is the dot product of two vectors of one length.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32 // four sums at once keep the processor busy
	b = b[:len(a)]
	i := 0
	for ; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func length(v []float32) float32 { return float32(math.Sqrt(float64(dot(v, v)))) }

// unit makes v's length 1, in place, and returns it; the zero vector stays.
func unit(v []float32) []float32 {
	if n := length(v); n > 0 {
		for i := range v {
			v[i] /= n
		}
	}
	return v
}

// principal returns k directions at right angles along which vectors are
// longest, the longest first, by orthogonal iteration from fixed numbers: the
// same vectors give the same directions. It does not move the vectors' mean to
// the origin.
func principal(vectors [][]float32, k, rounds int) [][]float32 {
	square := moments(vectors)
	axes := make([][]float32, k)
	seed := uint32(1)
	for i := range axes {
		axes[i] = make([]float32, len(square))
		for j := range axes[i] {
			seed = seed*1664525 + 1013904223
			axes[i][j] = float32(seed>>8)/float32(1<<24) - 0.5
		}
	}
	for range rounds {
		for i := range axes {
			axes[i] = project(axes[i], square)
		}
		straighten(axes)
	}
	return axes
}

// moments is the sum of each vector's products with itself, a symmetric matrix.
func moments(vectors [][]float32) [][]float32 {
	m := make([][]float32, len(vectors[0]))
	for i := range m {
		m[i] = make([]float32, len(m))
	}
	for _, v := range vectors {
		for i, x := range v {
			for j := i; j < len(v); j++ {
				m[i][j] += x * v[j]
			}
		}
	}
	for i := range m {
		for j := range i {
			m[i][j] = m[j][i]
		}
	}
	return m
}

// straighten puts axes at right angles, in place, and makes their lengths 1.
func straighten(axes [][]float32) {
	for i := range axes {
		for p := range i {
			s := dot(axes[i], axes[p])
			for j := range axes[i] {
				axes[i][j] -= s * axes[p][j]
			}
		}
		unit(axes[i])
	}
}

// project returns v's components along axes.
func project(v []float32, axes [][]float32) []float32 {
	out := make([]float32, len(axes))
	for i, axis := range axes {
		out[i] = dot(axis, v)
	}
	return out
}
