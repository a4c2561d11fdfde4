package draft

import (
	"regexp"
	"strings"

	"footnote/knowledge"
)

// attribution is who a sentence says said it, and what is left without that.
type attribution struct {
	by   string // as it stands there: "Bloomberg", "the ministry"; empty if nobody
	rest string // the statement by itself
	verb string // "announced", "according to"; in lower case
}

const (
	sayers = `said|says|say|reported|reports|notes|noted|announced|announces|added|adds|stated|states|confirmed|confirms|claimed|claims|wrote|writes|warned|warns|explained|explains|argued|argues|revealed|reveals|estimates|estimated|believes|suggested|suggests|told [^,]{2,40}?`
	days   = `(?: (?:on|late on|early on|last) (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month))?`
	// at most nine words without a comma
	speaker = `((?:[^\s,;:]+ ){0,8}?[^\s,;:]+)`
)

// Each pattern has the speaker, the verb and the statement, in an order of its
// own.
var attributions = []struct {
	pattern        *regexp.Regexp
	by, verb, rest int
}{
	{regexp.MustCompile(`^It (?:was|has been|is) (?:also )?(?:earlier |first |previously |widely )?(reported|announced|confirmed|said|revealed|claimed|believed|rumoured|rumored|understood)(?: earlier)? by ` + speaker + ` that (.+)$`), 2, 1, 3},
	{regexp.MustCompile(`^It (?:was|has been|is) (?:also )?(?:earlier |first |previously |widely )?(reported|announced|confirmed|said|revealed|claimed|believed|rumoured|rumored|understood|noted|stressed|agreed|decided)( )that (.+)$`), 2, 1, 3},
	{regexp.MustCompile(`^(According to) ([^,]{2,80}), (.+)$`), 2, 1, 3},
	{regexp.MustCompile(`^(.+), (according to) ([^,]{2,100}?)[.]?$`), 3, 2, 1},
	{regexp.MustCompile(`^` + speaker + ` (?:also |further |later |earlier |previously |officially |then )?(` + sayers + `)(?: earlier| later| also| today)?` + days + ` that (.+)$`), 1, 2, 3},
	{regexp.MustCompile(`^(.+), ` + speaker + ` (?:also |further |later )?(` + sayers + `)` + days + `[.]?$`), 2, 3, 1},
	{regexp.MustCompile(`^[“"](.+),[”"] ` + speaker + ` (` + sayers + `)` + days + `[.]?$`), 2, 3, 1},
}

// attribute cuts the attribution off a sentence, if it has one.
func attribute(text string) attribution {
	for _, a := range attributions {
		m := a.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		by := strings.TrimSpace(m[a.by])
		by = reporting.ReplaceAllString(by, "")
		if g := verbGroup(tokenize(by)); g != nil {
			continue // a clause of its own, no speaker
		}
		rest := strings.TrimRight(strings.TrimSpace(m[a.rest]), ".")
		return attribution{by: by, verb: strings.ToLower(m[a.verb]), rest: rest + "."}
	}
	return attribution{rest: text}
}

// reporting is what turns a newspaper's name into its report.
var reporting = regexp.MustCompile(`(?:'s|’s) (?:reporting|report|article|story|sources)$`)

// Wordings and the certainty they stand for; the first that a statement holds
// decides.
var wordings = []struct {
	certainty knowledge.Certainty
	pattern   *regexp.Regexp
}{
	{knowledge.UnderDiscussion, regexp.MustCompile(`(?i)\b(?:in (?:\w+ )?(?:talks|discussions|negotiations)|(?:talks|discussions|negotiations) (?:are|were|is|to|with|about|on|between|include|continue)|negotiating|under (?:discussion|negotiation|consideration|review)|is considering|are considering|is weighing|proposed to|proposes|proposal|is exploring|yet to be decided|not (?:yet )?(?:been )?(?:final|decided|agreed|approved))\b`)},
	{knowledge.Confirmed, regexp.MustCompile(`\b(?:must|shall|takes? effect|(?:is|are) (?:required|prohibited|forbidden))\b`)},
	{knowledge.Possible, regexp.MustCompile(`(?i)\b(?:could|(?-i:may)|might|would|potentially|possibly|perhaps|likely|unlikely|if (?:the|it|they|all)|is expected to|are expected to|expects to|hopes? to|aims? for|rumou?red|tentative(?:ly)?|provisional(?:ly)?|planned for|target date)\b`)},
	{knowledge.Confirmed, regexp.MustCompile(`(?i)\b(?:officially|announced|announces|confirmed|confirms|decided|decides|agreed|approved|adopted|resolved|signed|voted|carried|in force|effective)\b`)},
}

// certaintyOf reads how sure a statement is off its wording. What a speaker
// says of itself is confirmed, what a newspaper says is reported.
func certaintyOf(text string, a attribution, speaksForItself bool) knowledge.Certainty {
	for _, w := range wordings {
		if w.pattern.MatchString(text) {
			return w.certainty
		}
	}
	switch {
	case strings.HasPrefix(a.verb, "announce") || strings.HasPrefix(a.verb, "confirm"):
		return knowledge.Confirmed
	case a.verb != "" && speaksForItself:
		return knowledge.Confirmed
	}
	return knowledge.Reported
}

// Certainty reads how sure a text is off its wording.
func Certainty(text string) knowledge.Certainty { return certaintyOf(text, attribution{}, false) }
