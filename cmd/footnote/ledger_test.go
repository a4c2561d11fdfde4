package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/store"
	"footnote/handlers"
)

// What was set aside is listed with its error until it is to be tried again.
func TestLedgerRetry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	t.Setenv("FOOTNOTE_DATABASE_URL", path)
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ev := handlers.Event{Key: "T1/C1/1.0", Kind: handlers.Mention, Channel: "C1", User: "U1", TS: "1.0"}
	_, it, err := s.PutAndClaim(t.Context(), ev, handlers.Decision{Actions: []handlers.Action{{Channel: "C1", Text: "hello"}}}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Release(t.Context(), it, bot.Failure{Err: errors.New("is_archived"), Counted: true, Aside: true}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"ledger"}, `(?m)^aside +1 .* mention +T1/C1/1\.0 +- +is_archived$`},
		{[]string{"ledger", "--json"}, `^{"key":"T1/C1/1\.0","kind":"mention","state":"aside","tries":1,"created":"[^"]+","error":"is_archived"}\n$`},
		{[]string{"ledger", "retry", "T1/C1/1.0"}, `^T1/C1/1\.0 is open again\n$`},
		{[]string{"ledger", "--json"}, `"state":"open","tries":0,`},
	} {
		cmd := command()
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetArgs(tt.args)
		if err := cmd.ExecuteContext(t.Context()); err != nil {
			t.Errorf("%v: %v", tt.args, err)
		}
		if !regexp.MustCompile(tt.want).MatchString(out.String()) {
			t.Errorf("%v says %q, want %s", tt.args, out.String(), tt.want)
		}
	}
	if err := s.Retry(t.Context(), ev.Key); err == nil {
		t.Error("what is open could be tried again")
	}
}
