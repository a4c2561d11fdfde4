package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"footnote/bot/slacksim"
)

func simCommand(facts *string) *cobra.Command {
	var listen string
	var workspaceOnly bool
	var manifest, persist string
	var manner slacksim.Config
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Run the bot in a Slack workspace on this machine, with a web page",
		Long: `Run a Slack workspace on this machine and the bot in it. On the page whose
address is printed you write to the bot as you would in Slack; no Slack account
is needed and nothing leaves the machine. Everything is forgotten at the end,
unless --persist names a file for the workspace and FOOTNOTE_DATABASE_URL one for
the bot's ledger.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			c, err := readConfig()
			if err != nil {
				return err
			}
			if manner.RetryForever < 0 || slices.ContainsFunc(manner.RetryDelays, func(d time.Duration) bool { return d <= 0 }) {
				return errors.New("--retry-delays and --retry-forever: a delay must be more than 0")
			}
			if !c.AdminSet {
				c.AdminAddress = adminOff // it is for a try, beside a bot perhaps
			}
			manner.Log = logger(c.LogFormat)
			if manner.App, err = app(manifest, workspaceOnly, c); err != nil {
				return err
			}
			w, err := open(cmd.Context(), listen, persist, manner)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, w.close()) }()
			if workspaceOnly {
				fmt.Fprintf(cmd.OutOrStdout(), "SLACK_BOT_TOKEN=%s\nSLACK_APP_TOKEN=%s\nSLACK_API_URL=%s\n", w.sim.BotToken(), w.sim.AppToken(), w.url+"/api/")
				fmt.Fprintf(cmd.ErrOrStderr(), "The workspace is at %s/\n", w.url)
				return w.wait(cmd.Context())
			}
			b, err := loadBases(*facts, c.Policy.channels, logger(c.LogFormat))
			if err != nil {
				return err
			}
			if !c.DatabaseSet {
				dir, err := os.MkdirTemp("", "footnote-")
				if err != nil {
					return fmt.Errorf("place for the ledger: %w", err)
				}
				defer os.RemoveAll(dir)
				c.Database = filepath.Join(dir, "footnote.db")
			}
			c.BotToken, c.AppToken, c.APIURL = w.sim.BotToken(), w.sim.AppToken(), w.url+"/api/"
			fmt.Fprintf(cmd.OutOrStdout(), "Open %s/ in a browser and ask the bot something. Ctrl-C ends it.\n", w.url)
			ctx, stop := context.WithCancelCause(cmd.Context())
			defer stop(nil)
			go func() { stop(w.wait(ctx)) }()
			err = serve(ctx, c, b, logger(c.LogFormat))
			if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
				err = cause
			}
			return err
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "`ADDRESS` of the page and of the workspace's Slack API")
	cmd.Flags().BoolVar(&workspaceOnly, "workspace-only", false, "run the workspace without the bot and print the settings for a bot of your own")
	cmd.Flags().StringVar(&manifest, "manifest", "", "`FILE` with the manifest of the app: its scopes, events, commands and tabs; the bot's own if left out, with --workspace-only an app that may do everything")
	cmd.Flags().StringVar(&persist, "persist", "", "`FILE` that keeps the workspace, its messages and its tokens, from one run to the next")
	cmd.Flags().DurationSliceVar(&manner.RetryDelays, "retry-delays", []time.Duration{3 * time.Second, time.Minute, 5 * time.Minute}, "how `LONG` the workspace waits for the ack of an event before it sends it again, and again")
	cmd.Flags().DurationVar(&manner.RetryForever, "retry-forever", 0, "how `LONG` it waits each time, without end, in place of --retry-delays")
	cmd.Flags().BoolVar(&manner.RateLimit, "rate-limit", false, "allow the bot about one message a second in a channel, as Slack does")
	cmd.MarkFlagsMutuallyExclusive("retry-delays", "retry-forever")
	return cmd
}

// app is what the workspace has installed: the app of a manifest, the bot, or
// one that may do everything.
func app(manifest string, everything bool, c config) (*slacksim.App, error) {
	var data []byte
	var err error
	switch {
	case manifest != "":
		data, err = os.ReadFile(manifest)
	case everything:
		return slacksim.Everything(), nil
	default:
		data, err = manifestYAML(c.manifest())
	}
	if err != nil {
		return nil, fmt.Errorf("--manifest: %w", err)
	}
	return slacksim.ReadManifest(data)
}

// workspace is a slacksim.Workspace that is served.
type workspace struct {
	sim    *slacksim.Workspace
	server *http.Server
	url    string
	ended  chan struct{} // closed when it is served no longer
	fault  error         // why, once ended is closed
}

// open serves a workspace on an address until it is closed, the one that a file
// keeps if there is one.
func open(ctx context.Context, listen, persist string, c slacksim.Config) (*workspace, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --listen", err)
	}
	sim := slacksim.New(c)
	if persist != "" {
		if sim, err = slacksim.Open(c, persist); err != nil {
			l.Close()
			return nil, fmt.Errorf("--persist: %w", err)
		}
	}
	w := &workspace{
		sim:    sim,
		server: &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second},
		url:    "http://" + l.Addr().String(),
		ended:  make(chan struct{}),
	}
	go func() {
		defer close(w.ended)
		if err := w.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			w.fault = fmt.Errorf("serve the workspace: %w", err)
		}
	}()
	return w, nil
}

// wait returns nil when ctx is done, or an error when the workspace is served
// no longer before that.
func (w *workspace) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-w.ended:
		return w.fault
	}
}

func (w *workspace) close() error {
	err := w.sim.Close()
	w.server.Close()
	<-w.ended
	return err
}
