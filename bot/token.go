package bot

import (
	"errors"
	"fmt"

	"github.com/slack-go/slack"
)

// ErrToken is wrapped by Run's error if Slack refuses a token for good: trying
// again changes nothing, somebody has to set another one.
var ErrToken = errors.New("token refused")

// tokenError is ErrToken, said to whoever set the token.
type tokenError struct{ sentence string }

func (e tokenError) Error() string        { return e.sentence }
func (e tokenError) Is(target error) bool { return target == ErrToken }

// token is a setting that holds a token and where its value is found.
type token struct {
	variable string
	prefix   string
	where    string
}

var (
	botToken = token{"SLACK_BOT_TOKEN", "xoxb-", `"OAuth & Permissions"`}
	appToken = token{"SLACK_APP_TOKEN", "xapp-", `"Basic Information", "App-Level Tokens"`}
)

// fault returns the error that Run ends with if err says that Slack refuses the
// token, and nil if err is of another kind and may pass.
func (t token) fault(err error) error {
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		return nil
	}
	var todo string
	switch refused.Err {
	case "invalid_auth", "not_authed", "not_allowed_token_type":
		todo = fmt.Sprintf("set it to the token that begins with %s, from the app's page %s", t.prefix, t.where)
	case "account_inactive", "token_revoked", "token_expired":
		todo = fmt.Sprintf("install the app again and set it to the new token that begins with %s, from the app's page %s", t.prefix, t.where)
	case "missing_scope", "no_permission":
		todo = "give the app the scopes of its manifest, install it again and set the new token"
		if refused.Needed != "" {
			todo = fmt.Sprintf("give the app the scope %s, install it again and set the new token", refused.Needed)
		}
	default:
		return nil
	}
	return tokenError{fmt.Sprintf("Slack refuses %s (%s): %s", t.variable, refused.Err, todo)}
}

// RefusedBotToken is the error that Run ends with if err says that Slack refuses
// the bot's token for good; nil if err is of another kind.
func RefusedBotToken(err error) error { return botToken.fault(err) }

// RefusedAppToken is [RefusedBotToken] of the app's token.
func RefusedAppToken(err error) error { return appToken.fault(err) }
