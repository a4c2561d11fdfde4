package knowledge

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the tests got to the files that they compare with")

func TestShippedBaseLoads(t *testing.T) {
	b, err := Load(Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Facts {
		if len(f.Questions) < 35 {
			t.Errorf("fact %s has %d questions, want at least 35", f.ID, len(f.Questions))
		}
	}
	if len(b.Gaps) < 24 {
		t.Errorf("%d gaps, want at least 24", len(b.Gaps))
	}
	for _, g := range b.Gaps {
		if len(g.Questions) < 20 {
			t.Errorf("gap %s has %d questions, want at least 20", g.ID, len(g.Questions))
		}
	}
	s := b.Source("article")
	if s.Title != "Amazon in talks to invest in OpenAI" || s.Published.Format(time.DateOnly) != "2026-01-30" || s.Publisher != "" || s.URL != "" {
		t.Errorf("source = %q, %v, %q, %q", s.Title, s.Published, s.Publisher, s.URL)
	}
	if q := b.Fact("negotiator-amazon").Quotes[0]; q.Paragraph != 9 || !strings.HasPrefix(s.Text[q.Offset:], q.Text) {
		t.Errorf("quote of negotiator-amazon stands in paragraph %d at byte %d", q.Paragraph, q.Offset)
	}
}

// The article is stored byte for byte: quotes are checked against it.
func TestArticleIsUnchanged(t *testing.T) {
	data, err := fs.ReadFile(Shipped(), "article.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if got, want := hex.EncodeToString(sum[:]), "7de85cff6900e7574b8477cc69f94d851eedb09124dfbf091a3197bd3fb8d197"; got != want {
		t.Errorf("sha256 = %s, want %s", got, want)
	}
}

// Each file of testdata/problems is a faulty base followed by the problems that
// loading it reports.
func TestProblems(t *testing.T) {
	paths, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if archive.Files[last].Name != "problems" {
				t.Fatalf("the last part is %q, want problems", archive.Files[last].Name)
			}
			files, want := fstest.MapFS{}, &archive.Files[last]
			for _, f := range archive.Files[:last] {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			b, err := Load(files)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("Load = %v, %v; want problems", b, err)
			}
			if b != nil {
				t.Error("a faulty base was loaded in part")
			}
			got := problems.Error() + "\n"
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want.Data) {
				t.Errorf("got problems\n%swant\n%s", got, want.Data)
			}
		})
	}
}

func TestQuotesAreFoundWithWhiteSpaceFolded(t *testing.T) {
	p := newPassages("First line.\nA  “second”\tline\nthat goes on.\n")
	for _, tt := range []struct {
		quote     string
		paragraph int
	}{
		{"First line.", 1},
		{"A “second” line", 2},
		{"second” line that", 2},
		{"goes on.", 3},
		{`A "second" line`, 0},
		{"first line", 0},
	} {
		found, ok := p.find(tt.quote)
		if ok != (tt.paragraph > 0) || found.paragraph != tt.paragraph {
			t.Errorf("find(%q) = paragraph %d, %v, want %d", tt.quote, found.paragraph, ok, tt.paragraph)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{"facts:\n  - id: a\n", "facts: [", "- id: \"\n", "names:\n  - name: &x a\n  - *x\n", "a: b: c", "\x00", "facts:\n  - id: a\n    quotes: {}\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Load(fstest.MapFS{"facts.yaml": {Data: data}, "a.txt": {Data: data}})
		if (b == nil) == (err == nil) {
			t.Fatalf("Load = %v, %v: want one of them", b, err)
		}
	})
}
