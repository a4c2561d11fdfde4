// Command footnote answers questions from a curated base of facts, in Slack and
// in a terminal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command().ExecuteContext(ctx)
	if err != nil && !errors.Is(err, errSaid) {
		fmt.Fprintln(os.Stderr, "footnote:", err)
	}
	os.Exit(status(err)) //nolint:gocritic // stop has nothing left to do
}

// errSaid is the error of a command that has printed what is wrong.
var errSaid = errors.New("said already")

// status is the exit status for an error: 2 if Slack refuses a token, for which
// only a person can do something.
func status(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, bot.ErrToken):
		return 2
	}
	return 1
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "footnote",
		Short:         "Answers questions from a curated base of facts, each with its source",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	facts := root.PersistentFlags().String("facts", "", "directory of the fact base `DIR` (default: the base that ships)")
	root.AddCommand(askCommand(facts), benchCommand(), checkCommand(facts), evalCommand(facts), runCommand(facts), simCommand(facts), versionCommand())
	return root
}

// factFiles returns the files of the base in dir, or of the one that ships.
func factFiles(dir string) (fs.FS, error) {
	if dir == "" {
		return knowledge.Shipped(), nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("fact base: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("fact base: %s is no directory; name the one that holds facts.yaml", dir)
	}
	return os.DirFS(dir), nil
}

// index loads and indexes the base in dir, or the one that ships.
func index(dir string) (*match.Index, error) {
	files, err := factFiles(dir)
	if err != nil {
		return nil, err
	}
	base, err := knowledge.Load(files)
	if err != nil {
		return nil, fmt.Errorf("the fact base does not check:\n%w", err)
	}
	return match.NewIndex(base)
}

// input opens a file, or standard input for "-".
func input(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}
