package slacksim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// check looks at a value that came as JSON and notes what is wrong with it. at
// is where it stands, as a JSON pointer. Checks are values, so that the tables
// in blocks.go read as a description of Block Kit.
type check func(p *problems, at string, v any)

// problems is what is wrong with a set of blocks, as Slack words it.
type problems []string

func (p *problems) add(at, format string, args ...any) {
	*p = append(*p, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, at)...))
}

// text is a string of so many characters.
func text(least, most int) check {
	return func(p *problems, at string, v any) {
		s, ok := v.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !ok:
			p.add(at, "must be a string")
		case n < least:
			p.add(at, "must be more than %d characters", least-1)
		case n > most:
			p.add(at, "must be less than %d characters", most+1)
		}
	}
}

// link is a web address.
func link(most int) check {
	size := text(1, most)
	return func(p *problems, at string, v any) {
		size(p, at, v)
		if s, ok := v.(string); ok && s != "" && !slices.ContainsFunc([]string{"http://", "https://", "slack://", "mailto:", "tel:"}, func(scheme string) bool {
			return strings.HasPrefix(s, scheme)
		}) {
			p.add(at, "invalid url")
		}
	}
}

// boolean is true or false.
func boolean(p *problems, at string, v any) {
	if _, ok := v.(bool); !ok {
		p.add(at, "must be a boolean")
	}
}

// number is a whole number in a range.
func number(least, most float64) check {
	return func(p *problems, at string, v any) {
		if n, ok := v.(float64); !ok || n != float64(int64(n)) || n < least || n > most {
			p.add(at, "must be an integer from %.0f to %.0f", least, most)
		}
	}
}

// anyNumber is a number, whole or not.
func anyNumber(p *problems, at string, v any) {
	if _, ok := v.(float64); !ok {
		p.add(at, "must be a number")
	}
}

// among is one of a few strings.
func among(allowed ...string) check {
	return func(p *problems, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			p.add(at, "must be one of: %s", strings.Join(allowed, ", "))
		}
	}
}

// list is an array of so many values that each pass.
func list(least, most int, each check) check {
	return func(p *problems, at string, v any) {
		all, ok := v.([]any)
		switch {
		case !ok:
			p.add(at, "must be an array")
		case len(all) < least:
			p.add(at, "no fewer than %d items required", least)
		case len(all) > most:
			p.add(at, "no more than %d items allowed", most)
		}
		for i, v := range all {
			each(p, fmt.Sprintf("%s/%d", at, i), v)
		}
	}
}

// orNull passes null, too.
func orNull(c check) check {
	return func(p *problems, at string, v any) {
		if v != nil {
			c(p, at, v)
		}
	}
}

// fields says what an object holds beside its type. A name that ends in "!"
// must be there; one that is not listed must not.
type fields map[string]check

func (f fields) check(p *problems, at string, v any) {
	o, ok := v.(object)
	if !ok {
		p.add(at, "must be an object")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		plain, needed := strings.CutSuffix(name, "!")
		value, there := o[plain]
		switch {
		case there:
			f[name](p, at+"/"+plain, value)
		case needed:
			p.add(at, "missing required field: %s", plain)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if f[name] == nil && f[name+"!"] == nil && name != "type" {
			p.add(at, "invalid additional property: %s", name)
		}
	}
}

// with returns the fields and more.
func (f fields) with(more fields) fields {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// oneOf is an object whose type says which check applies to it.
func oneOf(kinds map[string]check) check {
	return func(p *problems, at string, v any) {
		o, ok := v.(object)
		if !ok {
			p.add(at, "must be an object")
			return
		}
		kind, ok := o["type"].(string)
		switch {
		case !ok:
			p.add(at, "missing required field: type")
		case kinds[kind] == nil:
			p.add(at+"/type", "unsupported type: %s", kind)
		default:
			kinds[kind](p, at, v)
		}
	}
}

// only is a part of a table of kinds.
func only(kinds map[string]check, names ...string) map[string]check {
	some := map[string]check{}
	for _, name := range names {
		some[name] = kinds[name]
	}
	return some
}

// both applies one check after the other.
func both(first, second check) check {
	return func(p *problems, at string, v any) {
		first(p, at, v)
		second(p, at, v)
	}
}

// atLeastOne is an object that has one of a few fields.
func atLeastOne(names ...string) check {
	return func(p *problems, at string, v any) {
		o, ok := v.(object)
		if ok && !slices.ContainsFunc(names, func(name string) bool { return o[name] != nil }) {
			p.add(at, "missing required field: %s", strings.Join(names, " or "))
		}
	}
}
