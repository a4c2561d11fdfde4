-- +goose Up
-- A message is found by its key; only its other versions need an index.
DROP INDEX events_ts;
CREATE INDEX events_version ON events (channel, ts) WHERE version <> '';

-- +goose Down
DROP INDEX events_version;
CREATE INDEX events_ts ON events (channel, ts);
