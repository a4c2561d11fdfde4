-- +goose Up
-- A message that was edited or deleted is an event for each version.
ALTER TABLE events ADD COLUMN version TEXT NOT NULL DEFAULT ''; -- grows; '' as it was first written
CREATE INDEX events_person ON events (person, created) WHERE person <> '';

CREATE TABLE votes (
    event   TEXT NOT NULL REFERENCES events (key), -- whose answer is judged
    person  TEXT NOT NULL,                         -- '' once forgotten
    up      INTEGER NOT NULL,                      -- 1 helpful, 0 not
    why     TEXT NOT NULL,                         -- in the person's words; '' if they gave none
    created DOUBLE PRECISION NOT NULL
);
CREATE UNIQUE INDEX votes_person ON votes (event, person) WHERE person <> ''; -- one each
CREATE INDEX votes_known ON votes (created) WHERE person <> '' OR why <> '';

-- +goose Down
DROP TABLE votes;
DROP INDEX events_person;
ALTER TABLE events DROP COLUMN version;
