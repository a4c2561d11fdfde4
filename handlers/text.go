package handlers

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

var (
	mention   = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>(?:(?:\s*[,:;–-])?(?:\s+|$))?`)
	userID    = regexp.MustCompile(`^[UW][A-Z0-9]+$`)
	reference = regexp.MustCompile(`<[@#!][^>]*>`)                 // to a user, channel, group or everybody
	link      = regexp.MustCompile(`<[^>|]*\|([^>]*)>|<([^>|]*)>`) // with or without a label
	broadcast = regexp.MustCompile(`(^|[^\pL\pN])@+(\pL|\pN)`)     // the beginning of @here, @channel, @somebody
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	escapes   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	brackets  = strings.NewReplacer("<", "‹", ">", "›")
)

// escape makes plain text of mrkdwn that Slack shows as it is.
func escape(s string) string { return escapes.Replace(s) }

// echo makes plain text of what somebody wrote in Slack: it names nobody, pings
// nobody and holds nothing that could be read as markup.
func echo(s string) string {
	s = reference.ReplaceAllString(s, " ")
	s = link.ReplaceAllString(s, "$1$2")
	s = entities.Replace(s)
	s = broadcast.ReplaceAllString(s, "$1$2")
	return brackets.Replace(oneLine(s))
}

// clean takes out what Slack refuses or what would disturb the text around it:
// control characters, invalid UTF-8, and the marks that turn the direction of
// all that follows.
func clean(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func oneLine(s string) string { return spaced(clean(s)) }

// spaced is s with one space for all white space.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// shorten cuts s at a word, so that it is at most limit characters long when it
// is escaped and ends with "…" if anything was left out. Slack's characters
// are counted as UTF-16 does, which is never less than it counts.
func shorten(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if width(s) <= limit {
		return s
	}
	var cut, word, used int
	for i, r := range s {
		if unicode.IsSpace(r) {
			word = i
		}
		if used+width(string(r)) > limit-1 {
			cut = i
			break
		}
		used += width(string(r))
	}
	if word > cut/2 { // a text without spaces is cut anywhere
		cut = word
	}
	return strings.TrimRightFunc(s[:whole(s, cut)], unicode.IsSpace) + "…"
}

// whole moves a cut back to where it splits no character that people see as one.
func whole(s string, cut int) int {
	const joiner = '\u200d'
	runes := []rune(s[:cut])
	next := []rune(s[cut:])
	for len(runes) > 0 && len(next) > 0 {
		if next[0] != joiner && runes[len(runes)-1] != joiner && !unicode.In(next[0], unicode.Mn, unicode.Me, unicode.Mc, skinTones) {
			break
		}
		next = runes[len(runes)-1:]
		runes = runes[:len(runes)-1]
	}
	return len(string(runes))
}

var skinTones = &unicode.RangeTable{R32: []unicode.Range32{{Lo: 0x1f3fb, Hi: 0x1f3ff, Stride: 1}}}

// width is how many characters s has when it is escaped.
func width(s string) int {
	n := 0
	for _, r := range escape(s) {
		n += utf16.RuneLen(r)
	}
	return n
}
