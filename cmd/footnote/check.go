package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"footnote/knowledge"
	"footnote/knowledge/match"
	"footnote/knowledge/review"
)

func checkCommand(facts *string) *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check and review a fact base: quotes, numbers, ids, questions",
		Long: `Check the fact base in DIR, without DIR the one that --facts names, else the one
that ships. What makes a base unfit to answer is an error, and the exit status
is 1. A base without errors is reviewed, its drafts included: questions of
different facts that are much alike, facts that their own questions do not
find, sentences that no fact quotes, answers that say more than their quotes,
facts that are due for review. Those are warnings; with --strict the exit status
is 1 for them too.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := *facts
			if len(args) == 1 {
				dir = args[0]
			}
			write, known := checkFormats[format]
			if !known {
				return fmt.Errorf("--format: %q is none of text, json, github", format)
			}
			files, err := factFiles(dir)
			if err != nil {
				return err
			}
			base, err := knowledge.Load(files)
			var problems knowledge.Problems
			if err != nil && !errors.As(err, &problems) {
				return err
			}
			findings := remarks("error", dir, problems)
			if err == nil {
				if _, err := match.NewIndex(base); err != nil {
					return err
				}
				warnings, err := review.Base(base, time.Now())
				if err != nil {
					return err
				}
				findings = remarks("warning", dir, warnings)
			}
			if err := write(cmd.OutOrStdout(), findings); err != nil {
				return err
			}
			if len(problems) > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "footnote: %s\n", count(len(problems), "problem"))
				return errSaid
			}
			said := summary(base)
			if len(findings) > 0 {
				said += ", " + count(len(findings), "warning")
			}
			to := cmd.OutOrStdout()
			if format != "text" {
				to = cmd.ErrOrStderr()
			}
			fmt.Fprintln(to, said)
			if strict && len(findings) > 0 {
				return errSaid
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`FORM` of the findings: text, json, or github for annotations on a pull request")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with status 1 for warnings too")
	return cmd
}

// remark is a finding as it is printed.
type remark struct {
	Severity string `json:"severity"` // error or warning
	File     string `json:"file"`
	Line     int    `json:"line"`   // 0: the whole file is meant
	Column   int    `json:"column"` // in characters
	Entry    string `json:"entry"`
	Message  string `json:"message"`
}

func remarks(severity, dir string, found []knowledge.Problem) []remark {
	out := []remark{}
	for _, p := range found {
		out = append(out, remark{severity, filepath.Join(dir, p.File), p.Line, p.Column, p.Entry, p.Msg})
	}
	return out
}

var checkFormats = map[string]func(io.Writer, []remark) error{
	"text": func(w io.Writer, all []remark) error {
		for _, r := range all {
			p := knowledge.Problem{File: r.File, Line: r.Line, Column: r.Column, Entry: r.Entry, Msg: r.Message}
			if r.Severity == "warning" {
				p.Entry = "warning: " + p.Entry
			}
			if _, err := fmt.Fprintln(w, p); err != nil {
				return err
			}
		}
		return nil
	},
	"json": func(w io.Writer, all []remark) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	},
	// The form of workflow commands, in which GitHub reads annotations.
	"github": func(w io.Writer, all []remark) error {
		value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
		text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
		for _, r := range all {
			where := "file=" + value.Replace(filepath.ToSlash(r.File))
			if r.Line > 0 {
				where += fmt.Sprintf(",line=%d,col=%d", r.Line, r.Column)
			}
			if _, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", r.Severity, where, value.Replace(r.Entry), text.Replace(r.Message)); err != nil {
				return err
			}
		}
		return nil
	},
}

// summary says in a line what a base holds.
func summary(b *knowledge.Base) string {
	asked := 0
	for _, f := range b.Facts {
		asked += len(f.Questions)
	}
	missed := 0
	for _, g := range b.Gaps {
		missed += len(g.Questions)
	}
	drafts := ""
	if n := len(b.Drafts) + len(b.DraftGaps); n > 0 {
		drafts = ", " + count(n, "draft")
	}
	return fmt.Sprintf("%s with %s, %s with %s, %s, %s%s: no problems",
		count(len(b.Facts), "fact"), count(asked, "question"), count(len(b.Gaps), "gap"), count(missed, "question"),
		count(len(b.Names), "name"), count(len(b.Sources), "source"), drafts)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
