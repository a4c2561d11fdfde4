.PHONY: test build bench

test:
	@scripts/test

build:
	go build -o footnote ./cmd/footnote

bench:
	go test -run '^$$' -bench . -count 5 ./knowledge/...
