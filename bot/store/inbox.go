package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"footnote/handlers"
)

// The inbox keeps what waiting for is part of a reply's time as short as it can
// be. A question and its reply, which take a dozen pages of three tables and
// their indexes, go into a single row first, as a transaction of one page or two.
// Whatever else is written or read next moves them to where they belong, with all
// that came meanwhile: no other query knows of the inbox.
//
// Only a ledger in a file has one. A server gains nothing by it: there is a
// journey to it for each statement, and replicas to agree with.

// inboxMoves empty the inbox. They write what [note] and [Store.claimOpen] would
// have written.
var inboxMoves = [...]string{
	`INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created)
		SELECT key, kind, team, channel, person, ts, thread, question, facts, verdict, created FROM inbox`,
	`INSERT INTO channels (channel, pace, free, next)
		SELECT paced, pace, created + pace, created + pace FROM inbox WHERE TRUE
		ON CONFLICT (channel) DO UPDATE SET free = excluded.free, next = excluded.next`,
	`INSERT INTO actions (event, n, channel, lane, action, state, created, due, owner, claims, claimed)
		SELECT key, 0, paced, lane, action, 'open', created, created + lease, owner, 1, created FROM inbox`,
	`DELETE FROM inbox`,
}

func emptyInbox(ctx context.Context, t tx) error {
	for _, q := range inboxMoves {
		if _, err := t.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether an event and what follows from it go into the inbox: a
// message and the one reply to it.
func fits(ev handlers.Event, d handlers.Decision, list []owed) bool {
	return len(list) == 1 && d.Actions[0].Respond == nil && !d.Actions[0].Replaces() &&
		ev.Version == "" && d.Vote == nil && d.Proposal == nil && d.Review == nil
}

// jot writes an event and the only action that follows from it into the inbox,
// and leases the action. It does nothing and returns zero if the event is known
// or the action may not be carried out now.
func (s *Store) jot(ctx context.Context, t tx, ev handlers.Event, d handlers.Decision, o owed, lease time.Duration) (created float64, err error) {
	facts, err := factIDs(d)
	if err != nil {
		return 0, err
	}
	err = t.QueryRowContext(ctx, `
		INSERT INTO inbox (key, paced, pace, lane, created, lease, owner,
			kind, team, channel, person, ts, thread, question, facts, verdict, action)
		SELECT $1, $2, $3, $4, {now}, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
		WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE key = $1 OR paced = $2)
			AND NOT EXISTS (SELECT 1 FROM events WHERE key = $1)
			AND NOT EXISTS (SELECT 1 FROM channels WHERE channel = $2 AND (next IS NOT NULL OR free > {now}))
		RETURNING created`,
		ev.Key, o.channel, o.pace, o.lane, lease.Seconds(), s.owner,
		string(ev.Kind), ev.Team, ev.Channel, ev.User, ev.TS, ev.Thread,
		d.Asked.Question, facts, d.Verdict.String(), o.action).Scan(&created)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return created, err
}
