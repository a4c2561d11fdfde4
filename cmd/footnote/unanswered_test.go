package main

import (
	"errors"
	"testing"
	"time"
)

// What somebody wrote is one line, whatever they put in it.
func TestShown(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"who\tleads?\r\n really", "who leads? really"},
		{"\x1b[2Jwho", "[2Jwho"},
		{"\u009b2Jwho", "2Jwho"}, // the same in one character
		{"a\u202eb", "a b"},
		{"für alle, naïve", "für alle, naïve"},
	} {
		if got := shown(tt.text); got != tt.want {
			t.Errorf("shown(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

// A list that could not be written is no success.
func TestListsThatCannotBeWritten(t *testing.T) {
	for name, err := range map[string]error{
		"unanswered": tabulateGroups(full{}, []group{{Questions: []string{"who?"}, Last: time.Now()}}),
		"log":        printChanges(full{}, []changeLine{{ID: "c1"}}),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
