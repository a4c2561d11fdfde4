package match

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A text that holds the letters of a fragment in their order has all of its signs.
func TestSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[A-Za-z0-9 .,$'é]{0,30}`).Draw(t, "text")
		var pattern strings.Builder
		for _, r := range strings.ToLower(text) {
			if r != ' ' && rapid.Bool().Draw(t, "taken") {
				pattern.WriteRune(r)
			}
		}
		p := pattern.String()
		if ascii(p) && signsOf(p)&^signsOf(text) != 0 {
			t.Fatalf("%q has not all signs of %q", text, p)
		}
		if ascii(p) && ascii(text) && !inOrder(text, p) {
			t.Fatalf("%q does not hold %q", text, p)
		}
	})
	if signsOf("bank")&^signsOf("bake") == 0 {
		t.Error("bake has all signs of bank")
	}
}
