package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"footnote/handlers"
)

// claimVersion prepares for a later version of a message: it takes the place of
// earlier ones that nobody has begun to answer. It reports false if there is a
// still later one. The message's own key is taken from then on, so that its
// first version, should it come late, is not answered any more.
func claimVersion(ctx context.Context, t tx, ev handlers.Event) (bool, error) {
	base := strings.TrimSuffix(ev.Key, "@"+ev.Version)
	_, err := t.ExecContext(ctx, `
		INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created, done)
		VALUES ($1, $2, $3, $4, '', $5, $6, '', '[]', 'abstain', {now}, {now})
		ON CONFLICT (key) DO NOTHING`, base, string(ev.Kind), ev.Team, ev.Channel, ev.TS, ev.Thread)
	if err != nil {
		return false, err
	}
	// Versions of one message wait for each other.
	if err := t.QueryRowContext(ctx, `SELECT key FROM events WHERE key = $1 {lock}`, base).Scan(&base); err != nil {
		return false, err
	}
	var late bool
	err = t.QueryRowContext(ctx, `SELECT EXISTS (
		SELECT 1 FROM events WHERE channel = $1 AND ts = $2 AND team = $3 AND version > $4)`,
		ev.Channel, ev.TS, ev.Team, ev.Version).Scan(&late)
	return !late, err
}

// supersede ends what was owed for earlier versions of a message and not yet
// begun. The channel is locked.
func supersede(ctx context.Context, t tx, ev handlers.Event) error {
	rows, err := t.QueryContext(ctx, `SELECT event FROM actions WHERE state = 'open' AND claims = 0 AND event IN (
		SELECT key FROM events WHERE channel = $1 AND ts = $2 AND team = $3 AND key <> $4)`,
		ev.Channel, ev.TS, ev.Team, ev.Key)
	if err != nil {
		return err
	}
	keys, err := texts(rows)
	if err != nil {
		return err
	}
	for _, key := range keys {
		_, err := t.ExecContext(ctx, `UPDATE actions SET state = 'done', action = '' WHERE event = $1 AND state = 'open' AND claims = 0`, key)
		if err != nil {
			return err
		}
		if err := settled(ctx, t, key, 0); err != nil {
			return err
		}
	}
	if ev.Version != handlers.Deleted {
		return nil
	}
	// Who deleted a question does not want it kept.
	_, err = t.ExecContext(ctx, `UPDATE events SET person = '', question = '' WHERE channel = $1 AND ts = $2 AND team = $3`,
		ev.Channel, ev.TS, ev.Team)
	return err
}

// reply is the message that answered an earlier version of what the event is a
// version of; empty if there is none.
func (s *Store) reply(ctx context.Context, key string) (string, error) {
	var ts string
	err := s.reader().QueryRowContext(ctx, `
		SELECT a.reply_ts FROM events e
		JOIN events o ON o.channel = e.channel AND o.ts = e.ts AND o.team = e.team AND o.key <> e.key
		JOIN actions a ON a.event = o.key
		WHERE e.key = $1 AND a.reply_ts <> '' ORDER BY o.created DESC, a.n LIMIT 1`, key).Scan(&ts)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return ts, s.explain(err)
}

// vote counts a vote. One on an answer that nobody gave, or that is long
// erased with its asker, changes nothing; nor does the reason for a vote that is
// another by now.
func vote(ctx context.Context, t tx, person string, v handlers.Vote) error {
	up := 0
	if v.Up {
		up = 1
	}
	_, err := t.ExecContext(ctx, `
		INSERT INTO votes (event, person, up, why, created)
		SELECT key, CAST($2 AS TEXT), CAST($3 AS INTEGER), CAST($4 AS TEXT), {now} FROM events WHERE key = $1 AND CAST($2 AS TEXT) <> ''
		ON CONFLICT (event, person) WHERE person <> '' DO UPDATE SET up = excluded.up, why = excluded.why, created = excluded.created
			WHERE CAST($4 AS TEXT) = '' OR votes.up = 0`,
		v.Event, person, up, v.Why)
	return err
}
