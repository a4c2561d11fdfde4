package match

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"footnote/knowledge"
)

// harbour is the index of a made-up base, in which two companies and two people
// do things to each other.
func harbour(t *testing.T) *Index {
	t.Helper()
	b, err := knowledge.Load(os.DirFS("testdata/harbour"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func correction(a Answer) string {
	if a.Correction == nil {
		return ""
	}
	return a.Correction.Text
}

// A name has the part in the answer that it has in the question, or the answer
// is not one.
func TestRoles(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct{ q, want, correction string }{
		{"which firm will lease ships to Bay Cruises", "lease", ""},
		{"who would be leasing ships to Northwind?", "-", ""},
		{"which company leases ships to the ferry line", "-", ""},
		{"does Northwind lease ships to Bay?", "lease", ""},
		{"does Bay lease ships to Northwind?", "lease", "Not quite: the other way round"},
		{"are ships leased to Bay Cruises by Northwind", "lease", ""},
		{"are ships leased to Northwind by Bay Cruises", "lease", "Not quite: the other way round"},
		{"when does Bay Cruises lease ships to Northwind", "-", ""},
		{"so who is it that runs Northwind", "negotiators", ""},
		{"does Okoye run Northwind?", "negotiators", "Not quite: Mara Lindqvist"},
		{"does Lindqvist run Northwind Ferries, right?", "negotiators", ""},
		{"is Okoye the head of the ferry line", "negotiators", "Not quite: Mara Lindqvist"},
	} {
		a := x.Answer(Question{Text: tt.q})
		if got := said(a); got != tt.want || correction(a) != tt.correction {
			t.Errorf("Answer(%q) = %s, correction %q; want %s, %q", tt.q, got, correction(a), tt.want, tt.correction)
		}
	}
}

// A fact answers the kinds of question that it is asked, and no others.
func TestKinds(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct{ q, want string }{
		{"why would Bay Cruises want these ships", "reason"},
		{"why does Northwind close its ticket offices", "-"},
		{"why do the clerks get ten weeks of pay", "-"},
		{"how many clerks does it concern", "clerks"},
		{"how much does Bay Cruises pay for the vessels", "rent"},
		{"when did Lindqvist negotiate with Okoye", "-"},
		{"where did Lindqvist negotiate the lease with Okoye", "-"},
	} {
		if got := said(x.Answer(Question{Text: tt.q})); got != tt.want {
			t.Errorf("Answer(%q) = %s, want %s", tt.q, got, tt.want)
		}
	}
}

func TestKindOf(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct {
		q    string
		want kind
	}{
		{"who pays?", who},
		{"the people who left, how many were they", howMany},
		{"what is the full amount of the rent", howMuch},
		{"in which year was that", when},
		{"what did Bay say about the amount", whatever},
		{"how come they need ships", why},
		{"is that so", whether},
		{"so is that when it closes", when},
		{"severance", whatever},
	} {
		tokens, _ := x.read(new(scratch), tt.q)
		if got := kindOf(tokens); got != tt.want {
			t.Errorf("kindOf(%q) = %s, want %s", tt.q, kindNames[got], kindNames[tt.want])
		}
	}
}

// A claim is put right only by what the answer says of the same thing.
func TestClaims(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct{ q, want, correction string }{
		{"does Bay Cruises pay 10 million a year?", "rent", "Not quite: $12 million"},
		{"does Bay Cruises pay 12 million a year, right?", "rent", ""},
		{"does Bay Cruises pay more than 10 million a year", "rent", ""},
		{"does Bay Cruises pay less than 10 million a year", "rent", "Not quite: $12 million"},
		{"is the rent 10 or 12 million a year", "rent", ""},
		{"how many millions does Bay Cruises pay a year", "rent", ""},
		{"are 50 clerks affected?", "clerks", "Not quite: 40 clerks"},
		{"how many clerks were affected in 2019", "-", ""},
	} {
		a := x.Answer(Question{Text: tt.q})
		if got := said(a); got != tt.want || correction(a) != tt.correction {
			t.Errorf("Answer(%q) = %s, correction %q; want %s, %q", tt.q, got, correction(a), tt.want, tt.correction)
		}
	}
}

// A bare name or noun lists what there is to say of it, unless there is but one
// thing.
func TestBareNames(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct {
		q    string
		want string // of the answer, or of the first choices
		n    int    // choices
	}{
		{"the Gazette", "reason", 1},
		{"what about the clerks?", "clerks", 1},
		{"Okoye?", "negotiators", 1},
		{"Northwind", "", 3},
		{"Bay Cruises", "", 4},
		{"what is this about", "", 5},
		{"summary please", "", 5},
		{"submarines", "", 0},
	} {
		a := x.Answer(Question{Text: tt.q})
		if len(a.Facts) != tt.n || tt.want != "" && a.Facts[0].Fact.ID != tt.want || (a.Verdict == Ambiguous) != (tt.n > 1) {
			t.Errorf("Answer(%q) = %s with %d facts, want %s and %d", tt.q, a.Verdict, len(a.Facts), tt.want, tt.n)
		}
	}
}

// What stands around a question neither hides it nor is lost on it.
func TestChatter(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct{ q, want string }{
		{"Sorry, I am slow today and had no coffee yet. Who speaks for Amazon in there?", "negotiator-amazon"},
		{"Nobody at my table could say it at lunch today, so here I am: which month were the earlier cuts in?", "october-cuts"},
		{"My cousin had to go in the October wave, she says it was all office people. How many were affected?", "october-cuts"},
		{"The whole team went for pizza on Monday and talked of nothing but football and the weather, can you imagine?", "-"},
	} {
		if got := said(x.Answer(Question{Text: tt.q})); got != tt.want {
			t.Errorf("Answer(%q) = %s, want %s", tt.q, got, tt.want)
		}
	}
}

func TestFollowUps(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct{ after, q, want string }{
		{"how much will Bay Cruises pay?", "source?", "rent"},
		{"how much will Bay Cruises pay?", "and who says so?", "rent"},
		{"how much will Bay Cruises pay?", "how sure is that", "rent"},
		{"who leases ships to Bay Cruises?", "tell me more", "?rent reason"},
		{"who leases ships to Bay Cruises?", "why?", "reason"},
		{"who leases ships to Bay Cruises?", "how much do they pay for them", "rent"},
		{"who leases ships to Bay Cruises?", "what happens to the clerks", "clerks"},
		{"", "source?", "-"},
	} {
		if got := said(x.Answer(Question{Text: tt.q, Prior: Prior{Question: tt.after}})); got != tt.want {
			t.Errorf("Answer(%q after %q) = %s, want %s", tt.q, tt.after, got, tt.want)
		}
	}
}

// A place or name that a question is limited to is known to the fact, or the
// fact is no answer.
func TestStrangers(t *testing.T) {
	x := harbour(t)
	for _, tt := range []struct{ q, want string }{
		{"what do the clerks in Eastport get", "clerks"},
		{"what do the clerks in Westhaven get", "-"},
		{"I am in Westhaven, what do the clerks get", "clerks"},
		{"how much does Bay Cruises pay for the ships from Disney", "-"},
	} {
		if got := said(x.Answer(Question{Text: tt.q})); got != tt.want {
			t.Errorf("Answer(%q) = %s, want %s", tt.q, got, tt.want)
		}
	}
}

// The shipped facts are asked for in at least 35 ways and its gaps in 20 that
// differ in more than the order of their words and in small words.
func TestShippedWording(t *testing.T) {
	x := shippedIndex(t)
	for _, c := range x.classes[:x.own] {
		least := 35
		if c.gap != nil {
			least = 20
		}
		ways := map[string]bool{}
		for _, v := range x.variants[c.from:c.to] {
			s := new(scratch)
			tokens, _ := x.read(s, v.text)
			var way []string
			for _, t := range x.ask(s, tokens, 1).terms {
				if t.part == content || t.part == name {
					way = append(way, strconv.Itoa(int(t.id)))
				}
			}
			slices.Sort(way)
			ways[strings.Join(slices.Compact(way), " ")] = true
		}
		if len(ways) < least {
			t.Errorf("%s is asked for in %d different ways, want %d", c.name(), len(ways), least)
		}
	}
}

func TestSharing(t *testing.T) {
	quote := func(offset int) []knowledge.Quote {
		return []knowledge.Quote{{Text: "so", Source: "a", Offset: offset}}
	}
	facts := []knowledge.Fact{
		{Quotes: quote(1)}, {Quotes: quote(2)}, {Quotes: slices.Concat(quote(3), quote(1))}, {}, {Quotes: slices.Concat(quote(4), quote(4))},
	}
	if got, want := sharing(facts), []bool{true, false, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("sharing = %v, want %v", got, want)
	}
}
