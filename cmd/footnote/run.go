package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"footnote/bot"
	"footnote/bot/store"
)

func runCommand(facts *string) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Connect to Slack and answer",
		Long: `Connect to Slack with SLACK_BOT_TOKEN and SLACK_APP_TOKEN and answer mentions,
direct messages and the slash command until it is interrupted. Settings are
read from the environment and from a file .env in the working directory;
.env.example lists them. The files of a base that --facts names are looked at
every two seconds; when they have changed and check, the new base answers. The exit status is 2 if Slack refuses a token.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig()
			if err := errors.Join(err, c.tokens()); err != nil {
				return err
			}
			b, err := loadBases(*facts, c.Policy.channels, logger(c.LogFormat))
			if err != nil {
				return err
			}
			return serve(cmd.Context(), c, b, logger(c.LogFormat))
		},
	}
}

// serve answers from the bases, on the ledger, until ctx is done. To be told to
// stop is no fault, however early it comes.
func serve(ctx context.Context, c config, from bases, log *slog.Logger) error {
	err := runBot(ctx, c, from, log)
	if ctx.Err() != nil && !errors.Is(err, bot.ErrToken) {
		return nil
	}
	return err
}

func runBot(ctx context.Context, c config, from bases, log *slog.Logger) error {
	ledger, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer ledger.Close()
	if err := ledger.Lock(ctx); err != nil {
		return err
	}
	if !store.Shared(c.Database) && os.Getenv("GOMAXPROCS") == "" {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + store.DiskWaits))
	}
	facts := newLive(from.index)
	refused, err := facts.take(ctx, ledger, log)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { from.follow(ctx) })
	following.Go(func() { facts.follow(ctx, ledger, c.Policy.Curators, refused, log) })
	defer following.Wait()
	defer stop()
	command := c.Command
	if !c.has(surfaceCommand) {
		command = "" // it is not there to be named
	}
	m := newMetrics()
	b, err := bot.New(bot.Config{
		BotToken:        c.BotToken,
		AppToken:        c.AppToken,
		APIURL:          c.APIURL,
		Command:         command,
		FollowThreads:   c.FollowThreads,
		Policy:          c.Policy.Policy,
		Bases:           from.channels,
		Index:           facts.index,
		Approvals:       c.Approvals,
		Observer:        m,
		Ledger:          ledger,
		Log:             log,
		Sockets:         c.Sockets,
		Retention:       c.Retention,
		ShutdownTimeout: c.ShutdownTimeout,
	})
	if err != nil {
		return err
	}
	v := vitals{bot: b, ledger: ledger, index: facts.index, reloads: from.reloads, sockets: c.Sockets}
	m.watch(v)
	closeAdmin, err := serveAdmin(ctx, c, admin{metrics: m, vitals: v, began: time.Now(), pprof: c.Pprof}, log)
	if err != nil {
		return err
	}
	defer closeAdmin()
	return b.Run(ctx)
}
