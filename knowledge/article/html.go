package article

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// maxDepth is how deep elements may be nested: pages have a few dozen levels,
// and what walks the tree calls itself for each.
const maxDepth = 400

// fromHTML reads the readable part of a page.
func fromHTML(data []byte) (Article, error) {
	if err := shallow(data); err != nil {
		return Article{}, err
	}
	page, err := readability.FromReader(bytes.NewReader(data), nil)
	if err != nil {
		return Article{}, fmt.Errorf("read the page: %w", err)
	}
	if page.Node == nil {
		return Article{}, errors.New("no readable text in the page; save its text and draft from that")
	}
	var lines []string
	blocks(page.Node, &lines)
	a := Article{Title: oneLine(page.Title()), Publisher: oneLine(page.SiteName()), Text: strings.Join(lines, "\n") + "\n"}
	if published, err := page.PublishedTime(); err == nil {
		a.Published = published
	}
	return a, nil
}

// shallow returns an error for a page whose elements are nested too deep, which
// it finds without building a tree.
func shallow(data []byte) error {
	depth, void := 0, map[string]bool{"br": true, "img": true, "hr": true, "meta": true, "link": true, "input": true, "wbr": true,
		"source": true, "area": true, "base": true, "col": true, "embed": true, "param": true, "track": true, "p": true, "li": true}
	for z := html.NewTokenizer(bytes.NewReader(data)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return nil
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				depth++
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				depth = max(0, depth-1)
			}
		}
		if depth > maxDepth {
			return fmt.Errorf("the page's elements are nested more than %d deep; save its text and draft from that", maxDepth)
		}
	}
}

// blocks adds the text of each block, one a line, in their order.
func blocks(n *html.Node, lines *[]string) {
	var text strings.Builder
	flush := func() {
		if line := oneLine(text.String()); line != "" {
			*lines = append(*lines, line)
		}
		text.Reset()
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			text.WriteString(n.Data)
		case n.Type == html.ElementNode && hidden[n.Data]:
			return
		case n.Type == html.ElementNode && block[n.Data]:
			flush()
			defer flush()
		case n.Type == html.ElementNode && n.Data == "br":
			text.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && (n.Data == "td" || n.Data == "th") {
			text.WriteByte(' ')
		}
	}
	walk(n)
	flush()
}

var (
	block = set(`address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form
		h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tr ul`)
	hidden = set(`script style noscript template svg iframe object button select textarea`)
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
