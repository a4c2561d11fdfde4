package knowledge

import (
	"testing"
	"testing/fstest"
)

func loadFiles(t *testing.T, files map[string][]byte) *Base {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	b, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is written is read as the same base, changes included.
func TestFiles(t *testing.T) {
	b := shippedBase(t)
	f := &b.Facts[0]
	added := edited(f, func(f *Fact) {
		f.ID, f.Questions, f.Related = "added", []string{"a \"zebra\": #1\n- no?"}, nil
		f.Quotes = []Quote{{Text: "Zebras: 'yes'.", Source: "zoo"}}
		f.Answer = "Zebras: “yes”."
	})
	c := b.Draw("added", added, nil)
	c.Source = &Source{ID: "zoo", Kind: "source", Title: "Zoo: a guide", Published: b.Sources[0].Published, Text: "Lions.\nZebras: 'yes'.\n", File: "zoo.txt"}
	changed, err := b.With(c, b.Draw(f.ID, edited(f, func(f *Fact) { f.Questions = append(f.Questions, "zebra two") }), nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []*Base{b, changed} {
		files, err := want.Files()
		if err != nil {
			t.Fatal(err)
		}
		got := loadFiles(t, files)
		if since, ok := got.Since(want); !ok || len(since) > 0 || len(got.Facts) != len(want.Facts) || len(got.Sources) != len(want.Sources) {
			t.Errorf("written and read: %d changes, %v; %d facts, want %d", len(since), ok, len(got.Facts), len(want.Facts))
		}
	}
	since, ok := changed.Since(b)
	if !ok || len(since) != 2 {
		t.Fatalf("%d changes, %v", len(since), ok)
	}
	again, err := b.With(since...)
	if err != nil {
		t.Fatal(err)
	}
	if rest, ok := again.Since(changed); !ok || len(rest) > 0 {
		t.Errorf("still differs in %d entries, %v", len(rest), ok)
	}
	renamed := *changed
	renamed.Names = append([]Name{{ID: "Zebra"}}, b.Names...)
	if _, ok := renamed.Since(b); ok {
		t.Error("names were changed by changes")
	}
}
