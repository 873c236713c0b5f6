package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A figure is what a chart shows.
type figure struct {
	x, y   scale
	shapes []shape // from back to front
	labels []label
	marks  []mark
	key    []keyEntry
	rows   []string // what stands at y = 0, -1, -2, …, instead of numbers
}

// A shape is drawn inside the frame.
type shape interface {
	plot(g *graph)
}

// A graph is what shapes are drawn on: the frame, and how to get from values to places in it.
type graph struct {
	draw.Canvas
	theme *Theme
	f     *figure
}

// at returns the place of a value; ok is false where it has none.
func (g *graph) at(x, y float64) (p vg.Point, ok bool) {
	nx, ny := g.f.x.norm(x), g.f.y.norm(y)
	if math.IsNaN(nx) || math.IsNaN(ny) || math.IsInf(nx, 0) || math.IsInf(ny, 0) {
		return vg.Point{}, false
	}
	return vg.Point{X: g.X(nx), Y: g.Y(ny)}, true
}

// inked makes a shape a plot.Plotter.
type inked struct {
	shape
	f     *figure
	theme *Theme
}

func (i inked) Plot(c draw.Canvas, _ *plot.Plot) { i.plot(&graph{c, i.theme, i.f}) }

// A label is written at the end of a curve, at the value where that ends.
type label struct {
	text string
	x, y float64
	hue  hue
}

// A mark is a line at a value of x with a word above it, and a band behind it from low to high if these are numbers.
type mark struct {
	text         string
	x, low, high float64
	band         bool // of what goes on from low to high, instead of an interval
}

// A keyEntry says above the frame what a colour or a sign stands for.
type keyEntry struct {
	text  string
	hue   hue
	glyph draw.GlyphDrawer
}

// A curve goes through points, is broken where one of them has no number, and has a band between low and high where these are there.
type curve struct {
	x, y, low, high []float64
	hue             hue
	dashed          bool
}

// fewPoints is how many points of a curve are marked, each for itself.
const fewPoints = 25

func (k *curve) plot(g *graph) {
	c := g.theme.color(k.hue)
	style := draw.LineStyle{Color: c, Width: 1.6}
	switch {
	case k.dashed:
		style.Width, style.Dashes = 1, []vg.Length{4, 3}
	case k.hue == grey:
		style.Width = .8
	}
	k.bands(g)
	var run []vg.Point
	known := 0
	for i := range k.x {
		if _, ok := g.at(k.x[i], k.y[i]); ok {
			known++
		}
	}
	end := func() {
		if len(run) > 1 {
			g.StrokeLines(style, run)
		}
		if !k.dashed && len(run) > 0 && (len(run) == 1 || known <= fewPoints && k.hue != grey) {
			for _, p := range run {
				g.dot(p, c, 1+style.Width*.6)
			}
		}
		run = nil
	}
	for i := range k.x {
		p, ok := g.at(k.x[i], k.y[i])
		if !ok {
			end()
			continue
		}
		run = append(run, p)
	}
	end()
}

// bands draws the intervals: an area where there are several in a row, a line where there is one.
func (k *curve) bands(g *graph) {
	if k.low == nil {
		return
	}
	var lower, upper []vg.Point
	end := func() {
		switch len(lower) {
		case 0:
		case 1:
			g.StrokeLine2(draw.LineStyle{Color: g.theme.color(k.hue), Width: 1}, lower[0].X, lower[0].Y, upper[0].X, upper[0].Y)
		default:
			area := append([]vg.Point{}, lower...)
			for i := len(upper) - 1; i >= 0; i-- {
				area = append(area, upper[i])
			}
			g.FillPolygon(g.theme.pale(k.hue, .2), area)
		}
		lower, upper = nil, nil
	}
	for i := range k.x {
		a, ok := g.at(k.x[i], k.low[i])
		b, okay := g.at(k.x[i], k.high[i])
		if !ok || !okay {
			end()
			continue
		}
		lower, upper = append(lower, a), append(upper, b)
	}
	end()
}

func (g *graph) dot(p vg.Point, c color.Color, radius vg.Length) {
	g.DrawGlyphNoClip(draw.GlyphStyle{Color: c, Radius: radius, Shape: draw.CircleGlyph{}}, p)
}

// height is how high a figure looks best at the usual width.
func (f *figure) height() vg.Length {
	if f.rows == nil {
		return 330
	}
	return max(150, min(560, 110+vg.Length(len(f.rows))*15))
}
