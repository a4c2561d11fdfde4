package knowledge

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestDraftsAreCheckedAndAnswerNothing(t *testing.T) {
	const file = `sources:
  - {id: a, title: "A", published: 2026-01-05, file: a.txt}
facts:
  - id: open
    answer: "It opens."
    certainty: reported
    related: [shut]
    quotes: [{text: "It opens.", source: a}]
    questions: ["does it open?"]
  - id: shut
    draft: true
    answer: "It shuts."
    certainty: reported
    quotes: [{text: "It shuts.", source: a}]
    questions: ["does it shut?"]
gaps:
  - id: why
    missing: "why it opens"
    near: [shut, open]
    questions: ["why does it open?"]
  - id: who
    draft: true
    missing: "who opens it"
    near: [open]
    questions: ["who opens it?"]
`
	b, err := Load(fstest.MapFS{"facts.yaml": {Data: []byte(file)}, "a.txt": {Data: []byte("It opens.\nIt shuts.\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Facts) != 1 || len(b.Drafts) != 1 || len(b.Gaps) != 1 || len(b.DraftGaps) != 1 {
		t.Fatalf("%d facts, %d drafts, %d gaps, %d drafts of gaps; want one each", len(b.Facts), len(b.Drafts), len(b.Gaps), len(b.DraftGaps))
	}
	if got := b.Facts[0].Related; len(got) != 0 {
		t.Errorf("related to %q, which does not answer", got)
	}
	if got := b.Gaps[0].Near; !slices.Equal(got, []string{"open"}) {
		t.Errorf("near is %q, want the accepted fact alone", got)
	}
	if b.Fact("shut") != nil {
		t.Error("a draft is found among the facts")
	}
	if got := b.Drafts[0].QuestionAt(0); got.Line != 15 || got.Column != 17 {
		t.Errorf("its question stands at %d:%d, want 15:17", got.Line, got.Column)
	}
	if _, err := Load(fstest.MapFS{"facts.yaml": {Data: []byte(file)}, "a.txt": {Data: []byte("It opens.\n")}}); err == nil {
		t.Error("a draft whose quote no source holds was loaded")
	}
}
