package vector

import (
	"math"
	"testing"

	"golang.org/x/sys/cpu"
)

// Processors of both kinds come to the same, to the last bit.
func TestBothKinds(t *testing.T) {
	if !cpu.X86.HasAVX2 {
		t.Skip("this processor has no AVX2")
	}
	var v, w, narrow, wide Vector
	var row [Dims]byte
	for i := range Dims {
		v[i], w[i] = float32(math.Sin(float64(i))), float32(math.Cos(float64(3*i)))
		row[i] = byte(37 * i)
	}
	if got, want := dotAVX2(&v, &w), dotSSE2(&v, &w); got != want {
		t.Errorf("dot product %v, want %v", got, want)
	}
	addScaledSSE2(&narrow, &row, 0.3)
	addScaledAVX2(&wide, &row, 0.3)
	if wide != narrow {
		t.Errorf("a row adds up to %v, want %v", wide, narrow)
	}
}
