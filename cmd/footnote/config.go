package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/joho/godotenv"

	"footnote/bot"
)

// config is what the environment says. .env.example documents each variable.
type config struct {
	BotToken        string        // SLACK_BOT_TOKEN
	AppToken        string        // SLACK_APP_TOKEN
	APIURL          string        // SLACK_API_URL; empty: Slack's own
	Command         string        // FOOTNOTE_COMMAND
	Surfaces        []string      // FOOTNOTE_SURFACES
	FollowThreads   bool          // FOOTNOTE_FOLLOW_THREADS
	Policy          policy        // FOOTNOTE_POLICY, a file's path
	Approvals       int           // FOOTNOTE_APPROVALS
	Database        string        // FOOTNOTE_DATABASE_URL; a file's path, or PostgreSQL's address
	DatabaseSet     bool          // the variable was set
	Sockets         int           // FOOTNOTE_SOCKETS
	Retention       time.Duration // FOOTNOTE_RETENTION
	ShutdownTimeout time.Duration // FOOTNOTE_SHUTDOWN_TIMEOUT
	AdminAddress    string        // FOOTNOTE_ADMIN_ADDRESS; adminOff for none
	AdminSet        bool          // the variable was set
	Pprof           bool          // FOOTNOTE_PPROF
	LogFormat       string        // FOOTNOTE_LOG_FORMAT: text or json
}

// The surfaces beside mentions and direct messages, which are always there.
const (
	surfaceCommand   = "command"
	surfaceHome      = "home"
	surfacePane      = "pane"
	surfaceShortcuts = "shortcuts"
)

var surfaces = []string{surfaceCommand, surfaceHome, surfacePane, surfaceShortcuts}

// has reports whether a surface is wanted.
func (c config) has(surface string) bool { return slices.Contains(c.Surfaces, surface) }

// parseSurfaces reads a list of surfaces; "none" is an empty one.
func parseSurfaces(list string) ([]string, error) {
	switch list {
	case "":
		return surfaces, nil
	case "none":
		return nil, nil
	}
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(surfaces, name) {
			return nil, fmt.Errorf("FOOTNOTE_SURFACES: %q is no surface; write some of %s with commas between, or none", name, strings.Join(surfaces, ", "))
		}
		out = append(out, name)
	}
	return out, nil
}

// tokenFault is a fault of a token, for which the exit status is 2.
type tokenFault string

func (f tokenFault) Error() string        { return string(f) }
func (f tokenFault) Is(target error) bool { return target == bot.ErrToken }

var slashCommand = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)

// readConfig reads the environment, to which a file .env in the working
// directory adds what is not set. It returns all faults together.
func readConfig() (config, error) {
	if err := godotenv.Load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return config{}, fmt.Errorf(".env is not readable: expected lines of the form NAME=value (see .env.example)")
	}
	return parseConfig(os.LookupEnv)
}

func parseConfig(lookup func(string) (string, bool)) (config, error) {
	r := settings{lookup: lookup}
	c := config{
		BotToken:        r.get("SLACK_BOT_TOKEN"),
		AppToken:        r.get("SLACK_APP_TOKEN"),
		APIURL:          r.get("SLACK_API_URL"),
		Command:         cmp.Or(r.get("FOOTNOTE_COMMAND"), "/ask"),
		FollowThreads:   r.flag("FOOTNOTE_FOLLOW_THREADS"),
		Database:        cmp.Or(r.get("FOOTNOTE_DATABASE_URL"), "footnote.db"),
		DatabaseSet:     r.get("FOOTNOTE_DATABASE_URL") != "",
		Retention:       r.duration("FOOTNOTE_RETENTION", 90*day, parseDays, "90d or 2160h"),
		ShutdownTimeout: r.duration("FOOTNOTE_SHUTDOWN_TIMEOUT", 10*time.Second, time.ParseDuration, "10s"),
		AdminAddress:    cmp.Or(r.get("FOOTNOTE_ADMIN_ADDRESS"), "127.0.0.1:9464"),
		AdminSet:        r.get("FOOTNOTE_ADMIN_ADDRESS") != "",
		Pprof:           r.flag("FOOTNOTE_PPROF"),
		LogFormat:       cmp.Or(r.get("FOOTNOTE_LOG_FORMAT"), "text"),
	}
	var err error
	c.Surfaces, err = parseSurfaces(r.get("FOOTNOTE_SURFACES"))
	r.check(err)
	c.Policy, err = readPolicy(r.get("FOOTNOTE_POLICY"))
	r.check(err)
	if err := checkAddress(c.AdminAddress); err != nil {
		r.fault("FOOTNOTE_ADMIN_ADDRESS: %w", err)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		r.fault("FOOTNOTE_LOG_FORMAT: %q is neither text nor json", c.LogFormat)
	}
	if !slashCommand.MatchString(c.Command) {
		r.fault("FOOTNOTE_COMMAND: %q is no slash command; write it as /ask, in lower case", c.Command)
	}
	if c.APIURL != "" && !strings.HasPrefix(c.APIURL, "http://") && !strings.HasPrefix(c.APIURL, "https://") {
		r.fault("SLACK_API_URL: no web address; it begins with http:// or https://, or is left out for Slack's own")
	}
	sockets := 2
	switch scheme, _, ok := strings.Cut(c.Database, "://"); {
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		sockets = 1 // of which every replica has some
	case ok:
		r.fault("FOOTNOTE_DATABASE_URL: %s:// is not supported; give the path of a file, or an address that begins with postgres://", scheme)
	}
	c.Sockets = r.number("FOOTNOTE_SOCKETS", sockets, 10, "from 1 to 10, which is what Slack allows an app, all its replicas together")
	c.Approvals = r.number("FOOTNOTE_APPROVALS", 1, math.MaxInt, "from 1, of other curators that a change of the facts needs")
	if n := len(c.Policy.Curators); r.get("FOOTNOTE_APPROVALS") != "" && n > 0 && c.Approvals >= n {
		r.fault("FOOTNOTE_APPROVALS: %d other curators cannot approve; the policy names %d in all", c.Approvals, n)
	}
	return c, errors.Join(r.faults...)
}

// settings reads the environment and collects what is wrong with it.
type settings struct {
	lookup func(string) (string, bool)
	faults []error
}

func (r *settings) get(name string) string {
	value, _ := r.lookup(name)
	return strings.TrimSpace(value)
}

func (r *settings) fault(format string, args ...any) { r.check(fmt.Errorf(format, args...)) }

func (r *settings) check(err error) {
	if err != nil {
		r.faults = append(r.faults, err)
	}
}

func (r *settings) flag(name string) bool {
	value := r.get(name)
	on, err := strconv.ParseBool(value)
	if value != "" && err != nil {
		r.fault("%s: %q is neither true nor false", name, value)
	}
	return on
}

// number reads a number from 1 to most; the fault says what it is.
func (r *settings) number(name string, unset, most int, what string) int {
	value := r.get(name)
	if value == "" {
		return unset
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		r.fault("%s: %q is no number %s", name, value, what)
		return unset
	}
	return n
}

// duration reads a length of time that is more than 0.
func (r *settings) duration(name string, unset time.Duration, parse func(string) (time.Duration, error), example string) time.Duration {
	value := r.get(name)
	if value == "" {
		return unset
	}
	d, err := parse(value)
	if err != nil || d <= 0 {
		r.fault("%s: %q is no length of time; write it as %s", name, value, example)
		return unset
	}
	return d
}

// adminOff is the admin address of those who want none.
const adminOff = "off"

// checkAddress wants the host named: to listen on all of them is no slip of the
// pen.
func checkAddress(address string) error {
	if address == adminOff {
		return nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("%q is no address; write it as 127.0.0.1:9464, as 0.0.0.0:9464 for every address of this machine, or off", address)
	}
	return nil
}

const day = 24 * time.Hour

// parseDays reads a length of time as Go writes it, or in whole days: 90d.
func parseDays(s string) (time.Duration, error) {
	days, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	n, err := strconv.Atoi(days)
	if err == nil && n > int(math.MaxInt64/day) {
		err = errors.New("too long")
	}
	return time.Duration(n) * day, err
}

// tokens reports what is wrong with the tokens as far as that can be seen
// without asking Slack. It never repeats one.
func (c config) tokens() error {
	return errors.Join(
		tokenKind("SLACK_BOT_TOKEN", c.BotToken, "xoxb-", `"OAuth & Permissions"`),
		tokenKind("SLACK_APP_TOKEN", c.AppToken, "xapp-", `"Basic Information", "App-Level Tokens"`),
	)
}

func tokenKind(variable, value, prefix, page string) error {
	other := map[string]string{"xoxb-": "SLACK_BOT_TOKEN", "xapp-": "SLACK_APP_TOKEN"}
	switch {
	case value == "":
		return tokenFault(fmt.Sprintf("%s is not set; put the token that begins with %s there, from the app's page %s", variable, prefix, page))
	case strings.HasPrefix(value, prefix):
		return nil
	}
	for p, belongs := range other {
		if strings.HasPrefix(value, p) {
			return tokenFault(fmt.Sprintf("%s holds a token that begins with %s, which belongs to %s; the two may be swapped", variable, p, belongs))
		}
	}
	return tokenFault(fmt.Sprintf("%s does not begin with %s; copy it from the app's page %s", variable, prefix, page))
}

// logger writes one line an event to standard error, as text or json.
func logger(format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
