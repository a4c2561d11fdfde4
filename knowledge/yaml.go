package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// place is where something stands in a file.
type place struct {
	file      string
	line, col int
}

// text is a string of a file and where it stands.
type text struct {
	s  string
	at place
}

// The entries of a file as they were written, not yet checked.
type (
	entries struct {
		sources []sourceEntry
		names   []nameEntry
		facts   []factEntry
		gaps    []gapEntry
		broken  []string // ids of entries that are not readable
	}
	sourceEntry struct {
		at                                          place
		id, kind, title, url, publisher, date, file text
	}
	nameEntry struct {
		at         place
		name, kind text
		aliases    []text
	}
	factEntry struct {
		at                                          place
		id, answer, certainty, reportedBy, reviewBy text
		about, related, questions                   []text
		supersedes, confirms, contradicts           []text
		quotes                                      []quoteEntry
		draft                                       bool
	}
	quoteEntry struct {
		at           place
		text, source text
	}
	gapEntry struct {
		at              place
		id, missing     text
		near, questions []text
		draft           bool
	}
)

// reader reads one file's entries and notes what it cannot read.
type reader struct {
	file     string
	entry    string
	problems Problems
}

func (r *reader) fault(at place, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: at.file, Line: at.line, Column: at.col, Entry: r.entry, Msg: fmt.Sprintf(format, args...)})
}

// read returns the entries of a file. Entries that are no YAML are reported and
// left out, so that the faults of the others are reported too.
func (r *reader) read(data []byte) entries {
	docs, err := parse(data)
	var broken []string
	if err != nil {
		if broken = r.disable(data); len(broken) > 0 {
			docs, err = parse(data)
		}
	}
	if err != nil {
		r.syntax(err, 0)
		return entries{broken: broken}
	}
	var out entries
	for _, doc := range docs {
		r.document(doc, &out)
	}
	out.broken = broken
	return out
}

// parse returns the bodies of a file's YAML documents. It follows no alias.
func parse(data []byte) ([]*yaml.Node, error) {
	var out []*yaml.Node
	for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, doc.Content...)
	}
}

// syntax reports an error of the parser, which counts lines from behind skipped.
func (r *reader) syntax(err error, skipped int) {
	at, msg := place{file: r.file, line: skipped + 1, col: 1}, err.Error()
	var located *yaml.LoadError
	if errors.As(err, &located) {
		msg = located.Message
		mark := located.Mark
		if located.ContextMsg != "" { // where the thing began that has no end
			msg += " " + located.ContextMsg
			mark = located.ContextMark
		}
		if mark.Line > 0 {
			at.line, at.col = skipped+mark.Line, max(1, mark.Column)
		}
	}
	r.fault(at, "not valid YAML: %s", msg)
}

var entryStart = regexp.MustCompile(`^( *)- +(?:id|name): *["']?([^"'\n]*)`)

// disable reports each entry that is no YAML by itself and makes a comment of
// it, so that what stands behind it keeps its place. It returns their ids.
func (r *reader) disable(data []byte) []string {
	var broken []string
	lines := bytes.SplitAfter(data, []byte("\n")) // windows into data
	for from := 0; from < len(lines); from++ {
		start := entryStart.FindSubmatch(lines[from])
		if start == nil {
			continue
		}
		to := from + 1
		for to < len(lines) && deeper(lines[to], len(start[1])) {
			to++
		}
		if _, err := parse(bytes.Join(lines[from:to], nil)); err != nil {
			id := string(start[2])
			r.entry = id
			r.syntax(err, from)
			r.entry = ""
			broken = append(broken, id)
			for _, line := range lines[from:to] {
				comment(line)
			}
		}
	}
	return broken
}

func comment(line []byte) {
	for i, c := range line {
		if c != '\n' {
			line[i] = '#'
		}
	}
}

func deeper(line []byte, indent int) bool {
	trimmed := bytes.TrimLeft(line, " ")
	return len(bytes.TrimSpace(trimmed)) == 0 || len(line)-len(trimmed) > indent
}

func (r *reader) document(body *yaml.Node, out *entries) {
	if scalar(body) == "" && body.Kind == yaml.ScalarNode {
		return
	}
	top := r.fields(body, "sources", "names", "facts", "gaps")
	for _, n := range r.list(top["sources"]) {
		out.sources = append(out.sources, r.source(n))
	}
	for _, n := range r.list(top["names"]) {
		out.names = append(out.names, r.name(n))
	}
	for _, n := range r.list(top["facts"]) {
		out.facts = append(out.facts, r.fact(n))
	}
	for _, n := range r.list(top["gaps"]) {
		out.gaps = append(out.gaps, r.gap(n))
	}
}

func (r *reader) source(n *yaml.Node) sourceEntry {
	defer r.leave(r.enter("source", "id", n))
	f := r.fields(n, "id", "kind", "title", "url", "publisher", "published", "file")
	return sourceEntry{at: r.at(n), id: r.text(f["id"]), kind: r.text(f["kind"]), title: r.text(f["title"]), url: r.text(f["url"]),
		publisher: r.text(f["publisher"]), date: r.text(f["published"]), file: r.text(f["file"])}
}

func (r *reader) name(n *yaml.Node) nameEntry {
	defer r.leave(r.enter("name", "name", n))
	f := r.fields(n, "name", "kind", "aliases")
	return nameEntry{at: r.at(n), name: r.text(f["name"]), kind: r.text(f["kind"]), aliases: r.texts(f["aliases"])}
}

func (r *reader) fact(n *yaml.Node) factEntry {
	defer r.leave(r.enter("fact", "id", n))
	f := r.fields(n, "id", "draft", "answer", "certainty", "reported_by", "review_by", "about", "related",
		"supersedes", "confirms", "contradicts", "quotes", "questions")
	out := factEntry{at: r.at(n), id: r.text(f["id"]), answer: r.text(f["answer"]), certainty: r.text(f["certainty"]),
		reportedBy: r.text(f["reported_by"]), reviewBy: r.text(f["review_by"]), about: r.texts(f["about"]), related: r.texts(f["related"]),
		supersedes: r.texts(f["supersedes"]), confirms: r.texts(f["confirms"]), contradicts: r.texts(f["contradicts"]),
		questions: r.texts(f["questions"]), draft: r.isTrue(f["draft"])}
	for _, q := range r.list(f["quotes"]) {
		g := r.fields(q, "text", "source")
		out.quotes = append(out.quotes, quoteEntry{at: r.at(q), text: r.text(g["text"]), source: r.text(g["source"])})
	}
	return out
}

func (r *reader) gap(n *yaml.Node) gapEntry {
	defer r.leave(r.enter("gap", "id", n))
	f := r.fields(n, "id", "draft", "missing", "near", "questions")
	return gapEntry{at: r.at(n), id: r.text(f["id"]), missing: r.text(f["missing"]), near: r.texts(f["near"]),
		questions: r.texts(f["questions"]), draft: r.isTrue(f["draft"])}
}

// enter names the entry that the faults behind it belong to.
func (r *reader) enter(kind, key string, n *yaml.Node) (outer string) {
	outer, r.entry = r.entry, kind
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				r.entry = entryName(kind, scalar(n.Content[i+1]))
			}
		}
	}
	return outer
}

func (r *reader) leave(outer string) { r.entry = outer }

// fields returns a mapping's values by key and reports keys that it may not have
// and those that it has twice.
func (r *reader) fields(n *yaml.Node, known ...string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		r.fault(r.at(n), "expected the fields %s", strings.Join(known, ", "))
		return nil
	}
	out := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := scalar(n.Content[i])
		switch {
		case !slices.Contains(known, key):
			r.fault(r.at(n.Content[i]), "unknown field %q; the fields are %s", key, strings.Join(known, ", "))
		case out[key] != nil:
			r.fault(r.at(n.Content[i]), "the field %s stands twice; take one out", key)
		default:
			out[key] = n.Content[i+1]
		}
	}
	return out
}

func (r *reader) list(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil || n.Tag == "!!null":
		return nil
	case n.Kind == yaml.SequenceNode && n.Anchor == "":
		return n.Content
	}
	r.fault(r.at(n), "expected a list")
	return nil
}

func (r *reader) texts(n *yaml.Node) []text {
	items := r.list(n)
	out := make([]text, 0, len(items))
	for _, item := range items {
		out = append(out, r.text(item))
	}
	return out
}

func (r *reader) text(n *yaml.Node) text {
	switch {
	case n == nil:
		return text{}
	case n.Kind != yaml.ScalarNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0:
		r.fault(r.at(n), "expected plain text; put it in double quotes")
		return text{at: r.at(n)}
	}
	return text{s: scalar(n), at: r.at(n)}
}

// isTrue reads a field that is true or not there.
func (r *reader) isTrue(n *yaml.Node) bool {
	t := r.text(n)
	if t.s != "" && t.s != "true" && t.s != "false" {
		r.fault(t.at, "%q is neither true nor false", t.s)
	}
	return t.s == "true"
}

// scalar is the text of a value, without the line end of one in block style.
func scalar(n *yaml.Node) string {
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		return ""
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return strings.TrimRight(n.Value, "\n")
	}
	return n.Value
}

func (r *reader) at(n *yaml.Node) place {
	if n == nil || n.Line == 0 {
		return place{file: r.file, line: 1, col: 1}
	}
	return place{file: r.file, line: n.Line, col: n.Column}
}
