package eval

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Labelled is a question with the label that is right for it; no label means
// that none is.
type Labelled struct {
	Text  string  `json:"text"`
	Label *string `json:"label"`
}

// ReadLabelled reads questions, one JSON object a line. Its error names the
// first line that is none.
func ReadLabelled(r io.Reader) ([]Labelled, error) {
	var out []Labelled
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, readErr := lines.ReadBytes('\n')
		if len(strings.TrimSpace(string(line))) > 0 {
			var q Labelled
			if err := json.Unmarshal(line, &q); err != nil {
				return nil, fmt.Errorf(`line %d: %w; expected {"text":"…","label":"…"}`, n, err)
			}
			out = append(out, q)
		}
		if readErr == io.EOF {
			return out, nil
		}
		if readErr != nil {
			return nil, readErr
		}
	}
}

// Measures are what matching achieves on other people's questions. Top1, MRR5,
// Right, Missed and Wrong are shares of the questions with a label, OOSRefused
// of those without; the others are of all.
type Measures struct {
	Train      int     `json:"n_train"`
	Labels     int     `json:"n_labels"`
	Test       int     `json:"n_test"`
	Top1       float64 `json:"top1"`
	MRR5       float64 `json:"mrr5"`
	OOSAUROC   float64 `json:"oos_auroc"` // chance that a question with a label is held for surer than one without
	Right      float64 `json:"right"`
	Missed     float64 `json:"missed"`
	Wrong      float64 `json:"wrong"`
	OOSRefused float64 `json:"oos_refused"`
	Coverage   float64 `json:"coverage_at_5pct_wrong"`     // share that can be answered with at most 5 % of the answers wrong
	ECE        float64 `json:"ece"`                        // expected calibration error, ten bins
	Strict     float64 `json:"right_at_55pct_oos_refused"` // share of those with a label, if 55 % of those without are refused
	P50        float64 `json:"p50_us"`
	P99        float64 `json:"p99_us"`
	Load       float64 `json:"load_ms"` // of the index, training apart
	Heap       float64 `json:"heap_mb"` // in use after it
}

// Bench makes a base of the labels of train, trains on it, and asks it test.
func Bench(train, test []Labelled) (Measures, error) {
	base := labelledBase(train)
	model, err := match.Train(base)
	if err != nil {
		return Measures{}, err
	}
	m := Measures{Train: len(train), Labels: len(base.Facts), Test: len(test)}
	before := heap()
	start := time.Now()
	x, err := match.NewIndex(base, match.WithModel(model))
	if err != nil {
		return Measures{}, err
	}
	m.Load = float64(time.Since(start).Microseconds()) / 1000
	m.Heap = max(0, heap()-before)
	m.ask(x, test)
	return m, nil
}

func heap() float64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc) / 1e6
}

func labelledBase(train []Labelled) *knowledge.Base {
	var facts []knowledge.Fact
	place := map[string]int{}
	for _, q := range train {
		if q.Label == nil {
			continue
		}
		i, known := place[*q.Label]
		if !known {
			i = len(facts)
			place[*q.Label] = i
			facts = append(facts, knowledge.Fact{ID: *q.Label})
		}
		facts[i].Questions = append(facts[i].Questions, q.Text)
	}
	return knowledge.Unproven(facts)
}

// guess is how sure the index was of its best fact, and whether it is right.
type guess struct {
	confidence     float64
	covered        float64 // how sure the index was that there is an answer
	right, labeled bool
}

// ask asks each question and fills in the measures.
func (m *Measures) ask(x *match.Index, test []Labelled) {
	var guesses []guess
	var micros []float64
	labelled, refused := 0.0, 0.0
	for _, q := range test {
		start := time.Now()
		a := x.Answer(match.Question{Text: q.Text})
		micros = append(micros, float64(time.Since(start).Nanoseconds())/1000)
		best := x.Rank(match.Question{Text: q.Text}, 5)
		g := guess{labeled: q.Label != nil, covered: x.Covers(match.Question{Text: q.Text})}
		if len(best) > 0 {
			g.confidence = best[0].Score
			g.right = q.Label != nil && best[0].Fact.ID == *q.Label
		}
		guesses = append(guesses, g)
		if q.Label == nil {
			if a.Verdict == match.Abstain || a.Verdict == match.Chat {
				refused++
			}
			continue
		}
		labelled++
		m.score(*q.Label, a, best)
	}
	for _, share := range []*float64{&m.Top1, &m.MRR5, &m.Right, &m.Missed, &m.Wrong} {
		*share /= max(1, labelled)
	}
	m.OOSRefused = refused / max(1, float64(len(test))-labelled)
	slices.Sort(micros)
	if n := len(micros); n > 0 {
		m.P50, m.P99 = micros[n/2], micros[n*99/100]
	}
	m.Strict = rightAt(guesses, strict)
	m.OOSAUROC, m.Coverage, m.ECE = auroc(guesses), coverage(guesses), calibrationError(guesses)
}

func (m *Measures) score(label string, a match.Answer, best []match.Match) {
	for i, b := range best {
		if b.Fact.ID == label {
			m.MRR5 += 1 / float64(i+1)
			if i == 0 {
				m.Top1++
			}
		}
	}
	switch {
	case a.Verdict != match.Sure:
		m.Missed++
	case a.Facts[0].Fact.ID == label:
		m.Right++
	default:
		m.Wrong++
	}
}

// auroc is the area under the curve of true against false alarms, by ranks.
func auroc(guesses []guess) float64 {
	sorted := slices.SortedFunc(slices.Values(guesses), func(a, b guess) int { return cmp.Compare(a.covered, b.covered) })
	in, out, ranks := 0.0, 0.0, 0.0
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].covered == sorted[i].covered {
			j++
		}
		for _, g := range sorted[i:j] {
			if g.labeled {
				in++
				ranks += float64(i+j+1) / 2 // the mean rank of equals
			} else {
				out++
			}
		}
		i = j
	}
	if in == 0 || out == 0 {
		return 0
	}
	return (ranks - in*(in+1)/2) / (in * out)
}

// strict is the share of questions without a label at whose refusal Strict is
// taken: about what the best systems of CLINC150's paper refuse.
const strict = 0.55

// rightAt is the share of the questions with a label that are answered rightly
// if the index is made just so careful that it refuses a share of the others.
func rightAt(guesses []guess, refused float64) float64 {
	sorted := slices.SortedFunc(slices.Values(guesses), func(a, b guess) int { return cmp.Compare(a.covered, b.covered) })
	labelled, right := 0.0, 0.0
	for _, g := range sorted {
		if g.labeled {
			labelled++
		}
	}
	others := float64(len(sorted)) - labelled
	seen := 0.0
	for _, g := range sorted {
		switch {
		case !g.labeled:
			seen++
		case g.right && seen >= refused*others:
			right++
		}
	}
	return right / max(1, labelled)
}

// coverage is the largest share of the questions, the surest first, of which at
// most 5 % are wrong.
func coverage(guesses []guess) float64 {
	sorted := slices.SortedFunc(slices.Values(guesses), func(a, b guess) int { return cmp.Compare(b.confidence, a.confidence) })
	wrong, best := 0.0, 0
	for i, g := range sorted {
		if !g.right {
			wrong++
		}
		if wrong <= 0.05*float64(i+1) {
			best = i + 1
		}
	}
	return float64(best) / max(1, float64(len(sorted)))
}

// calibrationError is the mean distance of confidence and accuracy over ten
// bins of confidence, weighted by how many questions are in each (Guo et al.
// 2017).
func calibrationError(guesses []guess) float64 {
	var n, sum, right [10]float64
	for _, g := range guesses {
		bin := min(9, int(g.confidence*10))
		n[bin]++
		sum[bin] += g.confidence
		if g.right {
			right[bin]++
		}
	}
	total := 0.0
	for i := range n {
		total += max(sum[i]-right[i], right[i]-sum[i])
	}
	return total / max(1, float64(len(guesses)))
}

// Mistype returns the questions with n typing mistakes in each: a letter
// swapped with the next, left out, put in twice or replaced by another.
func Mistype(questions []Labelled, n int, seed uint64) []Labelled {
	random := rand.New(rand.NewPCG(seed, 0))
	out := slices.Clone(questions)
	for i := range out {
		for range n {
			out[i].Text = mistype(out[i].Text, random)
		}
	}
	return out
}

// mistype makes one mistake in a word of at least four letters, if there is one.
func mistype(text string, random *rand.Rand) string {
	fields := strings.Split(text, " ")
	var long []int
	for i, w := range fields {
		if len(w) >= 4 && !strings.ContainsFunc(w, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' }) {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return text
	}
	k := long[random.IntN(len(long))]
	w := []byte(fields[k])
	at := random.IntN(len(w) - 1)
	switch random.IntN(4) {
	case 0:
		w[at], w[at+1] = w[at+1], w[at]
	case 1:
		w = slices.Delete(w, at, at+1)
	case 2:
		w = slices.Insert(w, at, w[at])
	default:
		w[at] = byte('a' + random.IntN(26))
	}
	fields[k] = string(w)
	return strings.Join(fields, " ")
}
