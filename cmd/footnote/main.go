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
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/match"
	"footnote/knowledge/watch"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command().ExecuteContext(ctx)
	if err != nil && !errors.Is(err, errSaid) {
		fmt.Fprintln(os.Stderr, "footnote:", err)
	}
	os.Exit(status(err))
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
	root.AddCommand(askCommand(facts), benchCommand(), checkCommand(facts), doctorCommand(facts), evalCommand(facts), forgetCommand(), ledgerCommand(), manifestCommand(), runCommand(facts), simCommand(facts), versionCommand())
	root.AddCommand(acceptCommand(facts), draftCommand(), exportCommand(facts), importCommand(facts), logCommand(), mcpCommand(facts), statsCommand(), unansweredCommand(facts))
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

// index loads and indexes the base in dir, or the one that ships. What training
// learns of a base that does not ship is kept in the user's cache directory.
func index(dir string) (*match.Index, error) { return indexWith(dir, learned) }

// indexWith indexes with build the base in dir, or as it is the one that ships.
func indexWith(dir string, build watch.Build) (*match.Index, error) {
	files, err := factFiles(dir)
	if err != nil {
		return nil, err
	}
	base, err := knowledge.Load(files)
	if err != nil {
		return nil, fmt.Errorf("the fact base does not check:\n%w", err)
	}
	if dir == "" {
		return match.NewIndex(base)
	}
	return build(base)
}

// trained returns the model of a base: the one that ships or the one in the
// cache if it fits, else a new one, which is put there. Without a cache it is
// trained each time.
func trained(base *knowledge.Base) (*match.Model, error) {
	if m, err := match.Shipped(); err != nil || m.Fits(base) {
		return m, err
	}
	path := ""
	if dir, err := os.UserCacheDir(); err == nil {
		path = filepath.Join(dir, "footnote", base.Hash+".model")
	}
	if data, err := os.ReadFile(path); err == nil {
		if m, err := match.Decode(data); err == nil && m.Fits(base) {
			return m, nil
		}
	}
	fmt.Fprintln(os.Stderr, "footnote: learning from the fact base; the next start will not")
	m, err := match.Train(base)
	if err != nil || path == "" {
		return m, err
	}
	if err := keep(path, m); err != nil {
		fmt.Fprintln(os.Stderr, "footnote: what was learned of the fact base is not kept and will be learned again:", err)
	}
	return m, nil
}

// keep writes a model so that no reader sees a part of it.
func keep(path string, m *match.Model) error {
	data, err := m.Encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "model")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already if all went well
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// input opens a file, or standard input for "-".
func input(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(cmd.InOrStdin()), nil
	}
	return os.Open(name)
}
