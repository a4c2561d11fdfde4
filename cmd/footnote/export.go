package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
)

func exportCommand(facts *string) *cobra.Command {
	return &cobra.Command{
		Use:   "export DIR",
		Short: "Write the facts as files, with all changes that were approved in Slack",
		Long: `Write the fact base with the changes in the ledger that FOOTNOTE_DATABASE_URL names
into DIR, as files from which "footnote --facts DIR run" answers the same, for
review and version control. Files there that are not of the base stay as they are.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := loadFacts(*facts)
			if err != nil {
				return err
			}
			return withLedger(cmd, func(s *store.Store) error {
				base, refused, err := curated(cmd.Context(), s, old)
				if err != nil {
					return err
				}
				for _, c := range refused {
					fmt.Fprintf(cmd.ErrOrStderr(), "footnote: %s was changed in the files and in Slack; what it said before both is written\n", c.ID)
				}
				if err := exportBase(args[0], base); err != nil {
					return fmt.Errorf("export: %w", err)
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s and %s to %s\n", count(len(base.Facts), "fact"), count(len(base.Gaps), "gap"), args[0])
				return err
			})
		},
	}
}

// loadFacts loads the base in a directory, or the one that ships.
func loadFacts(dir string) (*knowledge.Base, error) {
	files, err := factFiles(dir)
	if err != nil {
		return nil, err
	}
	base, err := knowledge.Load(files)
	if err != nil {
		return nil, fmt.Errorf("the fact base does not check:\n%w", err)
	}
	return base, nil
}

// exportBase writes the files of a base. It refuses a directory in which another
// file holds facts, which would be read as well.
func exportBase(dir string, base *knowledge.Base) error {
	files, err := base.Files()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	there, err := fs.Glob(os.DirFS(dir), "*.yaml")
	if err != nil {
		return err
	}
	for _, name := range there {
		if files[name] == nil {
			return fmt.Errorf("%s would be read with the base; move it away", filepath.Join(dir, name))
		}
	}
	root, err := os.OpenRoot(dir) // a source's file stays below it
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if sub := filepath.Dir(name); sub != "." {
			if err := root.MkdirAll(sub, 0o755); err != nil {
				return err
			}
		}
		if err := root.WriteFile(name, files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func importCommand(facts *string) *cobra.Command {
	var author, why string
	cmd := &cobra.Command{
		Use:   "import DIR",
		Short: "Take the facts in files over into the ledger, where they differ from what is answered",
		Long: `Make the facts and gaps in DIR those that the bots on the ledger that
FOOTNOTE_DATABASE_URL names answer with, at once and without a restart. What differs
from the base (--facts) becomes changes of the ledger. Where DIR and Slack have
changed the same fact differently, nothing is taken over: the curators are told,
and the old fact answers.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := loadFacts(*facts)
			if err != nil {
				return err
			}
			wanted, err := loadFacts(args[0])
			if err != nil {
				return err
			}
			c, err := readConfig()
			if err != nil {
				return err
			}
			return withLedger(cmd, func(s *store.Store) error {
				now, _, err := curated(cmd.Context(), s, old)
				if err != nil {
					return err
				}
				changes, conflicts, err := merge(old, now, wanted)
				if err != nil {
					return fmt.Errorf("import %s: %w", args[0], err)
				}
				for _, conflict := range conflicts {
					fmt.Fprintf(cmd.ErrOrStderr(), "footnote: %s was changed in Slack and in %s\n", conflict.ID, args[0])
					for _, curator := range c.Policy.Curators {
						ev, d := handlers.ImportConflict(curator, conflict, wanted.Hash)
						if _, err := s.Put(cmd.Context(), ev, d); err != nil {
							return err
						}
					}
				}
				if len(conflicts) > 0 {
					return errors.New("nothing was imported; export, put both together and import that")
				}
				if len(changes) > 0 {
					if _, err := now.With(changes...); err != nil {
						return fmt.Errorf("import %s: together with what was changed in Slack it does not check:\n%w", args[0], err)
					}
					if err := s.Import(cmd.Context(), author, why, now.Revision, changes); err != nil {
						return err
					}
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "imported %s\n", count(len(changes), "change"))
				return err
			})
		},
	}
	cmd.Flags().StringVar(&author, "author", "import", "`WHO` makes the changes, for footnote log")
	cmd.Flags().StringVar(&why, "why", "", "`WHY` they are made, for footnote log")
	return cmd
}

// merge returns the changes that bring what wanted changes of old to now, and
// those of now that are of the same entries and other.
func merge(old, now, wanted *knowledge.Base) (changes, conflicts []knowledge.Change, err error) {
	theirs, ok := wanted.Since(old)
	ours, ok2 := now.Since(old)
	if !ok || !ok2 {
		return nil, nil, errors.New("it changes names, or sources that are there, or brings two sources with one fact; put the files in the place of the base (--facts) and restart")
	}
	left, _ := wanted.Since(now)
	for _, c := range left {
		same := func(other knowledge.Change) bool { return other.ID == c.ID }
		switch {
		case !slices.ContainsFunc(theirs, same): // only Slack changed it
		case slices.ContainsFunc(ours, same):
			conflicts = append(conflicts, c)
		default:
			changes = append(changes, c)
		}
	}
	return changes, conflicts, nil
}
