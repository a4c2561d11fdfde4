package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const picture = "../../docs/architecture.svg"

// The picture of the architecture is the one that the imports make; with
// -update it is drawn again.
func TestArchitecturePicture(t *testing.T) {
	got := drawImports(t, listPackages(t))
	if *update {
		if err := os.WriteFile(picture, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(picture)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s does not show the imports any more (%v): draw it with go test ./cmd/footnote -run Architecture -update", picture, err)
	}
}

// box is a package in the picture, or a bend, where an arrow passes a row.
type box struct {
	name    string
	words   []string // what it is for, in lines
	imports []*box
	row     int
	x, y    int // of its upper left corner
	bent    bool
}

func (b *box) width() int {
	if b.bent {
		return bendWidth
	}
	return boxWidth
}

func (b *box) middle() int { return b.x + b.width()/2 }

// Measures of the picture.
const (
	boxWidth, boxHeight = 196, 84
	bendWidth           = 10
	gapAcross, gapDown  = 18, 52
	margin              = 16
	lineLength          = 32 // characters
)

// drawImports draws the packages that a program is made of, each above those
// that it imports. An import that follows from others is left out.
func drawImports(t *testing.T, packages []listed) []byte {
	t.Helper()
	boxes := map[string]*box{}
	imported := map[string]bool{}
	for _, p := range packages {
		for _, path := range p.Imports {
			imported[path] = true
		}
	}
	for _, p := range packages {
		if imported[p.ImportPath] || strings.HasPrefix(p.ImportPath, "footnote/cmd/") {
			boxes[p.ImportPath] = &box{name: strings.TrimPrefix(p.ImportPath, "footnote/"), words: purpose(t, p.ImportPath)}
		}
	}
	var all []*box
	for _, p := range packages {
		b := boxes[p.ImportPath]
		if b == nil {
			continue
		}
		all = append(all, b)
		for _, path := range p.Imports {
			if to := boxes[path]; to != nil {
				b.imports = append(b.imports, to)
			}
		}
	}
	for range all { // long enough for the longest chain
		for _, b := range all {
			for _, to := range b.imports {
				to.row = max(to.row, b.row+1)
			}
		}
	}
	reduce(all)
	all = bend(all)
	width, height := place(all)
	return svg(all, width, height)
}

// reduce leaves out imports that follow from others.
func reduce(all []*box) {
	kept := map[*box][]*box{}
	for _, b := range all {
		for _, to := range b.imports {
			rest := slices.DeleteFunc(slices.Clone(b.imports), func(o *box) bool { return o == to })
			if !follows(rest, to) {
				kept[b] = append(kept[b], to)
			}
		}
	}
	for _, b := range all {
		b.imports = kept[b]
	}
}

// bend puts a bend into each row that an import passes, so that its arrow has a
// place between the boxes there.
func bend(all []*box) []*box {
	out := slices.Clone(all)
	for _, b := range all {
		for i, to := range b.imports {
			for row := to.row - 1; row > b.row; row-- {
				to = &box{row: row, imports: []*box{to}, bent: true}
				out = append(out, to)
			}
			b.imports[i] = to
		}
	}
	return out
}

// purpose is what a package's first sentence begins with, in lines.
func purpose(t *testing.T, path string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Doc}}", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(strings.NewReplacer("[", "", "]", "").Replace(string(out)), ":")
	words := strings.Fields(first)
	if len(words) > 2 {
		words = words[2:] // "Package bot"
	}
	var lines []string
	line := ""
	for _, w := range words {
		if len(line)+1+len(w) > lineLength {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(lines, strings.TrimSuffix(line, "."))
}

// place gives each box its place, below those that import it, and returns the
// size of the whole.
func place(all []*box) (width, height int) {
	rows := map[int][]*box{}
	for _, b := range all {
		rows[b.row] = append(rows[b.row], b)
	}
	for _, row := range rows {
		width = max(width, 2*margin+across(row))
	}
	for r := range len(rows) {
		row := rows[r]
		slices.SortStableFunc(row, func(a, b *box) int { return cmp.Compare(centre(a, all), centre(b, all)) })
		x, off := margin, 0
		first := (width - across(row)) / 2
		for _, b := range row {
			wish := centre(b, all) - b.width()/2
			if r == 0 {
				wish, first = first, first+b.width()+gapAcross
			}
			b.x, b.y = max(wish, x), margin+r*(boxHeight+gapDown)
			x = b.x + b.width() + gapAcross
			off += b.x - wish
		}
		// As near to what they wish, all together, as there is room.
		last := x - gapAcross + margin
		shift := max(min(off/len(row), row[0].x-margin), last-width)
		for _, b := range row {
			b.x -= shift
		}
	}
	return width, 2*margin + len(rows)*boxHeight + (len(rows)-1)*gapDown
}

// across is how wide a row is.
func across(row []*box) int {
	width := (len(row) - 1) * gapAcross
	for _, b := range row {
		width += b.width()
	}
	return width
}

// centre is the middle of those that import a box, which have a place.
func centre(b *box, all []*box) int {
	sum, n := 0, 0
	for _, from := range all {
		if slices.Contains(from.imports, b) {
			sum, n = sum+from.middle(), n+1
		}
	}
	return sum / max(n, 1)
}

// follows reports whether one of some boxes imports another, by itself or by
// what it imports.
func follows(from []*box, to *box) bool {
	return slices.ContainsFunc(from, func(b *box) bool { return b == to || follows(b.imports, to) })
}

// arrow is the path of an import, through its bends.
func arrow(from, to *box) string {
	x, y := from.middle(), from.y+boxHeight
	path := fmt.Sprintf("M%d %d", x, y)
	for {
		end := to.y - 1
		path += fmt.Sprintf("C%d %d %d %d %d %d", x, y+gapDown-8, to.middle(), end-gapDown+8, to.middle(), end)
		if !to.bent {
			return path
		}
		x, y = to.middle(), to.y+boxHeight
		path += fmt.Sprintf("L%d %d", x, y)
		to = to.imports[0]
	}
}

func svg(all []*box, width, height int) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="Helvetica, Arial, sans-serif" role="img" aria-label="Footnote's packages, each above those that it imports">
<rect width="100%%" height="100%%" fill="#ffffff"/>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5b7083"/></marker></defs>
`, width, height, width, height)
	for _, b := range all {
		if b.bent {
			continue
		}
		for _, to := range b.imports {
			fmt.Fprintf(&out, `<path d="%s" fill="none" stroke="#5b7083" stroke-width="1.3" marker-end="url(#tip)"/>`+"\n", arrow(b, to))
		}
	}
	for _, b := range all {
		if b.bent {
			continue
		}
		fill, ink := "#eef3f7", "#1f3a4d"
		if strings.HasPrefix(b.name, "cmd/") {
			fill, ink = "#1f3a4d", "#ffffff"
		}
		fmt.Fprintf(&out, `<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s" stroke="#1f3a4d"/>`+"\n", b.x, b.y, boxWidth, boxHeight, fill)
		fmt.Fprintf(&out, `<text x="%d" y="%d" fill="%s" font-size="14" font-weight="bold">%s</text>`+"\n", b.x+10, b.y+21, ink, html.EscapeString(b.name))
		for i, line := range b.words {
			if i == 3 && len(b.words) > 4 {
				line += " …"
			}
			if i > 3 {
				break
			}
			fmt.Fprintf(&out, `<text x="%d" y="%d" fill="%s" font-size="11.5">%s</text>`+"\n", b.x+10, b.y+38+13*i, ink, html.EscapeString(line))
		}
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}
