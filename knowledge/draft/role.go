package draft

import "strings"

// role is what the article says in passing of who somebody is: "Amazon CEO Andy
// Jassy", "OpenAI's rival Anthropic".
type role struct {
	name, title, of string // of may be empty
	sentence        int
}

// readRoles notes what a sentence says in passing of its names.
func (c *cast) readRoles(tokens []token, at int, lower, inside map[string]bool) {
	for _, sp := range spans(tokens, lower, inside) {
		id := c.find(joined(tokens[sp.from:sp.to]))
		if id == "" || sp.from == 0 {
			continue
		}
		i := sp.from - 1 // the title before the name
		for i > 0 && sp.from-i < 4 && !titles[tokens[i].low] && !tokens[i].is(determiners) && (verbs[tokens[i].low].base == "" || titles[tokens[i].low]) && tokens[i].word() && !tokens[i].is(prepositions) && !tokens[i].capital() {
			i--
		}
		switch {
		case titles[tokens[i].low] && sp.from-i <= 2 && i > 0:
			for i > 0 && titles[tokens[i-1].low] {
				i--
			}
			of := ""
			if i > 0 {
				of = c.ending(tokens[:i])
			}
			c.roles = append(c.roles, role{id, joined(tokens[i:sp.from]), of, at})
			c.byID[id].kind = "person"
		case tokens[sp.from-1].possessive():
		case i >= 0 && tokens[i].possessive() && sp.from-i >= 2 && sp.from-i <= 3:
			if of := c.ending(tokens[:i]); of != "" && of != id {
				c.roles = append(c.roles, role{id, joined(tokens[i+1 : sp.from]), of, at})
			}
		}
		c.descriptor(tokens, sp, id, at)
	}
	c.appositions(tokens, at)
}

// descriptor reads "E-commerce giant Amazon" and "ChatGPT-maker OpenAI".
func (c *cast) descriptor(tokens []token, sp span, id string, at int) {
	last := tokens[sp.from-1]
	if stem, what, ok := strings.Cut(last.text, "-"); ok && compound.MatchString(last.text) && c.byID[stem] != nil && makers[what] {
		c.roles = append(c.roles, role{id, what, stem, at})
		return
	}
	if !described[last.low] {
		return
	}
	from := sp.from - 1
	for from > 0 && sp.from-from < 4 && tokens[from-1].word() && !tokens[from-1].is(determiners) && !tokens[from-1].is(prepositions) && !tokens[from-1].is(conjunctions) && verbs[tokens[from-1].low].base == "" {
		from--
	}
	if what := strings.ToLower(joined(tokens[from:sp.from])); what != last.low {
		c.roles = append(c.roles, role{id, what, "", at})
	}
}

var (
	makers    = set("maker owner parent developer creator operator backer founder")
	described = set("giant company firm maker group retailer startup start-up bank carmaker chipmaker airline lab agency newspaper magazine platform supplier builder contractor operator provider manufacturer broadcaster charity union insurer utility chain")
)

// appositions reads "Name, the mayor of Town," and "Name, a maker of pumps,".
func (c *cast) appositions(tokens []token, at int) {
	for i := 1; i+3 < len(tokens); i++ {
		if tokens[i].text != "," || !(set("the a an its their")[tokens[i+1].low]) {
			continue
		}
		id := c.ending(tokens[:i])
		if id == "" {
			continue
		}
		end := i + 2
		for end < len(tokens) && tokens[end].text != "," && !(tokens[end].text == "." && end == len(tokens)-1) {
			end++
		}
		if end >= len(tokens) || end-i > 9 || verbGroup(tokens[i+1:end]) != nil {
			continue
		}
		what := joined(tokens[i+2 : end])
		if head, of, ok := strings.Cut(what, " of "); ok && titles[strings.ToLower(lastWord(head))] {
			c.roles = append(c.roles, role{id, head, of, at})
			c.byID[id].kind = "person"
		} else if tokens[i+1].low != "its" && tokens[i+1].low != "their" && end < len(tokens)-1 {
			c.roles = append(c.roles, role{id, tokens[i+1].low + " " + what, "", at})
		}
	}
}
