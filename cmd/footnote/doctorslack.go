package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/slack-go/slack"

	"footnote/bot"
)

const (
	askPatience  = 10 * time.Second // for one answer of Slack
	maxSockets   = 10               // that Slack allows an app
	clockMargin  = time.Minute      // between this machine's clock and Slack's
	createTokens = `"Basic Information", "App-Level Tokens"`
)

// examineSlack asks Slack what it thinks of the tokens.
func (d *doctor) examineSlack(ctx context.Context) {
	c := d.config
	if fault := tokenKind("SLACK_BOT_TOKEN", c.BotToken, "xoxb-", `"OAuth & Permissions"`); fault != nil {
		d.tokenFault("bot token", fault)
	} else {
		d.examineBotToken(ctx)
	}
	if fault := tokenKind("SLACK_APP_TOKEN", c.AppToken, "xapp-", createTokens); fault != nil {
		d.tokenFault("app token", fault)
	} else {
		d.examineAppToken(ctx)
	}
}

func (d *doctor) tokenFault(check string, fault error) {
	found, do, _ := strings.Cut(fault.Error(), "; ")
	if strings.HasPrefix(do, "the two may be swapped") {
		do = "put each token where it belongs: xoxb- in SLACK_BOT_TOKEN, xapp- in SLACK_APP_TOKEN"
	}
	d.fault(check, found, do)
}

// client returns a client that tells seen of the headers of each answer.
func (d *doctor) client(seen func(method string, h http.Header)) *slack.Client {
	api := cmp.Or(d.config.APIURL, slack.APIURL)
	if !strings.HasSuffix(api, "/") {
		api += "/"
	}
	return slack.New(d.config.BotToken, slack.OptionAppLevelToken(d.config.AppToken), slack.OptionAPIURL(api),
		slack.OptionHTTPClient(&http.Client{Timeout: askPatience}), slack.OptionOnResponseHeaders(seen))
}

func (d *doctor) examineBotToken(ctx context.Context) {
	var headers http.Header
	var took time.Duration
	asked := time.Now()
	api := d.client(func(_ string, h http.Header) { headers, took = h, time.Since(asked) })
	who, err := api.AuthTestContext(ctx)
	if headers != nil {
		d.examineClock(headers, asked.Add(took/2))
	}
	if err != nil {
		d.refused("bot token", bot.RefusedBotToken(err), err)
		return
	}
	d.well("bot token", "signed in as %s in %s", who.User, who.Team)
	d.examineScopes(headers.Get("X-OAuth-Scopes"))
	d.examineMessagesTab(ctx, api)
}

// refused adds the fault that Slack answered with, or that it did not answer.
func (d *doctor) refused(check string, refusal, err error) {
	if refusal != nil {
		found, do, _ := strings.Cut(refusal.Error(), ": ")
		d.fault(check, found, do)
		return
	}
	d.fault("slack", oneLine(err), "let this machine reach "+cmp.Or(d.config.APIURL, slack.APIURL)+" (a proxy is taken from HTTPS_PROXY), and try again")
}

// examineClock compares Slack's clock with this machine's at the same moment.
func (d *doctor) examineClock(h http.Header, here time.Time) {
	there, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return // a proxy took it out
	}
	off := here.Sub(there).Round(time.Second)
	if off.Abs() <= clockMargin {
		d.well("clock", "within a minute of Slack's")
		return
	}
	way := "ahead of"
	if off < 0 {
		way = "behind"
	}
	d.fault("clock", fmt.Sprintf("this machine's clock is %s %s Slack's", off.Abs(), way), "set it, and have it kept right by NTP (timedatectl set-ntp true)")
}

// examineScopes compares what was granted with what the settings need.
func (d *doctor) examineScopes(header string) {
	if header == "" {
		return // not Slack itself
	}
	var granted, missing []string
	for scope := range strings.SplitSeq(header, ",") {
		granted = append(granted, strings.TrimSpace(scope))
	}
	for _, scope := range d.config.manifest().OAuthConfig.Scopes.Bot {
		if !slices.Contains(granted, scope) {
			missing = append(missing, scope)
		}
	}
	if missing == nil {
		d.well("scopes", "all that the settings need are granted")
		return
	}
	d.fault("scopes", "not granted: "+strings.Join(missing, ", "),
		`paste what footnote manifest prints on the app's page "App Manifest", then choose "Reinstall to Workspace" under "Install App": Slack grants new scopes only then`)
}

// examineMessagesTab writes to somebody, if it is told to whom.
func (d *doctor) examineMessagesTab(ctx context.Context, api *slack.Client) {
	const check = "messages tab"
	if d.user == "" {
		d.well(check, "not looked at; --user sends somebody a message to see")
		return
	}
	channel, ts, err := api.PostMessageContext(ctx, d.user, slack.MsgOptionText("Footnote's doctor looks whether direct messages arrive. They do.", false))
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	switch {
	case err == nil:
		d.well(check, "on")
		if _, _, err := api.DeleteMessageContext(ctx, channel, ts); err != nil {
			d.fault(check, "the message to "+d.user+" could not be deleted: "+oneLine(err), "delete it by hand")
		}
	case ok && refused.Err == "messages_tab_disabled":
		d.fault(check, "off: nobody can write to the bot directly",
			`on the app's page "App Home", turn on the Messages Tab and "Allow users to send Slash commands and messages from the messages tab"`)
	case ok && refused.Err == "missing_scope": // which the check of the scopes says
	case ok:
		d.fault(check, fmt.Sprintf("Slack refuses a message to %s (%s)", d.user, refused.Err), "give the id of somebody in this workspace, as in their profile under Copy member ID")
	default:
		d.refused(check, nil, err)
	}
}

func (d *doctor) examineAppToken(ctx context.Context) {
	const check = "app token"
	_, address, err := d.client(func(string, http.Header) {}).StartSocketModeContext(ctx)
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	switch {
	case ok && (refused.Err == "missing_scope" || refused.Err == "no_permission"):
		d.fault(check, "it may not open connections: the scope connections:write is missing",
			"generate another one with that scope on the app's page "+createTokens+" and put it in SLACK_APP_TOKEN")
	case ok && bot.RefusedAppToken(err) == nil:
		d.fault(check, fmt.Sprintf("Slack opens no connection (%s)", refused.Err), `turn on "Socket Mode" on the app's page, and install the app`)
	case err != nil:
		d.refused(check, bot.RefusedAppToken(err), err)
	default:
		d.well(check, "may open connections")
		d.examineSockets(ctx, address)
	}
}

// examineSockets opens a connection to learn from its greeting how many there
// are, and closes it.
func (d *doctor) examineSockets(ctx context.Context, address string) {
	const check = "sockets"
	open, err := greeting(ctx, address)
	need := d.config.Sockets
	if d.running {
		need = 0
	}
	switch {
	case errors.Is(err, errTooMany):
		d.fault(check, fmt.Sprintf("all %d connections that Slack allows the app are open", maxSockets), tooManyAdvice)
	case err != nil:
		d.fault(check, "no connection: "+oneLine(err), "let this machine reach Slack by wss:// (a proxy must let WebSockets through)")
	case open-1+need > maxSockets:
		d.fault(check, fmt.Sprintf("%d connections are open, and this bot opens %d more; Slack allows %d", open-1, need, maxSockets), tooManyAdvice)
	default:
		d.well(check, "%d of %d open", open-1, maxSockets)
	}
}

const tooManyAdvice = "run fewer replicas, or set FOOTNOTE_SOCKETS lower: replicas times sockets must be at most 10, those included that an update starts"

var errTooMany = errors.New("too many websockets")

// greeting returns how many connections there are, this one included.
func greeting(ctx context.Context, address string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		return 0, errors.New("the WebSocket was refused") // the error has the ticket
	}
	defer conn.Close(websocket.StatusNormalClosure, "")
	_, data, err := conn.Read(ctx)
	if err != nil {
		return 0, fmt.Errorf("no greeting: %w", err)
	}
	var hello struct {
		Type, Reason string
		Connections  int `json:"num_connections"`
	}
	if err := json.Unmarshal(data, &hello); err != nil {
		return 0, fmt.Errorf("no greeting: %w", err)
	}
	if hello.Type == "disconnect" {
		return 0, errTooMany
	}
	return hello.Connections, nil
}
