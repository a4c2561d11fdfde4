package main

import (
	"os"
	"runtime"
	"testing"
)

// The program as "go build" makes it stays under 50 MB. What makes it jump by
// 6 MB is a call of reflect's MethodByName, as text/template has: the linker then
// keeps every method of every type.
func TestSize(t *testing.T) {
	info, err := os.Stat(program(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" && info.Size() >= 50e6 {
		t.Errorf("the program has %d bytes, want less than 50 MB", info.Size())
	}
}
