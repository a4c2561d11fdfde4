//go:build !amd64

package match

func addSteps(sums []uint64, steps column, weight uint16) { addStepsPlainly(sums, steps, weight) }

func greatest(groups *[block / 4]uint64, sums []uint64) { greatestPlainly(groups, sums) }

func markFrom(marks []uint32, sums []uint64, least uint16) { markFromPlainly(marks, sums, least) }
