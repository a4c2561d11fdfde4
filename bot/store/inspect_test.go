package store

import (
	"strings"
	"testing"
)

// Looking changes nothing, and sees what is there.
func TestInspect(t *testing.T) {
	known, err := lastMigration()
	if err != nil {
		t.Fatal(err)
	}
	bothAddresses(t, func(t *testing.T, address string) {
		for range 2 {
			if c, err := Inspect(t.Context(), address); err != nil || c != (Condition{New: true, Known: known}) {
				t.Fatalf("before the first run: %+v, %v", c, err)
			}
		}
		s := open(t, address)
		want := Condition{Schema: known, Known: known}
		if c, err := Inspect(t.Context(), address); err != nil || c != want {
			t.Errorf("open: %+v, %v, want %+v", c, err, want)
		}
		if err := s.Lock(t.Context()); err != nil {
			t.Fatal(err)
		}
		want.InUse = !Shared(address)
		if c, err := Inspect(t.Context(), address); err != nil || c != want {
			t.Errorf("in use: %+v, %v, want %+v", c, err, want)
		}
	})
}

// A ledger that was taken back to each earlier version and brought up again
// keeps its events and what it owes for them.
func TestRollBack(t *testing.T) {
	known, err := lastMigration()
	if err != nil {
		t.Fatal(err)
	}
	bothAddresses(t, func(t *testing.T, address string) {
		for version := known - 1; version >= 1; version-- {
			s := open(t, address)
			ev := mention("C1", "100.0"+string(rune('0'+version)), "")
			if _, err := s.Put(t.Context(), ev, reply("C1", "", "hello")); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if err := RollBack(t.Context(), address, version); err != nil {
				t.Fatalf("to %d: %v", version, err)
			}
			if c, err := Inspect(t.Context(), address); err != nil || c.Schema != version {
				t.Errorf("rolled back to %d: %+v, %v", version, c, err)
			}
		}
		s := open(t, address)
		list, err := s.List(t.Context(), 0)
		if err != nil || len(list) != int(known)-1 {
			t.Errorf("%d events are owed for, %v, want %d", len(list), err, known-1)
		}
	})
}

// Nothing is taken from under a process that runs.
func TestRollBackWaitsForNobody(t *testing.T) {
	bothAddresses(t, func(t *testing.T, address string) {
		s := open(t, address)
		if err := s.Lock(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := RollBack(t.Context(), address, 1); err == nil || !strings.Contains(err.Error(), "running Footnote") {
			t.Errorf("beside a running bot: %v", err)
		}
		for _, version := range []int64{0, -1, 99} {
			if err := RollBack(t.Context(), address, version); err == nil || !strings.Contains(err.Error(), "there is none") {
				t.Errorf("to %d: %v", version, err)
			}
		}
	})
}
