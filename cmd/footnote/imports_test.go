package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Which packages may import what, outside of tests. Of the standard library
// all is allowed but what only names.
var allowed = map[string][]string{
	"footnote":                        {},
	"footnote/deploy":                 {}, // tests alone
	"footnote/knowledge/quantity":     {},
	"footnote/knowledge/match/vector": {"golang.org/x/sys"},
	"footnote/knowledge":              {"footnote/knowledge/quantity", "go.yaml.in/yaml/v4"},
	"footnote/knowledge/match": {"footnote/knowledge", "footnote/knowledge/match/vector", "footnote/knowledge/quantity",
		"github.com/kljensen/snowball", "github.com/sahilm/fuzzy", "golang.org/x/sys", "golang.org/x/text"},
	"footnote/knowledge/article": {"codeberg.org/readeck/go-readability/v2", "github.com/yuin/goldmark", "golang.org/x/net"},
	"footnote/knowledge/draft":   {"footnote/knowledge", "footnote/knowledge/article", "footnote/knowledge/quantity", "golang.org/x/text"},
	"footnote/knowledge/eval":    {"footnote/knowledge", "footnote/knowledge/match", "maragu.dev/gomponents"},
	"footnote/handlers":          {"footnote/knowledge", "footnote/knowledge/match", "github.com/slack-go/slack"},
	"footnote/bot": {"footnote/handlers", "footnote/knowledge/match",
		"github.com/slack-go/slack", "github.com/slack-go/slack/socketmode", "github.com/gorilla/websocket"},
	"footnote/bot/store": {"footnote/bot", "footnote/handlers", "footnote/knowledge", "footnote/knowledge/match",
		"github.com/pressly/goose/v3", "github.com/jackc/pgx/v5", "modernc.org/sqlite", "golang.org/x/sys"},
	"footnote/bot/store/pgtest":       {},
	"footnote/bot/slacksim/pagetest":  {"github.com/chromedp/chromedp", "github.com/chromedp/cdproto"},
	"footnote/bot/slacksim/reference": {},
	"footnote/bot/slacksim":           {"github.com/coder/websocket", "github.com/google/uuid", "go.yaml.in/yaml/v4"},
	"footnote/cmd/footnote": {"footnote/bot", "footnote/bot/store", "footnote/bot/slacksim", "footnote/handlers",
		"github.com/coder/websocket", // the doctor counts connections
		"github.com/prometheus/client_golang",
		"footnote/knowledge", "footnote/knowledge/match", "footnote/knowledge/eval", "github.com/joho/godotenv", "github.com/slack-go/slack", "github.com/spf13/cobra", "go.yaml.in/yaml/v4",
		"footnote/knowledge/article", "footnote/knowledge/draft", "footnote/knowledge/review", "footnote/knowledge/watch", "github.com/modelcontextprotocol/go-sdk"},
	"footnote/knowledge/watch":  {"footnote/knowledge", "footnote/knowledge/match"},
	"footnote/knowledge/review": {"footnote/knowledge", "footnote/knowledge/draft", "footnote/knowledge/match"},
	// It judges the bot from outside, as processes and messages.
	"footnote/cmd/chaos": {"footnote/bot/store/pgtest"},
}

// What of the standard library belongs to few packages.
var only = map[string][]string{
	"net/http":     {"footnote/bot", "footnote/bot/slacksim", "footnote/cmd/footnote", "footnote/cmd/chaos"},
	"net":          {"footnote/bot", "footnote/bot/slacksim", "footnote/cmd/footnote"},
	"database/sql": {"footnote/bot/store"},
	"os/exec":      {"footnote/bot/store/pgtest", "footnote/bot/slacksim/pagetest", "footnote/cmd/chaos"},
}

type listed struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "footnote/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestImportsRunOneWay(t *testing.T) {
	for _, p := range listPackages(t) {
		may, known := allowed[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the list of packages", p.ImportPath)
		}
		for _, path := range p.Imports {
			if owners, special := only[path]; special && !slices.Contains(owners, p.ImportPath) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
			first, _, _ := strings.Cut(path, "/")
			if first != "footnote" && !strings.Contains(first, ".") {
				continue // the standard library
			}
			if !slices.ContainsFunc(may, func(m string) bool { return covers(m, path) }) {
				t.Errorf("%s imports %s", p.ImportPath, path)
			}
		}
	}
}

// covers reports whether an entry of the list allows a path: ours and slack-go's
// by name, a library's packages all together.
func covers(entry, path string) bool {
	exact := strings.HasPrefix(entry, "footnote/") || strings.HasPrefix(entry, "github.com/slack-go/")
	return path == entry || !exact && strings.HasPrefix(path, entry+"/")
}

func TestOnlyTheProgramReadsTheEnvironment(t *testing.T) {
	for _, p := range listPackages(t) {
		if slices.Contains([]string{"footnote/cmd/footnote", "footnote/bot/store/pgtest", "footnote/bot/slacksim/pagetest"}, p.ImportPath) {
			continue // the last two are for tests, and ask whether they may skip them
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, ok := sel.X.(*ast.Ident)
				if ok && pkg.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ"}, sel.Sel.Name) {
					t.Errorf("%s/%s calls os.%s", p.ImportPath, name, sel.Sel.Name)
				}
				return true
			})
		}
	}
}
