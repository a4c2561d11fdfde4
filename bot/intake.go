package bot

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack/socketmode"
)

const (
	holding = 4096 // messages that wait to be written down, a minute of a busy company
	urgency = 64   // frames that somebody waits for
	again   = time.Second
)

// job is a frame and the socket that wants its ack.
type job struct {
	from *socket
	came time.Time
	frame
}

// intake is where the sockets leave their frames. Messages wait in it as long
// as the ledger is away, so that commands and presses, which nobody sends
// again, have a way of their own.
type intake struct {
	messages chan job
	urgent   chan job

	mu   sync.Mutex // guards held
	held map[string]bool
}

func newIntake() *intake {
	return &intake{
		messages: make(chan job, holding),
		urgent:   make(chan job, urgency),
		held:     map[string]bool{},
	}
}

// offer takes a frame, or reports false if there is no room. A message that
// Slack sends again while it waits is the one that waits.
func (in *intake) offer(j job) bool {
	if j.Type != socketmode.RequestTypeEventsAPI {
		select {
		case in.urgent <- j:
			return true
		default:
			return false
		}
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.held[j.Envelope] {
		return true
	}
	if len(in.held) == holding {
		return false
	}
	in.held[j.Envelope] = true
	in.messages <- j // has room for all that are held
	return true
}

// drop forgets a message that is written down, or left to Slack.
func (in *intake) drop(j job) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.held, j.Envelope)
}

// take returns what the sockets hand their frames to. It never blocks; a frame
// that comes too late or finds no room stays unacked, so that Slack sends it to
// another socket, or again.
func (b *Bot) take(ctx context.Context) func(*socket, frame) {
	return func(s *socket, f frame) {
		if ctx.Err() == nil && !b.intake.offer(job{s, time.Now(), f}) {
			b.log.Warn("too much at once, left to Slack to send again", "envelope", f.Envelope, "missed", b.counts.missed.Add(1))
		}
	}
}

// workUrgent answers commands and presses until ctx is done and none is left.
func (b *Bot) workUrgent(ctx, work context.Context) {
	for {
		select {
		case j := <-b.intake.urgent:
			b.answer(work, j)
		case <-ctx.Done():
			if len(b.intake.urgent) == 0 {
				return
			}
		}
	}
}

// workMessages answers messages until ctx is done and none is left. Those that
// cannot be written down wait for the ledger to come back, behind the others:
// it may be they that it does not take.
func (b *Bot) workMessages(ctx, work context.Context) {
	for {
		select {
		case j := <-b.intake.messages:
			if !b.answer(work, j) && sleep(ctx, jitter(again)) == nil {
				b.intake.messages <- j
				continue
			}
			b.intake.drop(j)
		case <-ctx.Done():
			if len(b.intake.messages) == 0 {
				return
			}
		}
	}
}
