package bot

import (
	"testing"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// Channels have their bases, but what curators change is the default one.
func TestIndex(t *testing.T) {
	whole, office := &match.Index{}, &match.Index{}
	b := &Bot{cfg: Config{
		Index: func() *match.Index { return whole },
		Bases: map[string]func() *match.Index{"C0OFFICE": func() *match.Index { return office }},
	}}
	for name, tt := range map[string]struct {
		ev   handlers.Event
		want *match.Index
	}{
		"a question there":         {handlers.Event{Kind: handlers.Mention, Channel: "C0OFFICE"}, office},
		"a question elsewhere":     {handlers.Event{Kind: handlers.Mention, Channel: "C0OTHER"}, whole},
		"the message to a fact":    {handlers.Event{Kind: handlers.Add, Channel: "C0OFFICE"}, whole},
		"a curator's button there": {handlers.Event{Kind: handlers.Press, Channel: "C0OFFICE", Curates: true}, whole},
	} {
		if b.index(tt.ev) != tt.want {
			t.Errorf("%s: answered from the other base", name)
		}
	}
}
