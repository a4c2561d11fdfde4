package article

import (
	"strings"
	"testing"
	"time"
)

const page = `<!DOCTYPE html><html><head><title>Bridge opens late - The Town Paper</title>
<meta property="og:site_name" content="The Town Paper"><meta property="article:published_time" content="2026-02-05T08:00:00Z">
<script>document.write("It opens in <b>never</b>.")</script></head><body><nav><a href="/">Home</a> <a href="/x">News</a></nav>
<article><h1>Bridge opens late</h1>
<p>The new bridge over the Lenne opens in <b>August</b>, two months later than planned, the building department said on Thursday.</p>
<p>It costs 4.2 million euros, of which the state pays 60 percent. The rest comes from the town's own budget for the years to come.</p>
<ul><li>Buses use the old bridge until then, which carries up to 18 tonnes and stays open for everybody on foot.</li></ul>
<script>alert("no")</script><style>p { color: red }</style>
<p>The department named a shortage of steel as the reason for the delay and said that the contract has no penalty for it.</p></article>
<footer>Copyright</footer></body></html>`

func TestRead(t *testing.T) {
	for _, tt := range []struct{ name, data, title, want string }{
		{"a.txt", "One thing.\r\nAnother.\n", "", "One thing.\nAnother.\n"},
		{"a.md", "# The bridge\n\nIt *opens* in\n[August](https://example.com).\n\n- 4.2 million\n- `60` percent\n\n```\ncode\n```\n\n<b>x</b>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
			"The bridge", "It opens in August.\n4.2 million\n60 percent\nx\na b\n1 2\n"},
		{"b.md", "---\ntitle: \"T\"\ndate: 2026-02-05\n---\nText.\n", "T", "Text.\n"},
	} {
		a, err := Read(strings.NewReader(tt.data), tt.name)
		if err != nil || a.Title != tt.title || a.Text != tt.want {
			t.Errorf("Read(%s) = %q, %q, %v; want %q, %q", tt.name, a.Title, a.Text, err, tt.title, tt.want)
		}
	}
}

func TestReadPage(t *testing.T) {
	a, err := Read(strings.NewReader(page), "")
	if err != nil {
		t.Fatal(err)
	}
	if a.Publisher != "The Town Paper" || !strings.HasPrefix(a.Title, "Bridge opens late") || a.Published.Format(time.DateOnly) != "2026-02-05" {
		t.Errorf("title %q, publisher %q, published %v", a.Title, a.Publisher, a.Published)
	}
	lines := strings.Split(a.Text, "\n")
	if !strings.HasPrefix(lines[0], "The new bridge over the Lenne opens in August, two months") {
		t.Errorf("the first line is %q", lines[0])
	}
	for _, no := range []string{"alert", "never", "color", "Copyright", "Home"} {
		if strings.Contains(a.Text, no) {
			t.Errorf("the text holds %q", no)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"a.txt", "\x00\x01", "control character"},
		{"a.txt", "caf\xe9", "UTF-8"},
		{"a.txt", " \n", "no text"},
		{"a.html", "<html><body><script>x()</script></body></html>", "no"},
		{"a.html", strings.Repeat("<div>", 100_000) + "deep", "nested"},
		{"a.txt", strings.Repeat("a", MaxSize+1), "larger"},
	} {
		if _, err := Read(strings.NewReader(tt.data), tt.name); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Read(%s, %.20q) = %v, want an error with %q", tt.name, tt.data, err, tt.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(page, ".html")
	f.Add("# A\n\n- b\n", ".md")
	f.Add("<div><p>", "")
	f.Fuzz(func(t *testing.T, data, name string) {
		a, err := Read(strings.NewReader(data), name)
		if err == nil && strings.TrimSpace(a.Text) == "" {
			t.Error("no text and no error")
		}
	})
}
