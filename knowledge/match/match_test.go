package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"footnote/knowledge"
)

func TestPlainText(t *testing.T) {
	for _, tt := range []struct{ message, want string }{
		{"<@U0BOT> who leads?", "who leads?"},
		{"<@U0BOT|footnote> hi <!here>", "hi"},
		{"see <https://example.com/a|the piece> in <#C1|general>", "see the piece in general"},
		{"<https://example.com/a> now", "now"},
		{"AT&amp;T &lt;3", "AT&T <3"},
		{":wave: hi :+1::skin-tone-3:", "hi"},
		{"what’s up", "what's up"},
		{"ﬁnal ＄５０", "final $50"},
	} {
		if got := strings.Join(strings.Fields(plainText(tt.message)), " "); got != tt.want {
			t.Errorf("plainText(%q) = %q, want %q", tt.message, got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct{ question, want string }{
		{"What's Amazon's offer?", "what is @Amazon offer"},
		{"whos leading pls", "who is leading please"},
		{"isn't it the WSJ?", "is not it @The Wall Street Journal"},
		{"how much does the retailer put into Altman's lab", "how much does @Amazon put into @OpenAI"},
		{"is it $50bn or fifty billion", "is it #50000000000 or #50000000000"},
		{"in October 2025", "in #2025-00-00 #0000-10-00"},
		{"hwo much is amazn investng in opnai", "how much is @Amazon investing in @OpenAI"},
		{"sevrance", "severance"},
	} {
		tokens, _ := x.read(new(scratch), tt.question)
		if got := strings.Join(texts(tokens), " "); got != tt.want {
			t.Errorf("read(%q) = %q, want %q", tt.question, got, tt.want)
		}
	}
}

func TestRepair(t *testing.T) {
	x, err := newIndex(knowledge.Unproven([]knowledge.Fact{
		{ID: "a", Questions: []string{"severance for layoffs", "the severance salary", "zorblat layoffs"}},
		{ID: "b", Questions: []string{"a chat about the card", "the lost card", "my card and his card"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"severnace", "severance"},
		{"sevrnce", "severance"},
		{"layofs", "layoffs"},
		{"alyoffs", "layoffs"},
		{"zrblat", "zorblat"},      // a word of the base alone
		{"childen", "children"},    // a word of the table alone
		{"chta", "chat"},           // two letters swapped are one mistake
		{"crd", "card"},            // a short word
		{"my cad", "my card"},      // another word, beside the base's neighbour
		{"cad sings", "cad sings"}, // the same beside others
		{"weather", "weather"},     // spelled right
		{"layoff5", "layoff5"},     // digits are left alone
		{"äußerung", "äußerung"},   // not a to z
		{"qxzvkwjp", "qxzvkwjp"},   // nothing is near
		{"severance", "severance"},
	} {
		tokens, _ := x.read(new(scratch), tt.text)
		if got := strings.Join(texts(tokens), " "); got != tt.want {
			t.Errorf("read(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A message full of made-up words is answered as soon as any other.
func TestFewAreMended(t *testing.T) {
	x := shippedIndex(t)
	s := x.borrow()
	defer x.scratch.Put(s)
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "qx%czv%cw%c ", 'a'+i%26, 'a'+i/26%26, 'a'+i/676)
	}
	x.read(s, text.String()+"investmnt")
	if len(s.judged) != mostJudged {
		t.Errorf("%d words were judged, want %d", len(s.judged), mostJudged)
	}
	s.begin()
	if _, repairs := x.read(s, "investmnt"); len(repairs) != 1 {
		t.Errorf("the next question is mended %d times, want once", len(repairs))
	}
}

// What is read again is read as before.
func TestReadAgain(t *testing.T) {
	x := shippedIndex(t)
	s := new(scratch)
	text := "hwo much investng qwrtzpl of AMZN goes into sevrance Zorblax"
	first, repairs := x.read(s, text)
	if len(repairs) == 0 || len(s.judged) == 0 {
		t.Fatalf("nothing of %q is mended or judged", text)
	}
	again, _ := x.read(s, text)
	if !slices.Equal(again, first) {
		t.Errorf("read again as %v, want %v", again, first)
	}
}

// said is an answer in a word: the fact's id, "?" and both ids of a choice, "-"
// and a gap's id, or "~" and a kind of small talk.
func said(a Answer) string {
	switch a.Verdict {
	case Sure:
		return a.Facts[0].Fact.ID
	case Ambiguous:
		return "?" + a.Facts[0].Fact.ID + " " + a.Facts[1].Fact.ID
	case Chat:
		return "~" + a.Chat
	}
	if a.Gap != nil {
		return "-" + a.Gap.ID
	}
	return "-"
}

func TestAnswer(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct{ after, q, want string }{
		{"", "Who is leading the negotiations?", "negotiator-amazon"},
		{"", "how much severance support is there", "support-package"},
		{"", "what is OpenAI's valuation", "-valuation"},
		{"", "<@U0BOT> hello", "~greeting"},
		{"", "thx a lot!", "~thanks"},
		{"", "can you help me move my sofa on saturday", "-"},
		{"", "", "-"},
		{"", "🎉", "-"},
		{"how many jobs did Amazon cut in the latest round?", "and the round before that?", "october-cuts"},
		{"how many jobs did Amazon cut in the latest round?", "who leads the talks with Altman", "negotiator-amazon"},
		{"who leads the talks with Altman", "thanks", "~thanks"},
	} {
		got := said(x.Answer(Question{Text: tt.q, Prior: Prior{Question: tt.after}}))
		if got != tt.want {
			t.Errorf("Answer(%q after %q) = %s, want %s", tt.q, tt.after, got, tt.want)
		}
	}
}

// Every way of asking that the base holds finds what it stands under.
func TestOwnQuestions(t *testing.T) {
	x := shippedIndex(t)
	for _, v := range x.variants {
		c := x.classes[v.class]
		want := "-"
		switch {
		case c.chat == "overview":
			continue // a fact or the choice of several
		case c.fact != nil:
			want = c.fact.ID
		case c.gap != nil:
			want = "-" + c.gap.ID
		case c.chat != "":
			want = "~" + c.chat
		}
		if got := said(x.Answer(Question{Text: v.text})); got != want {
			t.Errorf("Answer(%q) = %s, want %s", v.text, got, want)
		}
	}
}

func TestAbstainingOffers(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct{ q, near string }{
		{"what is OpenAI's valuation", "round-total"},
		{"svrnc py", "support-package"}, // only sahilm/fuzzy finds it
	} {
		a := x.Answer(Question{Text: tt.q})
		if a.Verdict != Abstain || len(a.Near) > nearMost || !slices.ContainsFunc(a.Near, func(m Match) bool { return m.Fact.ID == tt.near }) {
			t.Errorf("Answer(%q) = %s, near %v; want %s among at most %d", tt.q, said(a), a.Near, tt.near, nearMost)
		}
	}
}

// A base without facts has no answer, not even to what it is about.
func TestNoFacts(t *testing.T) {
	x, err := NewIndex(knowledge.Unproven(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"what is this about", "what can you tell me about half of 2024", "who leads?", ""} {
		if a := x.Answer(Question{Text: q}); a.Verdict != Abstain || len(a.Facts)+len(a.Near) > 0 {
			t.Errorf("Answer(%q) = %v", q, a)
		}
	}
}

func TestFactsWithoutGapsOrNames(t *testing.T) {
	b, err := knowledge.Load(fstest.MapFS{
		"handbook.txt": {Data: []byte("Five days of leave carry over. The office opens at eight.")},
		"facts.yaml": {Data: []byte(`
sources: [{id: handbook, title: Handbook, published: 2025-03-01, file: handbook.txt}]
facts:
  - id: leave
    answer: "Five days of leave carry over."
    certainty: confirmed
    quotes: [{text: "Five days of leave carry over.", source: handbook}]
    questions: ["how much leave carries over?", "can I keep my vacation days", "unused leave?"]
  - id: hours
    answer: "The office opens at eight."
    certainty: confirmed
    quotes: [{text: "The office opens at eight.", source: handbook}]
    questions: ["when does the office open?", "opening hours", "how early can I come in"]
`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ q, want string }{
		{"how many days of leave carry over", "leave"},
		{"when is the office open", "hours"},
		{"what is the weather on Mars", "-"},
	} {
		if got := said(x.Answer(Question{Text: tt.q})); got != tt.want {
			t.Errorf("Answer(%q) = %s, want %s", tt.q, got, tt.want)
		}
	}
}

func TestExplain(t *testing.T) {
	x := shippedIndex(t)
	got := x.Explain(Question{Text: "how much sevrance money is there for the sacked"}).String()
	for _, want := range []string{"sevrance -> severance", "fact support-package", "nearest question:", "holds severance", "asks for       how much", "confidence", "names or numbers unknown to the fact", "\nverdict ", "\nbecause "} {
		if !strings.Contains(got, want) {
			t.Errorf("explanation lacks %q:\n%s", want, got)
		}
	}
}

func TestConcurrentAnswersAgree(t *testing.T) {
	x := shippedIndex(t)
	const q = "which newspaper wrote about the Amazon boss"
	want := said(x.Answer(Question{Text: q}))
	got := make(chan string)
	for range 8 {
		go func() {
			last := want
			for range 50 {
				if s := said(x.Answer(Question{Text: q})); s != want {
					last = s
				}
			}
			got <- last
		}()
	}
	for range 8 {
		if s := <-got; s != want {
			t.Errorf("Answer = %s, want %s", s, want)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	x := shippedIndex(f)
	for _, seed := range []string{"who?", "<@U1> <!here> :x:", "a, b; c? " + strings.Repeat("word ", 40), "\xff\xfe", "£5 'n' €6's", "ＡＢＣ"} {
		f.Add(seed, "")
		f.Add("and then?", seed)
	}
	f.Fuzz(func(t *testing.T, text, after string) {
		a := x.Answer(Question{Text: text, Prior: Prior{Question: after}})
		if a.Verdict == Sure && len(a.Facts) == 0 || a.Verdict == Ambiguous && len(a.Facts) < 2 || a.Verdict == Abstain && len(a.Facts) > 0 {
			t.Fatalf("Answer(%q) = %v with %d facts", text, a.Verdict, len(a.Facts))
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	x := shippedIndex(b)
	questions := []string{
		"Who is leading the negotiations?", "how much severance support is there", "what is OpenAI's valuation",
		"is the deal done or could it still change", "hwo much is amazn investng", "which newspaper reported on Jassy",
		"how many people did Amazon lay off last autumn", "would staff get to use the models at work", "hello there",
		"why does Altman's lab need so much money",
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Answer(Question{Text: questions[i%len(questions)]})
	}
}

// BenchmarkReady takes the shipped base from its files to an index.
func BenchmarkReady(b *testing.B) {
	for b.Loop() {
		base, err := knowledge.Load(knowledge.Shipped())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := NewIndex(base); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewIndex(b *testing.B) {
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := NewIndex(base); err != nil {
			b.Fatal(err)
		}
	}
}
