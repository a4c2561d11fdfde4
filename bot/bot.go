// Package bot is the only one that talks to Slack. It takes what people do out
// of a socket, has it answered by [handlers.Handler], writes the answer down in
// a [Ledger], acknowledges it, and then says it.
//
// [Bot.Run] promises that a mention or direct message which Slack delivered is
// answered once, whatever dies in between: until the ledger has it on disk Slack
// has no ack and sends it again; after that, the ledger hands the answer out until
// it was said, and of a try that ended in the dark it looks for the message first.
// Commands are answered in the ack itself, at most once, even without the
// ledger. The bot keeps no question and logs none; [Bot.Stats] counts what went
// wrong.
package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"footnote/handlers"
	"footnote/knowledge/match"
)

// Config is what a Bot needs. Log and the durations may be zero.
type Config struct {
	BotToken string // xoxb-…
	AppToken string // xapp-…
	APIURL   string // where Slack's methods are; Slack's own if empty
	Command  string // the slash command that help names; empty if there is none

	Index    func() *match.Index            // the index to answer from, asked for each event
	Bases    map[string]func() *match.Index // what is answered from in these channels instead
	Ledger   Ledger
	Log      *slog.Logger
	Observer Observer // told of what happens; nobody if nil
	Policy   handlers.Policy

	Approvals int // of other curators, that a change of the facts needs; 1 if zero

	FollowThreads bool // answer in channels' threads in which the bot was asked, without a mention

	Sockets   int           // connections to Slack, of which it allows an app ten; 1 if zero
	Retention time.Duration // questions' text and users' ids are erased after it; never if zero

	ShutdownTimeout time.Duration // for what is in hand when Run is to end; 10 s if zero
	Settle          time.Duration // a message that may have been posted is looked for this long before it is posted again; 15 s if zero
}

// How much is done at once.
const (
	workers = 8 // for messages, and as many for what cannot wait
	posters = 32
)

// Bot answers in one Slack workspace.
type Bot struct {
	cfg     Config
	log     *slog.Logger
	api     *slack.Client
	plain   *http.Client // for response URLs, which the token is none of
	base    http.RoundTripper
	pace    pace
	quiet   time.Duration // that a socket may be
	intake  *intake
	mouths  mouths
	guests  guests
	slots   chan struct{}  // taken by what is carried out, before it is claimed: what is claimed must not wait
	hands   sync.WaitGroup // that carry it out
	refused chan error     // the token, by Slack
	woken   chan struct{}
	counts  counts

	links atomic.Pointer[[]*socket] // that Run has made

	passed func(step) // told of each step; tests alone listen

	// Set by Run before anything else starts.
	me      identity
	handler handlers.Handler
}

// step is one on the path of a question.
type step int

const (
	decoded step = iota + 1
	recalled
	decided
	written
	acked
	posted
	done
)

// New returns a Bot that has done nothing yet.
func New(cfg Config) (*Bot, error) {
	var errs []error
	if cfg.BotToken == "" {
		errs = append(errs, tokenError{botToken.variable + " is not set"})
	}
	if cfg.AppToken == "" {
		errs = append(errs, tokenError{appToken.variable + " is not set"})
	}
	if cfg.Index == nil || cfg.Ledger == nil {
		errs = append(errs, errors.New("a bot needs an index and a ledger"))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if cfg.APIURL == "" {
		cfg.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(cfg.APIURL, "/") {
		cfg.APIURL += "/"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Observer == nil {
		cfg.Observer = nobodyLooks{}
	}
	if cfg.Sockets == 0 {
		cfg.Sockets = 1
	}
	if cfg.ShutdownTimeout == 0 {
		cfg.ShutdownTimeout = 10 * time.Second
	}
	if cfg.Settle == 0 {
		cfg.Settle = 15 * time.Second
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxIdleConnsPerHost = posters
	base.WriteBufferSize = 16 << 10 // a reply in one piece
	b := &Bot{
		cfg:     cfg,
		log:     cfg.Log,
		base:    observed{methodsPath(cfg.APIURL), base, cfg.Observer},
		quiet:   silence,
		pace:    pace{min: minGap, max: maxGap, calm: calm},
		intake:  newIntake(),
		slots:   make(chan struct{}, posters),
		refused: make(chan error, 1),
		woken:   make(chan struct{}, 1),
		passed:  func(step) {},
	}
	b.plain = &http.Client{Transport: gated{b.base}}
	b.api = b.client(b.base)
	return b, nil
}

// client returns a client of Slack's methods. Its timeout leaves room for the
// longest wait of a paced call.
func (b *Bot) client(t http.RoundTripper) *slack.Client {
	return slack.New(b.cfg.BotToken,
		slack.OptionAppLevelToken(b.cfg.AppToken),
		slack.OptionAPIURL(b.cfg.APIURL),
		slack.OptionHTTPClient(&http.Client{Transport: bearer{b.cfg.BotToken, gated{t}}, Timeout: 2 * maxGap}))
}

// Run answers until ctx is done, then finishes what is in hand and returns nil.
// It returns an error that is [ErrToken], a sentence for whoever set the token,
// as soon as Slack refuses one for good; all other trouble with Slack is logged
// and tried again for ever. It is called once.
func (b *Bot) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if err := b.signIn(ctx); err != nil {
		return b.outcome(ctx, err)
	}

	// What is in hand outlives ctx, for a while.
	work, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	online, hangUp := context.WithCancel(work)
	defer hangUp()
	drain := make(chan struct{})

	var receiving, working, posting sync.WaitGroup
	links := make([]*socket, b.cfg.Sockets)
	for i := range links {
		links[i] = b.newSocket(i + 1)
	}
	b.links.Store(&links)
	for i := range links {
		receiving.Go(func() {
			if err := links[i].run(online, b.take(ctx)); err != nil {
				stop(err)
			}
		})
	}
	for range workers {
		working.Go(func() { b.workMessages(ctx, work) })
		working.Go(func() { b.workUrgent(ctx, work) })
	}
	posting.Go(func() { b.beat(work, drain) })
	posting.Go(func() { b.forget(work, drain) })
	posting.Go(func() {
		if err := b.post(work, drain); err != nil {
			stop(err)
		}
	})

	<-ctx.Done()
	b.log.Info("stopping")
	defer time.AfterFunc(b.cfg.ShutdownTimeout, abort).Stop()
	working.Wait()
	for _, s := range links {
		s.flush(work)
	}
	hangUp()
	receiving.Wait()
	close(drain)
	posting.Wait()
	b.hands.Wait()
	b.log.Info("stopped")
	return b.outcome(ctx, context.Cause(ctx))
}

// outcome is what Run returns: to be told to stop is no error.
func (b *Bot) outcome(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(err, ErrToken) {
		return nil
	}
	return err
}

// signIn learns who the bot is. It fails if the token is refused or ctx done.
func (b *Bot) signIn(ctx context.Context) error {
	for gap := minGap; ; gap = min(2*gap, maxGap) {
		who, err := b.api.AuthTestContext(ctx)
		if err == nil {
			b.me = identity{Team: who.TeamID, User: who.UserID, Bot: who.BotID, Follow: b.cfg.FollowThreads}
			b.handler = handlers.Handler{Team: who.TeamID, Bot: who.UserID, Command: b.cfg.Command, Policy: b.cfg.Policy,
				Approvals: b.cfg.Approvals, Secret: b.secret()}
			b.log.Info("signed in", "team", who.TeamID, "user", who.UserID)
			return nil
		}
		if fault := botToken.fault(err); fault != nil {
			return fault
		}
		wait := max(jitter(gap), retryAfter(err))
		b.log.Warn("cannot sign in", "retry", wait, "error", err)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// secret signs modals. All replicas have the same, and nobody who lacks the
// token can make it up.
func (b *Bot) secret() []byte {
	mac := hmac.New(sha256.New, []byte(b.cfg.BotToken))
	mac.Write([]byte("curation"))
	return mac.Sum(nil)
}

// wake tells the poster that there may be something to do.
func (b *Bot) wake() {
	select {
	case b.woken <- struct{}{}:
	default: // it is told already
	}
}
