package bot

import (
	"context"
	"errors"
	"time"

	"footnote/handlers"
)

// ErrNone is Claim's answer when nothing may be done now.
var ErrNone = errors.New("nothing to do")

// Ledger remembers which events were seen and which actions they still owe, so
// that each is carried out once, whatever dies in between. All times are of its
// own clock. Its methods are called by several goroutines at once.
type Ledger interface {
	// Recall recalls what was before an event: the zero Memory if nothing. It is
	// asked for those alone that [handlers.Handler.Ready] says.
	Recall(ctx context.Context, ev handlers.Event) (handlers.Memory, error)

	// Put writes down an event, the actions that follow from it and the vote, all
	// or nothing. It reports false, and writes nothing, if the event's key is
	// known, or if a later version of its message is. A later version takes the
	// place of earlier ones that nobody has begun to answer.
	// What it wrote outlives this process, and the machine after a Sync.
	Put(ctx context.Context, ev handlers.Event, d handlers.Decision) (fresh bool, err error)

	// PutAndClaim is Put and the Claim of the first of the actions in one write,
	// if that one may be carried out now: first is nil if it may not.
	PutAndClaim(ctx context.Context, ev handlers.Event, d handlers.Decision, lease time.Duration) (fresh bool, first *Item, err error)

	// Sync returns when the machine may die without losing what Put and
	// PutAndClaim have written.
	Sync() error

	// Claim hands out the oldest action that may be carried out now and hides
	// it for the lease. A channel is given one action a second, and an action
	// waits up to a minute for the earlier ones of its thread. It returns
	// ErrNone if there is none.
	Claim(ctx context.Context, lease time.Duration) (*Item, error)

	// Next is how long until Claim may find something: a minute at most.
	Next(ctx context.Context) (time.Duration, error)

	// Done marks an item as carried out by the message ts (empty where Slack
	// names none) and wipes the secrets in it.
	Done(ctx context.Context, it *Item, ts string) error

	// Release gives an item back. It does nothing if somebody else has claimed
	// the item since.
	Release(ctx context.Context, it *Item, f Failure) error

	// Beat says that this process is alive. One that has not been heard of for
	// 15 seconds may lose what it has claimed.
	Beat(ctx context.Context) error

	// Erase wipes the questions' text and the users' ids that are older than
	// age; counts stay. It reports how many events it wiped.
	Erase(ctx context.Context, age time.Duration) (int, error)
}

// Item is an action that was claimed.
type Item struct {
	Key    string // of the event that it follows from
	N      int    // its place among that event's actions
	Action handlers.Action
	Reply  string // ts of the reply to an earlier version; empty if there is none, or the action does not need it

	Claims  int           // how often it was handed out, this time included
	Tries   int           // how many of them failed
	Created time.Time     // when it was written down
	Came    time.Time     // when its event's frame came to this process; zero if it was written down before
	Unclear bool          // an earlier try may have reached Slack
	Since   time.Duration // if Unclear: how long ago that was
}

// Failure is why an item was not carried out and what becomes of it.
type Failure struct {
	Err     error         // nil if nothing was tried
	After   time.Duration // how long to leave it alone
	Counted bool          // it was one of the item's tries
	Unclear bool          // Slack may have carried it out all the same
	Channel bool          // the whole channel is to be left alone
	Aside   bool          // it is never tried again
}
