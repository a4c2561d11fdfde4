package bot_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/store"
	"footnote/handlers"
)

// curatedWorld is one in which something was asked in vain, and a fact that
// answers it waits for the reviewer, who has its form open.
func curatedWorld(t *testing.T, address string) (w *world, reviewer *stage, thread string, stop func() error) {
	w = newWorld(t, nil)
	w.ledger = address
	stop = w.start(curators)
	author := &stage{T: t, w: w, user: "U0AUTHOR", channel: channel}
	reviewer = &stage{T: t, w: w, user: "U0REVIEWER", channel: channel}
	for _, s := range []*stage{author, reviewer} {
		s.act("user", thing{"name": strings.ToLower(s.user[2:])})
	}
	thread = w.mention("who repairs the coffee machine?")
	w.settled(channel, 1)

	author.act("action", thing{"view_id": author.home("coffee machine").ID, "action_id": "curate_add:1"})
	form := author.modal("Quote, word for word")
	quote := w.index.Base().Facts[1].Quotes[0].Text
	author.act("submit", thing{"view_id": form.ID, "values": thing{"quotes": quote, "answer": "Nobody says.", "questions": "Who repairs the coffee machine?"}})
	author.modal("Sent to the other curators")
	reviewer.openReview()
	return w, reviewer, thread, stop
}

func curators(c *bot.Config) {
	c.Settle = time.Millisecond
	c.Policy = handlers.Policy{Curators: []string{"U0AUTHOR", "U0REVIEWER"}}
}

func (s *stage) openReview() shownView {
	s.Helper()
	home := s.home("Waiting for another curator")
	var id string
	for part := range strings.SplitSeq(string(home.Blocks), `"`) {
		if strings.HasPrefix(part, "curate_review:") {
			id = part
		}
	}
	s.act("action", thing{"view_id": home.ID, "action_id": id})
	return s.modal("What do you say?")
}

// sockets is how many a workspace holds.
func sockets(workspace string) (int, error) {
	resp, err := http.Get(workspace + "/_sim/state")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var state struct{ Sockets int }
	return state.Sockets, json.NewDecoder(resp.Body).Decode(&state)
}

// Whatever step the bot's process is killed after while it takes an approval, the
// old fact holds or the new one, and who asked is told once.
func TestKilledWhileApproving(t *testing.T) {
	for name, database := range databases {
		for i, step := range bot.Steps {
			t.Run(name+"/"+step, func(t *testing.T) {
				t.Parallel()
				w, reviewer, thread, stop := curatedWorld(t, database(t))
				form := reviewer.modal("What do you say?")
				stop()
				w.until("nobody listens", func() bool {
					n, err := sockets(w.url)
					return err == nil && n == 0
				})
				sent := make(chan error, 1)
				go func() {
					data, err := json.Marshal(thing{"user": reviewer.user, "view_id": form.ID, "values": thing{"opinion": "approve"}})
					tick := time.NewTicker(10 * time.Millisecond)
					defer tick.Stop()
					for n := 0; err == nil && n == 0; n, err = sockets(w.url) { // until the bot listens
						<-tick.C
					}
					if err == nil {
						var resp *http.Response
						if resp, err = http.Post(w.url+"/_sim/submit", "application/json", bytes.NewReader(data)); err == nil {
							err = resp.Body.Close()
						}
					}
					sent <- err
				}()
				d := doomed{BotToken: w.ws.BotToken(), AppToken: w.ws.AppToken(), APIURL: w.url + "/api/", Ledger: w.ledger, Step: i + 1, Curators: []string{"U0AUTHOR", "U0REVIEWER"}}
				if out, err := w.run(d); err == nil {
					t.Fatalf("the first bot was not killed:\n%s", out)
				}
				if err := <-sent; err != nil {
					t.Fatal(err)
				}
				w.missed()
				w.start(curators)
				s, err := store.Open(t.Context(), w.ledger)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				revision, approved, err := s.Approved(t.Context())
				switch {
				case err != nil || int(revision) != len(approved):
					t.Fatalf("revision %d of %d changes: %v", revision, len(approved), err)
				case revision == 0: // the person has seen an error, and tries again
					if told := w.replies(channel); len(told) != 1 {
						t.Errorf("told %d things though nothing holds", len(told))
					}
					again := reviewer.modal("What do you say?") // which is still open
					reviewer.act("submit", thing{"view_id": again.ID, "values": thing{"opinion": "approve"}})
				}
				got := w.settled(channel, 2)
				if len(got) == 2 && (got[1].Thread != thread || !strings.Contains(got[1].Text, "I can answer that now")) {
					t.Errorf("told %q in %q, want the answer in %q", got[1].Text, got[1].Thread, thread)
				}
				if revision, _, err := s.Approved(t.Context()); revision != 1 || err != nil {
					t.Errorf("revision %d, %v", revision, err)
				}
			})
		}
	}
}
