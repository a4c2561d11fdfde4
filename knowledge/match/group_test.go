package match

import (
	"slices"
	"testing"

	"footnote/knowledge"
)

func TestGroup(t *testing.T) {
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	questions := []string{
		"when does the canteen open?",
		"how many days of leave carry over into next year?",
		"what time does the canteen open",
		"who repairs the coffee machine?",
		"how many leave days carry over to next year",
		"When does the canteen open?",
		"who can repair the coffee machine",
		"", "!",
	}
	got := x.Group(questions)
	want := [][]int{{0, 2, 5}, {1, 4}, {3, 6}, {7}, {8}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("Group = %v, want %v", got, want)
	}
	if got := x.Group(nil); got != nil {
		t.Errorf("Group(nil) = %v", got)
	}
}
