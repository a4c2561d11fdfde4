// Package knowledge holds what Footnote knows: a [Base] of [Fact]s, each with
// the verbatim [Quote]s of a stored [Source] that carry it, and of [Gap]s,
// which are what people ask and the sources do not say.
//
// [Load] reads a base from YAML files and refuses, with every [Problem] at
// once, one whose quotes are not in their sources or whose answers say numbers
// that their quotes do not. A loaded base is never changed and is safe for
// concurrent use. The package knows no network and no clock, and does not
// match questions: that is package match.
package knowledge

import "time"

// Certainty is how sure the source is of what a fact says.
type Certainty string

// The certainties, from the surest to the least sure.
const (
	Confirmed       Certainty = "confirmed"        // said officially by whom it concerns
	Reported        Certainty = "reported"         // stated or reported, not confirmed
	UnderDiscussion Certainty = "under_discussion" // being negotiated, not decided
	Possible        Certainty = "possible"         // could, may or might be
)

// Fact is one thing that a source says, and how people ask for it.
type Fact struct {
	ID         string   // stable slug, unique in the base: "negotiations-lead"
	Answer     string   // one or two sentences; no number that the quotes lack
	Questions  []string // ways people ask for it
	Quotes     []Quote  // the evidence, strongest first; never empty
	Certainty  Certainty
	ReportedBy string    // "The Wall Street Journal"; empty where the source speaks for itself
	About      []string  // ids of names
	Related    []string  // ids of facts that a reader may want next
	ReviewBy   time.Time // the day by which a person looks at it again; zero: none

	// What it does to other facts, by their ids. The other side needs no word of
	// it: see [Base.Standing].
	Supersedes  []string // earlier facts that hold no longer
	Confirms    []string // facts of other sources that say the same
	Contradicts []string // facts of other sources that say otherwise

	At    Position // where it begins in the base's files
	asked []Position
}

// QuestionAt returns where the i-th of the fact's questions stands.
func (f *Fact) QuestionAt(i int) Position {
	if i < 0 || i >= len(f.asked) {
		return f.At
	}
	return f.asked[i]
}

// Position is a place in the base's files. The zero Position is of what was not
// read from a file.
type Position struct {
	File         string
	Line, Column int // from 1; the column counts characters
}

// Gap is something that people ask and no source says. A question that matches
// one is declined with it.
type Gap struct {
	ID        string
	Missing   string   // what is absent, "OpenAI's valuation", or "whether more cuts follow"
	Near      []string // ids of the facts that say the nearest thing, nearest first
	Questions []string
	At        Position // where it begins in the base's files
}

// Quote is a passage of a source, word for word.
type Quote struct {
	Text      string
	Source    string // id of the source
	Paragraph int    // line of the source on which the passage begins, counted from 1; set by Load
	Offset    int    // byte of the source's text at which it begins; set by Load
}

// Source is a text that facts quote.
type Source struct {
	ID        string
	Kind      string // what to call it in a sentence: "article"
	Title     string
	URL       string // empty: not shown
	Publisher string // empty: not shown
	Published time.Time
	Text      string
	File      string // that holds the text
}

// Name is a person, company or thing that facts are about, with what people
// call it. An alias belongs to one name.
type Name struct {
	ID      string // the name itself: "Amazon"
	Kind    string // "company", "person", "publication", "product", "place"
	Aliases []string
}

// Base is a checked set of sources, names, facts and gaps, each in the order of
// the files. Its slices belong to the base: callers do not change them.
type Base struct {
	Sources []Source
	Names   []Name
	Facts   []Fact
	Gaps    []Gap
	Hash    string // hex SHA-256 of what it was made from: files, and changes of them

	Revision int64 // of the ledger whose changes it holds; 0 if it is of files alone

	// Entries that are marked as drafts. They were checked like the others, and
	// answer nothing before a person accepts them.
	Drafts    []Fact
	DraftGaps []Gap

	facts   map[string]*Fact
	sources map[string]*Source

	supersededBy, confirmedBy, contradictedBy map[string][]*Fact
}

// Fact returns the fact with that id, or nil.
func (b *Base) Fact(id string) *Fact { return b.facts[id] }

// Source returns the source with that id, or nil.
func (b *Base) Source(id string) *Source { return b.sources[id] }
