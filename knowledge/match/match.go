// Package match finds the fact that answers a question, or says that none does.
//
// An [Index] is built once from a base; its [Index.Answer] is a pure function
// of the question and is shared by every surface, so that all of them give the
// same [Answer]. Nothing here reads a clock, a file or the network.
package match

import (
	"time"

	"footnote/knowledge"
)

// Question is what somebody wrote, as they wrote it: Slack's markup and
// mentions included.
type Question struct {
	Text  string
	Prior Prior // what the thread was about; the zero Prior if nothing
}

// Prior is the question that a follow-up follows.
type Prior struct {
	Question string
	Facts    []string // ids of the facts it was answered with; found anew if empty
}

// Verdict is what became of a question. The zero Verdict abstains.
type Verdict int

const (
	Abstain   Verdict = iota // the base does not answer it
	Sure                     // Facts holds the answer
	Ambiguous                // Facts holds two or more choices to ask back with
	Chat                     // small talk: nothing was asked
)

// String returns the verdict's name in the program's output.
func (v Verdict) String() string {
	switch v {
	case Sure:
		return "answer"
	case Ambiguous:
		return "ambiguous"
	case Chat:
		return "chat"
	}
	return "abstain"
}

// Answer is what the base has to say to a question. The zero Answer abstains.
// Its pointers lead into the base and are not to be written through.
type Answer struct {
	Verdict    Verdict
	Facts      []Match        // the answer, or the choices; empty when abstaining
	Near       []Match        // when abstaining: the nearest facts, nearest first, at most three
	Gap        *knowledge.Gap // the known gap that made it abstain, or nil
	Chat       string         // when Chat: its kind, a heading of smalltalk.txt such as "greeting"
	Correction *Correction    // set when Facts[0] contradicts what the question supposed
	AsOf       time.Time      // the day as of which it was asked for; zero: as things stand
}

// Match is a fact with how well it fits the question.
type Match struct {
	Fact     *knowledge.Fact
	Question string  // the fact's own way of asking that is nearest to the question
	Score    float64 // confidence, 0..1
}

// Correction is what is said before an answer that contradicts its question.
type Correction struct {
	Text string // "Not quite: up to $50 billion"
}
