package main

import (
	"fmt"
	"strings"
)

// asked is an ask that was made.
type asked struct {
	ask
	in, ts  string // where and when it was written; no ts for a command
	thread  string // that its answer belongs into; empty for none
	acked   bool   // a command or press was answered in time…
	errored bool   // …or the person saw Slack's error
}

// tally is what came of all asks. Conversations are those of questions.
type tally struct {
	questions, conversations int
	once, lost, twice, wrong int

	commands, presses outcomes
	findings          []finding
}

// outcomes is what came of commands or presses, which Slack delivers once.
type outcomes struct{ answered, errored, lost, twice int }

// finding is something that did not end as it should.
type finding struct {
	what, text string
	key        string // in the ledger; empty if it is not known
}

// kept reports whether the promise was kept. A press may be lost: it is written
// down only if the ledger can be reached at once.
func (t tally) kept() bool {
	return t.lost == 0 && t.twice == 0 && t.wrong == 0 && t.commands.lost == 0 && t.commands.twice == 0 && t.presses.twice == 0
}

func (t *tally) find(what, key, format string, args ...any) {
	t.findings = append(t.findings, finding{what: what, key: key, text: fmt.Sprintf(format, args...)})
}

// place is where a message stands.
type place struct{ channel, ts string }

// count holds what was asked against everything that was said, by channel. Each
// message of the bot must belong to one ask and stand where its answer belongs.
func count(all []asked, messages map[string][]said) tally {
	var t tally
	questions := map[place]int{}
	alone := map[string]int{} // the command or press that has a channel to itself
	for i, a := range all {
		if a.ts != "" {
			questions[place{a.in, a.ts}] = i
		}
		if a.kind != message {
			alone[a.in] = i
		}
	}
	t.conversations = len(messages) - len(alone)
	replies := make([][]said, len(all))                             // to questions
	public, private := make([]int, len(all)), make([]int, len(all)) // what else was said
	for channel, list := range messages {
		for _, m := range list {
			if m.BotID == "" {
				continue
			}
			i, isReply := questions[about(m)]
			j, isAlone := alone[channel]
			switch {
			case isReply && all[i].in == channel && all[i].thread == m.Thread && m.To == "":
				replies[i] = append(replies[i], m)
			case isAlone && !isReply && m.To == "":
				public[j]++
			case isAlone && !isReply && m.To == all[j].user:
				private[j]++
			default:
				t.wrong++
				t.find("answers nothing that was asked there", m.Metadata.Payload.Key, "message %s in %s, thread %q, seen by %q: %.60q", m.TS, channel, m.Thread, m.To, m.Text)
			}
		}
	}
	for i, a := range all {
		if a.kind != command {
			t.question(a, replies[i])
		}
		switch a.kind {
		case command:
			t.command(a, public[i], private[i])
		case press:
			t.press(a, public[i])
		}
	}
	return t
}

// about is the message that m answers, as its metadata says: team/channel/ts.
func about(m said) place {
	parts := strings.Split(m.Metadata.Payload.Key, "/")
	if len(parts) < 3 {
		return place{}
	}
	return place{parts[1], parts[2]}
}

func (t *tally) question(a asked, replies []said) {
	t.questions++
	what := ""
	switch {
	case len(replies) == 0:
		t.lost++
		what = "lost"
	case len(replies) > 1:
		t.twice++
		what = "answered twice"
	case !strings.HasPrefix(replies[0].Text, a.about().answer):
		t.wrong++
		what = "wrong"
	default:
		t.once++
		return
	}
	var texts []string
	for _, r := range replies {
		texts = append(texts, fmt.Sprintf("%s %.50q", r.TS, r.Text))
	}
	t.find(what, "T0SIM/"+a.in+"/"+a.ts, "%q of %s in %s at %s, replies %s", a.about().question, a.user, a.in, a.ts, texts)
}

// command counts a command and the press that shares its answer.
func (t *tally) command(a asked, public, private int) {
	switch {
	case public > 1:
		t.commands.twice++
		t.find("command shared twice", "", "by %s in %s: %d messages", a.user, a.in, public)
	case a.acked && private >= 1: // a share that failed is apologised for privately
		t.commands.answered++
	case a.errored && private == 0:
		t.commands.errored++
	default:
		t.commands.lost++
		t.find("command neither answered nor refused", "", "by %s in %s: acked %t, refused %t, %d private messages", a.user, a.in, a.acked, a.errored, private)
	}
}

// press counts a press, not the question before it.
func (t *tally) press(a asked, public int) {
	switch {
	case public > 1:
		t.presses.twice++
		t.find("press answered twice", "", "by %s in %s: %d messages", a.user, a.in, public)
	case public == 1:
		t.presses.answered++
	case a.acked:
		t.presses.lost++
		t.find("press lost", "", "by %s in %s", a.user, a.in)
	default:
		t.presses.errored++
	}
}
