package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/handlers"
)

const (
	lease    = time.Minute
	poll     = 5 * time.Second  // another replica may have written something down, or died with it
	patience = 10 * time.Second // a try ends before its item may be somebody else's: see Ledger.Beat
	margin   = 15 * time.Second // for writing down what became of it
	coalesce = 10 * time.Millisecond
	maxTries = 8
)

// post carries out what the ledger owes until ctx is done, or until drain is
// closed and nothing is left that could be said in time. It fails if the token
// is refused.
func (b *Bot) post(ctx context.Context, drain <-chan struct{}) error {
	draining := false
	for {
		select {
		case b.slots <- struct{}{}:
		case err := <-b.refused:
			return err
		case <-ctx.Done():
			return nil
		}
		it, err := b.cfg.Ledger.Claim(ctx, lease)
		if err == nil {
			b.carry(ctx, it)
			continue
		}
		<-b.slots

		wait := b.pause(ctx, err)
		if draining && len(b.slots) == 0 && wait >= b.cfg.ShutdownTimeout {
			return nil
		}
		timer := time.NewTimer(min(wait, poll))
		select {
		case <-timer.C:
		case <-b.woken:
			// Many are woken for at once, and asking costs as much as writing.
			if sleep(ctx, coalesce) != nil {
				return nil
			}
		case <-drain:
			draining, drain = true, nil
		case err := <-b.refused:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// carry carries an item out in a slot that was taken for it.
func (b *Bot) carry(ctx context.Context, it *Item) {
	b.hands.Go(func() {
		defer b.wake() // its thread's next may be free
		defer func() { <-b.slots }()
		if err := b.carryOut(ctx, it); err != nil {
			select {
			case b.refused <- err:
			default: // one is enough
			}
		}
	})
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
	request, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ts, err := b.try(request, it)
	if errors.Is(err, errShut) {
		return nil
	}
	if err == nil {
		b.passed(posted)
	}

	// What became of it is worth writing down even if Run has run out of time.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), margin)
	defer cancel()
	if err == nil {
		b.log.Info("replied", "key", it.Key, "n", it.N, "ts", ts)
		if it.N == 0 {
			since := it.Came
			if since.IsZero() {
				since = it.Created
			}
			b.cfg.Observer.Replied(time.Since(since))
		}
		if err := b.cfg.Ledger.Done(ctx, it, ts); err != nil {
			b.log.Error("replied, but not written down", "key", it.Key, "n", it.N, "error", err)
		}
		b.passed(done)
		return nil
	}
	f := judge(it, err, b.cfg.Settle)
	switch {
	case f.Aside:
		b.counts.aside.Add(1)
		b.log.Error("set aside", "key", it.Key, "n", it.N, "tries", it.Tries+1, "error", err)
		if err := b.apologise(ctx, it, err); err != nil {
			b.log.Error("not apologised, to be tried again", "key", it.Key, "n", it.N, "error", err)
			return nil // the lease runs out
		}
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

// An apology is an event of its own that follows from another one.
const (
	apology       = handlers.Kind("apology")
	apologySuffix = "/apology"
)

// apologise writes down the one apology for an item that is set aside because
// of err. There is none for an apology, nor for what may have been said.
func (b *Bot) apologise(ctx context.Context, it *Item, err error) error {
	if strings.HasSuffix(it.Key, apologySuffix) || errors.Is(err, errUnclear) {
		return nil
	}
	ev := handlers.Event{Key: it.Key + apologySuffix, Kind: apology, Team: b.me.Team, Channel: it.Action.Channel, Thread: it.Action.Thread}
	d := handlers.Apologise(ev)
	if r := it.Action.Respond; r != nil {
		d = handlers.Apologise(handlers.Event{Kind: handlers.Press, Thread: ev.Thread, Ephemeral: true, ResponseURL: r.URL})
	}
	_, err = b.cfg.Ledger.Put(ctx, ev, d)
	b.wake()
	return err
}

var (
	errTooSoon = errors.New("may still appear")
	errUnclear = errors.New("may have been sent, and is not sent twice")
	errPanic   = errors.New("panicked")
)

// try carries an item out, unless it turns out to have been carried out.
func (b *Bot) try(ctx context.Context, it *Item) (ts string, err error) {
	defer func() {
		if r := recover(); r != nil {
			b.panicked(r, "key", it.Key)
			err = errPanic
		}
	}()
	// What a gate lets out was written down in time.
	if !isGated(ctx) && !b.mouths.take(it.Key, poster) {
		return "", nil // it was said without the ledger
	}
	if it.Unclear && it.Action.Once() {
		return "", errUnclear
	}
	if it.Unclear && it.Reply == "" && it.Action.Do != handlers.Remove { // else it may be done twice
		ts, err := b.find(ctx, it)
		if ts != "" || err != nil {
			return ts, err
		}
		if it.Since < b.cfg.Settle {
			return "", errTooSoon
		}
	}
	return b.do(ctx, it)
}

// replyEvent is the type of the metadata that tells the bot's replies apart.
const replyEvent = "footnote_reply"

// do carries an action out and returns the ts of its message if it has one
// that can be found again.
func (b *Bot) do(ctx context.Context, it *Item) (ts string, err error) {
	a := it.Action
	if a.Respond != nil {
		return "", b.respond(ctx, a)
	}
	switch a.Do {
	case handlers.Post:
		return b.say(ctx, it)
	case handlers.Update:
		if it.Reply == "" {
			return b.say(ctx, it)
		}
		_, ts, _, err = b.api.UpdateMessageContext(ctx, a.Channel, it.Reply, append(content(a), mark(it))...)
		return ts, unlessGone(err)
	case handlers.Remove:
		if it.Reply == "" {
			return "", nil
		}
		_, _, err = b.api.DeleteMessageContext(ctx, a.Channel, it.Reply)
		return "", unlessGone(err)
	case handlers.Show:
		opts := content(a)
		if a.Thread != "" {
			opts = append(opts, slack.MsgOptionTS(a.Thread))
		}
		_, err = b.api.PostEphemeralContext(ctx, a.Channel, a.User, opts...)
		return "", err
	case handlers.Open:
		_, err = b.api.OpenViewContext(ctx, a.Trigger, *a.Modal)
	case handlers.Push:
		_, err = b.api.PushViewContext(ctx, a.Trigger, *a.Modal)
	case handlers.Turn:
		_, err = b.api.UpdateViewContext(ctx, *a.Modal, "", a.Hash, a.ViewID)
	case handlers.Publish:
		_, err = b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: a.User, View: *a.Home})
	case handlers.SetStatus:
		err = b.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: a.Channel, ThreadTS: a.Thread, Status: a.Text})
	case handlers.SetTitle:
		err = b.api.SetAssistantThreadsTitleContext(ctx, slack.AssistantThreadsSetTitleParameters{ChannelID: a.Channel, ThreadTS: a.Thread, Title: a.Text})
	case handlers.SetPrompts:
		p := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: a.Channel, ThreadTS: a.Thread, Title: a.Text}
		for _, prompt := range a.Prompts {
			p.AddPrompt(prompt.Title, prompt.Message)
		}
		err = b.api.SetAssistantThreadsSuggestedPromptsContext(ctx, p)
	default:
		err = fmt.Errorf("nothing is known of how to %q", a.Do)
	}
	return "", err
}

// unlessGone is err, or nil if somebody else has taken the reply away.
func unlessGone(err error) error {
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && refused.Err == "message_not_found" {
		return nil
	}
	return err
}

// content is what a message says.
func content(a handlers.Action) []slack.MsgOption {
	opts := []slack.MsgOption{slack.MsgOptionText(a.Text, false)}
	if len(a.Blocks.BlockSet) > 0 {
		opts = append(opts, slack.MsgOptionBlocks(a.Blocks.BlockSet...))
	}
	return opts
}

// mark is by what a message is found again: see find.
func mark(it *Item) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: replyEvent, EventPayload: map[string]any{"key": it.Key, "n": it.N}})
}

// say posts a message.
func (b *Bot) say(ctx context.Context, it *Item) (ts string, err error) {
	opts := append(content(it.Action), mark(it), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if it.Action.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(it.Action.Thread))
	}
	_, ts, err = b.api.PostMessageContext(ctx, it.Action.Channel, opts...)
	return ts, err
}

// doAtOnce tries what is worth nothing later, once.
func (b *Bot) doAtOnce(ctx context.Context, ev handlers.Event, actions []handlers.Action) {
	if len(actions) == 0 {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, ev.Came.Add(ackPatience))
	defer cancel()
	for _, a := range actions {
		if _, err := b.do(ctx, &Item{Key: ev.Key, Action: a}); err != nil {
			b.log.Warn("not done in time", "key", ev.Key, "do", a.Do, "error", err)
		}
	}
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
	msg.ReplaceOriginal = a.Respond.Replace
	if len(a.Blocks.BlockSet) > 0 {
		msg.Blocks = &a.Blocks.Blocks
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
