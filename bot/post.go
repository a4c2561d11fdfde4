package bot

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"footnote/handlers"
)

const (
	lease    = time.Minute
	margin   = 15 * time.Second // a request ends this long before the lease does
	maxTries = 8
)

// post carries out what the ledger owes until ctx is done, or until drain is
// closed and nothing is left that could be said in time. It fails if the token
// is refused.
func (b *Bot) post(ctx context.Context, drain <-chan struct{}) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan struct{}, posters)
	refused := make(chan error, 1)
	draining := false
	for {
		// A slot comes before the claim: what is claimed must not wait.
		select {
		case slots <- struct{}{}:
		case err := <-refused:
			return err
		case <-ctx.Done():
			return nil
		}
		it, err := b.cfg.Ledger.Claim(ctx, lease)
		if err == nil {
			wg.Go(func() {
				defer b.wake() // its thread's next may be free
				defer func() { <-slots }()
				if err := b.carryOut(ctx, it); err != nil {
					select {
					case refused <- err:
					default: // one is enough
					}
				}
			})
			continue
		}
		<-slots

		wait := b.pause(ctx, err)
		if draining && len(slots) == 0 && wait >= b.cfg.ShutdownTimeout {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-b.woken:
		case <-drain:
			draining, drain = true, nil
		case err := <-refused:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// pause is how long to wait after Claim gave err and no item.
func (b *Bot) pause(ctx context.Context, err error) time.Duration {
	var wait time.Duration
	if errors.Is(err, ErrNone) {
		wait, err = b.cfg.Ledger.Next(ctx)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Error("cannot read the ledger", "error", err)
		return time.Second
	}
	return wait
}

// carryOut tries an item once and tells the ledger what became of it. It fails
// if the token is refused.
func (b *Bot) carryOut(ctx context.Context, it *Item) error {
	request, cancel := context.WithTimeout(ctx, lease-margin)
	defer cancel()
	ts, err := b.try(request, it)

	// What became of it is worth writing down even if Run has run out of time.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), margin)
	defer cancel()
	if err == nil {
		b.log.Info("replied", "key", it.Key, "n", it.N, "ts", ts)
		if err := b.cfg.Ledger.Done(ctx, it, ts); err != nil {
			b.log.Error("replied, but not written down", "key", it.Key, "n", it.N, "error", err)
		}
		return nil
	}
	f := judge(it, err, b.cfg.Settle)
	switch {
	case f.Aside:
		b.log.Error("set aside", "key", it.Key, "n", it.N, "tries", it.Tries+1, "error", err)
	case f.Err != nil:
		b.log.Warn("not replied yet", "key", it.Key, "n", it.N, "tries", it.Tries+1, "retry", f.After, "unclear", f.Unclear, "error", err)
	}
	if err := b.cfg.Ledger.Release(ctx, it, f); err != nil {
		b.log.Error("not released", "key", it.Key, "n", it.N, "error", err)
	}
	if f.Aside {
		return nil
	}
	return botToken.fault(err)
}

var (
	errTooSoon = errors.New("may still appear")
	errUnclear = errors.New("may have been sent, and is not sent twice")
)

// try carries an item out, unless it turns out to have been carried out.
func (b *Bot) try(ctx context.Context, it *Item) (ts string, err error) {
	if it.Unclear && it.Action.Respond != nil {
		return "", errUnclear
	}
	if it.Unclear {
		ts, err := b.find(ctx, it)
		if ts != "" || err != nil {
			return ts, err
		}
		if it.Since < b.cfg.Settle {
			return "", errTooSoon
		}
	}
	return b.say(ctx, it.Key, it.N, it.Action)
}

// replyEvent is the type of the metadata that tells the bot's replies apart.
const replyEvent = "footnote_reply"

// say carries an action out and returns the ts of its message if it has one.
func (b *Bot) say(ctx context.Context, key string, n int, a handlers.Action) (ts string, err error) {
	if a.Respond != nil {
		return "", b.respond(ctx, a)
	}
	opts := []slack.MsgOption{
		slack.MsgOptionText(a.Text, false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: replyEvent, EventPayload: map[string]any{"key": key, "n": n}}),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
	}
	if a.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(a.Thread))
	}
	if len(a.Blocks.BlockSet) > 0 {
		opts = append(opts, slack.MsgOptionBlocks(a.Blocks.BlockSet...))
	}
	_, ts, err = b.api.PostMessageContext(ctx, a.Channel, opts...)
	return ts, err
}

func (b *Bot) respond(ctx context.Context, a handlers.Action) error {
	off := false
	msg := &slack.WebhookMessage{
		Text: a.Text, ThreadTimestamp: a.Thread, ResponseType: slack.ResponseTypeEphemeral,
		UnfurlLinks: &off, UnfurlMedia: &off,
	}
	if a.Respond.InChannel {
		msg.ResponseType = slack.ResponseTypeInChannel
	}
	if len(a.Blocks.BlockSet) > 0 {
		msg.Blocks = &a.Blocks
	}
	err := slack.PostWebhookCustomHTTPContext(ctx, a.Respond.URL, b.plain, msg)
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err // the rest of it is the secret
	}
	return err
}

// find looks for the message that an earlier try may have posted. It returns
// its ts, or "" if it is not there.
func (b *Bot) find(ctx context.Context, it *Item) (ts string, err error) {
	// The ledger's clock and Slack's may differ.
	oldest := strconv.FormatInt(it.Created.Add(-5*time.Minute).Unix(), 10)
	for cursor := ""; ; {
		var page []slack.Message
		page, cursor, err = b.read(ctx, it.Action, oldest, cursor)
		if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && final(refused) {
			// Whoever may not read here finds nothing, and a second reply is
			// better than none.
			b.log.Warn("cannot look for an earlier reply", "key", it.Key, "n", it.N, "error", err)
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(page, func(m slack.Message) bool { return b.wrote(m, it) }); i >= 0 {
			return page[i].Timestamp, nil
		}
		if cursor == "" {
			return "", nil
		}
	}
}

// wrote reports whether m is the message that it asks for.
func (b *Bot) wrote(m slack.Message, it *Item) bool {
	return m.Metadata.EventType == replyEvent &&
		m.Metadata.EventPayload["key"] == it.Key &&
		m.Metadata.EventPayload["n"] == float64(it.N) && // JSON's number
		(m.User == b.me.User || m.BotID != "" && m.BotID == b.me.Bot)
}

// read returns a page of the thread that an action goes to, or of the channel
// if it goes to no thread.
func (b *Bot) read(ctx context.Context, a handlers.Action, oldest, cursor string) (page []slack.Message, next string, err error) {
	const limit = 200
	if a.Thread != "" {
		page, _, next, err = b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: a.Channel, Timestamp: a.Thread, Oldest: oldest, Cursor: cursor, Limit: limit, IncludeAllMetadata: true,
		})
		return page, next, err
	}
	h, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: a.Channel, Oldest: oldest, Cursor: cursor, Limit: limit, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return h.Messages, h.ResponseMetaData.NextCursor, nil
}
