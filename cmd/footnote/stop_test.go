package main

import (
	"context"
	"testing"
)

// cancelling is an output at whose first line somebody presses Ctrl-C.
type cancelling context.CancelFunc

func (c cancelling) Write(p []byte) (int, error) {
	c()
	return len(p), nil
}

// Whoever stops the program while it is still starting has made no mistake.
func TestStoppedWhileStarting(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"sim", "--listen", "127.0.0.1:0"},
		{"sim", "--listen", "127.0.0.1:0", "--workspace-only"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cmd := command()
		cmd.SetArgs(args)
		cmd.SetOut(cancelling(cancel))
		cmd.SetErr(t.Output())
		if err := cmd.ExecuteContext(ctx); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}
