package match

import "golang.org/x/sys/cpu"

// addSteps adds each class's step times a weight, over 256, to its sum: four
// sums in a word, of whole blocks.
func addSteps(sums []uint64, steps column, weight uint16) {
	if cpu.X86.HasAVX2 {
		addStepsAVX2(sums, steps, weight)
	} else {
		addStepsSSE2(sums, steps, weight)
	}
}

//go:noescape
func addStepsSSE2(sums []uint64, steps column, weight uint16)

//go:noescape
func addStepsAVX2(sums []uint64, steps column, weight uint16)

// greatest raises groups to the greatest sum at each place of a block.
//
//go:noescape
func greatest(groups *[block / 4]uint64, sums []uint64)

// markFrom sets a bit for each class whose sum is at least so much, those of a block
// in each of marks.
//
//go:noescape
func markFrom(marks []uint32, sums []uint64, least uint16)
