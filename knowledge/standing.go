package knowledge

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"footnote/knowledge/quantity"
)

// Standing is how a fact stands among those of other sources.
type Standing struct {
	Current   *Fact   // what holds: the fact itself, or the one that superseded it in the end
	Earlier   []*Fact // what was said before and holds no longer, the latest first
	Confirmed []*Fact // facts that say the same
	Against   []*Fact // facts that say otherwise and hold as well: sources that disagree
}

// Said is when a fact was known: the day on which the last of the sources that
// it quotes was published.
func (b *Base) Said(f *Fact) time.Time {
	var out time.Time
	for _, q := range f.Quotes {
		if s := b.sources[q.Source]; s != nil && s.Published.After(out) {
			out = s.Published
		}
	}
	return out
}

// Standing returns how a fact stood at the end of a day, or with the zero day
// how it stands. It is false if neither the fact nor what it superseded was
// known then.
func (b *Base) Standing(f *Fact, day time.Time) (Standing, bool) {
	known := func(f *Fact) bool { return day.IsZero() || !b.Said(f).After(day) }
	for !known(f) {
		before := b.latest(b.all(f.Supersedes), known)
		if before == nil {
			return Standing{}, false
		}
		f = before
	}
	for next := b.latest(b.supersededBy[f.ID], known); next != nil; next = b.latest(b.supersededBy[f.ID], known) {
		f = next
	}
	s := Standing{Current: f, Earlier: b.earlier(f)}
	holds := func(other *Fact) bool {
		return known(other) && other != f && b.latest(b.supersededBy[other.ID], known) == nil
	}
	s.Confirmed = keep(slices.Concat(b.all(f.Confirms), b.confirmedBy[f.ID]), holds)
	s.Against = keep(slices.Concat(b.all(f.Contradicts), b.contradictedBy[f.ID]), holds)
	return s, true
}

// earlier returns everything that a fact superseded, the latest first.
func (b *Base) earlier(f *Fact) []*Fact {
	var out []*Fact
	for open := b.all(f.Supersedes); len(open) > 0; open = open[1:] {
		if !slices.Contains(out, open[0]) {
			out = append(out, open[0])
			open = append(open, b.all(open[0].Supersedes)...)
		}
	}
	slices.SortStableFunc(out, func(a, c *Fact) int { return b.Said(c).Compare(b.Said(a)) })
	return out
}

// latest returns the fact that was said last of those that fit, or nil.
func (b *Base) latest(facts []*Fact, fits func(*Fact) bool) *Fact {
	var out *Fact
	for _, f := range facts {
		if fits(f) && (out == nil || b.Said(f).After(b.Said(out))) {
			out = f
		}
	}
	return out
}

func (b *Base) all(ids []string) []*Fact {
	var out []*Fact
	for _, id := range ids {
		if f := b.facts[id]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// keep returns the facts that fit, each once.
func keep(facts []*Fact, fits func(*Fact) bool) []*Fact {
	var out []*Fact
	for _, f := range facts {
		if fits(f) && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

var (
	asOf  = regexp.MustCompile(`(?i)[,(]?\s*\b(?:as (?:of|at|known (?:on|in|by))|back in|at the end of|according to what was known (?:on|in|by))\s+(?:the )?`)
	known = regexp.MustCompile(`(?i)\bwhat (?:was|were|is|did (?:we|people|you)|do (?:we|you)) (?:then )?(?:known?|said|reported)\s+(?:on|in|by|at the end of)\s+(?:the )?`)
	about = regexp.MustCompile(`(?i)^\s*(?:about|of|on|regarding)\s+`)
)

// AsOf takes out of a question the day as of which it is asked ("as of
// December, what does it cost?", "what was known on 1 February about the
// cost?"). The day is the last that is meant; a month without a year is the last
// one that is not after the newest source. Without such words, or where the
// base has one source alone, it is zero and the question is as it was.
func (b *Base) AsOf(question string) (rest string, day time.Time) {
	if len(b.Sources) < 2 {
		return question, time.Time{}
	}
	for _, p := range []*regexp.Regexp{known, asOf} {
		m := p.FindStringIndex(question)
		if m == nil {
			continue
		}
		found := quantity.Find(question[m[1]:])
		if len(found) == 0 || found[0].Kind != quantity.Date || found[0].Start != 0 {
			continue
		}
		before, after := question[:m[0]], question[m[1]+found[0].End:]
		if p == known {
			before = "what about "
			after = about.ReplaceAllString(after, "")
		}
		rest = strings.TrimLeft(before+" "+strings.TrimLeft(after, " ,)"), " ,")
		return strings.Join(strings.Fields(rest), " "), b.lastDay(found[0])
	}
	return question, time.Time{}
}

// lastDay is the last day of a date that may lack its year, month or day.
func (b *Base) lastDay(q quantity.Quantity) time.Time {
	newest := slices.MaxFunc(b.Sources, func(a, c Source) int { return a.Published.Compare(c.Published) }).Published
	last := func(year int) time.Time {
		switch {
		case q.Month == 0:
			return time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)
		case q.Day == 0:
			return time.Date(year, time.Month(q.Month)+1, 0, 0, 0, 0, 0, time.UTC)
		}
		return time.Date(year, time.Month(q.Month), q.Day, 0, 0, 0, 0, time.UTC)
	}
	day := last(cmp.Or(q.Year, newest.Year()))
	first := day
	if q.Day == 0 {
		first = day.AddDate(0, 0, 1-day.Day())
	}
	if q.Year == 0 && first.After(newest) {
		day = last(newest.Year() - 1)
	}
	return day
}
