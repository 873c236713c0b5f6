package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A stack is shares on top of each other, an area for each.
type stack struct {
	x     []float64
	parts []stacked
	wide  float64 // half the width of a column, as a part of the frame; 0: areas without columns
}

type stacked struct {
	name  string
	share []float64 // NaN where there is none
	hue   hue
}

// bounds returns where a part lies in column i.
func (s *stack) bounds(part, i int) (low, high float64) {
	for k := range part {
		if v := s.parts[k].share[i]; !math.IsNaN(v) {
			low += v
		}
	}
	return low, low + s.parts[part].share[i]
}

// lonely is half the width of a column that has no neighbours to make an area with.
const lonely = vg.Length(3)

func (s *stack) plot(g *graph) {
	half := vg.Length(s.wide) * g.Size().X
	for part := range s.parts {
		h := s.parts[part].hue
		between := g.theme.pale(h, 1)
		if half > 0 {
			between = g.theme.pale(h, .25)
		}
		var lower, upper []vg.Point
		end := func() {
			if half == 0 && len(lower) == 1 { // without neighbours
				a, b := lower[0], upper[0]
				lower, upper = []vg.Point{{X: a.X - lonely, Y: a.Y}, {X: a.X + lonely, Y: a.Y}}, []vg.Point{{X: b.X - lonely, Y: b.Y}, {X: b.X + lonely, Y: b.Y}}
			}
			if len(lower) > 1 {
				slices.Reverse(upper)
				g.FillPolygon(between, append(lower, upper...))
			}
			lower, upper = nil, nil
		}
		for i := range s.x {
			low, high := s.bounds(part, i)
			a, ok := g.at(s.x[i], low)
			b, okay := g.at(s.x[i], high)
			if !ok || !okay {
				end()
				continue
			}
			if half == 0 {
				lower, upper = append(lower, a), append(upper, b)
				continue
			}
			lower, upper = append(lower, vg.Point{X: a.X - half, Y: a.Y}), append(upper, vg.Point{X: b.X - half, Y: b.Y})
			end()
			g.FillPolygon(g.theme.color(h), []vg.Point{{X: a.X - half, Y: a.Y}, {X: a.X + half, Y: a.Y}, {X: a.X + half, Y: b.Y}, {X: a.X - half, Y: b.Y}})
			lower, upper = []vg.Point{{X: a.X + half, Y: a.Y}}, []vg.Point{{X: b.X + half, Y: b.Y}}
		}
		end()
	}
	s.seams(g, half)
}

// seams are thin lines between the parts.
func (s *stack) seams(g *graph, half vg.Length) {
	style := draw.LineStyle{Color: g.theme.paper, Width: .7}
	for part := range s.parts[:len(s.parts)-1] {
		var run []vg.Point
		for i := range s.x {
			_, high := s.bounds(part, i)
			p, ok := g.at(s.x[i], high)
			switch {
			case ok && half > 0:
				run = append(run, vg.Point{X: p.X - half, Y: p.Y}, vg.Point{X: p.X + half, Y: p.Y})
			case ok:
				run = append(run, p)
			default:
				g.StrokeLines(style, run)
				run = nil
			}
		}
		g.StrokeLines(style, run)
	}
}

// A bar lies in a row, from one value to another, with an interval at its end where there is one.
type bar struct {
	row                 int
	from, to, low, high float64
	hue                 hue
}

const barPart = .62 // of the height of a row

func (b bar) plot(g *graph) {
	from, ok := g.at(b.from, -float64(b.row)-barPart/2)
	to, okay := g.at(b.to, -float64(b.row)+barPart/2)
	if !ok || !okay {
		return
	}
	g.FillPolygon(g.theme.color(b.hue), []vg.Point{from, {X: to.X, Y: from.Y}, to, {X: from.X, Y: to.Y}})
	g.whisker(b.low, b.high, -float64(b.row), draw.LineStyle{Color: g.theme.ink, Width: .8}, min((to.Y-from.Y)/4, 3))
}

// whisker is an interval along x.
func (g *graph) whisker(low, high, y float64, style draw.LineStyle, end vg.Length) {
	a, ok := g.at(low, y)
	b, okay := g.at(high, y)
	if !ok || !okay {
		return
	}
	g.StrokeLine2(style, a.X, a.Y, b.X, b.Y)
	for _, x := range []vg.Length{a.X, b.X} {
		g.StrokeLine2(style, x, a.Y-end, x, a.Y+end)
	}
}

// A dot is a value in a row, with its interval where there is one. Up moves it by a part of the row's height.
type dot struct {
	row          int
	up           float64
	x, low, high float64
	hue          hue
	glyph        draw.GlyphDrawer // nil: a disc
}

func (d dot) plot(g *graph) {
	y := -float64(d.row) + d.up
	g.whisker(d.low, d.high, y, draw.LineStyle{Color: g.theme.color(d.hue), Width: 1.2}, 2.5)
	p, ok := g.at(d.x, y)
	if !ok {
		return
	}
	if d.glyph == nil {
		g.dot(p, g.theme.color(d.hue), 3)
		return
	}
	g.DrawGlyphNoClip(draw.GlyphStyle{Color: g.theme.color(d.hue), Radius: 3.4, Shape: d.glyph}, p)
}

// A note stands in a row in the place of a value that there is not.
type note struct {
	row  int
	text string
}

func (n note) plot(g *graph) {
	p, ok := g.at(g.f.x.min, -float64(n.row))
	if !ok {
		return
	}
	style := aligned(sans(wordSize, g.theme.quiet, false), text.XLeft, text.YCenter)
	words := shortened(n.text, style, g.Size().X-2*gap)
	g.SetColor(g.theme.paper) // the line of a mark may be behind it
	g.Fill(vg.Rectangle{Min: vg.Point{X: p.X + gap - 1, Y: p.Y - labelHeight/2}, Max: vg.Point{X: p.X + gap + 1 + style.Width(words), Y: p.Y + labelHeight/2}}.Path())
	g.FillText(style, vg.Point{X: p.X + gap, Y: p.Y}, words)
}

// An upright is a line at a value of x from the bottom to the top: where nothing changes.
type upright float64

func (u upright) plot(g *graph) {
	if p, ok := g.at(float64(u), g.f.y.min); ok {
		g.StrokeLine2(draw.LineStyle{Color: g.theme.quiet, Width: .8}, p.X, g.Min.Y, p.X, g.Max.Y)
	}
}

// Diamond is a glyph that is told from a disc in black and white too.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	c.FillPolygon(s.Color, []vg.Point{{X: p.X - s.Radius, Y: p.Y}, {X: p.X, Y: p.Y + s.Radius}, {X: p.X + s.Radius, Y: p.Y}, {X: p.X, Y: p.Y - s.Radius}})
}

// square is a glyph that is filled, unlike that of package draw.
type square struct{}

func (square) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	r := s.Radius
	c.FillPolygon(s.Color, []vg.Point{{X: p.X - r, Y: p.Y - r}, {X: p.X + r, Y: p.Y - r}, {X: p.X + r, Y: p.Y + r}, {X: p.X - r, Y: p.Y + r}})
}
