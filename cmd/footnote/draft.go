package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"footnote/knowledge"
	"footnote/knowledge/article"
	"footnote/knowledge/draft"
)

func draftCommand() *cobra.Command {
	var title, published, url, publisher, out string
	cmd := &cobra.Command{
		Use:   "draft ARTICLE",
		Short: "Draft a fact base from an article",
		Long: `Draft a fact base from an article: text, Markdown or HTML, in a file or, with
"-", on standard input. Each statement becomes a draft of a fact, with its quote,
its certainty, names, and ways to ask for it; what readers ask of such an article
and it does not say becomes a draft of a gap. Drafts answer nothing before they
are accepted: go through facts.yaml and gaps.yaml, mend and delete, and run
"footnote accept". Nothing is fetched and nothing is guessed by a model.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := readArticle(cmd, args[0])
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			a.Title = cmp.Or(title, a.Title, draft.Title(a.Text))
			a.URL, a.Publisher = cmp.Or(url, a.URL), cmp.Or(publisher, a.Publisher)
			if published != "" {
				if a.Published, err = time.Parse(time.DateOnly, published); err != nil {
					return fmt.Errorf("--published: %q is no date; write it as 2026-01-30", published)
				}
			}
			if a.Published.IsZero() {
				return errors.New("the article does not say when it was published; give its date with --published 2026-01-30")
			}
			if out == "" {
				out = strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0])) + "-facts"
				if args[0] == "-" {
					out = "facts"
				}
			}
			base := draft.New(a, progress(cmd.ErrOrStderr()))
			if len(base.Facts) == 0 {
				return fmt.Errorf("%s: no statement found in it; is it a text of English sentences?", args[0])
			}
			if err := writeBase(out, base.Files()); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: drafts of %s and %s, %s\n", out, count(len(base.Facts), "fact"), count(len(base.Gaps), "gap"), count(len(base.Names), "name"))
			fmt.Fprintf(cmd.OutOrStdout(), "Go through %s, then: footnote accept --facts %s --all\n", filepath.Join(out, "facts.yaml"), out)
			return nil
		},
	}
	cmd.Flags().StringVar(&title, "title", "", "`TITLE` of the article (default: the one it has, or its first line)")
	cmd.Flags().StringVar(&published, "published", "", "the `DAY` it was published, as 2026-01-30 (default: the one it says)")
	cmd.Flags().StringVar(&url, "url", "", "its `ADDRESS`, shown beside quotes")
	cmd.Flags().StringVar(&publisher, "publisher", "", "`WHO` published it")
	cmd.Flags().StringVar(&out, "out", "", "new `DIR` for the base (default: the article's name and -facts)")
	return cmd
}

func readArticle(cmd *cobra.Command, name string) (article.Article, error) {
	in, err := input(cmd, name)
	if err != nil {
		return article.Article{}, err
	}
	defer in.Close()
	a, err := article.Read(in, name)
	if err == nil && a.Published.IsZero() {
		a.Published = draft.Dated(a.Text)
	}
	return a, err
}

// progress returns a function that writes how far a long draft is, once a
// second at most, or nil where nobody looks.
func progress(w io.Writer) func(done, of int) {
	if f, ok := w.(*os.File); !ok || !isTerminal(f) {
		return nil
	}
	last := time.Now()
	return func(done, of int) {
		if time.Since(last) > time.Second || done == of && of > 2000 {
			last = time.Now()
			fmt.Fprintf(w, "\r%d of %d sentences", done, of)
			if done == of {
				fmt.Fprintln(w)
			}
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// writeBase writes the files of a new base into a directory that must hold neither
// one nor a file of their names.
func writeBase(dir string, files map[string][]byte) error {
	if held, _ := filepath.Glob(filepath.Join(dir, "*.yaml")); len(held) > 0 {
		return fmt.Errorf("%s holds a fact base already; name another directory with --out", dir)
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s is there already; name another directory with --out", filepath.Join(dir, name))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	if _, err := knowledge.Load(os.DirFS(dir)); err != nil {
		return fmt.Errorf("the draft in %s does not check; this is a fault of the program:\n%w", dir, err)
	}
	return nil
}
