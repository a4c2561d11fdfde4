package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Repair is a word whose spelling was mended.
type Repair struct{ From, To string }

// Explanation is how an answer came about, for a person to read.
type Explanation struct {
	Answer     Answer
	Tokens     []string // the question as it was understood: names with "@", quantities with "#"
	Repairs    []Repair
	Exact      bool // the base holds the question as it is; nothing was ranked
	Candidates []Candidate
	Covered    float64 // confidence that the base has an answer
	Confidence float64 // in the first fact
	Parts      []Part  // what the confidences were computed from
	Against    string  // the rule that declined the first fact, or nothing
}

// Candidate is one of the classes that fit the question best.
type Candidate struct {
	Name  string // "fact amount", "gap valuation", "small talk greeting", "another subject"
	Score float64
	Cover float64 // share of the question's weight that the candidate's words carry
	Near  float64 // cosine with its nearest question
	Alike float64 // in meaning
	Asked string  // that question
	Terms []Term
}

// Term is what a term of the question gives a candidate.
type Term struct {
	Text   string
	Weight float64 // of the cover; zero for a term that the candidate does not hold
}

// Part is a feature of the decision with its weight.
type Part struct {
	Name    string
	Value   float64
	In, One float64 // its weight in Covered, and in that the first fact is the answer
}

// shownCandidates is how many candidates an explanation lists.
const shownCandidates = 4

// Explain answers a question and says how the answer came about.
func (x *Index) Explain(q Question) Explanation {
	s := x.borrow()
	defer x.scratch.Put(s)
	c := x.consider(s, q)
	e := Explanation{Answer: c.answer, Repairs: c.repairs, Exact: !c.ranked, Covered: c.in, Confidence: c.one, Tokens: texts(c.tokens), Against: c.against}
	if e.Exact {
		return e
	}
	for i, name := range signalNames {
		if in, one := x.weights.In[i], x.weights.One[i]; in != 0 || one != 0 {
			e.Parts = append(e.Parts, Part{name, c.signals[i], in, one})
		}
	}
	order := slices.Clone(s.found)
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(s.rank[b].sum, s.rank[a].sum) })
	words := x.spellings(c.tokens)
	for _, class := range order[:min(shownCandidates, len(order))] {
		e.Candidates = append(e.Candidates, x.candidate(s, class, words))
	}
	return e
}

// spellings returns how the question writes its terms.
func (x *Index) spellings(tokens []token) map[int32]string {
	out := map[int32]string{}
	for _, t := range tokens {
		if id := x.lexicon.find(t); id != unknown {
			out[id] = t.text
		}
	}
	return out
}

func (x *Index) candidate(s *scratch, class int32, words map[int32]string) Candidate {
	r := s.rank[class]
	c := Candidate{Name: x.classes[class].name(), Score: r.sum, Cover: r.cover, Near: r.near, Alike: r.alike}
	if r.nearest != unknown {
		c.Asked = x.variants[r.nearest].text
	}
	total := 1e-6
	for _, t := range s.terms {
		total += x.weigh(t)
	}
	for _, t := range s.terms {
		if t.id == unknown || words[t.id] == "" {
			continue
		}
		w := 0.0
		if tf := x.frequency(class, t.id, none); tf > 0 {
			w = x.weigh(t) * tf / (tf + x.shape[class]) / total
		}
		c.Terms = append(c.Terms, Term{words[t.id], w})
	}
	slices.SortStableFunc(c.Terms, func(a, b Term) int { return cmp.Compare(b.Weight, a.Weight) })
	return c
}

func (c class) name() string {
	switch {
	case c.fact != nil:
		return "fact " + c.fact.ID
	case c.gap != nil:
		return "gap " + c.gap.ID
	case c.chat != "":
		return "small talk " + c.chat
	}
	return "another subject"
}

// String returns the explanation as lines of text.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "understood as: %s\n", strings.Join(e.Tokens, " "))
	for _, r := range e.Repairs {
		fmt.Fprintf(&b, "spelling: %s -> %s\n", r.From, r.To)
	}
	if e.Exact {
		b.WriteString("the base holds this very question\n")
		return b.String()
	}
	for _, c := range e.Candidates {
		fmt.Fprintf(&b, "\n%s: score %.2f from cover %.3f, near %.3f, alike %.2f\n", c.Name, c.Score, c.Cover, c.Near, c.Alike)
		if c.Asked != "" {
			fmt.Fprintf(&b, "  nearest question: %s\n", c.Asked)
		}
		b.WriteString("  cover:")
		for _, t := range c.Terms {
			fmt.Fprintf(&b, " %s %.3f", t.Text, t.Weight)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nconfidence %.2f that there is an answer, %.2f in the first fact, from\n", e.Covered, e.Confidence)
	table := tabwriter.NewWriter(&b, 0, 0, 1, ' ', tabwriter.AlignRight)
	for _, p := range e.Parts {
		fmt.Fprintf(table, "  %.2f\t × %.2f\t and × %.2f\t  %s\n", p.Value, p.In, p.One, p.Name)
	}
	table.Flush()
	if e.Against != "" {
		fmt.Fprintf(&b, "against the first fact: %s\n", e.Against)
	}
	fmt.Fprintf(&b, "verdict: %s (answers from %.2f, over a better gap from %.2f; asks back if the first two are close)\n", e.Answer.Verdict, answerFrom, overGapFrom)
	return b.String()
}
