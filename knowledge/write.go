package knowledge

import (
	"go.yaml.in/yaml/v4"
)

// The entries as they are written into files, their fields in the order in which
// a person reads them.
type (
	sourceOut struct {
		ID        string `yaml:"id"`
		Kind      string `yaml:"kind,omitempty"`
		Title     string `yaml:"title"`
		URL       string `yaml:"url,omitempty"`
		Publisher string `yaml:"publisher,omitempty"`
		Published string `yaml:"published"`
		File      string `yaml:"file"`
	}
	nameOut struct {
		Name    string   `yaml:"name"`
		Kind    string   `yaml:"kind,omitempty"`
		Aliases []string `yaml:"aliases,omitempty"`
	}
	quoteOut struct {
		Text   string `yaml:"text"`
		Source string `yaml:"source"`
	}
	factOut struct {
		ID          string     `yaml:"id"`
		Draft       bool       `yaml:"draft,omitempty"`
		Answer      string     `yaml:"answer"`
		Certainty   string     `yaml:"certainty"`
		ReportedBy  string     `yaml:"reported_by,omitempty"`
		ReviewBy    string     `yaml:"review_by,omitempty"`
		About       []string   `yaml:"about,omitempty"`
		Related     []string   `yaml:"related,omitempty"`
		Supersedes  []string   `yaml:"supersedes,omitempty"`
		Confirms    []string   `yaml:"confirms,omitempty"`
		Contradicts []string   `yaml:"contradicts,omitempty"`
		Quotes      []quoteOut `yaml:"quotes"`
		Questions   []string   `yaml:"questions"`
	}
	gapOut struct {
		ID        string   `yaml:"id"`
		Draft     bool     `yaml:"draft,omitempty"`
		Missing   string   `yaml:"missing"`
		Near      []string `yaml:"near"`
		Questions []string `yaml:"questions"`
	}
	factsOut struct {
		Sources []sourceOut `yaml:"sources"`
		Names   []nameOut   `yaml:"names,omitempty"`
		Facts   []factOut   `yaml:"facts"`
	}
	gapsOut struct {
		Gaps []gapOut `yaml:"gaps"`
	}
)

// Files returns files by name from which [Load] reads the same base: facts.yaml,
// gaps.yaml if there are gaps, and the texts of the sources. Comments of the
// files that it was read from are lost.
func (b *Base) Files() (map[string][]byte, error) {
	out := map[string][]byte{}
	var facts factsOut
	for _, s := range b.Sources {
		facts.Sources = append(facts.Sources, sourceOut{s.ID, s.Kind, s.Title, s.URL, s.Publisher, onDay(s.Published), s.File})
		out[s.File] = []byte(s.Text)
	}
	for _, n := range b.Names {
		facts.Names = append(facts.Names, nameOut{n.ID, n.Kind, n.Aliases})
	}
	for _, f := range b.Facts {
		facts.Facts = append(facts.Facts, f.out(false))
	}
	for _, f := range b.Drafts {
		facts.Facts = append(facts.Facts, f.out(true))
	}
	var gaps gapsOut
	for _, g := range b.Gaps {
		gaps.Gaps = append(gaps.Gaps, gapOut{g.ID, false, g.Missing, g.Near, g.Questions})
	}
	for _, g := range b.DraftGaps {
		gaps.Gaps = append(gaps.Gaps, gapOut{g.ID, true, g.Missing, g.Near, g.Questions})
	}
	var err error
	if out["facts.yaml"], err = write(facts); err == nil && len(gaps.Gaps) > 0 {
		out["gaps.yaml"], err = write(gaps)
	}
	return out, err
}

func (f *Fact) out(draft bool) factOut {
	o := factOut{f.ID, draft, f.Answer, string(f.Certainty), f.ReportedBy, onDay(f.ReviewBy), f.About, f.Related, f.Supersedes, f.Confirms, f.Contradicts, nil, f.Questions}
	for _, q := range f.Quotes {
		o.Quotes = append(o.Quotes, quoteOut{q.Text, q.Source})
	}
	return o
}

func write(v any) ([]byte, error) {
	return yaml.Dump(v, yaml.WithIndent(2), yaml.WithLineWidth(-1))
}

// Since returns the changes that make the facts and gaps of old those of b, with
// the sources that they bring along. It reports false if b differs in what a
// change cannot bring: names, or sources that old has.
func (b *Base) Since(old *Base) (changes []Change, ok bool) {
	ids := map[string]bool{}
	each := func(id string) {
		c := old.Draw(id, b.Fact(id), b.Gap(id))
		if !ids[id] && c.before() != c.after() {
			changes = append(changes, c)
		}
		ids[id] = true
	}
	for _, base := range []*Base{old, b} {
		for i := range base.Facts {
			each(base.Facts[i].ID)
		}
		for i := range base.Gaps {
			each(base.Gaps[i].ID)
		}
	}
	fresh := map[string]*Source{}
	for i := range b.Sources {
		s, had := &b.Sources[i], old.Source(b.Sources[i].ID)
		switch {
		case had == nil:
			fresh[s.ID] = s
		case had.Text != s.Text || had.Title != s.Title || had.URL != s.URL || !had.Published.Equal(s.Published):
			return nil, false
		}
	}
	for i := range changes {
		if changes[i].Fact == nil {
			continue
		}
		for _, q := range changes[i].Fact.Quotes {
			switch s := fresh[q.Source]; {
			case s == nil:
			case changes[i].Source != nil && changes[i].Source.ID != s.ID:
				return nil, false // one brings one
			default:
				changes[i].Source = s
			}
		}
	}
	return changes, sameNames(b.Names, old.Names)
}

func sameNames(a, b []Name) bool {
	x, err1 := write(a)
	y, err2 := write(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}
