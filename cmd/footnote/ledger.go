package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"footnote/bot/store"
)

func ledgerCommand() *cobra.Command {
	var asJSON bool
	var last int
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "List what the bot still owes, what it gave up, and what it answered last",
		Long: `List the ledger that FOOTNOTE_DATABASE_URL names: the events whose reply is open,
those whose reply was set aside after too many tries, and those answered last,
the oldest first. It may be used while a bot runs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if last < 0 {
				return fmt.Errorf("--last %d: give a number from 0", last)
			}
			return withLedger(cmd, func(s *store.Store) error {
				list, err := s.List(cmd.Context(), last)
				if err != nil {
					return err
				}
				if asJSON {
					return writeEntries(cmd.OutOrStdout(), list)
				}
				return tabulate(cmd.OutOrStdout(), list)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	cmd.Flags().IntVar(&last, "last", 20, "list this `MANY` of those answered")
	cmd.AddCommand(&cobra.Command{
		Use:   "retry KEY",
		Short: "Have a reply that was set aside tried again",
		Long: `Have what was set aside of the event KEY tried again, as if it had never been
tried; footnote ledger lists the keys. A running bot does it within seconds.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withLedger(cmd, func(s *store.Store) error {
				if err := s.Retry(cmd.Context(), args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is open again\n", args[0])
				return err
			})
		},
	})
	cmd.AddCommand(rollBackCommand())
	return cmd
}

func rollBackCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rollback SCHEMA",
		Short: "Take the ledger's tables back, for an earlier Footnote",
		Long: `Take the tables of the ledger back to the version SCHEMA, so that an earlier
Footnote can run on it; its "footnote doctor" says which one it knows. Stop every
bot on the ledger and make a backup first: what only this version keeps is lost.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			version, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return fmt.Errorf("%q is no version: give a number", args[0])
			}
			c, err := readConfig()
			if err == nil {
				err = existing(c.Database)
			}
			if err == nil {
				err = store.RollBack(cmd.Context(), c.Database, version)
			}
			if err == nil {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "the ledger is at schema %d; the next run of this Footnote would bring it up again\n", version)
			}
			return err
		},
	}
}

// existing fails if there is no file at the address of one.
func existing(address string) error {
	if !strings.Contains(address, ":") {
		if _, err := os.Stat(address); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no ledger %s; FOOTNOTE_DATABASE_URL says where it is", address)
		}
	}
	return nil
}

func forgetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "forget USER",
		Short: "Erase what a person has asked, and that it was them",
		Long: `Erase from the ledger that FOOTNOTE_DATABASE_URL names what the person with the id
USER (U…) has asked, the replies to it, and that it was them. That something
was asked stays, for the counts, and a reply that is still owed is given. It may
be used while a bot runs.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withLedger(cmd, func(s *store.Store) error {
				n, err := s.Forget(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "forgot %s of %s\n", count(n, "event"), args[0])
				return err
			})
		},
	}
}

// withLedger runs do on the ledger that the environment names, which exists.
func withLedger(cmd *cobra.Command, do func(*store.Store) error) (err error) {
	c, err := readConfig()
	if err != nil {
		return err
	}
	if err := existing(c.Database); err != nil {
		return err
	}
	s, err := store.Open(cmd.Context(), c.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}

// line is an entry of the ledger as JSON.
type line struct {
	Key     string    `json:"key"`
	Kind    string    `json:"kind"`
	State   string    `json:"state"`
	Tries   int       `json:"tries"`
	Created time.Time `json:"created"`
	Error   string    `json:"error,omitempty"`
	ReplyTS string    `json:"reply_ts,omitempty"`
}

func writeEntries(w io.Writer, list []store.Entry) error {
	enc := json.NewEncoder(w)
	for _, e := range list {
		if err := enc.Encode(line{e.Key, string(e.Kind), e.State, e.Tries, e.Created, e.Error, e.ReplyTS}); err != nil {
			return err
		}
	}
	return nil
}

func tabulate(w io.Writer, list []store.Entry) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "nothing is open or set aside, and nothing was answered")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STATE\tTRIES\tCREATED\tKIND\tKEY\tREPLY\tERROR")
	for _, e := range list {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", e.State, e.Tries, e.Created.Format(time.DateTime), e.Kind, e.Key, cmp.Or(e.ReplyTS, "-"), cmp.Or(e.Error, "-"))
	}
	return t.Flush()
}
