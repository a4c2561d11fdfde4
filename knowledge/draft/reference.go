package draft

import (
	"regexp"
	"strings"
)

// before returns the sentence before the i-th, if both stand in one paragraph.
func (r *reader) before(i int) string {
	if i == 0 || r.sentences[i-1].passage != r.sentences[i].passage {
		return ""
	}
	return undated(r.sentences[i-1].text)
}

// pronoun puts the subject of the sentence before for "It" and "They" at the
// head of a clause, if they agree in number.
func (r *reader) pronoun(clause, before string) string {
	m := itSubject.FindString(clause)
	if m == "" || before == "" || r.subject == "" || len(strings.Fields(r.subject)) > 8 || expletive.MatchString(clause) {
		return clause
	}
	tokens := tokenize(r.subject)
	last := tokens[len(tokens)-1]
	if first := tokens[0]; first.is(pronouns) && len(tokens) == 1 || (m == "They") != (plural(last) && !last.capital()) {
		return clause
	}
	return upper(r.subject) + clause[len(m):]
}

// reporter names who reports a statement, and whether it speaks for itself.
func (r *reader) reporter(a attribution) (string, bool) {
	if a.by == "" {
		return "", false
	}
	low := strings.ToLower(a.by)
	switch {
	case strings.HasPrefix(low, "the report") || strings.HasPrefix(low, "the newspaper") || strings.HasPrefix(low, "the paper") || strings.HasPrefix(low, "the article"):
		return r.paper, false
	case pronouns[low] || strings.HasPrefix(low, "the company") || strings.HasPrefix(low, "the firm"):
		return "", true
	}
	for _, id := range r.cast.in(a.by) {
		if r.cast.byID[id].kind == "publication" {
			return id, false
		}
	}
	if a.verb == "according to" {
		if ids := r.cast.in(a.by); len(ids) == 1 {
			return ids[0], false
		}
		return a.by, false
	}
	if strings.Contains(low, "source") || strings.Contains(low, "people familiar") || strings.Contains(low, "analyst") || strings.Contains(low, "critic") {
		return a.by, false
	}
	return "", true
}

// note remembers who was named last.
func (r *reader) note(text string) {
	var orgs []string
	for _, id := range r.cast.in(text) {
		switch r.cast.byID[id].kind {
		case "organisation":
			orgs = append(orgs, id)
		case "publication":
			r.paper = id
		}
	}
	switch len(orgs) {
	case 0:
	case 1:
		r.org = orgs[0]
	default:
		r.org = ""
	}
}

var (
	theCompany = regexp.MustCompile(`\b[Tt]he (?:company|firm|group|retailer|start-?up|agency|bank|carmaker|chipmaker|airline|publisher|manufacturer)\b(['’]s)?`)
	itSubject  = regexp.MustCompile(`^(?:It|They)\b`)
	deictic    = regexp.MustCompile(`^(?:It|They|This|These|Those|The latter|Both)\b`)
	expletive  = regexp.MustCompile(`^It (?:is|was|has been|would be|will be|may be|seems|appears|remains) (?:\w+ )?(?:\w+ )?(?:that|to|unclear|possible|likely|unlikely|clear|noted|reported|said|expected)\b`)
)

// resolve puts the name of an organisation where a sentence says "the company",
// if it is clear which is meant: the sentence's own subject, the only one that
// it names before, or where it names none, the only one of the sentences before.
func (r *reader) resolve(clause, sentence string) string {
	m := theCompany.FindStringIndex(clause)
	if m == nil {
		return clause
	}
	org := r.org
	whole := theCompany.FindStringIndex(sentence)
	if whole == nil {
		return clause
	}
	before := r.organisations(sentence[:whole[0]])
	tokens := tokenize(sentence)
	switch g := verbGroup(tokens); {
	case g != nil && r.cast.find(joined(tokens[:g.from])) != "":
		org = r.cast.find(joined(tokens[:g.from]))
	case len(before) == 1:
		org = before[0]
	case len(before) > 1:
		return clause
	}
	if org == "" {
		return clause
	}
	return theCompany.ReplaceAllString(clause, strings.ReplaceAll(org, "$", "$$")+"$1")
}

// organisations returns the organisations that a text names.
func (r *reader) organisations(text string) []string {
	var out []string
	for _, id := range r.cast.in(text) {
		if r.cast.byID[id].kind == "organisation" {
			out = append(out, id)
		}
	}
	return out
}
