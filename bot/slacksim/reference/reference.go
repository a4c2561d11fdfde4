// Package reference is what Slack's reference says of the methods of the Web
// API that a workspace has: their arguments, scopes and errors. Tests hold the
// calls of a bot and the answers of the workspace against it.
//
// methods.json comes from https://github.com/slack-ruby/slack-api-ref at
// f4837c0 of August 2026, under the MIT licence in LICENSE.md; descriptions,
// answers and examples are left out.
package reference

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

//go:embed methods.json
var data []byte

// Method is a method of the Web API.
type Method struct {
	Scopes   []string // of which a bot needs one; none are needed if it is empty
	Required []string // arguments, the token left out
	Optional []string
	Errors   []string // that are its own
}

// general are the errors that Slack documents for every method, of its gateway
// and of tokens.
var general = []string{
	"access_denied", "account_inactive", "fatal_error", "internal_error", "invalid_arg_name", "invalid_arguments", "invalid_array_arg",
	"invalid_auth", "invalid_charset", "invalid_form_data", "invalid_json", "invalid_post_type", "json_not_object", "missing_post_type",
	"missing_scope", "not_allowed_token_type", "not_authed", "ratelimited", "request_timeout", "service_unavailable", "token_expired",
	"token_revoked", "unknown_method",
}

// Methods returns all methods by their names.
func Methods() (map[string]Method, error) {
	var all map[string]Method
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read methods.json: %w", err)
	}
	return all, nil
}

// Faults says what is wrong with a call: of a method that does not exist,
// without a required argument, with an unknown one, or without the scope among
// those of the app.
func Faults(method string, args, scopes []string) error {
	all, err := Methods()
	if err != nil {
		return err
	}
	m, ok := all[method]
	if !ok {
		return fmt.Errorf("%s is no method of the reference", method)
	}
	var errs []error
	for _, arg := range m.Required {
		if !slices.Contains(args, arg) {
			errs = append(errs, fmt.Errorf("%s lacks the argument %s", method, arg))
		}
	}
	for _, arg := range args {
		if !slices.Contains(m.Required, arg) && !slices.Contains(m.Optional, arg) {
			errs = append(errs, fmt.Errorf("%s has no argument %s", method, arg))
		}
	}
	if len(m.Scopes) > 0 && !slices.ContainsFunc(m.Scopes, func(s string) bool { return slices.Contains(scopes, s) }) {
		errs = append(errs, fmt.Errorf("%s needs one of the scopes %v", method, m.Scopes))
	}
	return errors.Join(errs...)
}

// Undocumented says so if Slack does not document an error for a method.
func Undocumented(method, code string) error {
	all, err := Methods()
	if err != nil {
		return err
	}
	m, ok := all[method]
	if slices.Contains(general, code) || ok && slices.Contains(m.Errors, code) {
		return nil
	}
	return fmt.Errorf("the error %s is not documented for %s", code, method)
}
