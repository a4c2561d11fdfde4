package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"
	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"footnote/handlers"
)

func manifestCommand() *cobra.Command {
	var address bool
	cmd := &cobra.Command{
		Use:   "manifest",
		Short: "Print the manifest from which Slack makes the app",
		Long: `Print the manifest from which Slack makes the app, as the settings ask for it:
FOOTNOTE_SURFACES, FOOTNOTE_FOLLOW_THREADS, FOOTNOTE_COMMAND and FOOTNOTE_POLICY.
No token is needed. After a change of them, paste the new manifest on the app's page "App
Manifest" and install the app again: Slack grants new scopes only then.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig()
			if err != nil {
				return err
			}
			data, err := manifestYAML(c.manifest())
			if err == nil && address {
				var at string
				at, err = creationAddress(data)
				data = []byte(at + "\n")
			}
			if err == nil {
				_, err = cmd.OutOrStdout().Write(data)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&address, "url", false, "print the address at which Slack makes the app of it, for a browser")
	return cmd
}

// manifest is the app that the settings ask for.
func (c config) manifest() slack.Manifest {
	const does = "Answers questions from a curated base of facts, each with its quote and source"
	m := slack.Manifest{
		Display: slack.Display{Name: "Footnote", Description: does, BackgroundColor: "#1f3a4d"},
		Features: slack.Features{
			AppHome: slack.AppHome{HomeTabEnabled: c.has(surfaceHome), MessagesTabEnabled: true},
			BotUser: slack.BotUser{DisplayName: "footnote", AlwaysOnline: true},
		},
		Settings: slack.Settings{
			Interactivity:     &slack.Interactivity{IsEnabled: true},
			SocketModeEnabled: true,
		},
	}
	// The history is read to find a reply that may have been posted.
	scopes := []string{"app_mentions:read", "channels:history", "chat:write", "groups:history", "im:history", "mpim:history"}
	events := []string{"app_mention", "message.im", "message.mpim"}
	if c.FollowThreads {
		events = append(events, "message.channels", "message.groups")
	}
	if c.has(surfaceHome) {
		events = append(events, "app_home_opened")
	}
	if c.has(surfacePane) {
		m.Features.AssistantView = &slack.AssistantView{AssistantDescription: does}
		scopes = append(scopes, "assistant:write")
		events = append(events, "assistant_thread_started", "assistant_thread_context_changed")
	}
	if c.has(surfaceCommand) {
		m.Features.SlashCommands = []slack.ManifestSlashCommand{{
			Command: c.Command, Description: "Ask a question and see the answer privately", UsageHint: "[question]", ShouldEscape: true,
		}}
	}
	if c.has(surfaceShortcuts) {
		m.Features.Shortcuts = []slack.Shortcut{
			{Name: "Search the facts", CallbackID: handlers.ShortcutSearch, Description: "Search all facts and their quotes", Type: slack.GlobalShortcut},
			{Name: "Find the fact", CallbackID: handlers.ShortcutFind, Description: "Answer this message privately", Type: slack.MessageShortcut},
		}
	}
	if c.has(surfaceShortcuts) && len(c.Policy.Curators) > 0 {
		m.Features.Shortcuts = append(m.Features.Shortcuts,
			slack.Shortcut{Name: "Add a fact", CallbackID: handlers.ShortcutAdd, Description: "Propose a fact that answers this message", Type: slack.MessageShortcut})
	}
	if c.has(surfaceCommand) || c.has(surfaceShortcuts) {
		scopes = append(scopes, "commands")
	}
	if c.Policy.Guests != handlers.Openly {
		scopes = append(scopes, "users:read") // to know them
	}
	slices.Sort(scopes)
	slices.Sort(events)
	m.OAuthConfig.Scopes.Bot = scopes
	m.Settings.EventSubscriptions = &slack.EventSubscriptions{BotEvents: events}
	return m
}

// manifestYAML is the manifest as Slack's page takes it.
func manifestYAML(m slack.Manifest) ([]byte, error) {
	var doc yaml.Node
	if err := doc.Encode(m); err != nil {
		return nil, err
	}
	// slack-go leaves out what is false, and Slack does not say what it takes
	// instead: read-only, nobody could write to the bot.
	home := child(child(&doc, "features"), "app_home")
	home.Content = append(home.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Value: "messages_tab_read_only_enabled"},
		&yaml.Node{Kind: yaml.ScalarNode, Value: "false"})
	return yaml.Dump(&doc, yaml.WithIndent(2), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
}

// child is the value of a key that is there.
func child(mapping *yaml.Node, key string) *yaml.Node {
	i := slices.IndexFunc(mapping.Content, func(n *yaml.Node) bool { return n.Value == key })
	return mapping.Content[i+1]
}

// creationAddress is where Slack offers to make the app in one click.
func creationAddress(manifest []byte) (string, error) {
	var m map[string]any
	if err := yaml.Load(manifest, &m); err != nil {
		return "", err
	}
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	escaped := strings.ReplaceAll(url.QueryEscape(string(data)), "+", "%20") // whoever reads it, a space it is
	return "https://api.slack.com/apps?new_app=1&manifest_json=" + escaped, nil
}
