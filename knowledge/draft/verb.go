package draft

import "slices"

// group is the verb of a clause: its finite word, what stands between, and the
// word that carries the meaning.
type group struct {
	from, to int    // tokens [from, to)
	aux      string // the finite auxiliary or modal; empty if the main verb is finite itself
	main     int    // token of the main verb, or -1 ("is in talks")
	verb     verb   // of the main verb
}

// verbGroup returns the finite verb of the clause that tokens are, or nil.
func verbGroup(tokens []token) *group {
	var fallback *group
	inRelative := 0 // until the comma that ends it
	for i, t := range tokens {
		switch {
		case t.is(relatives) && i > 0 && !tokens[i-1].word() && t.low != "that":
			inRelative = 2
			continue
		case t.text == "," && inRelative > 0:
			inRelative--
			if inRelative == 1 && i > 0 {
				inRelative = 0
			}
			continue
		case inRelative > 0:
			continue
		case i == 0 && !t.is(pronouns):
			continue // an imperative is no statement
		}
		if fallback != nil && t.is(clauseOpeners) {
			return fallback
		}
		if finiteAuxiliary(t) && !(t.is(doForms) && i == 0) && !afterRelative(tokens, i) {
			return auxiliaryGroup(tokens, i)
		}
		if v, ok := verbs[t.low]; ok && finiteHere(tokens, i, v) && !afterRelative(tokens, i) {
			g := &group{from: i, to: i + 1, main: i, verb: v}
			if before := tokens[i-1]; fallback != nil && (before.low == "and" || before.low == "or" || before.text == ",") {
				return fallback // of which this is the second
			}
			if sure(tokens, i, v) {
				return g
			}
			if fallback == nil {
				fallback = g
			}
		}
	}
	return fallback
}

// clauseOpeners are words behind which another clause begins, whose verb is not
// that of the one before.
var clauseOpeners = set("because so that when where while although though if unless whereas as since until before after which who")

func finiteAuxiliary(t token) bool {
	return t.is(modals) && t.text != "May" || t.is(beForms) && !slices.Contains([]string{"be", "been", "being"}, t.low) || t.is(haveForms) && t.low != "having" || t.is(doForms)
}

// afterRelative reports whether the verb at i belongs to "that", "which" or
// "who" right before it.
func afterRelative(tokens []token, i int) bool {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		t := tokens[j]
		if t.is(relatives) {
			return j > 0
		}
		if !t.is(notNouns) {
			return false
		}
	}
	return false
}

// finiteHere reports whether a form can be the finite verb where it stands.
func finiteHere(tokens []token, i int, v verb) bool {
	t, before := tokens[i], tokens[i-1]
	if t.capital() || before.is(determiners) && !before.is(pronouns) || before.possessive() || before.is(prepositions) || before.is(modals) || before.is(beForms) || before.low == "to" || before.low == "not" && !v.past {
		return false
	}
	if !before.word() && before.text != "," && before.text != ")" && before.text != "”" && before.text != "\"" {
		return false
	}
	next := token{}
	if i+1 < len(tokens) {
		next = tokens[i+1]
	}
	switch {
	case v.past:
		if v.participle && next.low == "by" || v.participle && adjectival(tokens, i) {
			return false
		}
		return true
	case v.present:
		return !alsoNouns[v.base] || opensObject(next) || before.low == "it"
	case v.bare:
		return (plural(before) || plural(tokens[headOf(tokens[:i])])) && (opensObject(next) || before.is(pronouns))
	}
	return false
}

// adjectival reports whether the participle at i describes the noun behind it:
// "the proposed arrangement", "affected workers".
func adjectival(tokens []token, i int) bool {
	if i+1 >= len(tokens) || !tokens[i+1].word() || opensObject(tokens[i+1]) {
		return false
	}
	before := tokens[i-1]
	return before.is(determiners) || before.is(prepositions) || before.possessive() || verbs[before.low].bare && !before.capital()
}

// opensObject reports whether a token can begin what follows a verb.
func opensObject(t token) bool {
	if !t.word() {
		return t.text == "" || t.text == "." || t.text == "“" || t.text == "\""
	}
	r := t.text[0]
	return t.is(determiners) || t.is(prepositions) || t.is(pronouns) || t.is(conjunctions) && t.low != "and" && t.low != "or" || t.capital() ||
		r >= '0' && r <= '9' || r == '$' || endsWith(t.low, "ly", "ing") || t.is(notNouns)
}

func plural(t token) bool {
	return endsWith(t.low, "s", "people", "staff", "men", "women", "children") && !endsWith(t.low, "ss", "us", "is") || t.is(pronouns)
}

// headOf returns the token of a subject's noun: the one before its first
// preposition.
func headOf(subject []token) int {
	for i, t := range subject {
		if i > 0 && t.is(prepositions) {
			return i - 1
		}
	}
	return len(subject) - 1
}

// sure reports whether a form is a verb and can be no noun.
func sure(tokens []token, i int, v verb) bool {
	if v.past && !v.bare {
		return true
	}
	if v.present && !alsoNouns[v.base] {
		return true
	}
	next := token{}
	if i+1 < len(tokens) {
		next = tokens[i+1]
	}
	return next.is(determiners) || next.low == "that" || next.low == "to" || next.is(pronouns)
}

// alsoNouns are verbs whose third person is also the plural of a noun.
var alsoNouns = set(`accident address advance aim answer appeal approach arrest attack attempt award back ban base benefit bid block blow borrow break call cause challenge change
	charge check claim close collapse comment compete concern condition control cost count cover crash cross cut damage deal debate decrease delay demand deposit design detail direct
	document double draft draw drive drop end escape estimate exchange experience experiment export express extract face fall feature feel fight file fill find fine fire fix flood flow focus force forecast
	form fund gain gather grant guarantee guide halt handle head help highlight hit hold host impact import increase insult interest issue join judge jump lack land last launch lead leave lift limit line link list load
	look lower mandate mark measure meet merge miss move name need note object offer open order pass pause pay permit phase pick place plan play pledge position press process produce profit
	project promise protest purchase push question quote raise range rank reach read rebel recall record refund refuse register reject release rent repair repeat reply report request reserve rest result return review rise
	risk roll rule run sack sale save say schedule seal search select set shape share shift ship shop show sign slow speak split spread stand start state stay stem step stop store strike study suit supply support surge survey
	switch table talk target tax test thank tie total trade train transfer travel treat trigger try turn update upgrade use value view visit vote wait want warrant watch wear win witness work worry`)

// auxiliaryGroup reads "is in", "could make up", "has also been", "may not be".
func auxiliaryGroup(tokens []token, i int) *group {
	g := &group{from: i, to: i + 1, aux: tokens[i].low, main: -1}
	for j := i + 1; j < len(tokens) && j < i+6; j++ {
		t := tokens[j]
		switch {
		case t.low == "not" || t.low == "n't":
		case t.is(beForms) || t.low == "have" || t.low == "had":
			g.main, g.verb = j, verbs[t.low]
			g.to = j + 1
		case t.is(notNouns) || endsWith(t.low, "ly"):
		default:
			v, ok := verbs[t.low]
			modal := tokens[i].is(modals) || tokens[i].is(doForms)
			if ok && (v.participle || v.gerund || v.bare && modal) && !(v.bare && !v.participle && !modal) {
				g.main, g.verb, g.to = j, v, j+1
			}
			return g
		}
	}
	return g
}
