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
	get := func(name string) string {
		value, _ := lookup(name)
		return strings.TrimSpace(value)
	}
	database := get("FOOTNOTE_DATABASE_URL")
	c := config{
		BotToken:        get("SLACK_BOT_TOKEN"),
		AppToken:        get("SLACK_APP_TOKEN"),
		APIURL:          get("SLACK_API_URL"),
		Command:         cmp.Or(get("FOOTNOTE_COMMAND"), "/ask"),
		Database:        cmp.Or(database, "footnote.db"),
		DatabaseSet:     database != "",
		Sockets:         2,
		Approvals:       1,
		Retention:       90 * day,
		ShutdownTimeout: 10 * time.Second,
		AdminAddress:    cmp.Or(get("FOOTNOTE_ADMIN_ADDRESS"), "127.0.0.1:9464"),
		AdminSet:        get("FOOTNOTE_ADMIN_ADDRESS") != "",
		LogFormat:       cmp.Or(get("FOOTNOTE_LOG_FORMAT"), "text"),
	}
	var errs []error
	var err error
	if c.Surfaces, err = parseSurfaces(get("FOOTNOTE_SURFACES")); err != nil {
		errs = append(errs, err)
	}
	if c.Policy, err = readPolicy(get("FOOTNOTE_POLICY")); err != nil {
		errs = append(errs, err)
	}
	if follow := get("FOOTNOTE_FOLLOW_THREADS"); follow != "" {
		if c.FollowThreads, err = strconv.ParseBool(follow); err != nil {
			errs = append(errs, fmt.Errorf("FOOTNOTE_FOLLOW_THREADS: %q is neither true nor false", follow))
		}
	}
	if err := checkAddress(c.AdminAddress); err != nil {
		errs = append(errs, fmt.Errorf("FOOTNOTE_ADMIN_ADDRESS: %w", err))
	}
	if pprof := get("FOOTNOTE_PPROF"); pprof != "" {
		if c.Pprof, err = strconv.ParseBool(pprof); err != nil {
			errs = append(errs, fmt.Errorf("FOOTNOTE_PPROF: %q is neither true nor false", pprof))
		}
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		errs = append(errs, fmt.Errorf("FOOTNOTE_LOG_FORMAT: %q is neither text nor json", c.LogFormat))
	}
	if !slashCommand.MatchString(c.Command) {
		errs = append(errs, fmt.Errorf("FOOTNOTE_COMMAND: %q is no slash command; write it as /ask, in lower case", c.Command))
	}
	switch scheme, _, ok := strings.Cut(c.Database, "://"); {
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		c.Sockets = 1 // of which every replica has some
	case ok:
		errs = append(errs, fmt.Errorf("FOOTNOTE_DATABASE_URL: %s:// is not supported; give the path of a file, or an address that begins with postgres://", scheme))
	}
	if sockets := get("FOOTNOTE_SOCKETS"); sockets != "" {
		n, err := strconv.Atoi(sockets)
		if err != nil || n < 1 || n > 10 {
			errs = append(errs, fmt.Errorf("FOOTNOTE_SOCKETS: %q is no number from 1 to 10, which is what Slack allows an app, all its replicas together", sockets))
		}
		c.Sockets = n
	}
	if approvals := get("FOOTNOTE_APPROVALS"); approvals != "" {
		n, err := strconv.Atoi(approvals)
		switch {
		case err != nil || n < 1:
			errs = append(errs, fmt.Errorf("FOOTNOTE_APPROVALS: %q is no number from 1, of other curators that a change of the facts needs", approvals))
		case len(c.Policy.Curators) > 0 && n >= len(c.Policy.Curators):
			errs = append(errs, fmt.Errorf("FOOTNOTE_APPROVALS: %d other curators cannot approve; the policy names %d in all", n, len(c.Policy.Curators)))
		}
		c.Approvals = n
	}
	if retention := get("FOOTNOTE_RETENTION"); retention != "" {
		d, err := parseDays(retention)
		if err != nil || d <= 0 {
			errs = append(errs, fmt.Errorf("FOOTNOTE_RETENTION: %q is no length of time; write it as 90d or 2160h", retention))
		}
		c.Retention = d
	}
	if c.APIURL != "" && !strings.HasPrefix(c.APIURL, "http://") && !strings.HasPrefix(c.APIURL, "https://") {
		errs = append(errs, errors.New("SLACK_API_URL: no web address; it begins with http:// or https://, or is left out for Slack's own"))
	}
	if timeout := get("FOOTNOTE_SHUTDOWN_TIMEOUT"); timeout != "" {
		d, err := time.ParseDuration(timeout)
		if err != nil || d <= 0 {
			errs = append(errs, fmt.Errorf("FOOTNOTE_SHUTDOWN_TIMEOUT: %q is no length of time; write it as 10s", timeout))
		}
		c.ShutdownTimeout = d
	}
	return c, errors.Join(errs...)
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
