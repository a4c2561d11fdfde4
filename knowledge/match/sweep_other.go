//go:build !amd64

package match

func addSteps(sums []uint64, steps column, weight uint16) { addStepsPlainly(sums, steps, weight) }
