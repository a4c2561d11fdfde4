package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"footnote/handlers"
	"footnote/knowledge"
)

// Revision is the number of changes of the facts that hold.
func (s *Store) Revision(ctx context.Context) (n int64, err error) {
	return n, s.explain(s.ask(ctx, &n, `SELECT n FROM revision`))
}

// Approved returns the changes that hold, in the order in which they came to.
func (s *Store) Approved(ctx context.Context) (revision int64, _ []knowledge.Change, _ error) {
	list, err := s.changes(ctx, `WHERE state = 'approved' ORDER BY revision`)
	if err != nil {
		return 0, nil, err
	}
	var out []knowledge.Change
	for _, c := range list {
		out = append(out, c.Change)
		revision = c.Revision
	}
	return revision, out, nil
}

// Changes returns all changes with their reviews, the oldest first.
func (s *Store) Changes(ctx context.Context) ([]handlers.ChangeRecord, error) {
	return s.changes(ctx, `ORDER BY created, id`)
}

// changes returns the changes for which a condition holds.
func (s *Store) changes(ctx context.Context, which string) ([]handlers.ChangeRecord, error) {
	rows, err := s.reader().QueryContext(ctx, `SELECT id, change, author, why, state, created, decided, revision FROM changes `+which)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	var out []handlers.ChangeRecord
	at := map[string]int{}
	for rows.Next() {
		var c handlers.ChangeRecord
		var change, state string
		var created float64
		var decided sql.NullFloat64
		var revision sql.NullInt64
		if err := rows.Scan(&c.ID, &change, &c.Author, &c.Why, &state, &created, &decided, &revision); err != nil {
			return nil, s.explain(err)
		}
		if err := json.Unmarshal([]byte(change), &c.Change); err != nil {
			return nil, fmt.Errorf("change %s: %w", c.ID, err)
		}
		c.Standing, c.Created, c.Revision = handlers.Standing(state), when(created).UTC(), revision.Int64
		if decided.Valid {
			c.Decided = when(decided.Float64).UTC()
		}
		at[c.ID] = len(out)
		out = append(out, c)
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return nil, s.explain(err)
	}
	return out, s.addReviews(ctx, out, at)
}

// addReviews completes changes, whose places are those of their ids.
func (s *Store) addReviews(ctx context.Context, list []handlers.ChangeRecord, at map[string]int) error {
	rows, err := s.reader().QueryContext(ctx, `SELECT change, person, verdict, why, created FROM reviews ORDER BY created, person`)
	if err != nil {
		return s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, opinion string
		var r handlers.ReviewRecord
		var created float64
		if err := rows.Scan(&id, &r.Person, &opinion, &r.Why, &created); err != nil {
			return s.explain(err)
		}
		r.Opinion, r.Created = handlers.Opinion(opinion), when(created).UTC()
		if i, ok := at[id]; ok {
			list[i].Reviews = append(list[i].Reviews, r)
		}
	}
	return s.explain(rows.Err())
}

// curatedQuestions is how many unanswered questions curators are shown.
const curatedQuestions = 500

// curation recalls what curators work on.
func (s *Store) curation(ctx context.Context) (*handlers.Curation, error) {
	var c handlers.Curation
	var err error
	if c.Revision, err = s.Revision(ctx); err != nil {
		return nil, err
	}
	if c.Unanswered, err = s.Unanswered(ctx, curatedQuestions); err != nil {
		return nil, err
	}
	if c.Judged, err = s.Judgements(ctx); err != nil {
		return nil, err
	}
	c.Open, err = s.changes(ctx, `WHERE state IN ('proposed', 'returned') ORDER BY created, id`)
	return &c, err
}

// propose writes a change down. One that is known stays as it is, and nobody is
// told of it again.
func propose(ctx context.Context, t tx, author string, p handlers.Proposal) error {
	change, err := json.Marshal(p.Change)
	if err != nil {
		return err
	}
	res, err := t.ExecContext(ctx, `
		INSERT INTO changes (id, entry, author, why, change, state, created)
		VALUES ($1, $2, $3, $4, $5, 'proposed', {now}) ON CONFLICT (id) DO NOTHING`,
		p.ID, p.Change.ID, author, p.Why, string(change))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMeanwhile)
	}
	if p.In == "" {
		return nil
	}
	res, err = t.ExecContext(ctx, `UPDATE changes SET state = 'rejected', decided = {now} WHERE id = $1 AND state = 'returned' AND author = $2`, p.In, author)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errMeanwhile)
	}
	return nil
}

// errMeanwhile undoes a review or a proposal that came too late.
var errMeanwhile = errors.New("the facts or the change have moved on meanwhile")

// review writes a review down and reports whether the change holds by it.
func review(ctx context.Context, t tx, person string, r handlers.Review) (holds bool, err error) {
	var state, author string
	err = t.QueryRowContext(ctx, `SELECT state, author FROM changes WHERE id = $1 {lock}`, r.Change).Scan(&state, &author)
	if errors.Is(err, sql.ErrNoRows) {
		return false, errMeanwhile
	}
	if err != nil {
		return false, err
	}
	if state != string(handlers.Proposed) || author == person {
		return false, errMeanwhile
	}
	res, err := t.ExecContext(ctx, `INSERT INTO reviews (change, person, verdict, why, created) VALUES ($1, $2, $3, $4, {now})
		ON CONFLICT (change, person) DO NOTHING`, r.Change, person, string(r.Opinion), r.Why)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, errors.Join(err, errMeanwhile)
	}
	if r.Opinion != handlers.Approve {
		state := handlers.Rejected
		if r.Opinion == handlers.Return {
			state = handlers.Returned
		}
		_, err = t.ExecContext(ctx, `UPDATE changes SET state = $2, decided = {now} WHERE id = $1`, r.Change, string(state))
		return false, err
	}
	var approvals int
	if err := t.QueryRowContext(ctx, `SELECT COUNT(*) FROM reviews WHERE change = $1 AND verdict = 'approve'`, r.Change).Scan(&approvals); err != nil {
		return false, err
	}
	if approvals < r.Needed {
		return false, nil
	}
	res, err = t.ExecContext(ctx, `UPDATE revision SET n = n + 1 WHERE n = $1`, r.Revision)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, errors.Join(err, errMeanwhile)
	}
	_, err = t.ExecContext(ctx, `UPDATE changes SET state = 'approved', decided = {now}, revision = $2 WHERE id = $1`, r.Change, r.Revision+1)
	for _, key := range r.Told {
		if err == nil {
			_, err = t.ExecContext(ctx, `INSERT INTO told (event, change) VALUES ($1, $2) ON CONFLICT (event) DO NOTHING`, key, r.Change)
		}
	}
	return err == nil, err
}

// curate writes down what an event does to the facts, and what follows from it.
func (s *Store) curate(ctx context.Context, t tx, ev handlers.Event, d handlers.Decision) error {
	if d.Proposal != nil {
		if err := propose(ctx, t, ev.User, *d.Proposal); err != nil {
			return err
		}
	}
	if d.Review == nil {
		return nil
	}
	holds, err := review(ctx, t, ev.User, *d.Review)
	if err != nil || !holds || len(d.Review.Tell) == 0 {
		return err
	}
	list, err := owe(ev, handlers.Decision{Actions: d.Review.Tell})
	if err != nil {
		return err
	}
	for _, o := range list {
		o.n += len(d.Actions)
		if err := s.open(ctx, t, ev.Key, o); err != nil {
			return err
		}
	}
	_, err = t.ExecContext(ctx, `UPDATE events SET done = NULL WHERE key = $1`, ev.Key)
	return err
}
