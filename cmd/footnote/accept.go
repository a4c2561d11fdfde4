package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"footnote/knowledge"
)

func acceptCommand(facts *string) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "accept ID… | --all",
		Short: "Accept drafts of the base that --facts names, so that they answer",
		Long: `Accept drafts by their ids, or all there are: the line "draft: true" is taken
out of each, and nothing else in the files is changed. The base is checked first,
and nothing is accepted of one with problems.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case *facts == "":
				return errors.New("name the base with --facts DIR; the one that ships has no drafts")
			case all == (len(args) > 0):
				return errors.New("give the ids of drafts, or --all")
			}
			files, err := factFiles(*facts)
			if err != nil {
				return err
			}
			base, err := knowledge.Load(files)
			if err != nil {
				return fmt.Errorf("the fact base does not check:\n%w", err)
			}
			chosen, err := chooseDrafts(base, args)
			if err != nil {
				return err
			}
			if err := undraft(*facts, chosen); err != nil {
				return err
			}
			if len(chosen) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "no drafts")
				return nil
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s accepted\n", count(len(chosen), "draft"))
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "accept all drafts")
	return cmd
}

// chooseDrafts returns where the drafts with some ids stand, or without ids
// where all do.
func chooseDrafts(base *knowledge.Base, ids []string) ([]knowledge.Position, error) {
	places := map[string]knowledge.Position{}
	var all []knowledge.Position
	for _, f := range base.Drafts {
		places[f.ID] = f.At
		all = append(all, f.At)
	}
	for _, g := range base.DraftGaps {
		places[g.ID] = g.At
		all = append(all, g.At)
	}
	if len(ids) == 0 {
		return all, nil
	}
	var chosen []knowledge.Position
	var errs []error
	for _, id := range ids {
		at, ok := places[id]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("%s is no draft of this base", id))
		case !slices.Contains(chosen, at): // nobody minds if it is named twice
			chosen = append(chosen, at)
		}
	}
	return chosen, errors.Join(errs...)
}

// undraft takes the mark out of the entries that begin at some places.
func undraft(dir string, chosen []knowledge.Position) error {
	byFile := map[string][]int{}
	for _, at := range chosen {
		byFile[at.File] = append(byFile[at.File], at.Line)
	}
	for file, lines := range byFile {
		path := filepath.Join(dir, file)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		changed, err := withoutMarks(data, lines)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := replaceFile(path, changed); err != nil {
			return err
		}
	}
	return nil
}

// withoutMarks takes the line "draft: true" out of the entries that begin on
// some lines, counted from 1.
func withoutMarks(data []byte, entries []int) ([]byte, error) {
	lines := bytes.SplitAfter(data, []byte("\n")) // windows into data
	for _, entry := range entries {
		at := entry - 1
		indent := len(lines[at]) - len(bytes.TrimLeft(lines[at], " "))
		for {
			trimmed := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(lines[at]), []byte("- ")))
			field, _, _ := bytes.Cut(trimmed, []byte("#"))
			if bytes.Equal(bytes.TrimSpace(field), []byte("draft: true")) {
				break
			}
			at++
			if at == len(lines) || len(bytes.TrimSpace(lines[at])) > 0 && len(lines[at])-len(bytes.TrimLeft(lines[at], " ")) <= indent {
				return nil, fmt.Errorf(`line %d: the mark is not on a line "draft: true" of its own; take it out by hand`, entry)
			}
		}
		if bytes.HasPrefix(bytes.TrimSpace(lines[at]), []byte("- ")) {
			return nil, fmt.Errorf(`line %d: the entry begins with its mark; take it out by hand`, entry)
		}
		if field, comment, ok := bytes.Cut(lines[at], []byte("#")); ok {
			margin := field[:len(field)-len(bytes.TrimLeft(field, " "))]
			lines[at] = slices.Concat(margin, []byte("#"), comment)
		} else {
			lines[at] = nil
		}
	}
	return slices.Concat(lines...), nil
}

// replaceFile writes a file whole, so that no reader sees a part of it, and
// keeps its permissions.
func replaceFile(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".footnote")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already if all went well
	_, err = f.Write(data)
	if err := errors.Join(err, f.Chmod(info.Mode()), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
