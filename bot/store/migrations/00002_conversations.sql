-- +goose Up
-- A channel is where claims look first: it knows when to look into it again.
ALTER TABLE channels ADD COLUMN pace DOUBLE PRECISION NOT NULL DEFAULT 1; -- seconds between two of its actions
ALTER TABLE channels ADD COLUMN next DOUBLE PRECISION;                    -- nothing may be claimed sooner; NULL: nothing is open
UPDATE actions SET channel = event WHERE channel = '';                    -- what goes to a response URL
DELETE FROM channels WHERE channel = '';
INSERT INTO channels (channel, pace, free)
SELECT DISTINCT channel, CASE WHEN channel = event THEN 0 ELSE 1 END, 0 FROM actions WHERE state = 'open'
ON CONFLICT (channel) DO NOTHING;
UPDATE channels SET next = free WHERE channel IN (SELECT channel FROM actions WHERE state = 'open');
CREATE INDEX channels_next ON channels (next) WHERE next IS NOT NULL;

DROP INDEX actions_open;
CREATE INDEX actions_open ON actions (channel, created, event, n) WHERE state = 'open';
CREATE INDEX actions_lane ON actions (lane, created, event, n) WHERE state = 'open';

-- A thread's last question is found however many the channel has seen.
DROP INDEX events_channel;
CREATE INDEX events_thread ON events (channel, thread, created);
CREATE INDEX events_ts ON events (channel, ts);
CREATE INDEX events_known ON events (created) WHERE person <> '' OR question <> ''; -- what is still to be erased

CREATE TABLE processes (
    id     TEXT PRIMARY KEY,
    steady DOUBLE PRECISION NOT NULL, -- since when it has been heard without a gap
    heard  DOUBLE PRECISION NOT NULL
);

-- +goose Down
DROP TABLE processes;
DROP INDEX events_known;
DROP INDEX events_ts;
DROP INDEX events_thread;
CREATE INDEX events_channel ON events (channel, created);
DROP INDEX actions_lane;
DROP INDEX actions_open;
CREATE INDEX actions_open ON actions (lane, created, event, n) WHERE state = 'open';
DROP INDEX channels_next;
ALTER TABLE channels DROP COLUMN next;
ALTER TABLE channels DROP COLUMN pace;
