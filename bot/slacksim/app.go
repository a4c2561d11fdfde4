package slacksim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// App is an installed app, as its manifest describes it.
type App struct {
	// Scopes are those of the bot's token.
	Scopes []string
	// Events are the subscriptions, by Slack's names.
	Events    []string
	Commands  []Command
	Shortcuts []Shortcut
	// Interactive apps hear of presses, shortcuts and submissions.
	Interactive bool
	// HomeTab and MessagesTab say which tabs its Home has. Without the second,
	// nobody can write to the bot directly; with ReadOnly, it can write to them.
	HomeTab, MessagesTab, ReadOnly bool
	// Agent apps have the assistant's pane.
	Agent bool

	everything bool // whatever it is asked, it may
}

// Command is a slash command.
type Command struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	// Escape turns @name and #name in the text into references with ids.
	Escape bool `yaml:"should_escape"`
}

// Shortcut is a global shortcut, or one on messages.
type Shortcut struct {
	Name        string `yaml:"name"`
	Kind        string `yaml:"type"` // "global" or "message"
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

// eventScopes are the events that the workspace knows, each with the scope that
// it needs.
var eventScopes = map[string]string{
	"app_home_opened": "", "app_mention": "app_mentions:read",
	"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history", "message.mpim": "mpim:history",
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"assistant_thread_started": "assistant:write", "assistant_thread_context_changed": "assistant:write",
	"app_uninstalled": "", "tokens_revoked": "", "app_rate_limited": "", // which never happen here
}

// Everything returns an app with every scope, event and feature, which owns
// every command and shortcut that it is asked for.
func Everything() *App {
	scopes := map[string]bool{"commands": true}
	for _, m := range methods {
		for _, s := range m.scopes {
			scopes[s] = true
		}
	}
	for _, s := range eventScopes {
		scopes[s] = true
	}
	delete(scopes, "")
	return &App{
		Scopes: slices.Sorted(maps.Keys(scopes)), Events: slices.Sorted(maps.Keys(eventScopes)), Commands: []Command{{Command: "/ask", Hint: "your question"}},
		Interactive: true, HomeTab: true, MessagesTab: true, Agent: true, everything: true,
	}
}

// ReadManifest reads an app's manifest, in YAML or JSON. It returns everything
// that would keep the app from working as the manifest says.
func ReadManifest(data []byte) (*App, error) {
	var m struct {
		Features struct {
			Home struct {
				Home     bool `yaml:"home_tab_enabled"`
				Messages bool `yaml:"messages_tab_enabled"`
				ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
			} `yaml:"app_home"`
			Bot       map[string]any `yaml:"bot_user"`
			Commands  []Command      `yaml:"slash_commands"`
			Shortcuts []Shortcut     `yaml:"shortcuts"`
			Assistant map[string]any `yaml:"assistant_view"`
			Agent     map[string]any `yaml:"agent_view"`
		} `yaml:"features"`
		OAuth struct {
			Scopes struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			Interactivity struct {
				Enabled bool `yaml:"is_enabled"`
			} `yaml:"interactivity"`
			SocketMode bool `yaml:"socket_mode_enabled"`
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	a := &App{
		Scopes: m.OAuth.Scopes.Bot, Events: m.Settings.Events.Bot, Commands: m.Features.Commands, Shortcuts: m.Features.Shortcuts,
		Interactive: m.Settings.Interactivity.Enabled,
		HomeTab:     m.Features.Home.Home, MessagesTab: m.Features.Home.Messages, ReadOnly: m.Features.Home.ReadOnly,
		Agent: m.Features.Assistant != nil || m.Features.Agent != nil,
	}
	var errs []error
	if !m.Settings.SocketMode {
		errs = append(errs, errors.New("manifest: settings.socket_mode_enabled is off, and the workspace speaks Socket Mode only"))
	}
	if m.Features.Bot == nil {
		errs = append(errs, errors.New("manifest: features.bot_user is missing, without which there is no bot token"))
	}
	return a, errors.Join(append(errs, a.faults()...)...)
}

// faults finds what an app asks for and cannot get.
func (a *App) faults() []error {
	var errs []error
	for _, e := range a.Events {
		scope, known := eventScopes[e]
		switch {
		case !known:
			errs = append(errs, fmt.Errorf("manifest: the workspace does not know the event %s", e))
		case scope != "" && !a.can(scope):
			errs = append(errs, fmt.Errorf("manifest: the event %s needs the scope %s", e, scope))
		}
	}
	if len(a.Commands)+len(a.Shortcuts) > 0 && !a.can("commands") {
		errs = append(errs, errors.New("manifest: slash commands and shortcuts need the scope commands"))
	}
	for _, s := range a.Shortcuts {
		if s.Kind != "global" && s.Kind != "message" || s.CallbackID == "" {
			errs = append(errs, fmt.Errorf("manifest: the shortcut %q needs a callback_id and the type global or message", s.Name))
		}
	}
	return errs
}

// can reports whether the bot's token has one of some scopes.
func (a *App) can(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(a.Scopes, s) })
}

// command finds a slash command that the app owns.
func (a *App) command(name string) (Command, error) {
	for _, c := range a.Commands {
		if c.Command == name {
			return c, nil
		}
	}
	if a.everything && strings.HasPrefix(name, "/") {
		return Command{Command: name}, nil
	}
	var own []string
	for _, c := range a.Commands {
		own = append(own, c.Command)
	}
	return Command{}, fmt.Errorf("unknown command %q: the app owns %s", name, strings.Join(own, ", "))
}

// owns refuses a shortcut that the app does not have.
func (a *App) owns(kind, callback string) error {
	if a.everything || slices.ContainsFunc(a.Shortcuts, func(s Shortcut) bool { return s.Kind == kind && s.CallbackID == callback }) {
		return nil
	}
	return fmt.Errorf("the app has no %s shortcut with the callback_id %q", kind, callback)
}

// lacking is the refusal of a call for want of a scope.
func (a *App) lacking(needed ...string) error {
	return &refusal{code: "missing_scope", more: object{"needed": strings.Join(needed, ","), "provided": strings.Join(a.Scopes, ",")}}
}

// scopeOf names a scope for a kind of conversation, such as im:history.
func scopeOf(kind, what string) string {
	return map[string]string{kindChannel: "channels", kindPrivate: "groups", kindDirect: "im", kindGroup: "mpim"}[kind] + ":" + what
}

// shown is the app as the control API and the page see it.
func (a *App) shown() object {
	commands, shortcuts := []object{}, []object{}
	for _, c := range a.Commands {
		commands = append(commands, object{"command": c.Command, "description": c.Description, "hint": c.Hint})
	}
	for _, s := range a.Shortcuts {
		shortcuts = append(shortcuts, object{"name": s.Name, "type": s.Kind, "callback_id": s.CallbackID, "description": s.Description})
	}
	return object{
		"commands": commands, "shortcuts": shortcuts, "home_tab": a.HomeTab, "messages_tab": a.MessagesTab, "read_only": a.ReadOnly, "agent": a.Agent,
	}
}
