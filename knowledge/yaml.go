package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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
		at                                place
		id, answer, certainty, reportedBy text
		about, related, questions         []text
		quotes                            []quoteEntry
	}
	quoteEntry struct {
		at           place
		text, source text
	}
	gapEntry struct {
		at              place
		id, missing     text
		near, questions []text
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
	file, err := parser.ParseBytes(data, 0)
	var broken []string
	if err != nil {
		if broken = r.disable(data); len(broken) > 0 {
			file, err = parser.ParseBytes(data, 0)
		}
	}
	if err != nil {
		r.syntax(err, 0)
		return entries{broken: broken}
	}
	out := r.document(file)
	out.broken = broken
	return out
}

// syntax reports an error of the parser, which counts lines from behind skipped.
func (r *reader) syntax(err error, skipped int) {
	at, msg := place{file: r.file, line: skipped + 1, col: 1}, err.Error()
	var located yaml.Error
	if errors.As(err, &located) {
		msg = located.GetMessage()
		if t := located.GetToken(); t != nil {
			at.line, at.col = skipped+t.Position.Line, t.Position.Column
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
		if _, err := parser.ParseBytes(bytes.Join(lines[from:to], nil), 0); err != nil {
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

func (r *reader) document(file *ast.File) entries {
	var out entries
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		top := r.fields(doc.Body, "sources", "names", "facts", "gaps")
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
	return out
}

func (r *reader) source(n ast.Node) sourceEntry {
	defer r.leave(r.enter("source", "id", n))
	f := r.fields(n, "id", "kind", "title", "url", "publisher", "published", "file")
	return sourceEntry{at: r.at(n), id: r.text(f["id"]), kind: r.text(f["kind"]), title: r.text(f["title"]), url: r.text(f["url"]),
		publisher: r.text(f["publisher"]), date: r.text(f["published"]), file: r.text(f["file"])}
}

func (r *reader) name(n ast.Node) nameEntry {
	defer r.leave(r.enter("name", "name", n))
	f := r.fields(n, "name", "kind", "aliases")
	return nameEntry{at: r.at(n), name: r.text(f["name"]), kind: r.text(f["kind"]), aliases: r.texts(f["aliases"])}
}

func (r *reader) fact(n ast.Node) factEntry {
	defer r.leave(r.enter("fact", "id", n))
	f := r.fields(n, "id", "answer", "certainty", "reported_by", "about", "related", "quotes", "questions")
	out := factEntry{at: r.at(n), id: r.text(f["id"]), answer: r.text(f["answer"]), certainty: r.text(f["certainty"]),
		reportedBy: r.text(f["reported_by"]), about: r.texts(f["about"]), related: r.texts(f["related"]), questions: r.texts(f["questions"])}
	for _, q := range r.list(f["quotes"]) {
		g := r.fields(q, "text", "source")
		out.quotes = append(out.quotes, quoteEntry{at: r.at(q), text: r.text(g["text"]), source: r.text(g["source"])})
	}
	return out
}

func (r *reader) gap(n ast.Node) gapEntry {
	defer r.leave(r.enter("gap", "id", n))
	f := r.fields(n, "id", "missing", "near", "questions")
	return gapEntry{at: r.at(n), id: r.text(f["id"]), missing: r.text(f["missing"]), near: r.texts(f["near"]), questions: r.texts(f["questions"])}
}

// enter names the entry that the faults behind it belong to.
func (r *reader) enter(kind, key string, n ast.Node) (outer string) {
	outer, r.entry = r.entry, kind
	if m, ok := n.(*ast.MappingNode); ok {
		for _, v := range m.Values {
			if v.Key.String() == key {
				r.entry = entryName(kind, scalar(v.Value))
			}
		}
	}
	return outer
}

func (r *reader) leave(outer string) { r.entry = outer }

// fields returns a mapping's values by key and reports keys that it may not have.
func (r *reader) fields(n ast.Node, known ...string) map[string]ast.Node {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.fault(r.at(n), "expected the fields %s", strings.Join(known, ", "))
		return nil
	}
	out := make(map[string]ast.Node, len(m.Values))
	for _, v := range m.Values {
		key := scalar(v.Key)
		if !contains(known, key) {
			r.fault(r.at(v.Key), "unknown field %q; the fields are %s", key, strings.Join(known, ", "))
			continue
		}
		out[key] = v.Value
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (r *reader) list(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		return n.Values
	}
	r.fault(r.at(n), "expected a list")
	return nil
}

func (r *reader) texts(n ast.Node) []text {
	var out []text
	for _, item := range r.list(n) {
		out = append(out, r.text(item))
	}
	return out
}

func (r *reader) text(n ast.Node) text {
	switch n.(type) {
	case nil:
		return text{}
	case *ast.MappingNode, *ast.SequenceNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		r.fault(r.at(n), "expected plain text; put it in double quotes")
		return text{at: r.at(n)}
	}
	return text{s: scalar(n), at: r.at(n)}
}

func scalar(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n")
	case *ast.NullNode:
		return ""
	}
	return n.GetToken().Value
}

// at returns where a node begins: a mapping begins with its first key.
func (r *reader) at(n ast.Node) place {
	if n == nil {
		return place{file: r.file, line: 1, col: 1}
	}
	t := n.GetToken()
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		t = m.Values[0].Key.GetToken()
	}
	return place{file: r.file, line: t.Position.Line, col: t.Position.Column}
}
