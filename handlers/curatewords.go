package handlers

import "fmt"

// curatorWords is what is said to curators.
var curatorWords = struct {
	title, away, gone, own, notYou, nobodyElse, unkept string

	factTitle, gapTitle, retireTitle, reviewTitle, send string

	source, newSource, newSourceText, newSourceTitle, newSourceDate, quotes, quotesHint, answer, certainty, questions, why, missing, verdict, reason string

	quote, asked, before, after, retired, noWhy string // of the difference that a change makes

	oneSource, noSource, needTitle, needDate, needQuote, needAnswer, needQuestions, needReason string

	proposed, approved, rejected, returned, counted string

	homeTitle, homeNothing, homeWaiting, homeReturned, homeUnanswered, homeAgainst string
	add, gap, edit, retire, review, revise                                         string
}{
	title:      "Facts",
	away:       "I cannot reach my ledger at the moment. Nothing was changed; please try again in a minute.",
	gone:       "This is no longer open: somebody has decided it, or the facts have changed. Nothing was changed by you; Home shows what is open.",
	own:        "This is your own change. Another curator has to look at it.",
	notYou:     "Only curators can change facts. The policy file names them.",
	nobodyElse: "Other curators have to approve a change, and the policy file names too few. Nothing was changed; whoever runs me can name more.",
	unkept:     "This could not be written down: the ledger is away, or the facts changed in the same moment. Nothing was changed; please try again.",

	factTitle: "Propose a fact", gapTitle: "Mark as a gap", retireTitle: "Retire a fact", reviewTitle: "Review a change", send: "Send",

	source: "Source", newSource: "Or a new source: its text", newSourceText: "Paste the text word for word.", newSourceTitle: "Title of the new source",
	newSourceDate: "When the new source was published", quotes: "Quote, word for word", quotesHint: "Several quotes: leave an empty line between them.",
	answer: "Answer", certainty: "How sure the source is", questions: "Questions, one a line", why: "Why", missing: "What no source says",
	quote: "Quote", asked: "Questions", before: "Before: ", after: "Now: ", retired: "Retired: ", noWhy: "no reason given",

	verdict: "What do you say?", reason: "Reason",

	oneSource: "Choose a source or paste a new one, not both.", noSource: "Choose a source, or paste the text of a new one below.",
	needTitle: "A new source needs a title.", needDate: "A new source needs the date on which it was published.",
	needQuote: "A fact needs a quote.", needAnswer: "A fact needs an answer.", needQuestions: "Write at least one question.",
	needReason: "Say why, so that the author knows what to do.",

	proposed: "Sent to the other curators.", approved: "The change holds.", rejected: "was rejected", returned: "was sent back to you", counted: "Your approval is counted.",

	homeTitle: "For curators", homeNothing: "Nothing went unanswered lately.", homeWaiting: "Waiting for another curator", homeReturned: "Sent back to you",
	homeUnanswered: "What went unanswered", homeAgainst: "Votes against answers",
	add: "Add a fact", gap: "Mark as a gap", edit: "Edit", retire: "Retire", review: "Review", revise: "Change it",
}

// The sentences that hold something.

func notInSource(nearest string) string {
	if nearest == "" {
		return "The source does not say this, and nothing like it."
	}
	return fmt.Sprintf("The source does not say this word for word. The nearest passage is: “%s”", nearest)
}

func askedTimes(n int) string {
	if n == 1 {
		return "asked once"
	}
	return fmt.Sprintf("asked %d times", n)
}

// andMore says how many questions a form has no room for.
func andMore(n int) string {
	if n == 1 {
		return "One more question stays as it is."
	}
	return fmt.Sprintf("%d more questions stay as they are.", n)
}

func knownNow(question string) string {
	return fmt.Sprintf("You asked “%s”. I can answer that now:", question)
}
