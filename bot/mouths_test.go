package bot

import (
	"testing"
	"time"
)

func TestOneOfTwoSpeaks(t *testing.T) {
	var m mouths
	now := time.Now()
	if !m.take("k", poster) || !m.take("k", atOnce) {
		t.Error("of an event that was not announced anybody may speak")
	}
	m.announce("k", now)
	if !m.take("k", poster) || m.take("k", atOnce) {
		t.Error("the poster came first and alone may speak")
	}
	if !m.take("k", poster) {
		t.Error("the poster may not try again")
	}
	m.announce("l", now)
	if !m.take("l", atOnce) || m.take("l", poster) {
		t.Error("who gave up waiting came first and alone may speak")
	}
	m.forget("l")
	m.announce("m", now.Add(2*stale))
	if len(m.open) != 1 {
		t.Errorf("%d are remembered, want the last alone", len(m.open))
	}
}
