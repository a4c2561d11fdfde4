package bot

import (
	"sync"
	"time"
)

// speaker is who may answer a press.
type speaker int

const (
	nobody speaker = iota
	atOnce         // whoever waited for the ledger and gave up
	poster         // whoever claimed it: the ledger took it, and was late to say so
)

// stale is how long a press that was answered without the ledger may still turn
// up in it.
const stale = time.Hour

// mouths sees to it that only one of the two answers. The zero value is ready.
type mouths struct {
	mu   sync.Mutex // guards open
	open map[string]*mouth
}

type mouth struct {
	by    speaker
	since time.Time
}

// announce says that both may answer an event.
func (m *mouths) announce(key string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open == nil {
		m.open = map[string]*mouth{}
	}
	for k, other := range m.open {
		if now.Sub(other.since) > stale {
			delete(m.open, k)
		}
	}
	if m.open[key] == nil {
		m.open[key] = &mouth{since: now}
	}
}

// forget is for an event that the ledger is known to have.
func (m *mouths) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.open, key)
}

// take reports whether it is by who speaks for an event: the first who asks,
// and anybody if the event was not announced.
func (m *mouths) take(key string, by speaker) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.open[key]
	if w == nil {
		return true
	}
	if w.by == nobody {
		w.by = by
	}
	return w.by == by
}
