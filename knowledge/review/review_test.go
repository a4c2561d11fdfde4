package review

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"footnote/knowledge"
)

const base = `sources:
  - {id: a, title: "A", published: 2026-01-05, file: a.txt}
names:
  - {name: "Lenne"}
  - {name: "Hochbau", aliases: ["the building firm"]}
facts:
  - id: opening
    answer: "The bridge opens in August."
    certainty: confirmed
    review_by: 2026-03-01
    quotes: [{text: "The bridge could open in August.", source: a}]
    questions:
      - "when does the bridge open?"
      - "opening of the bridge"
      - "from when can people cross the river?"
  - id: cost
    answer: "Hochbau says that it costs 4 million euros."
    certainty: reported
    quotes: [{text: "The work costs 4 million euros.", source: a}]
    questions:
      - "what does the work cost?"
      - "price of the work"
      - "how much money is spent on the work?"
  - id: start
    draft: true
    answer: "The bridge starts."
    certainty: reported
    quotes: [{text: "The work began in May.", source: a}]
    questions:
      - "when did the bridge start?"
      - "when is the opening of a bridge?"
      - "bridge open when?"
`

func TestBase(t *testing.T) {
	text := "The bridge could open in August. The work costs 4 million euros.\nThe work began in May.\nBuses use the old bridge until then.\n"
	b, err := knowledge.Load(fstest.MapFS{"facts.yaml": {Data: []byte(base)}, "a.txt": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := Base(b, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.Error())
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"a.txt:3:1: source a: no fact quotes “Buses use the old bridge until then.”",
		"facts.yaml:7:5: fact opening: was to be reviewed by 2026-03-01",
		"facts.yaml:7:5: fact opening: is marked confirmed, but its quotes are worded as possible",
		`facts.yaml:16:5: fact cost: the answer names "Hochbau", which none of its quotes does`,
		`facts.yaml:32:9: fact start: the question "bridge open when?" is much like "when does the bridge open?" of fact opening at facts.yaml:13`,
		"facts.yaml:24:5: fact start: is found by",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no finding %q among\n%s", want, all)
		}
	}
	again, err := Base(b, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range again {
		if strings.Contains(f.Msg, "reviewed by") {
			t.Error("a fact is due on the day itself: ", f)
		}
	}
}

// TestShippedBase holds the base that ships to what the reviewer asks of all.
func TestShippedBase(t *testing.T) {
	b, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	findings, err := Base(b, b.Sources[0].Published)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if !strings.Contains(f.Msg, "is marked") {
			t.Error(f)
		}
	}
}
