package knowledge

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sync"
	"time"
)

//go:embed amazon-openai/*.yaml amazon-openai/*.txt amazon-openai/questions.jsonl
var shipped embed.FS

// Shipped returns the files of the fact base that the program carries.
func Shipped() fs.FS {
	sub, err := fs.Sub(shipped, "amazon-openai")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	return sub
}

// Load reads and checks the base in the *.yaml files at the root of fsys, in
// the order of their names, and the texts of the sources that they name. It
// returns the whole base or, as [Problems], everything that is wrong with it;
// never a part.
func Load(fsys fs.FS) (*Base, error) {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list fact files: %w", err)
	}
	if len(files) == 0 {
		return nil, Problems{{File: ".", Msg: "no *.yaml file here; a fact base is a directory with facts.yaml and the texts of its sources"}}
	}
	c := checker{texts: map[string]string{}}
	sum := sha256.New()
	for _, f := range readAll(fsys, files) {
		if f.err != nil {
			c.problems = append(c.problems, Problem{File: f.name, Msg: f.err.Error()})
			continue
		}
		fmt.Fprintf(sum, "%s %d\n", f.name, len(f.data))
		sum.Write(f.data)
		c.add(f.entries)
		c.problems = append(c.problems, f.problems...)
	}
	for _, s := range c.sources {
		c.readText(fsys, s)
		fmt.Fprintf(sum, "%s\n%s", s.file.s, c.texts[s.id.s])
	}
	c.check()
	if len(c.problems) > 0 {
		c.problems.sort()
		return nil, c.problems
	}
	b := c.build()
	b.Hash = hex.EncodeToString(sum.Sum(nil))
	return b, nil
}

// factFile is what a file of facts holds.
type factFile struct {
	name     string
	data     []byte
	entries  entries
	problems Problems
	err      error // it is not readable
}

// readAll reads files beside each other.
func readAll(fsys fs.FS, names []string) []factFile {
	out := make([]factFile, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			f, r := &out[i], reader{file: name}
			f.name = name
			if f.data, f.err = readFile(fsys, name, maxFile); f.err == nil {
				f.entries = r.read(f.data)
				f.problems = r.problems
			}
		})
	}
	all.Wait()
	return out
}

func (c *checker) add(e entries) {
	c.sources = append(c.sources, e.sources...)
	c.names = append(c.names, e.names...)
	c.facts = append(c.facts, e.facts...)
	c.gaps = append(c.gaps, e.gaps...)
	c.broken = append(c.broken, e.broken...)
}

// The largest files that are read: some hundred thousand facts, and texts longer
// than any that a person curates.
const (
	maxFile = 256 << 20
	maxText = 32 << 20
)

// readFile reads a file of at most so many bytes.
func readFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("%s is larger than %d MB; split it", name, most>>20)
	}
	return data, nil
}

// readText reads the text of a source into c.texts.
func (c *checker) readText(fsys fs.FS, s sourceEntry) {
	c.entry = entryName("source", s.id.s)
	name := path.Clean(s.file.s)
	if s.file.s == "" {
		return // reported as a missing field
	}
	data, err := readFile(fsys, name, maxText)
	if err != nil {
		c.fault(s.file.at, "its text is not readable: %v; put the file beside this one", err)
		return
	}
	c.texts[s.id.s] = string(data)
}

// build turns entries that were checked into a base.
func (c *checker) build() *Base {
	b := &Base{}
	for _, s := range c.sources {
		published, _ := time.Parse(time.DateOnly, s.date.s)
		b.Sources = append(b.Sources, Source{ID: s.id.s, Kind: cmp.Or(s.kind.s, "source"), Title: s.title.s, URL: s.url.s,
			Publisher: s.publisher.s, Published: published, Text: c.texts[s.id.s], File: s.file.s})
	}
	for _, n := range c.names {
		b.Names = append(b.Names, Name{ID: n.name.s, Kind: n.kind.s, Aliases: plain(n.aliases)})
	}
	accepted := map[string]bool{}
	for _, f := range c.facts {
		accepted[f.id.s] = !f.draft
	}
	for _, f := range c.facts {
		if f.draft {
			b.Drafts = append(b.Drafts, c.fact(f))
		} else {
			b.Facts = append(b.Facts, c.fact(f))
		}
	}
	for i := range b.Facts {
		f := &b.Facts[i]
		for _, ids := range []*[]string{&f.Related, &f.Supersedes, &f.Confirms, &f.Contradicts} {
			*ids = slices.DeleteFunc(*ids, func(id string) bool { return !accepted[id] })
		}
	}
	for _, g := range c.gaps {
		gap := Gap{ID: g.id.s, Missing: g.missing.s, Near: plain(g.near), Questions: plain(g.questions), At: g.at.position()}
		if g.draft {
			b.DraftGaps = append(b.DraftGaps, gap)
			continue
		}
		gap.Near = slices.DeleteFunc(gap.Near, func(id string) bool { return !accepted[id] })
		b.Gaps = append(b.Gaps, gap)
	}
	b.look()
	return b
}

func (c *checker) fact(f factEntry) Fact {
	fact := Fact{ID: f.id.s, Answer: f.answer.s, Questions: plain(f.questions), Certainty: Certainty(f.certainty.s),
		ReportedBy: f.reportedBy.s, About: plain(f.about), Related: plain(f.related),
		Supersedes: plain(f.supersedes), Confirms: plain(f.confirms), Contradicts: plain(f.contradicts), At: f.at.position()}
	fact.ReviewBy, _ = time.Parse(time.DateOnly, f.reviewBy.s)
	for _, q := range f.questions {
		fact.asked = append(fact.asked, q.at.position())
	}
	for _, q := range f.quotes {
		found := c.found[q.text.at]
		fact.Quotes = append(fact.Quotes, Quote{Text: q.text.s, Source: q.source.s, Paragraph: found.paragraph, Offset: found.offset})
	}
	return fact
}

func (p place) position() Position { return Position{File: p.file, Line: p.line, Column: p.col} }

func plain(texts []text) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		out = append(out, t.s)
	}
	return slices.Clip(out)
}

// Unproven returns a base of facts alone, unchecked: for measuring matching
// with questions that have labels and neither answers nor sources.
func Unproven(facts []Fact) *Base {
	b := &Base{Facts: facts}
	sum := sha256.New()
	for _, f := range facts {
		fmt.Fprintf(sum, "%q %q\n", f.ID, f.Questions)
	}
	b.Hash = hex.EncodeToString(sum.Sum(nil))
	b.look()
	return b
}

// WithDrafts returns the base as if all its drafts were accepted: for reviewing
// it, not for answering.
func (b *Base) WithDrafts() *Base {
	whole := &Base{Sources: b.Sources, Names: b.Names, Facts: slices.Concat(b.Facts, b.Drafts), Gaps: slices.Concat(b.Gaps, b.DraftGaps), Hash: b.Hash + "+"}
	whole.look()
	return whole
}

// look fills the tables by id.
func (b *Base) look() {
	b.facts, b.sources = map[string]*Fact{}, map[string]*Source{}
	b.supersededBy, b.confirmedBy, b.contradictedBy = map[string][]*Fact{}, map[string][]*Fact{}, map[string][]*Fact{}
	for i := range b.Facts {
		f := &b.Facts[i]
		b.facts[f.ID] = f
		for table, ids := range map[*map[string][]*Fact][]string{&b.supersededBy: f.Supersedes, &b.confirmedBy: f.Confirms, &b.contradictedBy: f.Contradicts} {
			for _, id := range ids {
				(*table)[id] = append((*table)[id], f)
			}
		}
	}
	for i := range b.Sources {
		b.sources[b.Sources[i].ID] = &b.Sources[i]
	}
}
