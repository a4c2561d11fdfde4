// Command compare measures Footnote's index, Bleve, SQLite's FTS5 and
// sahilm/fuzzy side by side: the same questions put to the same facts. It is a
// module of its own, so that the program needs none of them for it.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/eval"
)

func main() {
	data := flag.String("data", "", "`folder` with clinc, banking77 and their few-shot lists; see README.md")
	only := flag.String("only", "", "measure only the contenders whose name holds this `text`")
	flag.Parse()
	if err := run(*data, *only); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// The sizes at which answering is timed. Growth is from the first to the last.
var sizes = []int{100, 1000, 10000}

// timed is how many questions are put to each size.
const timed = 2000

// row is what was measured of one contender.
type row struct {
	name  string
	top1  []float64 // of each split, in percent
	sizes []size    // as in sizes
}

func run(folder, only string) error {
	splits, err := readSplits(folder)
	if err != nil {
		return err
	}
	corpus, strays, err := readCorpus(folder)
	if err != nil {
		return err
	}
	synthetic := newSynthetic(corpus)
	facts := synthetic.facts(sizes[len(sizes)-1])

	var rows []row
	for _, c := range contenders() {
		if !strings.Contains(c.name, only) {
			continue
		}
		r := row{name: c.name}
		for _, s := range splits {
			share, err := top1(c, s)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", c.name, s.name, err)
			}
			r.top1 = append(r.top1, share)
		}
		for _, n := range sizes {
			questions := synthetic.questions(facts[:n], strays, timed)
			measured, err := measure(c, facts[:n], questions)
			if err != nil {
				return fmt.Errorf("%s on %d facts: %w", c.name, n, err)
			}
			r.sizes = append(r.sizes, measured)
		}
		rows = append(rows, r)
	}
	fmt.Print(table(splits, rows))
	return nil
}

// top1 is the share in percent of a split's test questions of which the
// contender's first fact is the right one.
func top1(c contender, s split) (float64, error) {
	x, err := c.trained(labelled(s.train))
	if err != nil {
		return 0, err
	}
	defer x.close()
	right := 0
	for _, q := range s.test {
		id, err := x.best(q.Text)
		if err != nil {
			return 0, err
		}
		if id == *q.Label {
			right++
		}
	}
	return 100 * float64(right) / float64(len(s.test)), nil
}

// labelled makes a fact of each label.
func labelled(questions []eval.Labelled) []knowledge.Fact {
	var facts []knowledge.Fact
	place := map[string]int{}
	for _, q := range questions {
		i, known := place[*q.Label]
		if !known {
			i = len(facts)
			place[*q.Label] = i
			facts = append(facts, knowledge.Fact{ID: *q.Label})
		}
		facts[i].Questions = append(facts[i].Questions, q.Text)
	}
	return facts
}

// table is the rows as one Markdown table.
func table(splits []split, rows []row) string {
	var b strings.Builder
	heads := []string{""}
	for _, s := range splits {
		heads = append(heads, s.name+", top-1 %")
	}
	for _, n := range sizes {
		heads = append(heads, fmt.Sprintf("%d facts, p50 / p99 µs", n))
	}
	heads = append(heads, "growth, p50 / p99", "build ms", "memory MB")
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(heads)
	b.WriteString("|---" + strings.Repeat("|---:", len(heads)-1) + "|\n")
	for _, r := range rows {
		cells := []string{r.name}
		for _, share := range r.top1 {
			cells = append(cells, fmt.Sprintf("%.1f", share))
		}
		for _, s := range r.sizes {
			cells = append(cells, fmt.Sprintf("%.0f / %.0f", s.p50, s.p99))
		}
		first, last := r.sizes[0], r.sizes[len(r.sizes)-1]
		cells = append(cells, fmt.Sprintf("%.1f / %.1f", last.p50/first.p50, last.p99/first.p99),
			fmt.Sprintf("%.0f", last.build), fmt.Sprintf("%.0f", last.memory))
		line(cells)
	}
	fmt.Fprintf(&b, "\nTimes on one core (GOMAXPROCS 1) over %d questions, the least of %d times each; build and memory at %d facts; %s %s/%s.\n",
		timed, rounds, sizes[len(sizes)-1], runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return b.String()
}
