-- +goose Up
CREATE TABLE events (
    key      TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    team     TEXT NOT NULL,
    channel  TEXT NOT NULL,
    person   TEXT NOT NULL,
    ts       TEXT NOT NULL,
    thread   TEXT NOT NULL,             -- '' at the top level
    question TEXT NOT NULL,             -- '' if it asked nothing
    facts    TEXT NOT NULL,             -- the ids it was answered with, as JSON
    verdict  TEXT NOT NULL,
    created  DOUBLE PRECISION NOT NULL, -- here and below: seconds since 1970, by the database's clock
    done     DOUBLE PRECISION           -- when nothing more was owed
);
CREATE INDEX events_channel ON events (channel, created);

CREATE TABLE actions (
    event      TEXT NOT NULL REFERENCES events (key),
    n          INTEGER NOT NULL,
    channel    TEXT NOT NULL,              -- that is paced; '' if none
    lane       TEXT NOT NULL,              -- within which order is kept
    action     TEXT NOT NULL,              -- JSON
    state      TEXT NOT NULL,              -- open, done, aside
    created    DOUBLE PRECISION NOT NULL,
    due        DOUBLE PRECISION NOT NULL,  -- not before; while claimed, the end of the lease
    owner      TEXT NOT NULL DEFAULT '',   -- the process that holds the lease
    claims     INTEGER NOT NULL DEFAULT 0,
    claimed    DOUBLE PRECISION,
    tries      INTEGER NOT NULL DEFAULT 0,
    unclear    DOUBLE PRECISION,           -- when a try ended of which nobody knows how
    last_error TEXT NOT NULL DEFAULT '',
    reply_ts   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (event, n)
);
CREATE INDEX actions_open ON actions (lane, created) WHERE state = 'open';
CREATE INDEX actions_reply ON actions (channel, reply_ts) WHERE reply_ts <> '';

CREATE TABLE channels (
    channel TEXT PRIMARY KEY,
    free    DOUBLE PRECISION NOT NULL -- when it may be posted to again
);

-- +goose Down
DROP TABLE channels;
DROP TABLE actions;
DROP TABLE events;
