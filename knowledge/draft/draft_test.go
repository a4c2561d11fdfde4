package draft

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/article"
)

var update = flag.Bool("update", false, "write what the tests got to the files that they compare with")

func read(t *testing.T, path string) article.Article {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := article.Read(f, path)
	if err != nil {
		t.Fatal(err)
	}
	if a.Title == "" {
		a.Title = filepath.Base(path)
	}
	if a.Published.IsZero() {
		a.Published = time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)
	}
	return a
}

// TestArticles drafts articles of several kinds and compares what a curator
// would see first of each draft.
func TestArticles(t *testing.T) {
	for _, name := range []string{"news.txt", "policy.md", "product.txt", "minutes.txt"} {
		t.Run(name, func(t *testing.T) {
			b := New(read(t, filepath.Join("testdata", name)), nil)
			var out bytes.Buffer
			for _, n := range b.Names {
				fmt.Fprintf(&out, "name %s, %s %q\n", n.ID, n.Kind, n.Aliases)
			}
			for _, f := range b.Facts {
				by := ""
				if f.ReportedBy != "" {
					by = ", by " + f.ReportedBy
				}
				fmt.Fprintf(&out, "\n%s (%s%s)\n  %s\n", f.ID, f.Certainty, by, f.Answer)
				for _, q := range f.Questions[:min(8, len(f.Questions))] {
					fmt.Fprintf(&out, "    %s\n", q)
				}
			}
			fmt.Fprintln(&out)
			for _, g := range b.Gaps {
				fmt.Fprintf(&out, "gap %s\n", g.ID)
			}
			golden := filepath.Join("testdata", strings.TrimSuffix(name, filepath.Ext(name))+".golden")
			if *update {
				if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("drafts of %s differ from %s; got\n%s", name, golden, out.String())
			}
		})
	}
}

func load(b *Base) (*knowledge.Base, error) {
	files := fstest.MapFS{}
	for name, data := range b.Files() {
		files[name] = &fstest.MapFile{Data: data}
	}
	return knowledge.Load(files)
}

// TestDraftsCheck holds what a draft promises: it checks, answers nothing yet,
// quotes one sentence, and is the same every time.
func TestDraftsCheck(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.[tm][xd]*")
	if err != nil || len(paths) < 4 {
		t.Fatal(paths, err)
	}
	for _, path := range append(paths, "../amazon-openai/article.txt") {
		a := read(t, path)
		b := New(a, nil)
		base, err := load(b)
		if err != nil {
			t.Errorf("%s: the draft does not check:\n%v", path, err)
			continue
		}
		if len(base.Facts) > 0 || len(base.Gaps) > 0 {
			t.Errorf("%s: %d facts and %d gaps answer before anybody accepted them", path, len(base.Facts), len(base.Gaps))
		}
		for _, f := range base.Drafts {
			if n := len(split(f.Quotes[0].Text)); len(f.Quotes) != 1 || n > 2 {
				t.Errorf("%s: fact %s has %d quotes, the first of %d sentences", path, f.ID, len(f.Quotes), n)
			}
			if len(f.Questions) < 3 {
				t.Errorf("%s: fact %s has %d questions: %q", path, f.ID, len(f.Questions), f.Questions)
			}
		}
		again := New(a, nil).Files()
		for name, data := range b.Files() {
			if !bytes.Equal(data, again[name]) {
				t.Errorf("%s: %s is not the same the second time", path, name)
			}
		}
	}
}

// TestShippedArticle compares the drafts of the article that ships with the
// facts that people made of it.
func TestShippedArticle(t *testing.T) {
	base, err := load(New(read(t, "../amazon-openai/article.txt"), nil))
	if err != nil {
		t.Fatal(err)
	}
	made, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range made.Facts {
		if overlaps(f, base.Drafts) {
			found++
		} else {
			t.Logf("no draft quotes what %s quotes", f.ID)
		}
	}
	if share := float64(found) / float64(len(made.Facts)); share < 0.9 {
		t.Errorf("%d of %d facts have a draft with an overlapping quote, want 90 %%", found, len(made.Facts))
	}
}

func overlaps(f knowledge.Fact, drafts []knowledge.Fact) bool {
	for _, d := range drafts {
		for _, q := range d.Quotes {
			for _, r := range f.Quotes {
				if strings.Contains(q.Text, r.Text) || strings.Contains(r.Text, q.Text) {
					return true
				}
			}
		}
	}
	return false
}

func TestAttribution(t *testing.T) {
	for _, tt := range []struct{ text, by, rest string }{
		{"It was earlier reported by The Daily that it rained.", "The Daily", "it rained."},
		{"It may rain, according to The Daily.", "The Daily", "It may rain."},
		{"According to two people familiar with it, it may rain.", "two people familiar with it", "it may rain."},
		{"The ministry said on Thursday that it will rain.", "The ministry", "it will rain."},
		{"It will rain, the ministry said on Thursday.", "the ministry", "It will rain."},
		{"The Daily's reporting notes that it may rain.", "The Daily", "it may rain."},
		{"It rained, the report added.", "the report", "It rained."},
		{"It rained.", "", "It rained."},
	} {
		if got := attribute(tt.text); got.by != tt.by || got.rest != tt.rest {
			t.Errorf("attribute(%q) = %q, %q; want %q, %q", tt.text, got.by, got.rest, tt.by, tt.rest)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"It cost $1.5 bn. Mr. Smith of U.S. Steel left at 5 p.m. on Monday. Why?", []string{"It cost $1.5 bn.", "Mr. Smith of U.S. Steel left at 5 p.m. on Monday.", "Why?"}},
		{"A heading\n\nThe first line\ngoes on. Next.\n\n- one item is red\n- two items are blue\n", []string{"The first line goes on.", "Next.", "one item is red", "two items are blue"}},
		{"One line is here.\nAnother is there.", []string{"One line is here.", "Another is there."}},
		{"“It rains.” It does.", []string{"“It rains.”", "It does."}},
	} {
		var got []string
		for _, s := range sentences(tt.text) {
			got = append(got, s.text)
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("sentences(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestSentencesOfMarks had panicked where one end of a sentence follows another.
func TestSentencesOfMarks(t *testing.T) {
	for _, text := range []string{"Is it?. It is.", "No!?.\" It is.", "a. . . b.", "?.?.?.", "Ha?” He left."} {
		sentences(text)
	}
}

// TestEndless drafts texts that are no articles; none may take its time.
func TestEndless(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("the Council said that it may pay $5 million, which is half, and ", 4000),
		strings.Repeat("Alpha Beta ", 20000),
		strings.Repeat("“(", 50000) + "x",
		strings.Repeat("The Board of Trade met. ", 5000),
	} {
		New(article.Article{Title: "T", Text: text}, nil)
	}
}

// Whatever an article looks like, its draft checks.
func TestOddArticlesCheck(t *testing.T) {
	for name, text := range map[string]string{
		"a name in capitals, too":      "The council of NORDHAVEN voted on Tuesday. The mayor of Nordhaven said that NORDHAVEN will pay $5 million for the ferry.",
		"a date between sentences":     "The council met in March. 5 February 2026 It pays $4 million for the ferry.",
		"a sentence that nobody reads": "The council met in March. They talked " + strings.Repeat("and talked ", 200) + ". It pays $4 million for the ferry.",
	} {
		b := New(article.Article{Title: "T", Text: text, Published: time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)}, nil)
		if _, err := load(b); err != nil || len(b.Facts) == 0 {
			t.Errorf("%s: %d facts, %v", name, len(b.Facts), err)
		}
	}
}

func FuzzNew(f *testing.F) {
	for _, name := range []string{"news.txt", "minutes.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("Is it?. It is.\"?!. So it is.")
	f.Add("It's 5 %, “of” 'A', which is, said. - – $$ \"x\\y\" {org}")
	f.Add("A's B C-maker D is is was, and E, the F of G, may't: it said that.")
	f.Fuzz(func(t *testing.T, data string) {
		a, err := article.Read(strings.NewReader(data), "a.txt")
		if err != nil || len(data) > 1<<12 {
			return
		}
		a.Title, a.Published = "T", time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)
		b := New(a, nil)
		if len(b.Facts) == 0 {
			return
		}
		if _, err := load(b); err != nil {
			t.Fatalf("the draft does not check:\n%v\n%s", err, b.Files()["facts.yaml"])
		}
	})
}
