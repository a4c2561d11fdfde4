-- +goose Up
DROP INDEX IF EXISTS events_version; -- see 5
CREATE INDEX IF NOT EXISTS events_ts ON events (channel, ts);

-- In a file: events whose only action is leased, until the next transaction moves
-- them to where they belong. A server keeps it empty.
CREATE TABLE inbox (
    id       INTEGER PRIMARY KEY,
    key      TEXT NOT NULL,             -- these two first, for all rows are looked through
    paced    TEXT NOT NULL,             -- the action's channel
    pace     DOUBLE PRECISION NOT NULL,
    lane     TEXT NOT NULL,
    created  DOUBLE PRECISION NOT NULL,
    lease    DOUBLE PRECISION NOT NULL, -- seconds
    owner    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    team     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    person   TEXT NOT NULL,
    ts       TEXT NOT NULL,
    thread   TEXT NOT NULL,
    question TEXT NOT NULL,
    facts    TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    action   TEXT NOT NULL
);

-- +goose Down
INSERT INTO events (key, kind, team, channel, person, ts, thread, question, facts, verdict, created)
SELECT key, kind, team, channel, person, ts, thread, question, facts, verdict, created FROM inbox;
INSERT INTO channels (channel, pace, free, next)
SELECT paced, pace, created + pace, created + pace FROM inbox WHERE TRUE
ON CONFLICT (channel) DO UPDATE SET free = excluded.free, next = excluded.next;
INSERT INTO actions (event, n, channel, lane, action, state, created, due, owner, claims, claimed)
SELECT key, 0, paced, lane, action, 'open', created, created + lease, owner, 1, created FROM inbox;
DROP TABLE inbox;
