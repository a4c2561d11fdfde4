package eval

import "footnote/knowledge/match"

// Point is what a report would be if the best fact were answered whenever the
// confidence in it is at least a threshold, and never else.
type Point struct {
	Threshold    float64
	Right, Wrong float64 // shares of all questions; the rest is missed
}

// wrongCost is what a wrong answer costs against a missed one when a threshold
// is recommended.
const wrongCost = 2

// Curve returns points for the thresholds 0, 0.02, … 1. Small talk is left out:
// no confidence decides about it.
func (r Report) Curve() []Point {
	asked := r.deciding()
	var out []Point
	for step := 0; step <= 50; step++ {
		p := Point{Threshold: float64(step) / 50}
		for _, result := range asked {
			answered := result.Best.Fact != nil && result.Best.Score >= p.Threshold
			switch {
			case answered && result.BestRight, !answered && len(result.Question.Evidence) == 0:
				p.Right++
			case answered:
				p.Wrong++
			}
		}
		n := max(1, float64(len(asked)))
		out = append(out, Point{p.Threshold, p.Right / n, p.Wrong / n})
	}
	return out
}

func (r Report) deciding() Report {
	var out Report
	for _, result := range r {
		if result.Question.Kind != "smalltalk" {
			out = append(out, result)
		}
	}
	return out
}

// Recommended returns the point of a curve with the most right answers after
// twice the wrong ones are taken off; of equals, the surest.
func Recommended(curve []Point) Point {
	var best Point
	for i, p := range curve {
		if i == 0 || p.Right-wrongCost*p.Wrong >= best.Right-wrongCost*best.Wrong {
			best = p
		}
	}
	return best
}

// Bin is the questions whose confidence in the best fact lies in one tenth.
type Bin struct {
	From       float64 // to From + 0.1
	N          int
	Confidence float64 // mean; what share should be right
	Right      float64 // share for which the best fact is right
}

// Reliability returns ten bins, and the mean distance between confidence and
// the share that is right, weighted by how many questions each bin has (the
// expected calibration error; Guo et al. 2017).
func (r Report) Reliability() (bins [10]Bin, ece float64) {
	total := 0
	for i := range bins {
		bins[i].From = float64(i) / 10
	}
	for _, result := range r.deciding() {
		if result.Best.Fact == nil {
			continue
		}
		b := &bins[min(9, int(result.Best.Score*10))]
		b.N++
		total++
		b.Confidence += result.Best.Score
		if result.BestRight {
			b.Right++
		}
	}
	for i := range bins {
		b := &bins[i]
		ece += max(b.Confidence-b.Right, b.Right-b.Confidence) / max(1, float64(total))
		n := max(1, float64(b.N))
		b.Confidence, b.Right = b.Confidence/n, b.Right/n
	}
	return bins, ece
}

// best is the fact that fits a question best, whether or not it was said, and
// whether it would have been right.
func best(x *match.Index, q Question, asked match.Question) (match.Match, bool) {
	ranked := x.Rank(asked, 1)
	if len(ranked) == 0 {
		return match.Match{}, false
	}
	return ranked[0], q.quotedBy(ranked[0]) && q.satisfiedBy(ranked[:1])
}
