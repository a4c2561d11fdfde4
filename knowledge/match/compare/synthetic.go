package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/eval"
)

// synthetic makes bases of any size out of a corpus of labelled questions. A
// fact is a label's questions about a subject of two words; its five questions
// are different ones of the label, with some words changed for others of the
// corpus. A subject's word is new with the chance newWord, and else one that an
// earlier fact had (H. Simon's process, whose words follow Zipf's law), so that
// the vocabulary grows with the base as it does in texts. All is drawn from
// fixed seeds: the facts of a smaller base begin those of a larger one.
type synthetic struct {
	labels  []string
	of      map[string][]string // questions of each label
	words   []string            // of the corpus, as often as they stand there
	subject map[string][2]string
	label   map[string]string // of each fact
}

const (
	perFact    = 5
	newWord    = 0.5
	changeWord = 0.1 // chance that a word of at least four letters is changed
)

func newSynthetic(corpus []eval.Labelled) *synthetic {
	s := &synthetic{of: map[string][]string{}, subject: map[string][2]string{}, label: map[string]string{}}
	for _, q := range corpus {
		if _, known := s.of[*q.Label]; !known {
			s.labels = append(s.labels, *q.Label)
		}
		s.of[*q.Label] = append(s.of[*q.Label], q.Text)
		for _, w := range strings.Fields(q.Text) {
			if changeable(w) {
				s.words = append(s.words, w)
			}
		}
	}
	return s
}

// facts returns n facts of five questions each.
func (s *synthetic) facts(n int) []knowledge.Fact {
	random := rand.New(rand.NewPCG(1, 1))
	known := map[string]bool{}
	for _, w := range s.words {
		known[w] = true
	}
	var used []string
	word := func() string {
		if len(used) > 0 && random.Float64() >= newWord {
			return used[random.IntN(len(used))]
		}
		w := s.coin(random)
		for known[w] {
			w = s.coin(random)
		}
		known[w] = true
		return w
	}
	facts := make([]knowledge.Fact, n)
	for i := range facts {
		id := fmt.Sprintf("fact-%05d", i)
		label := s.labels[random.IntN(len(s.labels))]
		subject := [2]string{word(), word()}
		used = append(used, subject[:]...)
		s.label[id], s.subject[id] = label, subject
		facts[i] = knowledge.Fact{ID: id, Questions: make([]string, perFact)}
		for j, k := range random.Perm(len(s.of[label]))[:perFact] {
			facts[i].Questions[j] = s.vary(random, s.of[label][k], subject)
		}
	}
	return facts
}

// questions returns n questions for the facts: eight in ten are made as the
// facts' own, one in ten is also mistyped, and one in ten is a stray.
func (s *synthetic) questions(facts []knowledge.Fact, strays []eval.Labelled, n int) []eval.Labelled {
	random := rand.New(rand.NewPCG(2, uint64(len(facts))))
	out := make([]eval.Labelled, n)
	for i := range out {
		if i%10 == 0 {
			out[i] = strays[random.IntN(len(strays))]
			continue
		}
		id := facts[random.IntN(len(facts))].ID
		questions := s.of[s.label[id]]
		out[i] = eval.Labelled{Text: s.vary(random, questions[random.IntN(len(questions))], s.subject[id]), Label: &id}
		if i%10 == 1 {
			out[i] = eval.Mistype(out[i:i+1], 1, uint64(i))[0]
		}
	}
	return out
}

// vary changes some words of a question and puts a subject in.
func (s *synthetic) vary(random *rand.Rand, question string, subject [2]string) string {
	fields := strings.Fields(question)
	for i, w := range fields {
		if changeable(w) && random.Float64() < changeWord {
			fields[i] = s.words[random.IntN(len(s.words))]
		}
	}
	question = strings.Join(fields, " ")
	switch a, b := subject[0], subject[1]; random.IntN(5) {
	case 0:
		return question + " for the " + a + " " + b
	case 1:
		return a + " " + b + ": " + question
	case 2:
		return "about " + b + " of " + a + ", " + question
	case 3:
		return question + " with " + a
	default:
		return question + " " + b
	}
}

// coin joins the beginning of one word with the end of another.
func (s *synthetic) coin(random *rand.Rand) string {
	a, b := s.words[random.IntN(len(s.words))], s.words[random.IntN(len(s.words))]
	return a[:(len(a)+1)/2] + b[len(b)/2:]
}

// changeable reports whether a word is of at least four plain letters.
func changeable(w string) bool {
	return len(w) >= 4 && !slices.ContainsFunc([]byte(w), func(c byte) bool { return c < 'a' || c > 'z' })
}
