-- +goose Up
-- Nothing any more. It gave up an index, and the next one puts it back where it did.
SELECT 1;

-- +goose Down
SELECT 1;
