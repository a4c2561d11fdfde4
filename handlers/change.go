package handlers

import (
	"time"

	"footnote/knowledge"
)

// Standing is where a change of the facts is on its way.
type Standing string

// The standings of a change.
const (
	Proposed Standing = "proposed" // waits for other curators
	Approved Standing = "approved" // holds
	Returned Standing = "returned" // its author is to change it
	Rejected Standing = "rejected"
)

// Opinion is what a curator says of somebody else's change.
type Opinion string

// The opinions.
const (
	Approve Opinion = "approve"
	Return  Opinion = "return"
	Reject  Opinion = "reject"
)

// Proposal is a change that the author of an event puts forward.
type Proposal struct {
	ID     string // one that is known is not proposed again
	Change knowledge.Change
	Why    string
	In     string // id of the returned change that it takes the place of; empty for none
}

// Review is what the author of an event thinks of a change. It counts only while
// the change is proposed, once a person, and never for the change's author.
type Review struct {
	Change  string
	Opinion Opinion
	Why     string

	// Of an approval: it counts only while the facts have that revision. The
	// one that makes the number full makes the change hold, and then Tell is
	// carried out and the questions with the keys of Told are done with.
	Needed   int
	Revision int64
	Tell     []Action
	Told     []string
}

// ChangeRecord is a change, and what became of it.
type ChangeRecord struct {
	ID       string
	Change   knowledge.Change
	Author   string
	Why      string
	Standing Standing
	Created  time.Time
	Decided  time.Time // zero if it is not decided
	Revision int64     // that it made; 0 if none
	Reviews  []ReviewRecord
}

// ReviewRecord is what one curator said of a change.
type ReviewRecord struct {
	Person  string
	Opinion Opinion
	Why     string
	Created time.Time
}

// Curation is what curators work on.
type Curation struct {
	Revision   int64
	Unanswered []Unanswered   // the last first; whose asker has been told is not among them
	Judged     []Judgement    // those with most votes against first
	Open       []ChangeRecord // proposed or returned, the oldest first
}

// Judgement is what people think of the answers with the same facts.
type Judgement struct {
	Facts    []string // their ids; none of what was declined
	Up, Down int
	Whys     []string // what those against wrote, the last first
}
