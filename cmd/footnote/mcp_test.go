package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"footnote/knowledge"
)

// Questions of every verdict.
var toldQuestions = []string{
	"Who is leading the negotiations?",
	"How much severance pay is there?",
	"what is OpenAI's valuation",
	"Did Amazon invest $90 billion?",
	"what is for lunch?",
	"hello",
}

// program builds footnote and returns its path.
func program(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "footnote")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// askedInTerminal is what "footnote ask --json" says to a question, without the
// time that it took.
func askedInTerminal(t *testing.T, bin, question string) map[string]any {
	t.Helper()
	out, err := exec.Command(bin, "ask", "--json", question).Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	delete(answer, "micros")
	return answer
}

// mcpSession connects the SDK's own client to the program.
func mcpSession(t *testing.T, bin string) *mcp.ClientSession {
	t.Helper()
	cmd := exec.Command(bin, "mcp")
	cmd.Dir = t.TempDir() // there is no .env, and there are no tokens
	cmd.Env = []string{"HOME=" + t.TempDir()}
	c := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := c.Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return session
}

func call(t *testing.T, s *mcp.ClientSession, tool string, args any) (map[string]any, *mcp.CallToolResult) {
	t.Helper()
	res, err := s.CallTool(context.WithoutCancel(t.Context()), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("call %s: %v", tool, err)
	}
	out, _ := res.StructuredContent.(map[string]any)
	return out, res
}

func TestMCP(t *testing.T) {
	bin := program(t)
	s := mcpSession(t, bin)
	for _, q := range toldQuestions {
		got, _ := call(t, s, "ask", map[string]any{"question": q})
		if want := askedInTerminal(t, bin, q); !reflect.DeepEqual(got, want) {
			t.Errorf("ask %q = %v, want %v", q, got, want)
		}
	}

	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args         map[string]any
		given, total int
	}{
		{nil, min(len(base.Facts), pageOfFacts), len(base.Facts)},
		{map[string]any{"limit": 5, "offset": 3}, 5, len(base.Facts)},
		{map[string]any{"offset": 100000}, 0, len(base.Facts)},
		{map[string]any{"ids": []string{base.Facts[7].ID, "nothing"}}, 1, 1},
		{map[string]any{"query": "zzzz"}, 0, 0},
		{map[string]any{"source": base.Sources[0].ID, "limit": 1}, 1, len(base.Facts)},
	} {
		got, _ := call(t, s, "facts", tt.args)
		list, _ := got["facts"].([]any)
		if total := got["total"]; len(list) != tt.given || total != float64(tt.total) {
			t.Errorf("facts %v gives %d of %v, want %d of %d", tt.args, len(list), total, tt.given, tt.total)
		}
	}
	got, _ := call(t, s, "sources", map[string]any{"id": base.Sources[0].ID})
	if text := got["sources"].([]any)[0].(map[string]any)["text"]; text != base.Sources[0].Text {
		t.Errorf("the source's text is %q", text)
	}
	for _, tt := range []struct {
		tool string
		args map[string]any
		says string
	}{
		{"ask", map[string]any{"question": " "}, "question is empty"},
		{"ask", map[string]any{"q": "misspelt"}, `unexpected additional properties ["q"]`},
		{"sources", map[string]any{"id": "nothing"}, `no source has the id "nothing"`},
		{"facts", map[string]any{"source": "nothing"}, `no source has the id "nothing"`},
		{"facts", map[string]any{"limit": -1}, "no less than 0"},
	} {
		_, res := call(t, s, tt.tool, tt.args)
		text, _ := json.Marshal(res.Content)
		if !res.IsError || !strings.Contains(strings.ReplaceAll(string(text), `\`, ""), tt.says) {
			t.Errorf("%s %v: error %v, %s; want it to say %q", tt.tool, tt.args, res.IsError, text, tt.says)
		}
	}
}

// node skips a test that lacks Node, or what npm has to install in a directory if
// one is given, which must not happen in CI.
func node(t *testing.T, dir string) {
	t.Helper()
	lacks := ""
	if _, err := exec.LookPath("node"); err != nil {
		lacks = "no node on the PATH"
	} else if _, err := os.Stat(filepath.Join(dir, "node_modules")); dir != "" && err != nil {
		lacks = "nothing is installed: run npm ci in cmd/footnote/" + dir
	}
	switch {
	case lacks == "":
	case os.Getenv("CI") == "true":
		t.Fatal(lacks)
	default:
		t.Skip(lacks)
	}
}

// TestMCPOfOthers lists the tools and asks with a client that is not ours, the
// official one for TypeScript.
func TestMCPOfOthers(t *testing.T) {
	node(t, "testdata/mcp")
	bin := program(t)
	questions, err := json.Marshal(toldQuestions)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command("node", "client.js", bin, "mcp")
	cmd.Dir, cmd.Stderr = "testdata/mcp", &said
	cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "QUESTIONS=" + string(questions)}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	var got struct {
		Tools   []string
		Answers []map[string]any
		Facts   factsResult
		Sources sourcesResult
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := []string{"ask", "facts", "sources"}; !slices.Equal(got.Tools, want) {
		t.Errorf("tools %v, want %v", got.Tools, want)
	}
	for i, q := range toldQuestions {
		if want := askedInTerminal(t, bin, q); !reflect.DeepEqual(got.Answers[i], want) {
			t.Errorf("ask %q = %v, want %v", q, got.Answers[i], want)
		}
	}
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if got.Facts.Total != len(base.Facts) || len(got.Facts.Facts) != len(base.Facts) || len(got.Sources.Sources) != len(base.Sources) {
		t.Errorf("%d facts and %d sources, want %d and %d", len(got.Facts.Facts), len(got.Sources.Sources), len(base.Facts), len(base.Sources))
	}
}
