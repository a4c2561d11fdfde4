.PHONY: test build bench bench-promise chaos soak snapshot audit

test:
	@scripts/test

build:
	go build -o footnote ./cmd/footnote

bench:
	go test -run '^$$' -bench . -count 5 ./knowledge/...

# What the ledger costs; docs/performance.md.
bench-promise:
	go test -run '^$$' -bench Promise -benchtime 1x ./bot

# Kill the bot again and again while it answers; docs/reliability.md.
chaos:
	go run ./cmd/chaos -questions 1000 -conversations 150 -users 40 -kills 30 -rate 20

# An hour at 50 questions a second; docs/performance.md.
soak:
	go run ./cmd/chaos -soak 1h -rate 50 -conversations 200

# The program for each system, with checksums, in dist/. Goreleaser is built for it
# once, which takes a few minutes.
snapshot:
	go run $(goreleaser) check
	go run $(goreleaser) release --snapshot --clean

goreleaser = github.com/goreleaser/goreleaser/v2@v2.16.0

# Known faults of the dependencies, for which it asks Go's database.
audit:
	scripts/audit
