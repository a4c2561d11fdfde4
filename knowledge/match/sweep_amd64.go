package match

// addSteps adds each class's step times a weight, over 256, to its sum: four
// sums in a word, of whole blocks.
//
//go:noescape
func addSteps(sums []uint64, steps column, weight uint16)

// greatest raises groups to the greatest sum at each place of a block.
//
//go:noescape
func greatest(groups *[block / 4]uint64, sums []uint64)

// markFrom sets a bit for each class whose sum is at least so much, those of a block
// in each of marks.
//
//go:noescape
func markFrom(marks []uint32, sums []uint64, least uint16)
