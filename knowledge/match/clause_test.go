package match

import (
	"strings"
	"testing"
)

func TestClauses(t *testing.T) {
	all, asking := clauses("Hello there, they told me a lot: who leads the talks (for Amazon)? Thank you all.")
	want := []string{
		"Hello there, they told me a lot: who leads the talks (for Amazon)?",
		"they told me a lot", "who leads the talks", "Thank you all.",
	}
	if got := strings.Join(all, "|"); got != strings.Join(want, "|") {
		t.Errorf("the parts are %s, want %s", got, strings.Join(want, "|"))
	}
	if got, want := strings.Join(asking, "|"), want[0]+"|"+want[2]; got != want {
		t.Errorf("%s ask, want %s", got, want)
	}
}

// What a part may be sure of at most is no less than what it is sure of.
func TestMayBeSure(t *testing.T) {
	shipped := shippedIndex(t)
	for _, gaps := range []bool{true, false} {
		base := *shipped.base
		if !gaps {
			base.Gaps = nil
		}
		x := untrained(t, &base)
		s := new(scratch)
		refused := 0
		for i := 0; i < len(shipped.variants); i += 5 {
			for _, text := range []string{shipped.variants[i].text, "hello, is it so that " + shipped.variants[i].text + " with the tomatoes"} {
				s.begin()
				tokens, _ := x.read(s, text)
				s.kind = kindOf(tokens)
				x.scoreClasses(s, x.ask(s, tokens, 1), none)
				may := x.mayBeSure(s, leastSure)
				x.scoreVariants(s, none)
				var c consideration
				x.assess(s, &c)
				if c.one > leastSure && !may {
					t.Errorf("%q is sure by %v, which it was not to be", text, c.one)
				}
				if !may {
					refused++
				}
			}
		}
		if refused == 0 {
			t.Error("everything may be sure")
		}
	}
}
