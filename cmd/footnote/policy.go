package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"footnote/handlers"
)

// policy is who is answered where, and from what.
type policy struct {
	handlers.Policy
	channels map[string]string // the directory of the base that a channel is answered from, where it is not the default one
}

// readPolicy reads a policy file. Without one everybody is answered, in channels
// that other companies see only privately. Its error holds every fault with
// file, line and column.
func readPolicy(file string) (policy, error) {
	p := policy{Policy: handlers.Policy{External: handlers.Privately}}
	if file == "" {
		return p, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return p, fmt.Errorf("FOOTNOTE_POLICY: %w", err)
	}
	r := policyReader{file: file, policy: p, bases: map[string]string{}}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		var at *yaml.LoadError
		if errors.As(err, &at) {
			return p, fmt.Errorf("%s:%d:%d: no valid YAML: %s", file, at.Mark.Line, max(1, at.Mark.Column), at.Message)
		}
		return p, fmt.Errorf("%s: no valid YAML: %w", file, err)
	}
	if len(doc.Content) > 0 {
		r.read(doc.Content[0])
	}
	return r.policy, errors.Join(r.faults...)
}

// policyReader collects what a policy file says, and what is wrong with it.
type policyReader struct {
	policy
	file   string
	bases  map[string]string // directories by name
	faults []error
}

func (r *policyReader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", r.file, n.Line, n.Column, fmt.Sprintf(format, args...)))
}

// fields reads a mapping that has only these keys. What they are given may be
// missing.
func (r *policyReader) fields(n *yaml.Node, what string, keys ...string) map[string]*yaml.Node {
	out := map[string]*yaml.Node{}
	for _, f := range r.pairs(n, what) {
		switch {
		case !slices.Contains(keys, f.key.Value):
			r.fault(f.key, "%s has no %q; it may have %s", what, f.key.Value, strings.Join(keys, ", "))
		case out[f.key.Value] != nil:
			r.fault(f.key, "%q stands twice", f.key.Value)
		default:
			out[f.key.Value] = f.value
		}
	}
	return out
}

type pair struct{ key, value *yaml.Node }

func (r *policyReader) pairs(n *yaml.Node, what string) []pair {
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s must be a list of names with what they have, as in \"name: …\"", what)
		return nil
	}
	var out []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		out = append(out, pair{n.Content[i], n.Content[i+1]})
	}
	return out
}

func (r *policyReader) read(n *yaml.Node) {
	top := r.fields(n, "a policy", "bases", "channels", "external", "guests", "rate", "curators")
	for _, f := range r.pairs(top["bases"], "bases") {
		dir := f.value.Value
		if f.value.Kind != yaml.ScalarNode || dir == "" {
			r.fault(f.value, "base %s must be a directory", f.key.Value)
			continue
		}
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(r.file), dir)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			r.fault(f.value, "base %s: %s is no directory; a path is read from where this file is", f.key.Value, dir)
		}
		r.bases[f.key.Value] = dir
	}
	r.policy.channels = map[string]string{}
	for _, f := range r.pairs(top["channels"], "channels") {
		r.channel(f)
	}
	if n := top["external"]; n != nil {
		r.External = r.manner(n)
	}
	if n := top["guests"]; n != nil {
		r.Guests = r.manner(n)
	}
	r.rate(top["rate"])
	r.curators(top["curators"])
}

var (
	channelID = regexp.MustCompile(`^[CGD][A-Z0-9]{2,}$`)
	memberID  = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)
)

func (r *policyReader) channel(f pair) {
	id := f.key.Value
	if !channelID.MatchString(id) {
		r.fault(f.key, "%q is no channel's id, such as C0123ABCD; Slack shows it at the end of the channel's details", id)
	}
	has := r.fields(f.value, "channel "+id, "facts", "silent")
	if n := has["silent"]; n != nil {
		switch n.Value {
		case "true":
			r.Silent = append(r.Silent, id)
		case "false":
		default:
			r.fault(n, "silent must be true or false")
		}
	}
	if n := has["facts"]; n != nil {
		dir, known := r.bases[n.Value]
		if !known {
			r.fault(n, "channel %s is answered from %q, which is not among the bases", id, n.Value)
			return
		}
		r.policy.channels[id] = dir
	}
}

func (r *policyReader) manner(n *yaml.Node) handlers.Manner {
	switch n.Value {
	case "answer":
		return handlers.Openly
	case string(handlers.Privately), string(handlers.NotAtAll):
		return handlers.Manner(n.Value)
	}
	r.fault(n, "%q must be answer, private or silent", n.Value)
	return handlers.Openly
}

func (r *policyReader) rate(n *yaml.Node) {
	if n == nil {
		return
	}
	has := r.fields(n, "rate", "questions", "per")
	if has["questions"] == nil || has["per"] == nil {
		r.fault(n, "rate needs both questions and per, as in {questions: 20, per: 1h}")
		return
	}
	questions, err := strconv.Atoi(has["questions"].Value)
	if err != nil || questions < 1 {
		r.fault(has["questions"], "questions must be a number from 1 on")
	}
	per, err := time.ParseDuration(has["per"].Value)
	if err != nil || per < time.Second || per > day {
		r.fault(has["per"], "per must be a length of time from 1s to 24h, such as 1h")
	}
	r.Rate = handlers.Rate{Questions: questions, Per: per}
}

func (r *policyReader) curators(n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "curators must be a list of users' ids, as in [U0123ABCD]")
		return
	}
	for _, c := range n.Content {
		switch {
		case !memberID.MatchString(c.Value):
			r.fault(c, "%q is no user's id, such as U0123ABCD; Slack shows it in the person's profile, under \"Copy member ID\"", c.Value)
		case slices.Contains(r.Curators, c.Value):
			r.fault(c, "%q stands twice", c.Value)
		}
		r.Curators = append(r.Curators, c.Value)
	}
}
