package handlers

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
)

// words is everything that the bot says, in one language. Its strings and what
// its functions return are plain text; what they are given may be markup, so
// that they must not cut or change it.
type words struct {
	unknown    string // nothing in the base comes near
	didYouMean string // before suggestions, to a question that was not understood
	alsoAsk    string // before suggestions, after the nearest fact
	forExample string
	share      string // on a button
	shared     string // in place of a private answer that was shared
	shareOver  string // to who would share an answer too late
	stale      string // to the press of a button that means nothing any more
	noWords    string // to the shortcut on a message in which nothing is said
	notHere    string // where the bot is to be silent, to who alone sees it
	voted      string // to who found an answer helpful
	apology    string

	helpful, helpfulLabel     string // on a button, and what a screen reader says of it
	unhelpful, unhelpfulLabel string

	views     viewWords
	chat      map[string]string // by kind of small talk, in which {topic} is what the base is about
	chatOther string            // for any other kind

	date        func(time.Time) string
	list        func([]string) string
	missing     func(kind, what string) string // kind is what the only source is called; empty for several
	nearest     func(kind, answer string) string
	onlyKnows   func(topic, command string) string // command may be empty
	help        func(topic, command string) string
	topic       func(title, date string) string // what the base is about: one source, date may be empty
	more        func(n int) string              // so many sources more
	whichOne    func(n int) string              // before so many choices
	about       func(question, names string) string
	isQuestion  func(text string) bool                                       // as far as its first words and its last sign tell
	asQuestion  func(question string) string                                 // fit to be shown: "how big is it" becomes "How big is it?"
	place       func(title, publisher, date string, paragraphs []int) string // all but the title may be empty
	sources     func(places []string) string
	disagree    string                             // before what other sources say against an answer
	confirmed   func(places []string) string       // who says the same
	earlier     func(answer, places string) string // what was said before an answer
	knownThen   func(day string) string            // before an answer as of a day
	unknownThen func(day string) string            // in place of one
	standing    func(c knowledge.Certainty, reportedBy, kind, date string) string
	sharedBy    func(user string) string
	question    func(question string) string
	showSource  func(kind string) string // on a button
	tooMany     func(per time.Duration) string
}

var english = words{
	unknown:    "I don't know: I found nothing in my sources that answers this.",
	didYouMean: "Did you mean:",
	alsoAsk:    "You could also ask:",
	forExample: "For example:",
	share:      "Share with channel",
	shared:     "You have shared this answer.",
	shareOver:  "The 30 minutes in which this answer could be shared are over. Please ask again to share it.",
	noWords:    "There is nothing in that message that I could look for.",
	notHere:    "I'm not set up to answer here. Please ask whoever looks after this app.",
	voted:      "Thank you, your vote is counted.",
	stale:      "That button is out of date: what it stood for is no longer in my sources. Please ask me in your own words.",
	apology:    "Sorry, something went wrong on my side and I could not answer. Please ask again.",

	helpful: "Helpful", helpfulLabel: "This answer was helpful",
	unhelpful: "Not helpful", unhelpfulLabel: "This answer was not helpful; opens a form to say why",

	views: englishViews,
	chat: map[string]string{
		"greeting":  "Hello! I'm an automated assistant. Ask me about {topic}, and I answer with quotes.",
		"thanks":    "You're welcome.",
		"bye":       "Goodbye.",
		"praise":    "Thank you, that is good to hear.",
		"complaint": "I'm sorry that this did not help. I'm an automated assistant and know only {topic}. Asking in other words may help.",
		"joke":      "I have no jokes to tell: I'm an automated assistant and only repeat what my sources say.",
	},
	chatOther: "I'm an automated assistant. Ask me about {topic}, and I answer with quotes.",

	date: func(t time.Time) string { return t.Format("2 January 2006") },
	list: englishList,
	missing: func(kind, what string) string {
		subject, verb := "My sources do not", "give"
		if kind != "" {
			subject = "The " + kind + " does not"
		}
		first, _, _ := strings.Cut(what, " ")
		if slices.Contains(englishClause, strings.ToLower(first)) {
			verb = "say"
		}
		return fmt.Sprintf("%s %s %s.", subject, verb, strings.TrimRight(what, ". "))
	},
	nearest: func(kind, answer string) string {
		if kind == "" {
			return "The nearest they say: " + answer
		}
		return "The nearest it says: " + answer
	},
	onlyKnows: func(topic, command string) string {
		if command == "" {
			return fmt.Sprintf("I know only %s. Write \"help\" to me for examples of what to ask.", topic)
		}
		return fmt.Sprintf("I know only %s. Type %s help for examples of what to ask.", topic, command)
	},
	help: func(topic, command string) string {
		where := "mention me in a channel or write to me directly"
		if command != "" {
			where = fmt.Sprintf("mention me in a channel, write to me directly, or type %s and your question to be answered privately", command)
		}
		return fmt.Sprintf("I'm an automated assistant and answer questions about %s. "+
			"Each answer comes with a quote and where it stands; what my sources do not say, I do not know, and I say so. "+
			"To ask, %s.", topic, where)
	},
	topic: func(title, date string) string {
		if date == "" {
			return fmt.Sprintf("“%s”", title)
		}
		return fmt.Sprintf("“%s” (%s)", title, date)
	},
	more: func(n int) string { return plural(n, "other source", "other sources") },
	whichOne: func(n int) string {
		return fmt.Sprintf("That could mean %s things. Which one?", englishNumber(n))
	},
	about: func(question, names string) string { return fmt.Sprintf("%s (about %s)", question, names) },
	isQuestion: func(text string) bool {
		if strings.HasSuffix(text, "?") {
			return true
		}
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
		for len(words) > 0 && slices.Contains(englishOpener, words[0]) {
			words = words[1:]
		}
		if len(words) == 0 {
			return false
		}
		first, _, _ := strings.Cut(words[0], "'")
		return slices.Contains(englishQuestion, first) || len(words) == 1 && slices.Contains(englishRequest, first)
	},
	asQuestion: func(question string) string {
		first, size := utf8.DecodeRuneInString(question)
		word, _, _ := strings.Cut(strings.ToLower(question), " ")
		word, _, _ = strings.Cut(word, "'")
		if last, _ := utf8.DecodeLastRuneInString(question); slices.Contains(englishQuestion, word) && (unicode.IsLetter(last) || unicode.IsDigit(last)) {
			question += "?"
		}
		return string(unicode.ToUpper(first)) + question[size:]
	},
	place: func(title, publisher, date string, paragraphs []int) string {
		parts := []string{title}
		if publisher != "" {
			parts = append(parts, publisher)
		}
		if date != "" {
			parts = append(parts, "published "+date)
		}
		switch numbers := numerals(paragraphs); len(numbers) {
		case 0:
		case 1:
			parts = append(parts, "paragraph "+numbers[0])
		default:
			parts = append(parts, "paragraphs "+englishList(numbers))
		}
		return strings.Join(parts, ", ")
	},
	disagree:  "Another source says otherwise:",
	confirmed: func(places []string) string { return "Also in: " + strings.Join(places, "; ") + "." },
	earlier: func(answer, places string) string {
		return fmt.Sprintf("Earlier reported otherwise: “%s” (%s)", answer, places)
	},
	knownThen:   func(day string) string { return "As known on " + day + ":" },
	unknownThen: func(day string) string { return "My sources said nothing about this by " + day + "." },
	sources: func(places []string) string {
		if len(places) == 1 {
			return "Source: " + places[0] + "."
		}
		return "Sources: " + strings.Join(places, "; ") + "."
	},
	standing: func(c knowledge.Certainty, reportedBy, kind, date string) string {
		said := englishCertainty(c, reportedBy, kind)
		switch {
		case said == "":
			return ""
		case date == "":
			return said + "."
		}
		return said + ", as of " + date + "."
	},
	sharedBy: func(user string) string { return "Shared by " + user },
	question: func(question string) string { return fmt.Sprintf("The question was: “%s”", question) },

	tooMany: func(per time.Duration) string {
		return "That was a lot of questions in a short time. Please give me a moment: " + englishPer(per) + "."
	},
	showSource: func(kind string) string { return "Show in " + kind },
}

// englishClause are the words that begin a clause, after which a source "does
// not say", where it "does not give" a thing.
var englishClause = []string{"whether", "how", "when", "where", "which", "who", "whom", "whose", "what", "why", "if"}

// englishQuestion are the words that begin a question.
var englishQuestion = append(strings.Fields(`is are was were do does did has have had can could will would should may might`), englishClause...)

// englishOpener are words before a question that goes on from what was said,
// englishRequest those that ask on their own.
var (
	englishOpener  = strings.Fields(`and but so ok okay then also`)
	englishRequest = strings.Fields(`source sources more quote evidence proof`)
)

func englishCertainty(c knowledge.Certainty, by, kind string) string {
	if by == "" {
		switch c {
		case knowledge.Confirmed:
			return "Stated officially"
		case knowledge.Reported:
			return fmt.Sprintf("Reported in the %s, not confirmed", kind)
		case knowledge.UnderDiscussion:
			return "Under discussion, not final"
		case knowledge.Possible:
			return "Possible, not decided"
		}
		return ""
	}
	switch c {
	case knowledge.Confirmed:
		return fmt.Sprintf("Stated officially, reported by %s", by)
	case knowledge.Reported:
		return fmt.Sprintf("Reported by %s, not confirmed", by)
	case knowledge.UnderDiscussion:
		return fmt.Sprintf("Reported by %s, under discussion, not final", by)
	case knowledge.Possible:
		return fmt.Sprintf("Reported by %s as possible, not decided", by)
	}
	return "Reported by " + by
}

// englishList joins with commas and "and".
func englishList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

func englishNumber(n int) string {
	names := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(names) {
		return names[n]
	}
	return fmt.Sprint(n)
}

func englishPer(per time.Duration) string {
	switch per {
	case time.Minute:
		return "I count them by the minute"
	case time.Hour:
		return "I count them by the hour"
	case 24 * time.Hour:
		return "I count them by the day"
	}
	return "I count those of the last " + per.String()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return englishNumber(n) + " " + one
	}
	return englishNumber(n) + " " + many
}

func numerals(ns []int) []string {
	var out []string
	for _, n := range ns {
		out = append(out, fmt.Sprint(n))
	}
	return out
}
