package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"footnote/bot/store"
	"footnote/knowledge"
)

func doctorCommand(facts *string) *cobra.Command {
	var asJSON, running bool
	var user string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find what would keep the bot silent, and say what to do",
		Long: `Look at the settings, the facts, the ledger and, with the two tokens, at Slack:
what would keep a bot silent is found, a line each with what to do about it. The
exit status is 1 if anything was. Nothing is changed; a connection to Slack is
opened and closed at once.

Whether the app's Messages tab is on can only be seen by writing to somebody:
--user has a direct message sent to that person, which is deleted at once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig()
			d := &doctor{config: c, facts: *facts, running: running, user: user}
			d.examine(cmd.Context(), err)
			if err := d.report(cmd.OutOrStdout(), asJSON); err != nil {
				return err
			}
			if d.ill() {
				return errSaid
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, `print a JSON object {"check","ok","found","do"} a line`)
	cmd.Flags().BoolVar(&running, "running", false, "the bot runs already: its hold on the ledger and its connections are as they should be")
	cmd.Flags().StringVar(&user, "user", "", "send the person with this `ID` (U…) a direct message and delete it, to see that the Messages tab is on")
	return cmd
}

// finding is what one check found.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Found string `json:"found"`
	Do    string `json:"do"` // empty if OK
}

// doctor collects findings.
type doctor struct {
	config  config
	facts   string // the directory of the base
	running bool
	user    string

	findings []finding
}

func (d *doctor) well(check, format string, args ...any) {
	d.findings = append(d.findings, finding{Check: check, OK: true, Found: fmt.Sprintf(format, args...)})
}

func (d *doctor) fault(check, found, do string) {
	d.findings = append(d.findings, finding{Check: check, Found: found, Do: do})
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func (d *doctor) ill() bool {
	for _, f := range d.findings {
		if !f.OK {
			return true
		}
	}
	return false
}

// examine runs all checks. settings is what is wrong with the settings.
func (d *doctor) examine(ctx context.Context, settings error) {
	d.examineSettings(settings)
	d.examineFacts()
	d.examineLedger(ctx)
	d.examineSlack(ctx)
}

func (d *doctor) examineSettings(err error) {
	if err == nil {
		d.well("settings", "as they should be")
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		found, do, ok := strings.Cut(line, "; ")
		if !ok {
			do = "mend it; .env.example says what each setting may be"
		}
		d.fault("settings", found, do)
	}
}

// examineFacts looks at the base and at those that the policy gives to channels.
func (d *doctor) examineFacts() {
	d.examineBase(d.facts, "")
	for _, dir := range slices.Compact(slices.Sorted(maps.Values(d.config.Policy.channels))) {
		d.examineBase(dir, dir+": ")
	}
}

// examineBase looks at the base in dir. which begins what is found if there are
// several.
func (d *doctor) examineBase(dir, which string) {
	files, err := factFiles(dir)
	if err != nil {
		d.fault("facts", oneLine(err), "name the directory that holds facts.yaml with --facts")
		return
	}
	base, err := knowledge.Load(files)
	var problems knowledge.Problems
	switch {
	case errors.As(err, &problems):
		d.fault("facts", fmt.Sprintf("%s%s, the first: %s", which, count(len(problems), "problem"), oneLine(problems[0])),
			"run footnote check "+dir+", which lists them all, and mend them")
	case err != nil:
		d.fault("facts", which+oneLine(err), "run footnote check "+dir)
	default:
		d.well("facts", "%s%s, revision %.12s", which, count(len(base.Facts), "fact"), base.Hash)
	}
}

func (d *doctor) examineLedger(ctx context.Context) {
	c, err := store.Inspect(ctx, d.config.Database)
	switch {
	case err != nil:
		d.fault("ledger", oneLine(err), "mend that, or set FOOTNOTE_DATABASE_URL to another ledger")
		return
	case c.Schema > c.Known:
		d.fault("ledger", fmt.Sprintf("it was written by a newer Footnote (schema %d, this one knows %d)", c.Schema, c.Known),
			"run that one, or take the ledger back with its footnote ledger rollback, which docs/operating.md describes")
		return
	case c.New:
		d.well("ledger", "new; the first run makes it")
	case c.Schema < c.Known:
		d.well("ledger", "schema %d, which the next run brings to %d", c.Schema, c.Known)
	default:
		d.well("ledger", "schema %d", c.Schema)
	}
	d.examineProcess(c)
}

func (d *doctor) examineProcess(c store.Condition) {
	switch {
	case c.InUse && !d.running:
		d.fault("process", fmt.Sprintf("another running Footnote holds the ledger %s", d.config.Database),
			"stop it before you start one, or give this one a ledger of its own; if it is the bot that should run, use footnote doctor --running")
	case !c.InUse && d.running && !store.Shared(d.config.Database):
		d.fault("process", fmt.Sprintf("no running Footnote holds the ledger %s", d.config.Database),
			"start it with footnote run, or set FOOTNOTE_DATABASE_URL to the ledger that it uses")
	default:
		d.well("process", "one at most")
	}
}

// report prints what was found, a line each.
func (d *doctor) report(w io.Writer, asJSON bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range d.findings {
		var err error
		switch {
		case asJSON:
			err = enc.Encode(f)
		case f.OK:
			_, err = fmt.Fprintf(w, "ok     %-13s %s\n", f.Check, f.Found)
		default:
			_, err = fmt.Fprintf(w, "FAULT  %-13s %s. Do: %s\n", f.Check, f.Found, f.Do)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
