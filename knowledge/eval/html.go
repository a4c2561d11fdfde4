package eval

import (
	_ "embed" // the page's style
	"fmt"
	"io"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"footnote/knowledge"
)

//go:embed report.css
var style string

// WriteHTML writes the report as one page that needs nothing else.
func (r Report) WriteHTML(w io.Writer, b *knowledge.Base, title string) error {
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(h.Meta(h.Charset("utf-8")), h.Meta(h.Name("viewport"), h.Content("width=device-width")), h.TitleEl(g.Text(title)), h.StyleEl(g.Raw(style))),
		h.Body(
			h.H1(g.Text(title)),
			h.P(g.Text("A wrong answer is worse than a missed one: it is said with a source beside it.")),
			h.H2(g.Text("By kind of question")), r.kindTable(),
			h.Div(h.Class("plots"), r.curveFigure(), r.reliabilityFigure()),
			confusionTable(r.Confusions(b)), r.remarkTable(),
		),
	)).Render(w)
}

func (r Report) kindTable() g.Node {
	rows := g.Group{h.Tr(h.Th(g.Text("kind")), heading("n"), heading("right"), heading("missed"), heading("wrong"))}
	for _, kind := range append(r.kinds(), "all") {
		part := r
		if kind != "all" {
			part = r.kind(kind)
		}
		rows = append(rows, h.Tr(g.If(kind == "all", h.Class("all")), h.Td(g.Text(kind)), number(fmt.Sprint(len(part))),
			number(percent(part.Share(Right))), number(percent(part.Share(Missed))), number(percent(part.Share(Wrong)))))
	}
	return h.Table(rows)
}

func (r Report) curveFigure() g.Node {
	curve := r.Curve()
	best := Recommended(curve)
	return h.Figure(h.H2(g.Text("Right and wrong over the threshold")),
		plot("Shares right and wrong over the threshold", "confidence from which the best fact is answered",
			el("line", "x1", plotX(best.Threshold), "x2", plotX(best.Threshold), "y1", "0", "y2", "240", "stroke", "var(--mark)", "stroke-dasharray", "4 4"),
			line(curve, "var(--right)", func(p Point) float64 { return p.Right }), line(curve, "var(--wrong)", func(p Point) float64 { return p.Wrong })),
		h.FigCaption(h.Span(h.Class("right"), g.Text("right")), g.Text(" and "), h.Span(h.Class("wrong"), g.Text("wrong")),
			g.Textf(", as shares of all but small talk. Recommended: %.2f, with %s right and %s wrong (a wrong answer counted twice).",
				best.Threshold, percent(best.Right), percent(best.Wrong))))
}

func (r Report) reliabilityFigure() g.Node {
	bins, ece := r.Reliability()
	return h.Figure(h.H2(g.Text("Does the confidence hold?")),
		plot("Share right over confidence", "confidence in the best fact", bars(bins),
			el("line", "x1", "0", "y1", "240", "x2", "400", "y2", "0", "stroke", "var(--mark)", "stroke-dasharray", "4 4")),
		h.FigCaption(g.Textf("Share that is right among questions of a like confidence; on the dashed line it is what it claims. "+
			"Wider bars hold more questions. Expected calibration error %.3f.", ece)))
}

func confusionTable(confusions []Confusion) g.Node {
	if len(confusions) == 0 {
		return nil
	}
	return g.Group{h.H2(g.Text("Answered wrongly")), h.Table(
		h.Tr(heading("n"), h.Th(g.Text("right would be")), h.Th(g.Text("answered"))),
		g.Map(confusions, func(c Confusion) g.Node {
			return h.Tr(number(fmt.Sprint(c.N)), h.Td(h.Code(g.Text(c.Want))), h.Td(h.Code(g.Text(c.Got))))
		}))}
}

func (r Report) remarkTable() g.Node {
	var rows g.Group
	for _, o := range []Outcome{Wrong, Missed} {
		for _, result := range r {
			if q := result.Question; result.Outcome == o {
				rows = append(rows, h.Tr(h.Td(h.Class(o.String()), g.Text(o.String())),
					h.Td(g.Text(q.Text), h.Br(), h.Span(h.Class("said"), h.Code(g.Text(q.ID)), g.Text(" "+describe(result)))), h.Td(g.Text(q.Kind))))
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return g.Group{h.H2(g.Text("Not answered rightly")), h.Table(h.Tr(h.Th(), h.Th(g.Text("question")), h.Th(g.Text("kind"))), rows)}
}

func heading(text string) g.Node { return h.Th(h.Class("n"), g.Text(text)) }
func number(text string) g.Node  { return h.Td(h.Class("n"), g.Text(text)) }

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// el is an element of a drawing, with the names and values of its attributes.
func el(name string, attrs ...string) g.Node {
	var nodes g.Group
	for i := 0; i < len(attrs); i += 2 {
		nodes = append(nodes, g.Attr(attrs[i], attrs[i+1]))
	}
	return g.El(name, nodes)
}

// The plots' coordinates: 0..1 on a field of plotWidth by plotHeight.
const (
	plotWidth  = 400
	plotHeight = 240
)

func plotX(v float64) string { return fmt.Sprintf("%.1f", plotWidth*v) }
func plotY(v float64) string { return fmt.Sprintf("%.1f", plotHeight*(1-v)) }

// plot draws marks over a grid with its scales.
func plot(label, axis string, marks ...g.Node) g.Node {
	text := func(x, y, anchor, said string) g.Node {
		return g.El("text", g.Attr("x", x), g.Attr("y", y), g.Attr("text-anchor", anchor), g.Text(said))
	}
	grid := g.Map([]float64{0, 0.25, 0.5, 0.75, 1}, func(at float64) g.Node {
		x, y, said := plotX(at), plotY(at), fmt.Sprint(at)
		return g.Group{el("line", "class", "grid", "x1", "0", "x2", "400", "y1", y, "y2", y),
			text("-8", fmt.Sprintf("%.1f", plotHeight*(1-at)+4), "end", said), text(x, "258", "middle", said)}
	})
	return h.SVG(h.Width("400"), h.Height("240"), h.Role("img"), h.Aria("label", label), grid, g.Group(marks), text("200", "278", "middle", axis))
}

// line is a curve.
func line(curve []Point, stroke string, of func(Point) float64) g.Node {
	var points []string
	for _, p := range curve {
		points = append(points, plotX(p.Threshold)+","+plotY(of(p)))
	}
	return el("polyline", "fill", "none", "stroke", stroke, "stroke-width", "2.5", "points", strings.Join(points, " "))
}

// bars are the bins that hold questions, wider the more they hold.
func bars(bins [10]Bin) g.Node {
	most := 1
	for _, b := range bins {
		most = max(most, b.N)
	}
	var out g.Group
	for _, b := range bins {
		if b.N == 0 {
			continue
		}
		width := 8 + 26*float64(b.N)/float64(most)
		out = append(out, g.El("rect", g.Attr("x", fmt.Sprintf("%.1f", plotWidth*b.Confidence-width/2)), g.Attr("y", plotY(b.Right)),
			g.Attr("width", fmt.Sprintf("%.1f", width)), g.Attr("height", fmt.Sprintf("%.1f", max(1, plotHeight*b.Right))),
			g.Attr("fill", "var(--bar)"), g.Attr("opacity", ".75"),
			g.El("title", g.Textf("confidence %.2f: %.0f %% of %d right", b.Confidence, 100*b.Right, b.N))))
	}
	return out
}
