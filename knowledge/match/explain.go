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
	Kind       string   // the kind of answer that it asks for: "who", "how much", …; or nothing
	Part       string   // of a long message: the part that asks, as it was understood
	Repairs    []Repair
	Exact      bool // the base holds the question as it is; nothing was ranked
	Candidates []Candidate
	Covered    float64 // confidence that the base has an answer
	Confidence float64 // in the first fact
	Parts      []Part  // what the confidences were computed from
	Against    string  // the rule that declined the first fact, or nothing
	Decision   string  // why the verdict is what it is, in a sentence
}

// Candidate is one of the classes that fit the question best. Its score is the
// sum of its shares.
type Candidate struct {
	Name   string // "fact amount", "gap valuation", "small talk greeting", "another subject"
	Score  float64
	Words  float64 // share of the words that the candidate's questions and answer hold (BM25)
	Near   float64 // share of its nearest question (cosine)
	Alike  float64 // share of the meaning (softmax and words near in meaning, or the cosine of meanings)
	Asked  string  // its nearest question
	Cosine float64 // with that
	Terms  []Term
}

// Term is what a term of the question gives a candidate.
type Term struct {
	Text   string
	Weight float64 // 0..1, of all the question's terms together; zero for one that the candidate does not hold
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
	e := Explanation{Repairs: c.repairs, Exact: !c.ranked, Covered: c.in, Confidence: c.one, Tokens: texts(c.tokens), Against: c.against}
	if k := kindOf(c.part); k != whatever {
		e.Kind = kindNames[k]
	}
	if len(c.part) != len(c.tokens) {
		e.Part = strings.Join(texts(c.part), " ")
	}
	e.Decision = x.why(s, c)
	if e.Exact {
		e.Answer = x.Answer(q)
		return e
	}
	for i, name := range signalNames {
		if in, one := x.weights.In[i], x.weights.One[i]; in != 0 || one != 0 {
			e.Parts = append(e.Parts, Part{name, c.signals[i], in, one})
		}
	}
	x.scoreFollowers(s)
	order := slices.Clone(s.found)
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(s.rank[b].sum, s.rank[a].sum) })
	words := x.spellings(c.tokens)
	for _, class := range order[:min(shownCandidates, len(order))] {
		e.Candidates = append(e.Candidates, x.candidate(s, class, words))
	}
	e.Answer = x.Answer(q) // on space of its own
	return e
}

// why says in a sentence how the verdict on a question came about.
func (x *Index) why(s *scratch, c consideration) string {
	a := c.answer
	switch {
	case !c.ranked && a.Verdict == Sure && len(c.prior) > 0:
		return "asks what carries the answer before it, or for more"
	case !c.ranked:
		return "the base holds this very question"
	case a.Verdict == Chat:
		return "small talk, more than anything that the base knows"
	case c.against != "" && a.Correction != nil:
		return "put right: " + c.against
	case c.against != "":
		return "declined: " + c.against
	case a.Verdict == Sure && c.one < answerFrom:
		return "only names a thing, which one fact speaks of"
	case a.Verdict == Sure:
		return fmt.Sprintf("the confidence in the first fact is at least %.0f %%", 100*x.enough(s, c.field))
	case a.Verdict == Ambiguous:
		return "asked back: several facts are about as good"
	case c.field.first < 0:
		return "declined: no fact shares a word with it"
	case a.Gap != nil:
		return "declined: it is nearer to something that the sources are known not to say"
	}
	return fmt.Sprintf("declined: the confidence in the first fact is below %.0f %%", 100*x.enough(s, c.field))
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
	b := wordsAlone
	if int(class) < x.own {
		b = x.blend()
	}
	c := Candidate{Name: x.classes[class].name(), Score: r.sum, Words: b.cover * r.cover, Near: b.near * r.near, Alike: b.alike*r.alike + b.expanded*r.expanded, Cosine: r.near}
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
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-15s"+format+"\n", append([]any{label}, args...)...)
	}
	line("understood as", "%s", strings.Join(e.Tokens, " "))
	if e.Part != "" {
		line("asked by", "%s", e.Part)
	}
	for _, r := range e.Repairs {
		line("spelling", "%s -> %s", r.From, r.To)
	}
	if e.Kind != "" {
		line("asks for", "%s", e.Kind)
	}
	for i, c := range e.Candidates {
		fmt.Fprintf(&b, "\n%d. %s: %.2f = %.2f words + %.2f nearest question + %.2f meaning\n", i+1, c.Name, c.Score, c.Words, c.Near, c.Alike)
		if c.Asked != "" {
			fmt.Fprintf(&b, "   nearest question: %s (%.0f %% the same)\n", c.Asked, 100*c.Cosine)
		}
		b.WriteString("   " + c.terms() + "\n")
	}
	if len(e.Parts) > 0 && e.Covered > 0 {
		b.WriteString("\n")
		line("confidence", "%.0f %% that the base has an answer, %.0f %% in the first fact", 100*e.Covered, 100*e.Confidence)
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "signal\tvalue\tspeaks for an answer\tfor the first fact\t")
		for _, p := range e.Parts {
			fmt.Fprintf(table, "%s\t%.2f\t%s\t%s\t\n", p.Name, p.Value, signed(p.Value*p.In), signed(p.Value*p.One))
		}
		table.Flush()
	}
	b.WriteString("\n")
	line("verdict", "%s", e.Answer.said())
	line("because", "%s", e.Decision)
	if e.Answer.Correction != nil {
		line("put right", "%s", e.Answer.Correction.Text)
	}
	return b.String()
}

// leastShown is the weight from which on a term that a candidate holds is shown.
const leastShown = 0.01

// terms says which terms of the question a candidate holds, heaviest first, and
// which it lacks.
func (c Candidate) terms() string {
	var held, lacks []string
	for _, t := range c.Terms {
		switch {
		case t.Weight >= leastShown:
			held = append(held, fmt.Sprintf("%s %.0f %%", t.Text, 100*t.Weight))
		case t.Weight == 0:
			lacks = append(lacks, t.Text)
		}
	}
	out := "holds " + strings.Join(held, ", ")
	if len(held) == 0 {
		out = "holds none of the words"
	}
	if len(lacks) > 0 {
		out += "; lacks " + strings.Join(lacks, ", ")
	}
	return out
}

// signed is a number with its sign, or nothing for none.
func signed(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%+.2f", v)
}

// said is the verdict with what it says, by ids.
func (a Answer) said() string {
	var ids []string
	for _, m := range append(slices.Clone(a.Facts), a.Near...) {
		ids = append(ids, m.Fact.ID)
	}
	out := a.Verdict.String()
	if a.Gap != nil {
		out += ", the sources do not say " + a.Gap.Missing
	}
	switch list := strings.Join(ids, ", "); {
	case list == "":
		return out
	case a.Verdict == Abstain:
		return out + "; offered: " + list
	default:
		return out + ": " + list
	}
}
