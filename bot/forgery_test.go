package bot_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"footnote/bot"
	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// relay stands between the workspace and the bot's socket. It keeps what passes,
// and can send the bot what the workspace never would.
type relay struct {
	t     *testing.T
	start sync.Once // of the server before the workspace
	ahead string    // its address

	mu     sync.Mutex // guards the rest
	toBot  *websocket.Conn
	frames []thing
	acks   map[string]string // by envelope, as JSON
	forged int
}

// between is for newWorld.
func (y *relay) between(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if !strings.HasPrefix(r.URL.Path, "/link/") {
		next.ServeHTTP(w, r)
		return
	}
	y.start.Do(func() {
		srv := httptest.NewServer(next)
		y.t.Cleanup(srv.Close)
		y.ahead = "ws" + strings.TrimPrefix(srv.URL, "http")
	})
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	bot, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		y.t.Error(err)
		return
	}
	defer bot.CloseNow()
	var sides sync.WaitGroup
	ws, _, err := websocket.Dial(ctx, y.ahead+r.URL.RequestURI(), &websocket.DialOptions{
		OnPingReceived: func(context.Context, []byte) bool {
			sides.Go(func() { bot.Ping(ctx) })
			return true
		},
	})
	if err != nil {
		y.t.Error(err)
		return
	}
	defer ws.CloseNow()
	bot.SetReadLimit(-1)
	ws.SetReadLimit(-1)
	y.mu.Lock()
	y.toBot = bot
	y.mu.Unlock()
	carry := func(from, to *websocket.Conn, keep func(thing)) {
		defer cancel()
		for {
			kind, data, err := from.Read(ctx)
			var frame thing
			if err != nil || json.Unmarshal(data, &frame) != nil {
				return
			}
			keep(frame)
			if to.Write(ctx, kind, data) != nil {
				return
			}
		}
	}
	sides.Go(func() {
		carry(ws, bot, func(frame thing) {
			y.mu.Lock()
			defer y.mu.Unlock()
			y.frames = append(y.frames, frame)
		})
	})
	sides.Go(func() {
		carry(bot, ws, func(frame thing) {
			y.mu.Lock()
			defer y.mu.Unlock()
			payload, _ := json.Marshal(frame["payload"])
			y.acks[fmt.Sprint(frame["envelope_id"])] = plainJSON(payload)
		})
	})
	sides.Wait()
}

// last is the newest frame that holds all of the texts.
func (y *relay) last(holds ...string) thing {
	y.t.Helper()
	y.mu.Lock()
	defer y.mu.Unlock()
frames:
	for i := len(y.frames) - 1; i >= 0; i-- {
		data, _ := json.Marshal(y.frames[i])
		for _, text := range holds {
			if !strings.Contains(string(data), text) {
				continue frames
			}
		}
		return y.frames[i]
	}
	y.t.Fatalf("no frame holds %q", holds)
	return nil
}

// forge sends the bot a frame once more, changed, in an envelope of its own. It
// returns the ack.
func (y *relay) forge(w *world, frame thing, change func(payload thing)) string {
	y.t.Helper()
	data, err := json.Marshal(frame)
	if err != nil {
		y.t.Fatal(err)
	}
	var forged thing
	if err := json.Unmarshal(data, &forged); err != nil {
		y.t.Fatal(err)
	}
	change(forged["payload"].(thing))
	y.mu.Lock()
	y.forged++
	id := fmt.Sprintf("forged-%d", y.forged)
	conn := y.toBot
	y.mu.Unlock()
	forged["envelope_id"] = id
	if data, err = json.Marshal(forged); err != nil {
		y.t.Fatal(err)
	}
	if err := conn.Write(y.t.Context(), websocket.MessageText, data); err != nil {
		y.t.Fatal(err)
	}
	var ack string
	w.until("what was forged is acked", func() bool {
		y.mu.Lock()
		defer y.mu.Unlock()
		var done bool
		ack, done = y.acks[id]
		return done
	})
	return ack
}

// state is all that people see and the ledger holds of votes and changes.
func (w *world) state(people ...string) string {
	w.t.Helper()
	(&stage{T: w.t, w: w}).idle()
	var b strings.Builder
	for _, user := range people {
		for _, place := range []string{channel, private} {
			var list thing
			w.call(http.MethodGet, "/_sim/messages?"+url.Values{"channel": {place}, "user": {user}}.Encode(), nil, &list)
			fmt.Fprintln(&b, user, place, list["messages"])
		}
		var views thing
		w.call(http.MethodGet, "/_sim/views?user="+user, nil, &views)
		fmt.Fprintln(&b, user, views)
	}
	s, err := store.Open(w.t.Context(), w.ledger)
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Close()
	changes, err := s.Changes(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	data, _ := json.Marshal(changes)
	fmt.Fprintf(&b, "%s\n%s\n", data, w.votes())
	return b.String()
}

// votes are all of them, as person, 1 or 0, and why.
func (w *world) votes() string {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.ledger)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var votes string
	if err := db.QueryRowContext(w.t.Context(), `SELECT COALESCE(group_concat(person || ' ' || up || ' ' || why), '') FROM votes`).Scan(&votes); err != nil {
		w.t.Fatal(err)
	}
	return votes
}

// What Slack never sends, since its clients let nobody do it, changes nothing:
// presses and submissions that are played again, from views that are closed or
// have become others, of other people, of another workspace.
func TestForgeriesChangeNothing(t *testing.T) {
	t.Parallel()
	y := &relay{t: t, acks: map[string]string{}}
	w := newWorld(t, y.between)
	var index atomic.Pointer[match.Index]
	index.Store(w.index)
	w.start(func(c *bot.Config) {
		c.Policy = handlers.Policy{Curators: []string{"U0AUTHOR", "U0REVIEWER"}}
		c.Index = index.Load
	})
	asker := &stage{T: t, w: w, user: person, channel: channel}
	author := &stage{T: t, w: w, user: "U0AUTHOR", channel: channel}
	reviewer := &stage{T: t, w: w, user: "U0REVIEWER", channel: channel}
	people := []string{asker.user, author.user, reviewer.user}
	for _, user := range people {
		w.call(http.MethodPost, "/_sim/user", thing{"user": user, "name": strings.ToLower(user[2:])}, &thing{})
	}

	as := func(user string) func(thing) {
		return func(p thing) { p["user"].(thing)["id"] = user }
	}
	same := func(thing) {}
	foreign := func(p thing) {
		p["team"].(thing)["id"] = "T0OTHER"
		p["user"].(thing)["team_id"] = "T0OTHER"
	}
	// idle forges a frame in each way and expects that nothing comes of it.
	idle := func(what string, frame thing, ways map[string]func(thing)) {
		t.Helper()
		before := w.state(people...)
		for way, change := range ways {
			ack := y.forge(w, frame, change)
			if after := w.state(people...); after != before {
				t.Errorf("%s %s: acked with %s, and then\n%s\nwas\n%s", what, way, ack, after, before)
				before = after
			}
		}
	}

	// A private answer, shared once.
	asker.act("command", thing{"channel": channel, "command": "/ask", "text": "who leads the negotiations?"})
	asker.press(asker.told(channel, 1)[0], "share", "")
	asker.told(channel, 2)
	idle("a share", y.last("block_actions", `"share"`), map[string]func(thing){"again": same, "by another": as(author.user), "from elsewhere": foreign})

	// A vote, and the form that asks why. It is sent off when the vote is another.
	w.mention("who leads the negotiations?")
	m := asker.told(channel, 3)[2]
	asker.press(m, "vote", asker.vote(m, "down "))
	why := asker.modal("What was wrong")
	asker.press(m, "vote", asker.vote(m, "up "))
	asker.idle()
	asker.act("submit", thing{"view_id": why.ID, "values": thing{"why": "It is out of date."}})
	asker.idle()
	if got, want := w.votes(), asker.user+" 1 "; got != want {
		t.Errorf("a form about a vote that was changed: votes %q, want %q", got, want)
	}
	idle("why", y.last("view_submission", "out of date"), map[string]func(thing){"again": same, "by another": as(author.user), "from elsewhere": foreign})

	// A choice in a search that shows another answer by now.
	asker.act("shortcut", thing{"callback_id": "search"})
	search := asker.modal("Type a few words")
	asker.suggest(search, "jassy")
	asker.act("action", thing{"view_id": search.ID, "action_id": "find", "value": "negotiator-amazon"})
	now := asker.modal(jassy)
	other := func(p thing) {
		p["actions"].([]any)[0].(thing)["selected_option"].(thing)["value"] = "amount"
	}
	current := func(p thing) {
		other(p)
		p["view"].(thing)["hash"] = now.Hash
	}
	idle("a choice", y.last("block_actions", "negotiator-amazon"), map[string]func(thing){
		"in a view that has become another": other,
		"by another":                        func(p thing) { current(p); as(author.user)(p) },
		"from elsewhere":                    func(p thing) { current(p); foreign(p) },
	})
	asker.act("close", thing{"view_id": search.ID, "all": true})
	idle("a choice", y.last("block_actions", "negotiator-amazon"), map[string]func(thing){"in a view that is closed": same})

	// A proposal, while it is open.
	thread := w.mention("who repairs the coffee machine?")
	asker.told(channel, 5)
	author.act("action", thing{"view_id": author.home("coffee machine").ID, "action_id": "curate_add:1"})
	form := author.modal("Quote, word for word")
	quote := w.index.Base().Facts[1].Quotes[0].Text
	author.act("submit", thing{"view_id": form.ID, "values": thing{"quotes": quote, "answer": "Nobody says.", "questions": "Who repairs the coffee machine?"}})
	author.modal("Sent to the other curators")
	proposal := y.last("view_submission", "curate_fact")
	idle("a proposal", proposal, map[string]func(thing){"again": same, "by another curator": as(reviewer.user), "by the asker": as(asker.user), "from elsewhere": foreign})

	// Its approval, by somebody else.
	review := reviewer.openReview()
	reviewer.act("submit", thing{"view_id": review.ID, "values": thing{"opinion": "approve"}})
	if got := asker.told(channel, 6)[5]; got.Thread != thread || !strings.Contains(got.Text, "I can answer that now") {
		t.Fatalf("the asker is told %q in %q", got.Text, got.Thread)
	}
	idle("an approval", y.last("view_submission", "curate_review"), map[string]func(thing){"again": same, "by the author": as(author.user), "by the asker": as(asker.user), "from elsewhere": foreign})
	idle("a review", y.last("block_actions", "curate_review"), map[string]func(thing){"of what is decided": same, "by the author": as(author.user), "by the asker": as(asker.user), "from elsewhere": foreign})
	idle("what was approved", proposal, map[string]func(thing){"again": same})

	// A form about a fact that somebody else has changed since it was opened.
	fact := w.index.Base().Facts[0]
	for name, open := range map[string]struct {
		action string
		values thing
	}{
		"an edit":      {"curate_edit:1", thing{"answer": fact.Answer + " So it was."}},
		"a retirement": {"curate_retire:1", thing{"why": "It is old."}},
	} {
		index.Store(w.index)
		author.act("shortcut", thing{"callback_id": "search"})
		search := author.modal("Type a few words")
		author.act("suggest", thing{"view_id": search.ID, "action_id": "find", "value": fact.Questions[0]})
		author.act("action", thing{"view_id": search.ID, "action_id": "find", "value": fact.ID})
		author.act("action", thing{"view_id": author.modal("curate_edit").ID, "action_id": open.action})
		form := author.modal("Why")
		changed := fact
		changed.Answer += " So it is."
		index.Store(with(t, w.index.Base(), changed))
		before := w.state(asker.user, reviewer.user)
		author.act("submit", thing{"view_id": form.ID, "values": open.values})
		author.modal("This is no longer open")
		if after := w.state(asker.user, reviewer.user); after != before {
			t.Errorf("%s of a fact that was changed meanwhile:\n%s\nwas\n%s", name, after, before)
		}
	}
}

// with is an index of a base in which a fact is another.
func with(t *testing.T, b *knowledge.Base, f knowledge.Fact) *match.Index {
	t.Helper()
	next, err := b.With(b.Draw(f.ID, &f, nil))
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(next)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
