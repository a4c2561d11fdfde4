package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// pairsPerBatch is how many pairs are told from each other at once.
const pairsPerBatch = 60

// pair is two texts that mean the same.
type pair [2]string

// pairs is what pairs are drawn from. It is read only, and many threads may
// draw at once.
type pairs struct {
	intents   [][]string // questions of one intent; two or more each
	templates templates
}

// templates are ways to ask about a thing, {x} in them, and things; and words
// of a dictionary. templates.json holds them.
type templates struct {
	Relations   [][]string   `json:"relations"` // ways to ask the same; the first relation asks what {x} is
	Things      []string     `json:"things"`    // phrases of office life first
	Phrases     int          `json:"phrases"`   // how many they are
	Definitions []definition `json:"definitions"`
}

// definition is what synonyms mean.
type definition struct {
	Words []string `json:"words"`
	Text  string   `json:"text"`
}

func readPairs(dir string) (*pairs, error) {
	lines, err := readLines(filepath.Join(dir, "hwu.tsv"))
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, "templates.json"))
	if err != nil {
		return nil, err
	}
	source := &pairs{intents: byIntent(lines)}
	if err := json.Unmarshal(data, &source.templates); err != nil {
		return nil, fmt.Errorf("templates.json: %w", err)
	}
	if err := source.problem(); err != nil {
		return nil, fmt.Errorf("%s: %w: run corpus.mjs again", dir, err)
	}
	return source, nil
}

// problem says why no batch can be drawn; nil if one can.
func (p *pairs) problem() error {
	t := p.templates
	short := func(relation []string) bool { return len(relation) < 2 }
	switch {
	case len(p.intents) == 0:
		return fmt.Errorf("no intent in hwu.tsv has two questions")
	case len(t.Relations) < relationsPerThing || slices.ContainsFunc(t.Relations, short):
		return fmt.Errorf("templates.json needs %d relations of two ways to ask or more", relationsPerThing)
	case t.Phrases < 1 || t.Phrases > len(t.Things):
		return fmt.Errorf("templates.json says that %d of its %d things are phrases", t.Phrases, len(t.Things))
	case len(t.Definitions) == 0:
		return fmt.Errorf("templates.json has no definition")
	}
	return nil
}

// byIntent groups lines of an intent, a tab and a question, by intent in the
// order of their names, and leaves out those with only one.
func byIntent(lines []string) [][]string {
	questions := map[string][]string{}
	var names []string
	for _, line := range lines {
		name, question, _ := strings.Cut(line, "\t")
		if questions[name] == nil {
			names = append(names, name)
		}
		questions[name] = append(questions[name], question)
	}
	slices.Sort(names)
	var intents [][]string
	for _, name := range names {
		if len(questions[name]) >= 2 {
			intents = append(intents, questions[name])
		}
	}
	return intents
}

// batch draws pairs of one kind: half of the batches are of intents, three in
// ten of templates, two in ten of the dictionary.
func (p *pairs) batch(rng *rand.Rand) []pair {
	switch x := rng.Float64(); {
	case x < 0.5:
		return p.ofIntents(rng)
	case x < 0.8:
		return p.templates.ofRelations(rng)
	}
	return p.templates.ofDefinitions(rng)
}

func (p *pairs) ofIntents(rng *rand.Rand) []pair {
	order := rng.Perm(len(p.intents))
	var batch []pair
	for _, i := range order[:min(pairsPerBatch, len(order))] {
		batch = append(batch, two(p.intents[i], rng))
	}
	return batch
}

// relationsPerThing are asked about each thing of a batch, so that the thing's
// name does not tell them apart.
const relationsPerThing = 5

func (t *templates) ofRelations(rng *rand.Rand) []pair {
	var batch []pair
	for len(batch) < pairsPerBatch {
		thing := t.Things[rng.Intn(len(t.Things))]
		if rng.Float64() < 0.4 {
			thing = t.Things[rng.Intn(t.Phrases)]
		}
		for _, i := range rng.Perm(len(t.Relations))[:relationsPerThing] {
			ways, again := two(t.Relations[i], rng), thing
			if rng.Float64() < 0.3 {
				again = strings.TrimPrefix(thing, "the ")
			}
			batch = append(batch, pair{fill(ways[0], thing), fill(ways[1], again)})
		}
	}
	return batch
}

// ofDefinitions pairs a word, alone or in the question what it is, with its
// definition or a synonym.
func (t *templates) ofDefinitions(rng *rand.Rand) []pair {
	var batch []pair
	for len(batch) < pairsPerBatch {
		d := t.Definitions[rng.Intn(len(t.Definitions))]
		word, way, meaning := d.Words[rng.Intn(len(d.Words))], "{x}", d.Text
		if rng.Float64() < 0.5 {
			way = t.Relations[0][rng.Intn(len(t.Relations[0]))]
		}
		if len(d.Words) > 1 && rng.Float64() < 0.4 {
			meaning = d.Words[rng.Intn(len(d.Words))]
		}
		if meaning != word {
			batch = append(batch, pair{fill(way, word), meaning})
		}
	}
	return batch
}

func fill(way, thing string) string { return strings.Replace(way, "{x}", thing, 1) }

// two draws two different places of texts.
func two(texts []string, rng *rand.Rand) pair {
	a, b := rng.Intn(len(texts)), rng.Intn(len(texts)-1)
	if b >= a {
		b++
	}
	return pair{texts[a], texts[b]}
}

// mistype makes one typo: a byte lost, swapped, doubled or replaced. Words of
// less than four bytes stay.
func mistype(word string, rng *rand.Rand) string {
	if len(word) < 4 {
		return word
	}
	i := rng.Intn(len(word) - 1)
	before, at, after := word[:i], word[i:i+1], word[i+1:]
	switch rng.Intn(4) {
	case 0:
		return before + after
	case 1:
		return before + after[:1] + at + after[1:]
	case 2:
		return before + at + at + after
	}
	return before + string(rune('a'+rng.Intn(26))) + after
}
