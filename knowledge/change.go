package knowledge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Change puts one entry of a base in the place of another, by their common id.
// One that has nothing before it is new, one that has nothing after it is
// retired. It is data: as JSON it is what a ledger keeps.
type Change struct {
	ID         string
	Fact       *Fact   `json:",omitempty"` // what holds from now on; nil if that is a gap, or nothing
	Gap        *Gap    `json:",omitempty"`
	BeforeFact *Fact   `json:",omitempty"` // what held until then
	BeforeGap  *Gap    `json:",omitempty"`
	Source     *Source `json:",omitempty"` // a source that the fact brings along; nil if the base has it
}

// Invert returns the change that takes c back. The source stays.
func (c Change) Invert() Change {
	return Change{ID: c.ID, Fact: c.BeforeFact, Gap: c.BeforeGap, BeforeFact: c.Fact, BeforeGap: c.Gap}
}

func (c Change) before() string { return digest(c.BeforeFact, c.BeforeGap) }
func (c Change) after() string  { return digest(c.Fact, c.Gap) }

// digest tells entries apart by what they say, not by where they stand; it is
// "" for none.
func digest(f *Fact, g *Gap) string {
	var data []byte
	switch {
	case f != nil:
		bare := *f
		bare.At, bare.asked = Position{}, nil
		bare.Quotes = slices.Clone(f.Quotes)
		for i := range bare.Quotes {
			bare.Quotes[i].Paragraph, bare.Quotes[i].Offset = 0, 0
		}
		for _, list := range []*[]string{&bare.Questions, &bare.About, &bare.Related, &bare.Supersedes, &bare.Confirms, &bare.Contradicts} {
			*list = append([]string{}, *list...) // none is none, nil or not
		}
		data, _ = json.Marshal(bare)
	case g != nil:
		bare := *g
		bare.At = Position{}
		bare.Near, bare.Questions = append([]string{}, g.Near...), append([]string{}, g.Questions...)
		data, _ = json.Marshal(bare)
	default:
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Gap returns the gap with that id, or nil.
func (b *Base) Gap(id string) *Gap {
	for i := range b.Gaps {
		if b.Gaps[i].ID == id {
			return &b.Gaps[i]
		}
	}
	return nil
}

// Draw returns the change of this base's entry with an id into a fact or a gap,
// or into nothing if both are nil.
func (b *Base) Draw(id string, f *Fact, g *Gap) Change {
	return Change{ID: id, Fact: f, Gap: g, BeforeFact: b.Fact(id), BeforeGap: b.Gap(id)}
}

// ErrConflict is among the errors of [Base.With] for a change of an entry that
// is no longer what it was when the change was made.
var ErrConflict = errors.New("the entry has been changed meanwhile")

// With returns the base after changes, checked like one that was loaded: as
// [Problems], it reports all that would be wrong with it. It changes nothing in
// b. What refers to a fact that is retired refers to it no longer.
func (b *Base) With(changes ...Change) (*Base, error) {
	next := &Base{Sources: slices.Clone(b.Sources), Names: b.Names, Facts: slices.Clone(b.Facts), Gaps: slices.Clone(b.Gaps),
		Drafts: b.Drafts, DraftGaps: b.DraftGaps}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n", b.Hash)
	for _, c := range changes {
		if err := next.apply(c); err != nil {
			return nil, fmt.Errorf("change of %s: %w", c.ID, err)
		}
		data, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		sum.Write(data)
	}
	check := next.reopen()
	check.check()
	if len(check.problems) > 0 {
		check.problems.sort()
		return nil, check.problems
	}
	out := check.build()
	out.Hash = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

func (b *Base) apply(c Change) error {
	if c.ID == "" || c.Fact != nil && (c.Gap != nil || c.Fact.ID != c.ID) || c.Gap != nil && c.Gap.ID != c.ID {
		return errors.New("it is not of one entry")
	}
	i := slices.IndexFunc(b.Facts, func(f Fact) bool { return f.ID == c.ID })
	j := slices.IndexFunc(b.Gaps, func(g Gap) bool { return g.ID == c.ID })
	was := ""
	switch {
	case i >= 0:
		was = digest(&b.Facts[i], nil)
	case j >= 0:
		was = digest(nil, &b.Gaps[j])
	}
	if was != c.before() {
		return ErrConflict
	}
	switch {
	case i >= 0 && c.Fact != nil:
		b.Facts[i] = *c.Fact
	case i >= 0:
		b.Facts = slices.Delete(b.Facts, i, i+1)
	case c.Fact != nil:
		b.Facts = append(b.Facts, *c.Fact)
	}
	switch {
	case j >= 0 && c.Gap != nil:
		b.Gaps[j] = *c.Gap
	case j >= 0:
		b.Gaps = slices.Delete(b.Gaps, j, j+1)
	case c.Gap != nil:
		b.Gaps = append(b.Gaps, *c.Gap)
	}
	if c.BeforeFact != nil && c.Fact == nil {
		b.dropReferences(c.ID)
	}
	if c.Source != nil && !slices.ContainsFunc(b.Sources, func(s Source) bool { return s.ID == c.Source.ID && s.Text == c.Source.Text }) {
		b.Sources = append(b.Sources, *c.Source)
	}
	return nil
}

func (b *Base) dropReferences(id string) {
	without := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
	}
	for i := range b.Facts {
		f := &b.Facts[i]
		f.Related, f.Supersedes = without(f.Related), without(f.Supersedes)
		f.Confirms, f.Contradicts = without(f.Confirms), without(f.Contradicts)
	}
	for i := range b.Gaps {
		b.Gaps[i].Near = without(b.Gaps[i].Near)
	}
}

// Replay returns the base of files after the changes that were made to it since,
// in their order, and those that do not hold: the files have changed the same
// entry, or what they say now does not go with it. Neither wins then, and the
// entry is what it was before both. Changes that the files hold already, because
// they were exported, are passed over.
func (b *Base) Replay(changes []Change) (_ *Base, refused []Change) {
	var todo []Change
	chains := map[string][]Change{}
	var order []string
	for _, c := range changes {
		if chains[c.ID] == nil {
			order = append(order, c.ID)
		}
		chains[c.ID] = append(chains[c.ID], c)
	}
	for _, id := range order {
		chain := chains[id]
		now := digest(b.Fact(id), b.Gap(id))
		from := 0
		for i, c := range chain {
			if c.after() == now {
				from = i + 1
			}
		}
		if from == 0 && chain[0].before() != now {
			refused = append(refused, chain[len(chain)-1])
			first := chain[0].Invert()
			todo = append(todo, b.Draw(id, first.Fact, first.Gap))
			continue
		}
		todo = append(todo, chain[from:]...)
	}
	if next, err := b.With(todo...); err == nil {
		return next, refused
	}
	next := b
	for _, c := range todo {
		one, err := next.With(c)
		if err != nil {
			refused = append(refused, c)
			continue
		}
		next = one
	}
	return next, refused
}

// reopen makes of a base the entries that it was checked from.
func (b *Base) reopen() *checker {
	c := &checker{texts: map[string]string{}}
	for _, s := range b.Sources {
		at := place{file: s.File}
		t := func(v string) text { return text{v, at} }
		c.texts[s.ID] = s.Text
		c.sources = append(c.sources, sourceEntry{at: at, id: t(s.ID), kind: t(s.Kind), title: t(s.Title), url: t(s.URL),
			publisher: t(s.Publisher), date: t(onDay(s.Published)), file: t(s.File)})
	}
	for _, n := range b.Names {
		c.names = append(c.names, nameEntry{name: text{s: n.ID}, kind: text{s: n.Kind}, aliases: entryTexts(n.Aliases, place{})})
	}
	for _, f := range b.Facts {
		c.facts = append(c.facts, f.reopen(false))
	}
	for _, f := range b.Drafts {
		c.facts = append(c.facts, f.reopen(true))
	}
	for _, g := range b.Gaps {
		c.gaps = append(c.gaps, g.reopen(false))
	}
	for _, g := range b.DraftGaps {
		c.gaps = append(c.gaps, g.reopen(true))
	}
	return c
}

func (f *Fact) reopen(draft bool) factEntry {
	at := f.At.place()
	if at.file == "" {
		at.file = f.ID // of no file yet
	}
	t := func(v string) text { return text{v, at} }
	list := func(v []string) []text { return entryTexts(v, at) }
	e := factEntry{at: at, id: t(f.ID), answer: t(f.Answer), certainty: t(string(f.Certainty)), reportedBy: t(f.ReportedBy), reviewBy: t(onDay(f.ReviewBy)),
		about: list(f.About), related: list(f.Related), questions: list(f.Questions),
		supersedes: list(f.Supersedes), confirms: list(f.Confirms), contradicts: list(f.Contradicts), draft: draft}
	for i := range e.questions {
		if i < len(f.asked) {
			e.questions[i].at = f.asked[i].place()
		}
	}
	for i, q := range f.Quotes {
		own := place{at.file, at.line, at.col + i} // a place tells quotes apart
		e.quotes = append(e.quotes, quoteEntry{at: own, text: text{q.Text, own}, source: text{q.Source, own}})
	}
	return e
}

func (g *Gap) reopen(draft bool) gapEntry {
	at := g.At.place()
	return gapEntry{at: at, id: text{g.ID, at}, missing: text{g.Missing, at}, near: entryTexts(g.Near, at), questions: entryTexts(g.Questions, at), draft: draft}
}

func (p Position) place() place { return place{p.File, p.Line, p.Column} }

func entryTexts(list []string, at place) []text {
	out := make([]text, 0, len(list))
	for _, s := range list {
		out = append(out, text{s, at})
	}
	return out
}

// onDay is a date as files write it; "" for none.
func onDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Holds reports whether the source says quote word for word, white space apart.
func (s *Source) Holds(quote string) bool {
	_, ok := newPassages(s.Text).find(quote)
	return ok && strings.TrimSpace(quote) != ""
}

// Nearest returns the passage of the source, as long as quote, that shares most
// words with it; "" if none is shared.
func (s *Source) Nearest(quote string) string {
	words := strings.Fields(s.Text)
	wanted := map[string]int{}
	n := 0
	for _, w := range strings.Fields(quote) {
		if w = Fold(w); w != "" {
			wanted[w]++
			n++
		}
	}
	n = min(n, len(words))
	shared, most, at := 0, 0, 0
	for i := range words {
		if i >= n {
			if w := Fold(words[i-n]); w != "" {
				if wanted[w]++; wanted[w] > 0 {
					shared--
				}
			}
		}
		if w := Fold(words[i]); w != "" {
			if wanted[w]--; wanted[w] >= 0 {
				shared++
			}
		}
		if shared > most {
			most, at = shared, max(0, i-n+1)
		}
	}
	if most == 0 {
		return ""
	}
	return strings.Join(words[at:min(at+n, len(words))], " ")
}
