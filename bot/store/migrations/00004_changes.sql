-- +goose Up
-- Changes of the facts that people propose, kept for ever.
CREATE TABLE changes (
    id       TEXT PRIMARY KEY,
    entry    TEXT NOT NULL,             -- of the fact or gap
    author   TEXT NOT NULL,
    why      TEXT NOT NULL,
    change   TEXT NOT NULL,             -- before and after, as JSON
    state    TEXT NOT NULL,             -- proposed, approved, returned, rejected
    created  DOUBLE PRECISION NOT NULL,
    decided  DOUBLE PRECISION,
    revision BIGINT                     -- that it made, once approved
);
CREATE INDEX changes_open ON changes (created) WHERE state IN ('proposed', 'returned');
CREATE UNIQUE INDEX changes_revision ON changes (revision) WHERE revision IS NOT NULL;

CREATE TABLE reviews (
    change  TEXT NOT NULL REFERENCES changes (id),
    person  TEXT NOT NULL,
    verdict TEXT NOT NULL,              -- approve, return, reject
    why     TEXT NOT NULL,
    created DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (change, person)
);

-- Questions that went unanswered and whose askers have been told an answer.
CREATE TABLE told (
    event  TEXT PRIMARY KEY REFERENCES events (key),
    change TEXT NOT NULL REFERENCES changes (id)
);

-- One row. Replicas look at it once a second, and whoever approves adds to it.
CREATE TABLE revision (n BIGINT NOT NULL);
INSERT INTO revision (n) VALUES (0);

-- +goose Down
DROP TABLE revision;
DROP TABLE told;
DROP TABLE reviews;
DROP TABLE changes;
