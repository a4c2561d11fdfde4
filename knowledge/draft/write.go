package draft

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"footnote/knowledge"
)

// Files are the files of the base: facts.yaml, gaps.yaml and article.txt. Each
// entry is marked as a draft.
func (b *Base) Files() map[string][]byte {
	return map[string][]byte{"facts.yaml": b.facts(), "gaps.yaml": b.gaps(), "article.txt": []byte(b.Article.Text)}
}

func (b *Base) facts() []byte {
	w := &writer{}
	a := b.Article
	w.line(`# Drafted from an article, for a person to go through: mend or delete what is`)
	w.line(`# wrong, then take out "draft: true", or run "footnote accept". Drafts answer`)
	w.line(`# nothing.`)
	w.line("sources:")
	w.line("  - id: %s", sourceID)
	w.line("    kind: article")
	w.line("    title: %s", quoted(a.Title))
	if a.URL != "" {
		w.line("    url: %s", quoted(a.URL))
	}
	if a.Publisher != "" {
		w.line("    publisher: %s", quoted(a.Publisher))
	}
	w.line("    published: %s", a.Published.Format(time.DateOnly))
	w.line("    file: article.txt")
	if len(b.Names) > 0 {
		w.line("names:")
	}
	for _, n := range b.Names {
		w.line("  - name: %s", quoted(n.ID))
		w.line("    kind: %s", n.Kind)
		w.list("aliases", n.Aliases)
	}
	w.line("facts:")
	for _, f := range b.Facts {
		w.fact(f)
	}
	return w.Bytes()
}

func (b *Base) gaps() []byte {
	w := &writer{}
	w.line("# What readers of such an article ask and it does not seem to say.")
	w.line("gaps:")
	for _, g := range b.Gaps {
		w.line("  - id: %s", g.ID)
		w.line("    draft: true")
		w.line("    missing: %s", quoted(g.Missing))
		w.line("    near: [%s]", strings.Join(g.Near, ", "))
		w.list("questions", g.Questions)
	}
	return w.Bytes()
}

// writer writes YAML as a person would.
type writer struct{ bytes.Buffer }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) fact(f knowledge.Fact) {
	w.line("  - id: %s", f.ID)
	w.line("    draft: true")
	w.line("    answer: %s", quoted(f.Answer))
	w.line("    certainty: %s", f.Certainty)
	if f.ReportedBy != "" {
		w.line("    reported_by: %s", quoted(f.ReportedBy))
	}
	if len(f.About) > 0 {
		var about []string
		for _, id := range f.About {
			about = append(about, quoted(id))
		}
		w.line("    about: [%s]", strings.Join(about, ", "))
	}
	if len(f.Related) > 0 {
		w.line("    related: [%s]", strings.Join(f.Related, ", "))
	}
	w.line("    quotes:")
	for _, q := range f.Quotes {
		w.line("      - text: %s", quoted(q.Text))
		w.line("        source: %s", q.Source)
	}
	w.list("questions", f.Questions)
}

func (w *writer) list(field string, items []string) {
	if len(items) == 0 {
		return
	}
	w.line("    %s:", field)
	for _, item := range items {
		w.line("      - %s", quoted(item))
	}
}

// quoted is a string as YAML writes it in double quotes, whose escapes are Go's
// for what stands in a line of text.
func quoted(s string) string { return strconv.Quote(s) }
