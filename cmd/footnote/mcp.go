package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

func mcpCommand(facts *string) *cobra.Command {
	return &cobra.Command{
		Use:   "mcp",
		Short: "Serve the facts to agents over the Model Context Protocol, on standard input and output",
		Long: `Serve the fact base to an agent that speaks the Model Context Protocol, on
standard input and output. The agent's configuration names this command; no
Slack token is needed. The tools are ask, which gives what "footnote ask --json"
gives, sources and facts.`,
		Example: `  claude mcp add footnote -- footnote --facts my-facts mcp`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := index(*facts)
			if err != nil {
				return err
			}
			err = mcpServer(x).Run(cmd.Context(), &mcp.StdioTransport{})
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		},
	}
}

// What the tools take and give. The descriptions are for the agent.
type (
	askArguments struct {
		Question string `json:"question" jsonschema:"the question, as a person would ask it"`
		After    string `json:"after,omitempty" jsonschema:"the question that was asked before it, if this one follows it up"`
	}
	sourcesArguments struct {
		ID string `json:"id,omitempty" jsonschema:"the id of one source, to get its text as well"`
	}
	sourcesResult struct {
		Sources []sourceLine `json:"sources"`
	}
	sourceLine struct {
		ID        string `json:"id"`
		Kind      string `json:"kind"`
		Title     string `json:"title"`
		URL       string `json:"url"`
		Publisher string `json:"publisher"`
		Published string `json:"published"`
		Facts     int    `json:"facts" jsonschema:"how many facts quote it"`
		Text      string `json:"text,omitempty"`
	}
	factsArguments struct {
		IDs    []string `json:"ids,omitempty" jsonschema:"the facts with these ids; a fact that is not there is left out"`
		Query  string   `json:"query,omitempty" jsonschema:"words of facts to look for, best first, of at most 50"`
		Source string   `json:"source,omitempty" jsonschema:"the id of a source that the facts quote"`
		Offset int      `json:"offset,omitempty" jsonschema:"how many of them to pass over"`
		Limit  int      `json:"limit,omitempty" jsonschema:"how many to give at most; 50 if left out"`
	}
	factsResult struct {
		Facts []listedFact `json:"facts"`
		Total int          `json:"total" jsonschema:"how many there are, those that were not given included"`
	}
	listedFact struct {
		ID         string              `json:"id"`
		Question   string              `json:"question" jsonschema:"a way in which people ask for it"`
		Answer     string              `json:"answer"`
		Certainty  knowledge.Certainty `json:"certainty"`
		ReportedBy string              `json:"reported_by"`
		AsOf       string              `json:"as_of"`
		Quotes     []quoteLine         `json:"quotes"`
	}
)

const pageOfFacts = 50

// mcpServer serves an index to one agent.
func mcpServer(x *match.Index) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "footnote", Title: "Footnote", Version: version()}, &mcp.ServerOptions{
		Instructions: "A curated base of facts, each with its verbatim quote, source, date and certainty. Cite the quote and its source " +
			"with what you say. Verdict \"abstain\" means that the base does not answer the question: say so instead of guessing.",
		Capabilities: &mcp.ServerCapabilities{},
		Logger:       logger("text"),
	})
	closed := false
	reads := &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed}
	mcp.AddTool(s, &mcp.Tool{Name: "ask", Title: "Ask", Annotations: reads,
		Description: "Answers a question out of the curated facts, with the verbatim quotes and where they stand; abstains if none answers it, " +
			"with the nearest facts and, if known, what the sources do not say. A wrong premise in the question is put right in correction."},
		func(_ context.Context, _ *mcp.CallToolRequest, in askArguments) (*mcp.CallToolResult, answered, error) {
			if strings.TrimSpace(in.Question) == "" {
				return nil, answered{}, errors.New("question is empty")
			}
			line := timed(x, nil, match.Question{Text: in.Question, Prior: match.Prior{Question: in.After}})
			return nil, answered{line.Verdict, line.Facts, line.Near, line.Gap, line.Correction}, nil
		})
	mcp.AddTool(s, &mcp.Tool{Name: "sources", Title: "Sources", Annotations: reads,
		Description: "Lists the sources that the facts quote; with an id, that source with its whole text."},
		func(_ context.Context, _ *mcp.CallToolRequest, in sourcesArguments) (*mcp.CallToolResult, sourcesResult, error) {
			out, err := listSources(x.Base(), in.ID)
			return nil, out, err
		})
	mcp.AddTool(s, &mcp.Tool{Name: "facts", Title: "Facts", Annotations: reads,
		Description: "Lists facts with their quotes: all, those of a source, those with certain ids, or those that hold certain words. To have a question answered use ask."},
		func(_ context.Context, _ *mcp.CallToolRequest, in factsArguments) (*mcp.CallToolResult, factsResult, error) {
			out, err := listFacts(x, in)
			return nil, out, err
		})
	return s
}

// answered is what "ask --json" gives, without the id of the line and the time.
type answered struct {
	Verdict    string          `json:"verdict" jsonschema:"answer, ambiguous, abstain or chat"`
	Facts      []factLine      `json:"facts" jsonschema:"what answers the question; several if ambiguous"`
	Near       []nearLine      `json:"near" jsonschema:"the nearest facts, which do not answer it"`
	Gap        *gapLine        `json:"gap" jsonschema:"what is asked for and in no source, if that is known"`
	Correction *correctionLine `json:"correction" jsonschema:"what the question takes for true and the source says otherwise"`
}

func listSources(b *knowledge.Base, id string) (sourcesResult, error) {
	count := map[string]int{}
	for _, f := range b.Facts {
		quoted := map[string]bool{}
		for _, q := range f.Quotes {
			quoted[q.Source] = true
		}
		for source := range quoted {
			count[source]++
		}
	}
	out := sourcesResult{Sources: []sourceLine{}}
	for _, s := range b.Sources {
		line := sourceLine{ID: s.ID, Kind: s.Kind, Title: s.Title, URL: s.URL, Publisher: s.Publisher,
			Published: s.Published.Format(time.DateOnly), Facts: count[s.ID]}
		if id == s.ID {
			line.Text = s.Text
		}
		if id == "" || id == s.ID {
			out.Sources = append(out.Sources, line)
		}
	}
	if id != "" && len(out.Sources) == 0 {
		return out, fmt.Errorf("no source has the id %q; call sources without an id for the list", id)
	}
	return out, nil
}

func listFacts(x *match.Index, in factsArguments) (factsResult, error) {
	b := x.Base()
	switch {
	case in.Offset < 0 || in.Limit < 0:
		return factsResult{}, errors.New("offset and limit are no less than 0")
	case in.Source != "" && b.Source(in.Source) == nil:
		return factsResult{}, fmt.Errorf("no source has the id %q; sources lists them", in.Source)
	}
	var found []*knowledge.Fact
	switch {
	case in.Query != "":
		found = x.Suggest(in.Query, pageOfFacts)
	default:
		for i := range b.Facts {
			found = append(found, &b.Facts[i])
		}
	}
	found = slices.DeleteFunc(found, func(f *knowledge.Fact) bool {
		return len(in.IDs) > 0 && !slices.Contains(in.IDs, f.ID) ||
			in.Source != "" && !slices.ContainsFunc(f.Quotes, func(q knowledge.Quote) bool { return q.Source == in.Source })
	})
	out := factsResult{Facts: []listedFact{}, Total: len(found)}
	found = found[min(in.Offset, len(found)):]
	for _, f := range found[:min(cmp.Or(in.Limit, pageOfFacts), len(found))] {
		line := listedFact{ID: f.ID, Answer: f.Answer, Certainty: f.Certainty, ReportedBy: f.ReportedBy, AsOf: asOf(b, f), Quotes: quoteLines(b, f)}
		if len(f.Questions) > 0 {
			line.Question = f.Questions[0]
		}
		out.Facts = append(out.Facts, line)
	}
	return out, nil
}
