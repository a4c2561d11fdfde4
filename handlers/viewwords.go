package handlers

import "fmt"

// viewWords is what stands in modals, in the home tab and in the assistant pane.
// Titles and what is on the buttons of a modal have 24 characters.
type viewWords struct {
	close, submit string

	whyTitle string // of the modal that asks what was wrong with an answer
	whyLead  string
	whyLabel string // of its field
	whyHint  string

	sourceTitle func(kind string) string
	untitled    string             // of a source
	quoted      func(n int) string // over the paragraph that is quoted
	leftOut     func(n int) string // in place of so many paragraphs
	noSource    string

	searchTitle string
	searchLabel string
	searchHint  func(facts int) string

	homeTitle string
	homeLead  func(facts int, command string) string // command may be empty
	popular   string                                 // over the questions that are asked most
	examples  string                                 // over questions to begin with, while none was asked
	own       string                                 // over what the person asked last
	sources   string
	topics    func(names string) string
	show      string // on a button

	promptsTitle string // over the questions that the assistant pane suggests
	working      string // what the bot is doing, after its name: "Footnote is looking…"
}

var englishViews = viewWords{
	close:    "Close",
	submit:   "Send",
	whyTitle: "What was wrong?",
	whyLead:  "Your vote is counted. What you write here helps whoever looks after the facts; nobody answers it.",
	whyLabel: "What was wrong with the answer?",
	whyHint:  "For example: it answers another question, it is out of date, or something is missing.",

	sourceTitle: func(kind string) string { return "From the " + kind },
	untitled:    "Untitled",
	quoted:      func(n int) string { return fmt.Sprintf("Quoted: paragraph %d", n) },
	leftOut: func(n int) string {
		if n == 1 {
			return "1 paragraph is left out here."
		}
		return fmt.Sprintf("%d paragraphs are left out here.", n)
	},
	noSource: "What this answer stood on is no longer in my sources. Please ask again.",

	searchTitle: "Find a fact",
	searchLabel: "Type a few words of what you look for.",
	searchHint: func(facts int) string {
		if facts == 1 {
			return "Search 1 fact"
		}
		return fmt.Sprintf("Search %d facts", facts)
	},

	homeTitle: "What I know",
	homeLead: func(facts int, command string) string {
		know := fmt.Sprintf("I'm an automated assistant and know %d facts, each with its quote and source.", facts)
		if facts == 1 {
			know = "I'm an automated assistant and know 1 fact, with its quote and source."
		}
		ways := "mention me in a channel or write to me in the Messages tab"
		if command != "" {
			ways = fmt.Sprintf("mention me in a channel, write to me in the Messages tab, or type %s and your question", command)
		}
		return fmt.Sprintf("%s Look for one here, or %s. What my sources do not say, I do not know, and I say so.", know, ways)
	},
	popular:  "Asked most",
	examples: "To begin with",
	own:      "Your last questions",
	sources:  "My sources",
	topics:   func(names string) string { return "They are about " + names + "." },
	show:     "Show answer",

	promptsTitle: "Questions to begin with:",
	working:      "is looking in its sources…",
}
