package bot

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"

	"footnote/handlers"
)

func TestJudge(t *testing.T) {
	const settle = 15 * time.Second
	refused := func(code string) error { return slack.SlackErrorResponse{Err: code} }
	respond := Item{Claims: 1, Action: handlers.Action{Respond: &handlers.Respond{}}}
	first := Item{Claims: 1}
	dial := &url.Error{Op: "Post", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	reset := &url.Error{Op: "Post", Err: &net.OpError{Op: "read", Err: errors.New("connection reset")}}
	for _, tt := range []struct {
		name string
		it   Item
		err  error
		want Failure
	}{
		{"too fast", first, &slack.RateLimitedError{RetryAfter: 7 * time.Second}, Failure{After: 7 * time.Second, Channel: true}},
		{"too fast, in words", first, refused("ratelimited"), Failure{After: maxGap, Channel: true}},
		{"too fast, for how long nobody says", first, slack.StatusCodeError{Code: 429}, Failure{After: maxGap, Channel: true}},
		{"no such channel", first, refused("channel_not_found"), Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"archived", first, refused("is_archived"), Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"blocks", first, refused("invalid_blocks"), Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"not here", first, refused("no_permission"), Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"the token was revoked", first, refused("token_revoked"), Failure{After: time.Minute}},
		{"Slack is down before it did anything", first, refused("request_timeout"), Failure{After: 2 * time.Second, Counted: true}},
		{"Slack broke while doing it", first, refused("fatal_error"), Failure{After: settle, Counted: true, Unclear: true}},
		{"a gateway gave up", first, slack.StatusCodeError{Code: 504}, Failure{After: settle, Counted: true, Unclear: true}},
		{"no answer in time", first, context.DeadlineExceeded, Failure{After: settle, Counted: true, Unclear: true}},
		{"the connection broke", first, reset, Failure{After: settle, Counted: true, Unclear: true}},
		{"nobody there", first, dial, Failure{After: 2 * time.Second}},
		{"nobody there for long", Item{Claims: 50}, dial, Failure{After: maxGap}},
		{"the third failure", Item{Claims: 3, Tries: 2}, refused("request_timeout"), Failure{After: 18 * time.Second, Counted: true}},
		{"the last one", Item{Claims: 9, Tries: maxTries - 1}, slack.StatusCodeError{Code: 502}, Failure{After: 5 * time.Minute, Counted: true, Unclear: true, Aside: true}},
		{"it may still appear", Item{Claims: 2, Unclear: true, Since: 4 * time.Second}, errTooSoon, Failure{After: 11 * time.Second}},

		{"a response url that broke is not used again", respond, reset, Failure{After: settle, Counted: true, Unclear: true, Aside: true}},
		{"a response url that may have been used", respond, errUnclear, Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"a response url that is too old", respond, slack.StatusCodeError{Code: 404}, Failure{After: 2 * time.Second, Counted: true, Aside: true}},
		{"a response url that nobody listens at", respond, dial, Failure{After: 2 * time.Second}},
	} {
		got := judge(&tt.it, tt.err, settle)
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(Failure{}, "Err")); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}

func TestTokenFaults(t *testing.T) {
	for _, code := range []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
		"not_allowed_token_type", "missing_scope", "no_permission",
	} {
		err := appToken.fault(slack.SlackErrorResponse{Err: code})
		if !errors.Is(err, ErrToken) || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v, want a final error that names it and SLACK_APP_TOKEN", code, err)
		}
	}
	for _, err := range []error{
		nil, context.DeadlineExceeded, &slack.RateLimitedError{}, slack.StatusCodeError{Code: 503},
		slack.SlackErrorResponse{Err: "internal_error"},
	} {
		if got := appToken.fault(err); got != nil {
			t.Errorf("fault(%v) = %v, want nil", err, got)
		}
	}
}
