package draft

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
)

// name is a person, organisation or thing that the article names.
type name struct {
	id       string
	kind     string
	aliases  []string
	mentions int
	votes    map[string]int // for each kind, by how it is mentioned
}

// span is a run of capitalised words that may be a name.
type span struct{ from, to int }

// cast is who and what an article names.
type cast struct {
	names []*name
	roles []role
	byID  map[string]*name
	like  map[string]*name   // by the folded id, of which a base has one
	first map[string][]*name // by the first word, and of persons the last
	known int                // how many of the names are in first
}

// newCast reads the names off an article's sentences.
func newCast(all []sentence) *cast {
	c := &cast{byID: map[string]*name{}, like: map[string]*name{}}
	lower, inside := map[string]bool{}, map[string]bool{}
	tokens := make([][]token, len(all))
	for i, s := range all {
		tokens[i] = tokenize(undated(s.text))
		for j, t := range tokens[i] {
			switch {
			case !t.capital():
				lower[t.low] = true
			case j > 0 && !begins(tokens[i], j):
				inside[t.text] = true
			}
		}
	}
	for i := range all {
		for _, sp := range spans(tokens[i], lower, inside) {
			c.add(tokens[i], sp)
		}
	}
	for i := range all {
		c.readRoles(tokens[i], i, lower, inside)
	}
	c.finish()
	return c
}

// begins reports whether the token at j begins a sentence or a quotation.
func begins(tokens []token, j int) bool {
	return j == 0 || strings.Contains("“\"‘(:", tokens[j-1].text)
}

// spans returns the runs of words that may be names.
func spans(tokens []token, lower, inside map[string]bool) []span {
	var out []span
	for i := 0; i < len(tokens); i++ {
		if !nameWord(tokens, i, lower, inside) {
			continue
		}
		j := i + 1
		for j < len(tokens) {
			if nameWord(tokens, j, lower, inside) && !strings.Contains(tokens[j-1].text, "-") {
				j++
				continue
			}
			if j+1 < len(tokens) && (tokens[j].low == "of" || tokens[j].text == "&" || tokens[j].low == "for" && officeWord[tokens[j-1].low]) && nameWord(tokens, j+1, lower, inside) {
				j += 2
				continue
			}
			break
		}
		out = append(out, span{i, j})
		i = j - 1
	}
	return out
}

// nameWord reports whether the token at i can belong to a name.
func nameWord(tokens []token, i int, lower, inside map[string]bool) bool {
	t := tokens[i]
	if !t.capital() || t.is(notNames) || titles[t.low] || i > 0 && len(t.text) <= 3 && tokens[i-1].text[0] >= '0' && tokens[i-1].text[0] <= '9' {
		return false // the last is a unit: "50 GB"
	}
	if begins(tokens, i) {
		if t.is(determiners) || t.is(pronouns) || t.is(conjunctions) || t.is(prepositions) || t.is(subordinators) || t.is(notNouns) {
			return t.low == "the" && i+2 < len(tokens) && isPublication(tokens, i)
		}
		inner := strings.ContainsFunc(t.text[1:], unicode.IsUpper)
		follows := i+1 < len(tokens) && tokens[i+1].capital() && !tokens[i+1].is(notNames)
		return inside[t.text] || inner || follows && !lower[t.low] && !verbs[t.low].bare
	}
	if t.low == "the" {
		return isPublication(tokens, i)
	}
	return !t.is(determiners) && !t.is(pronouns) && !t.is(prepositions) && !t.is(conjunctions)
}

// isPublication reports whether "The" at i begins the name of a newspaper.
func isPublication(tokens []token, i int) bool {
	for j := i + 1; j < len(tokens) && tokens[j].capital(); j++ {
		if papers[tokens[j].low] {
			return true
		}
	}
	return false
}

var (
	notNames = set(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
		ai it id tv pc api hr q1 q2 q3 q4 i ok pdf faq e-commerce no yes inc inc. ltd pa ala mass fla calif conn ill va md mr ms mrs dr article section item agenda minutes present apologies`)
	titles = set(`ceo cfo cto coo chair chairman chairwoman chairperson president vice-president director minister mayor secretary professor senator governor chancellor
		founder co-founder treasurer commissioner spokesman spokeswoman spokesperson boss chief editor manager head prime deputy councillor`)
	papers     = set("journal times post news gazette herald tribune guardian reuters bloomberg ap afp cnbc cnn bbc paper magazine chronicle telegraph courier observer economist axios")
	officeWord = set("ministry department office agency council committee bank institute university board commission authority")
	companyEnd = set("inc inc. corp corp. ltd ltd. plc llc ag gmbh se group holdings bank company co co. foundation association")
)

// add notes a span as a mention of a name.
func (c *cast) add(tokens []token, sp span) {
	words := tokens[sp.from:sp.to]
	text := joined(words)
	before := token{}
	if sp.from > 0 {
		before = tokens[sp.from-1]
	}
	if stem, _, ok := strings.Cut(text, "-"); ok && compound.MatchString(text) {
		text = stem // "ChatGPT-maker" names ChatGPT
	}
	if len(words) == 1 && compound.MatchString(words[0].text) {
		if makers[words[0].text[strings.Index(words[0].text, "-")+1:]] {
			n := c.like[knowledge.Fold(text)]
			if n == nil {
				n = c.meet(text)
				n.kind = "product"
			}
			n.mentions++
		}
		return
	}
	if len(text) < 2 || len(text) > 80 || !strings.ContainsFunc(text, unicode.IsLetter) {
		return
	}
	n := c.byID[text]
	if n == nil { // with and without its article it is one name, and in capitals
		n = cmp.Or(c.byID["The "+text], c.byID[strings.TrimPrefix(text, "The ")], c.like[knowledge.Fold(text)])
	}
	if n == nil {
		if short := c.longer(text); short != nil {
			short.mentions++
			return
		}
		n = c.meet(text)
	}
	n.mentions++
	n.votes[kindOf(words, before, tokens, sp)]++
	n.kind = "thing"
	for _, kind := range []string{"publication", "person", "organisation", "place"} { // the surest first
		if n.votes[kind] > 0 {
			n.kind = kind
			break
		}
	}
}

// meet adds a name that was not known.
func (c *cast) meet(id string) *name {
	n := &name{id: id, votes: map[string]int{}}
	c.byID[id], c.like[knowledge.Fold(id)] = n, n
	c.names = append(c.names, n)
	return n
}

// longer returns a known person whose last name a text is.
func (c *cast) longer(text string) *name {
	for _, n := range c.starting(text) {
		if n.kind == "person" && strings.HasSuffix(n.id, " "+text) {
			return n
		}
	}
	return nil
}

// starting returns the names that begin with a word, and the persons whose last
// name it is.
func (c *cast) starting(word string) []*name {
	if c.first == nil || c.known > len(c.names) {
		c.first, c.known = map[string][]*name{}, 0
	}
	for ; c.known < len(c.names); c.known++ {
		n := c.names[c.known]
		words := tokenize(n.id)
		c.first[words[0].text] = append(c.first[words[0].text], n)
		if last := lastWord(n.id); last != words[0].text {
			c.first[last] = append(c.first[last], n)
		}
	}
	return c.first[word]
}

var compound = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+-[a-z]+$`)

// kindOf guesses what a name is the name of.
func kindOf(words []token, before token, tokens []token, sp span) string {
	last := words[len(words)-1].low
	next := token{}
	if sp.to < len(tokens) {
		next = tokens[sp.to]
	}
	switch {
	case papers[last] || papers[words[0].low]:
		return "publication"
	case titles[before.low] || set("mr mr. ms ms. mrs mrs. dr dr.")[before.low]:
		return "person"
	case companyEnd[last] || officeWord[last] || officeWord[words[0].low]:
		return "organisation"
	case len(words) == 1 && camel.MatchString(words[0].text):
		return "organisation"
	case before.low == "of" && sp.from > 1 && set("island town city village district municipality province region river state")[tokens[sp.from-2].low]:
		return "place"
	case set("in near at")[before.low] && !next.possessive():
		return "place"
	case next.possessive() || verbs[next.low].present || verbs[next.low].past || next.is(modals) || next.is(beForms) || next.is(haveForms):
		return "organisation"
	}
	return "thing"
}

// ending returns the id of the name with which tokens end, a possessive left
// out, or "".
func (c *cast) ending(tokens []token) string {
	if n := len(tokens); n > 0 && tokens[n-1].possessive() {
		tokens = tokens[:n-1]
	}
	for n := min(6, len(tokens)); n > 0; n-- {
		if id := c.find(joined(tokens[len(tokens)-n:])); id != "" {
			return id
		}
	}
	return ""
}

// find returns the id of a name as it stands in a text, or "".
func (c *cast) find(text string) string {
	for _, form := range []string{text, "The " + text, strings.TrimPrefix(text, "The ")} {
		if c.byID[form] != nil {
			return form
		}
	}
	if stem, _, ok := strings.Cut(text, "-"); ok && compound.MatchString(text) && c.byID[stem] != nil {
		return stem
	}
	if n := c.longer(text); n != nil {
		return n.id
	}
	return ""
}

// finish gives the names their aliases, each to one name alone.
func (c *cast) finish() {
	taken := map[string]bool{}
	for _, n := range c.names {
		taken[knowledge.Fold(n.id)] = true
	}
	give := func(id, alias string) {
		if key := knowledge.Fold(alias); key != "" && !taken[key] && len(alias) > 1 {
			taken[key] = true
			c.byID[id].aliases = append(c.byID[id].aliases, alias)
		}
	}
	for _, r := range c.roles {
		if r.of == "" {
			if !strings.HasPrefix(r.title, "the ") && !strings.HasPrefix(r.title, "a ") && !strings.HasPrefix(r.title, "an ") {
				give(r.name, r.title)
			}
			continue
		}
		for _, title := range append([]string{r.title}, sameTitle[strings.ToLower(r.title)]...) {
			for _, form := range []string{r.of + " " + title, title + " of " + r.of, r.of + "'s " + title} {
				give(r.name, form)
			}
		}
	}
	for _, n := range c.names {
		words := strings.Fields(n.id)
		switch {
		case n.kind == "person" && len(words) > 1:
			give(n.id, words[len(words)-1])
		case len(words) > 2 || len(words) > 1 && n.kind == "publication":
			acronym := ""
			for _, w := range words {
				if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) && w != "The" {
					acronym += string(r)
				}
			}
			if len(acronym) > 2 {
				give(n.id, acronym)
			}
		case len(words) == 1:
			give(n.id, camel.ReplaceAllString(n.id, "$1 $2"))
		}
		if companyEnd[strings.ToLower(lastWord(n.id))] && len(words) > 1 {
			give(n.id, strings.Join(words[:len(words)-1], " "))
		}
	}
	slices.SortStableFunc(c.names, func(a, b *name) int { return cmp.Compare(b.mentions, a.mentions) })
}

var camel = regexp.MustCompile(`([a-z])([A-Z])`)

// sameTitle are other words for a title.
var sameTitle = map[string][]string{
	"ceo":            {"chief executive", "boss", "head"},
	"mayor":          {"head"},
	"chair":          {"chairman", "chairwoman", "head"},
	"president":      {"head"},
	"prime minister": {"premier", "head of government"},
	"maker":          {"creator", "developer"},
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// joined is what tokens say, with a space between words and none before marks.
func joined(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.start > tokens[i-1].end {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// in returns the ids of the names that a text mentions, in their order.
func (c *cast) in(text string) []string {
	var out []string
	type hit struct {
		at int
		id string
	}
	var hits []hit
	seen := map[*name]bool{}
	for _, t := range tokenize(text) {
		if !t.word() {
			continue
		}
		word, _, _ := strings.Cut(t.text, "-")
		for _, n := range slices.Concat(c.starting(t.text), c.starting(word)) {
			if seen[n] {
				continue
			}
			seen[n] = true
			if i := indexWord(text, n.id); i >= 0 {
				hits = append(hits, hit{i, n.id})
			} else if n.kind == "person" {
				if i := indexWord(text, lastWord(n.id)); i >= 0 {
					hits = append(hits, hit{i, n.id})
				}
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.at, b.at) })
	for _, h := range hits {
		out = append(out, h.id)
	}
	return out
}

// indexWord returns where a word or words stand in a text by themselves, or -1.
func indexWord(text, word string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if !unicode.IsLetter(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return i
		}
		from = i + len(word)
	}
}
