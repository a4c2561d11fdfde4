package pgtest

import (
	"errors"
	"os"
	"sync"
	"testing"
)

// shared is the one cluster of a test binary, which has no other place for it:
// its tests share it and Main ends it.
var shared struct {
	sync.Mutex // guards the rest
	cluster    *Cluster
	err        error
	databases  int
}

// Start returns the URL of a new, empty database. The first call of a test
// binary starts a server, which ends with [Main]. Where PostgreSQL is missing
// the test is skipped, but fails if the environment says CI=true.
func Start(t testing.TB) (url string) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster == nil && shared.err == nil {
		shared.cluster, shared.err = Open("")
	}
	if errors.Is(shared.err, ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip(shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	shared.databases++
	url, err := shared.cluster.Create(name(t.Name(), shared.databases))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// Main runs the tests and then ends the server that they have started, if any.
// It is what a package's TestMain calls: os.Exit(pgtest.Main(m)).
func Main(m *testing.M) int {
	status := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.cluster != nil {
		shared.cluster.Close() // what it leaves behind no test depends on
	}
	return status
}
