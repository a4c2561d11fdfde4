package match

import "footnote/knowledge/match/vector"

// alikeFrom is the cosine from which on two questions are taken to ask the same.
// Of the shipped base's questions, which are all on one subject, 1 pair in 1000
// from different facts lies above it: a group that is too small is read twice,
// one that is too large hides a question.
const alikeFrom = 0.75

// Group puts together questions that are alike in meaning, as far as the
// table of words tells. It returns groups of their indices; each begins with its
// first question, and the groups are in the order of those. A question joins
// the group whose first one is nearest.
func (x *Index) Group(questions []string) [][]int {
	var groups [][]int
	var heads []vector.Vector
	for i, q := range questions {
		v := x.meaning(x.lexicon.read(q))
		best, nearest := -1, float32(alikeFrom)
		for g := range heads {
			if c := v.Dot(&heads[g]); c >= nearest {
				best, nearest = g, c
			}
		}
		if best < 0 {
			heads, groups = append(heads, v), append(groups, []int{i})
			continue
		}
		groups[best] = append(groups[best], i)
	}
	return groups
}
