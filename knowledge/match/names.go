package match

import (
	"strings"

	"footnote/knowledge"
)

// resolver replaces what people call a person, company or thing by its name.
type resolver struct {
	aliases map[string]string // words of an alias, joined by spaces -> "@" and the name's id
	longest map[string]int    // first word of an alias -> number of words of the longest one
	words   map[string]bool   // the words of all aliases
}

func newResolver(names []knowledge.Name) resolver {
	r := resolver{aliases: map[string]string{}, longest: map[string]int{}, words: map[string]bool{}}
	for _, n := range names {
		for _, alias := range append([]string{n.ID}, n.Aliases...) {
			parts := texts(words(plainText(alias)))
			if len(parts) > 1 && parts[0] == "the" {
				parts = parts[1:]
			}
			key := strings.Join(parts, " ")
			if _, taken := r.aliases[key]; taken || key == "" {
				continue
			}
			r.aliases[key] = "@" + n.ID
			r.longest[parts[0]] = max(r.longest[parts[0]], len(parts))
			for _, part := range parts {
				r.words[part] = true
			}
		}
	}
	return r
}

// resolve replaces aliases, the longest at each place, in the tokens' own
// array. The article before one goes with it.
func (r resolver) resolve(tokens []token) []token {
	if len(r.longest) == 0 {
		return tokens
	}
	out := tokens[:0]
	for i := 0; i < len(tokens); {
		name, n := r.at(tokens[i:])
		if n == 0 {
			out = append(out, tokens[i])
			i++
			continue
		}
		if len(out) > 0 && out[len(out)-1].text == "the" {
			out = out[:len(out)-1]
		}
		out = append(out, token{text: name, kind: nameToken})
		i += n
	}
	return out
}

// at returns the name that the longest alias at the head of tokens stands for
// and how many tokens that is, or zero.
func (r resolver) at(tokens []token) (string, int) {
	var buffer [128]byte
	for n := min(r.longest[tokens[0].text], len(tokens)); n > 0; n-- {
		key := buffer[:0]
		for i, t := range tokens[:n] {
			if i > 0 {
				key = append(key, ' ')
			}
			key = append(key, t.text...)
		}
		if name, ok := r.aliases[string(key)]; ok {
			return name, n
		}
	}
	return "", 0
}

func texts(tokens []token) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.text
	}
	return out
}
