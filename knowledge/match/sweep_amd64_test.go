package match

import (
	"slices"
	"testing"

	"golang.org/x/sys/cpu"
)

// Processors of both kinds add up the same.
func TestStepsOfBothKinds(t *testing.T) {
	if !cpu.X86.HasAVX2 {
		t.Skip("this processor has no AVX2")
	}
	steps := make(column, columnSize(100))
	for c := range 100 {
		steps[c] = uint8(37 * c)
	}
	narrow, wide := make([]uint64, len(steps)/4), make([]uint64, len(steps)/4)
	addStepsSSE2(narrow, steps, topWeight)
	addStepsAVX2(wide, steps, topWeight)
	if !slices.Equal(wide, narrow) {
		t.Errorf("sums of steps %x, want %x", wide, narrow)
	}
}
