package bot

import "sync/atomic"

// Stats counts what went wrong since the bot was made. None of it lost a
// message: what is missed or not acked is sent again.
type Stats struct {
	Missed     int64 // frames that found no room
	Malformed  int64 // frames that are not what Slack documents
	Unrecorded int64 // commands and presses that were answered without the ledger
	AcksLost   int64 // acks that could not be written to their socket
	AcksLate   int64 // acks more than three seconds after their frame
	Aside      int64 // actions that are never tried again
	Panics     int64
}

type counts struct {
	missed, malformed, unrecorded, acksLost, acksLate, aside, panics atomic.Int64
}

// Stats may be called at any time.
func (b *Bot) Stats() Stats {
	c := &b.counts
	return Stats{
		Missed:     c.missed.Load(),
		Malformed:  c.malformed.Load(),
		Unrecorded: c.unrecorded.Load(),
		AcksLost:   c.acksLost.Load(),
		AcksLate:   c.acksLate.Load(),
		Aside:      c.aside.Load(),
		Panics:     c.panics.Load(),
	}
}
