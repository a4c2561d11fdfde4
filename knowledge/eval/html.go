package eval

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"strings"

	"footnote/knowledge"
)

//go:embed report.html
var pageText string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) },
}).Parse(pageText))

// WriteHTML writes the report as one page that needs nothing else.
func (r Report) WriteHTML(w io.Writer, b *knowledge.Base, title string) error {
	curve := r.Curve()
	bins, ece := r.Reliability()
	type row struct {
		Kind                 string
		N                    int
		Right, Missed, Wrong float64
	}
	var rows []row
	for _, kind := range append(r.kinds(), "all") {
		part := r
		if kind != "all" {
			part = r.kind(kind)
		}
		rows = append(rows, row{kind, len(part), part.Share(Right), part.Share(Missed), part.Share(Wrong)})
	}
	type remark struct{ Outcome, ID, Kind, Text, Said string }
	var remarks []remark
	for _, o := range []Outcome{Wrong, Missed} {
		for _, result := range r {
			if result.Outcome == o {
				remarks = append(remarks, remark{o.String(), result.Question.ID, result.Question.Kind, result.Question.Text, describe(result)})
			}
		}
	}
	return page.Execute(w, map[string]any{
		"Title": title, "Rows": rows, "Remarks": remarks, "Confusions": r.Confusions(b),
		"Recommended": Recommended(curve), "X": plotX(Recommended(curve).Threshold),
		"Right": line(curve, func(p Point) float64 { return p.Right }), "Wrong": line(curve, func(p Point) float64 { return p.Wrong }),
		"Bars": bars(bins), "ECE": fmt.Sprintf("%.3f", ece), "Ticks": []tick{{0, "0"}, {0.25, "0.25"}, {0.5, "0.5"}, {0.75, "0.75"}, {1, "1"}},
	})
}

// The plots' coordinates: 0..1 on a field of plotWidth by plotHeight.
const (
	plotWidth  = 400
	plotHeight = 240
)

type tick struct {
	At    float64
	Label string
}

func (t tick) X() string { return plotX(t.At) }
func (t tick) Y() string { return plotY(t.At) }

func plotX(v float64) string { return fmt.Sprintf("%.1f", plotWidth*v) }
func plotY(v float64) string { return fmt.Sprintf("%.1f", plotHeight*(1-v)) }

// line is a curve as the points of a polyline.
func line(curve []Point, of func(Point) float64) string {
	var out []string
	for _, p := range curve {
		out = append(out, plotX(p.Threshold)+","+plotY(of(p)))
	}
	return strings.Join(out, " ")
}

type bar struct {
	X, Y, Height, Width string
	Said                string
}

// bars are the bins that hold questions, wider the more they hold.
func bars(bins [10]Bin) []bar {
	most := 1
	for _, b := range bins {
		most = max(most, b.N)
	}
	var out []bar
	for _, b := range bins {
		if b.N == 0 {
			continue
		}
		width := 8 + 26*float64(b.N)/float64(most)
		out = append(out, bar{fmt.Sprintf("%.1f", plotWidth*b.Confidence-width/2), plotY(b.Right), fmt.Sprintf("%.1f", max(1, plotHeight*b.Right)), fmt.Sprintf("%.1f", width),
			fmt.Sprintf("confidence %.2f: %.0f %% of %d right", b.Confidence, 100*b.Right, b.N)})
	}
	return out
}
