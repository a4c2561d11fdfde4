package article

import (
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// fromMarkdown reads the text of a Markdown file without its marks. The first
// heading of the first level is the title; lines "title:", "date:", "author:"
// and so on between two lines "---" at the top say what they say.
func fromMarkdown(data []byte) Article {
	a, body := frontMatter(strings.ReplaceAll(string(data), "\r\n", "\n"))
	source := []byte(body)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	var lines []string
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Heading:
			line := inline(n, source)
			if n.Level == 1 && a.Title == "" {
				a.Title = line
			} else {
				lines = append(lines, line)
			}
			return ast.WalkSkipChildren, nil
		case *ast.Paragraph, *ast.TextBlock:
			lines = append(lines, inline(n, source))
			return ast.WalkSkipChildren, nil
		}
		if n.Kind().String() == "TableHeader" || n.Kind().String() == "TableRow" {
			lines = append(lines, inline(n, source))
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	var kept []string
	for _, line := range lines {
		if line != "" {
			kept = append(kept, line)
		}
	}
	a.Text = strings.Join(kept, "\n") + "\n"
	return a
}

// inline is the text below a node, in one line.
func inline(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *ast.RawHTML, *ast.Image:
			return ast.WalkSkipChildren, nil
		}
		if n.Kind().String() == "TableCell" {
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return oneLine(b.String())
}

// frontMatter cuts off the head of a file and returns what it says.
func frontMatter(body string) (Article, string) {
	var a Article
	rest, ok := strings.CutPrefix(body, "---\n")
	head, after, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		return a, body
	}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "title":
			a.Title = value
		case "date", "published":
			a.Published, _ = time.Parse(time.DateOnly, value[:min(len(value), len(time.DateOnly))])
		case "publisher", "site":
			a.Publisher = value
		case "url", "link":
			a.URL = value
		}
	}
	return a, after
}
