package match

// addSteps adds each class's step times a weight, over 256, to its sum. There are
// an even number of steps' words, and twice as many of sums.
//
//go:noescape
func addSteps(sums []uint64, steps column, weight uint16)
