package bot

import (
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// passing are the refusals after which Slack may say yes, and whether it may
// have done what it was asked all the same.
var passing = map[string]bool{
	"fatal_error":         true,
	"internal_error":      true,
	"service_unavailable": true,
	"request_timeout":     false,
	"team_added_to_org":   false,
	"ratelimited":         false,
	"rate_limited":        false,
}

// final reports whether asking again gets the same refusal.
func final(refused slack.SlackErrorResponse) bool {
	_, ok := passing[refused.Err]
	return !ok
}

// judge decides what becomes of an item whose try ended with err. A message
// that may have been posted is left alone until it must have appeared.
func judge(it *Item, err error, settle time.Duration) Failure {
	f := Failure{Err: err, Counted: true, After: backoff(it.Tries)}
	limited, isLimited := errors.AsType[*slack.RateLimitedError](err)
	refused, isRefused := errors.AsType[slack.SlackErrorResponse](err)
	status, isStatus := errors.AsType[slack.StatusCodeError](err)
	switch {
	case errors.Is(err, errTooSoon):
		return Failure{After: settle - it.Since}
	case errors.Is(err, errUnclear):
		f.Aside = true
	case isLimited:
		return Failure{Err: err, After: limited.RetryAfter, Channel: true}
	case isRefused && (refused.Err == "ratelimited" || refused.Err == "rate_limited"),
		isStatus && status.Code == http.StatusTooManyRequests:
		return Failure{Err: err, After: maxGap, Channel: true}
	case isRefused && refused.Err != "no_permission" && botToken.fault(err) != nil:
		// It may be posted with another token. To be refused permission is
		// about the channel here.
		return Failure{Err: err, After: time.Minute}
	case isRefused:
		f.Aside, f.Unclear = final(refused), passing[refused.Err]
	case isStatus && status.Code < http.StatusInternalServerError:
		f.Aside = it.Action.Respond != nil // used up or too old
	case unsent(err):
		return Failure{Err: err, After: min(backoff(it.Claims-1), maxGap)}
	default:
		f.Unclear = true
	}
	if f.Unclear {
		f.After = max(f.After, settle)
		f.Aside = f.Aside || it.Action.Once()
	}
	f.Aside = f.Aside || it.Tries+1 >= maxTries
	return f
}

// unsent reports whether the request never reached anybody.
func unsent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// backoff is the pause after the first, second, … failure.
func backoff(failures int) time.Duration {
	d := 2 * time.Second
	for range failures {
		d = min(3*d, 5*time.Minute)
	}
	return d
}
