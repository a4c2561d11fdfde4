package handlers

import (
	"time"
)

// Unanswered is a question that the base did not answer.
type Unanswered struct {
	Key      string // of its event
	Kind     Kind
	Question string
	Channel  string
	Thread   string // ts of the thread that it was answered in; empty for none
	User     string
	At       time.Time
}
