package bot_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"footnote"
	"footnote/bot"
	"footnote/bot/store"
)

// stage is one person's part of a world, with a channel of their own.
type stage struct {
	*testing.T
	w             *world
	user, channel string
	again         func() // between a question and what follows from it
}

type thing = map[string]any

// act does something as the person and returns the answer.
func (s *stage) act(path string, body thing) thing {
	s.Helper()
	if body["user"] == nil {
		body["user"] = s.user
	}
	var answer thing
	s.w.call(http.MethodPost, "/_sim/"+path, body, &answer)
	return answer
}

// ask mentions the bot, in a thread or not.
func (s *stage) ask(text, thread string) string {
	s.Helper()
	return s.write("<@"+s.w.ws.BotUser()+"> "+text, thread)
}

func (s *stage) write(text, thread string) string {
	s.Helper()
	return s.act("message", thing{"channel": s.channel, "text": text, "thread_ts": thread})["ts"].(string)
}

// told waits until the person has been told that many things in a channel, and
// nothing is owed any more.
func (s *stage) told(channel string, n int) []message {
	s.Helper()
	s.idle()
	var list struct {
		Messages []message `json:"messages"`
	}
	read := func() (found []message) {
		list.Messages = nil
		s.w.call(http.MethodGet, "/_sim/messages?"+url.Values{"channel": {channel}, "user": {s.user}}.Encode(), nil, &list)
		for _, m := range list.Messages {
			if m.User == s.w.ws.BotUser() {
				found = append(found, m)
			}
		}
		return found
	}
	var got []message
	// What was answered without the ledger is owed by nobody.
	s.w.until(fmt.Sprintf("told %d things", n), func() bool { got = read(); return len(got) >= n })
	if len(got) != n {
		var texts []string
		for _, m := range got {
			texts = append(texts, m.Text)
		}
		s.Fatalf("told %d things, want %d:\n%s", len(got), n, strings.Join(texts, "\n"))
	}
	return got
}

// idle waits until the bot owes nothing.
func (s *stage) idle() {
	s.Helper()
	ledger, err := store.Open(s.Context(), s.w.ledger)
	if err != nil {
		s.Fatal(err)
	}
	defer ledger.Close()
	s.w.until("the bot owes nothing", func() bool {
		if s.w.unacked() > 0 { // the ledger has what was acked
			return false
		}
		next, err := ledger.Next(s.Context())
		return err == nil && next == time.Minute
	})
}

// press presses a button of a message.
func (s *stage) press(m message, action, value string) {
	s.Helper()
	id := m.action(action)
	if id == "" {
		s.Fatalf("no button %s under %q", action, m.Text)
	}
	s.act("action", thing{"channel": s.channel, "message_ts": m.TS, "action_id": id, "value": value})
}

type shownView struct {
	ID       string          `json:"id"`
	Hash     string          `json:"hash"`
	Callback string          `json:"callback_id"`
	Blocks   json.RawMessage `json:"blocks"`
	Title    struct {
		Text string `json:"text"`
	} `json:"title"`
}

func (v shownView) has(text string) bool { return strings.Contains(plainJSON(v.Blocks), text) }

// plainJSON is JSON without the escapes that hide what a person reads.
func plainJSON(data []byte) string {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return ""
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.Encode(v)
	return out.String()
}

type shownViews struct {
	Modals []shownView `json:"modals"`
	Home   *shownView  `json:"home"`
}

func (s *stage) views() (v shownViews) {
	s.Helper()
	s.w.call(http.MethodGet, "/_sim/views?user="+s.user, nil, &v)
	return v
}

// modal waits for a modal on top that shows a text.
func (s *stage) modal(text string) shownView {
	s.Helper()
	var top shownView
	s.w.until("a modal shows "+text, func() bool {
		v := s.views()
		if len(v.Modals) == 0 {
			return false
		}
		top = v.Modals[len(v.Modals)-1]
		return top.has(text)
	})
	return top
}

func (s *stage) home(text string) shownView {
	s.Helper()
	var home shownView
	looks := 0
	s.w.until("the home tab shows "+text, func() bool {
		if looks++; looks%200 == 1 { // what is not drawn in three seconds never is, until it is opened again
			s.act("home", thing{})
		}
		v := s.views()
		if v.Home == nil {
			return false
		}
		home = *v.Home
		return home.has(text)
	})
	return home
}

// says expects a message to say something.
func (s *stage) says(m message, texts ...string) {
	s.Helper()
	for _, text := range texts {
		if !strings.Contains(m.Text, text) {
			s.Errorf("says %q, want %q in it", m.Text, text)
		}
	}
}

const (
	jassy  = "Andy Jassy"
	amount = "up to $50 billion"
)

// scenes are what people do on each surface and what they must see.
var scenes = map[string]func(s *stage){
	"a thread has memory": func(s *stage) {
		ts := s.ask("who leads the negotiations?", "")
		s.says(s.told(s.channel, 1)[0], jassy)
		s.again()
		s.ask("source?", ts)
		got := s.told(s.channel, 2)
		s.says(got[1], jassy)
		if got[1].Thread != ts {
			s.Errorf("answered in thread %q, want %q", got[1].Thread, ts)
		}
		s.write("we shall see", ts) // nobody asked
		s.told(s.channel, 2)
	},
	"several questions are answered in one reply": func(s *stage) {
		s.ask("Who leads the negotiations? How much may Amazon invest in OpenAI?", "")
		s.says(s.told(s.channel, 1)[0], jassy, amount)
	},
	"an edit changes the reply": func(s *stage) {
		ts := s.ask("who leads the negotiations?", "")
		first := s.told(s.channel, 1)[0]
		s.again()
		s.act("message", thing{"channel": s.channel, "ts": ts, "text": "<@" + s.w.ws.BotUser() + "> how much may Amazon invest in OpenAI?"})
		s.w.until("the reply was changed", func() bool { return strings.Contains(s.told(s.channel, 1)[0].Text, amount) })
		if got := s.told(s.channel, 1)[0]; got.TS != first.TS || strings.Contains(got.Text, jassy) {
			s.Errorf("the reply %s became %s %q", first.TS, got.TS, got.Text)
		}
	},
	"a mention that an edit adds is answered": func(s *stage) {
		ts := s.write("who leads the negotiations?", "")
		s.told(s.channel, 0)
		s.act("message", thing{"channel": s.channel, "ts": ts, "text": "<@" + s.w.ws.BotUser() + "> who leads the negotiations?"})
		s.says(s.told(s.channel, 1)[0], jassy)
	},
	"a DM is edited and deleted": func(s *stage) {
		const dm = "@footnote"
		posted := s.act("message", thing{"channel": dm, "text": "who leads the negotiations?"})
		channel, ts := posted["channel"].(string), posted["ts"].(string)
		s.says(s.told(channel, 1)[0], jassy)
		s.act("message", thing{"channel": dm, "text": "source?"})
		s.says(s.told(channel, 2)[1], jassy)
		s.again()
		s.act("message", thing{"channel": dm, "ts": ts, "text": "how much may Amazon invest in OpenAI?"})
		s.w.until("the reply was changed", func() bool { return strings.Contains(s.told(channel, 2)[0].Text, amount) })
		s.act("delete", thing{"channel": channel, "ts": ts})
		s.w.until("the reply was taken away", func() bool {
			s.idle()
			var list struct{ Messages []message }
			s.w.call(http.MethodGet, "/_sim/messages?"+url.Values{"channel": {channel}, "user": {s.user}}.Encode(), nil, &list)
			return len(list.Messages) == 2 // the second question and its answer
		})
	},
	"a vote is counted and changed": func(s *stage) {
		s.ask("who leads the negotiations?", "")
		m := s.told(s.channel, 1)[0]
		s.again()
		s.press(m, "vote", s.vote(m, "up "))
		s.says(s.told(s.channel, 2)[1], "your vote is counted")
		s.press(m, "vote", s.vote(m, "down "))
		why := s.modal("What was wrong")
		s.act("submit", thing{"view_id": why.ID, "values": thing{"why": "It is out of date."}})
		s.idle()
		if got := s.views(); len(got.Modals) != 0 {
			s.Errorf("%d modals are still open", len(got.Modals))
		}
		s.told(s.channel, 2)
		s.voted("0 It is out of date.")
	},
	"the article is shown": func(s *stage) {
		s.ask("who leads the negotiations?", "")
		m := s.told(s.channel, 1)[0]
		s.again()
		s.press(m, "source", "")
		v := s.modal("Quoted: paragraph 9")
		if !v.has(jassy) || !v.has("are left out here") {
			s.Errorf("the article is not there: %s", v.Blocks)
		}
		s.told(s.channel, 1)
	},
	"a private answer is shared once": func(s *stage) {
		s.act("command", thing{"channel": s.channel, "command": "/ask", "text": "who leads the negotiations?"})
		m := s.told(s.channel, 1)[0]
		s.again()
		s.press(m, "share", "")
		got := s.told(s.channel, 2)
		for _, m := range got {
			if m.Hidden == "" {
				s.says(m, jassy)
				if !strings.Contains(plainJSON(m.Raw), "Shared by <@"+s.user+">") {
					s.Errorf("shared by nobody: %s", m.Raw)
				}
				continue
			}
			s.says(m, "You have shared this answer.")
		}
	},
	"asking back, and somebody else's press": func(s *stage) {
		s.ask("help", "")
		m := s.told(s.channel, 1)[0]
		s.again()
		other := &stage{s.T, s.w, s.user + "X", s.channel, s.again}
		other.press(m, "ask:1", "")
		s.told(s.channel, 1) // the asker's thread is as it was
		if got := other.told(s.channel, 2); got[1].Hidden != other.user {
			s.Errorf("somebody else was told in public")
		}
		s.press(m, "ask:1", "")
		if got := s.told(s.channel, 2); got[1].Hidden != "" {
			s.Errorf("the asker was told in private")
		}
	},
	"the home tab": func(s *stage) {
		v := s.home("What I know")
		s.suggest(v, "jassy")
		s.act("action", thing{"view_id": v.ID, "action_id": "find", "value": "negotiator-amazon"})
		found := s.modal(jassy)
		s.act("action", thing{"view_id": found.ID, "action_id": "source"})
		s.modal("Quoted: paragraph 9")
		s.act("close", thing{"view_id": s.modal("Quoted").ID, "all": true})
		s.again()
		own := s.home("Your last questions")
		s.act("action", thing{"view_id": own.ID, "action_id": "ask:1"})
		s.modal(jassy)
	},
	"the search": func(s *stage) {
		s.act("shortcut", thing{"callback_id": "search"})
		v := s.modal("Type a few words")
		s.suggest(v, "negotiations jassy")
		s.again()
		s.act("action", thing{"view_id": v.ID, "action_id": "find", "value": "negotiator-amazon"})
		s.modal(jassy)
		if n := len(s.views().Modals); n != 1 {
			s.Errorf("%d modals, want the one", n)
		}
	},
	"a message is looked up": func(s *stage) {
		ts := s.write("Does anybody know who leads the negotiations?", "")
		other := &stage{s.T, s.w, s.user + "X", s.channel, s.again}
		other.act("message", thing{"channel": s.channel, "text": "I don't"})
		other.act("shortcut", thing{"callback_id": "find", "channel": s.channel, "message_ts": ts})
		m := other.told(s.channel, 1)[0]
		s.says(m, jassy)
		s.told(s.channel, 0)
		s.again()
		other.press(m, "share", "")
		got := s.told(s.channel, 1)[0]
		s.says(got, jassy)
		if got.Thread != ts {
			s.Errorf("shared in thread %q, want %q", got.Thread, ts)
		}
	},
	"the pane": func(s *stage) {
		begun := s.act("assistant", thing{"channel": s.channel})
		channel, thread := begun["channel"].(string), begun["thread_ts"].(string)
		s.says(s.told(channel, 2)[1], "Hello!") // under what Slack begins the thread with
		pane := func(want string) {
			s.Helper()
			s.w.until("the pane has "+want, func() bool {
				var list thing
				s.w.call(http.MethodGet, "/_sim/messages?"+url.Values{"channel": {channel}, "user": {s.user}}.Encode(), nil, &list)
				data, _ := json.Marshal(list)
				return strings.Contains(plainJSON(data), want)
			})
		}
		pane(`"prompts":[`)
		s.again()
		s.act("message", thing{"channel": "@footnote", "thread_ts": thread, "text": "who leads the negotiations?"})
		s.says(s.told(channel, 3)[2], jassy)
		pane(`"title":"Who leads the negotiations?"`)
		s.again()
		s.act("message", thing{"channel": "@footnote", "thread_ts": thread, "text": "source?"})
		s.says(s.told(channel, 4)[3], jassy)
		s.act("assistant", thing{"channel": "C0RANDOM", "thread_ts": thread})
		s.told(channel, 4)
	},
}

// voted expects one vote of the person: 1 or 0, and why.
func (s *stage) voted(want string) {
	s.Helper()
	db, err := sql.Open("sqlite", s.w.ledger)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	var got string
	if err := db.QueryRowContext(s.Context(), `SELECT group_concat(up || ' ' || why) FROM votes WHERE person = ?`, s.user).Scan(&got); err != nil || got != want {
		s.Errorf("voted %q, %v, want %q", got, err, want)
	}
}

// vote is the value of one side of the message's feedback buttons.
func (s *stage) vote(m message, side string) string {
	s.Helper()
	_, rest, found := strings.Cut(plainJSON(m.Raw), `"value":"`+side)
	value, _, _ := strings.Cut(rest, `"`)
	if !found {
		s.Fatalf("no vote under %q", m.Text)
	}
	return side + value
}

// suggest types into the search and expects the one who leads the talks.
func (s *stage) suggest(v shownView, text string) {
	s.Helper()
	got := s.act("suggest", thing{"view_id": v.ID, "action_id": "find", "value": text})
	data, _ := json.Marshal(got)
	if !strings.Contains(string(data), "negotiator-amazon") {
		s.Errorf("typed %q: %s", text, data)
	}
}

// TestSurfaces plays each scene as it is, with every delivery doubled, and with
// the bot started anew between a question and what follows from it.
func TestSurfaces(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"as ever", "each delivery doubled", "across restarts"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			stop := w.start()
			again := func() {}
			switch mode {
			case "each delivery doubled":
				w.call(http.MethodPost, "/_sim/fault", thing{"kind": "deliver_twice"}, &thing{})
			case "across restarts":
				again = func() {
					if err := stop(); err != nil {
						t.Fatal(err)
					}
					stop = w.start()
				}
			}
			n := 0
			for name, play := range scenes {
				n++
				t.Run(name, func(t *testing.T) {
					here := *w
					here.t = t
					s := &stage{t, &here, fmt.Sprintf("U0S%02d", n), fmt.Sprintf("C0S%02d", n), again}
					play(s)
				})
			}
		})
	}
}

// Where threads are followed, a question needs no mention.
func TestFollowedThreads(t *testing.T) {
	manifest := bytes.Replace(footnote.Manifest, []byte("      - message.im\n"), []byte("      - message.im\n      - message.channels\n"), 1)
	w := newWorldOf(t, manifest, nil)
	w.start(func(c *bot.Config) { c.FollowThreads = true })
	s := &stage{T: t, w: w, user: person, channel: "C0F"}
	ts := s.ask("who leads the negotiations?", "")
	s.told(s.channel, 1)
	follow := s.write("source?", ts)
	s.says(s.told(s.channel, 2)[1], jassy)
	s.write("let us have lunch", ts)
	s.write("who leads the negotiations?", "") // in no thread
	s.told(s.channel, 2)
	elsewhere := s.write("lunch?", "")
	s.write("who leads the negotiations?", elsewhere)
	s.told(s.channel, 2)
	s.act("delete", thing{"channel": s.channel, "ts": follow})
	s.w.until("its reply is gone", func() bool { s.idle(); return len(s.w.replies(s.channel)) == 1 })
	s.act("delete", thing{"channel": s.channel, "ts": ts})
	s.w.until("all replies are gone", func() bool { s.idle(); return len(s.w.replies(s.channel)) == 0 })
}
