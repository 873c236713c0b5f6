package plots

import (
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	margin    vg.Length = 8
	gap       vg.Length = 4
	tickRoomX vg.Length = 40 // for a number below the frame
	tickRoomY vg.Length = 24 // for one beside it
)

// A layout is a chart in one size: where everything goes.
type layout struct {
	chart   Chart
	f       *figure
	theme   Theme
	canvas  draw.Canvas
	plot    *plot.Plot
	area    draw.Canvas  // of the plot, with its axes
	frame   vg.Rectangle // inside the axes
	caption []string
	top     vg.Length // of the words above the frame, from the top of the canvas
	key     [][]placedKey
	banners []banner // of the marks
	beside  []placed
}

func (c Chart) layout(theme Theme, canvas draw.Canvas) *layout {
	l := &layout{chart: c, f: c.figure, theme: theme, canvas: canvas}
	wide := canvas.Size().X - 2*margin
	l.top = margin
	if !c.Bare {
		l.top += lineSpacing * titleSize
		l.caption = wrapped(c.Caption, sans(captionSize, theme.quiet, false), wide)
		l.top += vg.Length(len(l.caption))*lineSpacing*captionSize + gap
	}
	if l.key = l.placeKey(wide); len(l.key) > 0 {
		l.top += vg.Length(len(l.key))*lineSpacing*wordSize + gap/2
	}
	if l.f.y.title != "" || len(l.f.marks) > 0 {
		l.top += lineSpacing * wordSize
	}
	l.top += gap
	right := l.outside(0)
	for range 2 {
		l.setFrame(right, 0)
		right = l.outside(l.frame.Max.X)
	}
	l.setFrame(right, 0)
	if fit := int((l.frame.Max.Y - l.frame.Min.Y) / labelHeight); fit < len(l.f.rows) {
		l.f = l.f.first(fit)
	}
	rows := l.placeBanners()
	l.setFrame(right, vg.Length(rows)*lineSpacing*wordSize)
	l.placeBanners()
	l.placeLabels()
	return l
}

// graph is what places of values are asked.
func (l *layout) graph() *graph {
	return &graph{draw.Canvas{Canvas: l.canvas.Canvas, Rectangle: l.frame}, &l.theme, l.f}
}

// setFrame makes the plot, with so much room to the right for labels, and above for the words of marks. How many numbers an axis has depends on
// how long it is, and how long the other one is on how wide these numbers are.
func (l *layout) setFrame(right, banners vg.Length) {
	l.area = draw.Crop(l.canvas, margin, -margin-right, margin, -l.top-banners)
	size := l.area.Size()
	for range 2 {
		l.setPlot(size)
		l.frame = l.plot.DataCanvas(l.area).Rectangle
		size = l.frame.Size()
	}
}

// setPlot makes the plot for a frame of some size.
func (l *layout) setPlot(size vg.Point) {
	p := plot.New()
	p.BackgroundColor = nil
	words := sans(wordSize, l.theme.quiet, false)
	for _, a := range []struct {
		axis  *plot.Axis
		scale *scale
		room  int
		style text.Style
	}{{&p.X, &l.f.x, int(size.X / tickRoomX), aligned(words, text.XCenter, text.YTop)}, {&p.Y, &l.f.y, int(size.Y / tickRoomY), aligned(words, text.XRight, text.YCenter)}} {
		a.axis.Min, a.axis.Max, a.axis.Scale = a.scale.min, a.scale.max, a.scale
		a.axis.Padding = 0
		a.axis.LineStyle = draw.LineStyle{Color: l.theme.quiet, Width: .6}
		a.axis.Tick.LineStyle, a.axis.Tick.Length = draw.LineStyle{Color: l.theme.quiet, Width: .6}, 3
		a.axis.Tick.Label = a.style
		a.axis.Tick.Marker = plot.ConstantTicks(a.scale.ticks(a.room))
	}
	if l.f.rows != nil {
		p.Y.Tick.Marker, p.Y.Tick.Length = plot.ConstantTicks(l.rowNames()), 0
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.LineStyle.Width = 0
	p.X.Label.Text = l.f.x.title
	p.X.Label.TextStyle = aligned(words, text.XCenter, text.YBottom)
	p.X.Label.Padding = 3
	l.plot = p
}

func aligned(s text.Style, x text.XAlignment, y text.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

// rowNames are the ticks of a figure of rows, none longer than a third of the picture.
func (l *layout) rowNames() []plot.Tick {
	words := sans(wordSize, l.theme.ink, false)
	most := l.canvas.Size().X * .36
	var ticks []plot.Tick
	for i, name := range l.f.rows {
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: shortened(name, words, most)})
	}
	return ticks
}

// draw puts it all on the canvas.
func (l *layout) draw() {
	c := &l.canvas
	c.SetColor(l.theme.paper)
	c.Fill(c.Rectangle.Path())
	y := c.Max.Y - margin
	if !l.chart.Bare {
		c.FillText(aligned(sans(titleSize, l.theme.ink, true), text.XLeft, text.YTop), vg.Point{X: margin, Y: y}, shortened(clean(l.chart.Title), sans(titleSize, l.theme.ink, true), c.Size().X-2*margin))
		y -= lineSpacing * titleSize
		for _, words := range l.caption {
			c.FillText(aligned(sans(captionSize, l.theme.quiet, false), text.XLeft, text.YTop), vg.Point{X: margin, Y: y}, words)
			y -= lineSpacing * captionSize
		}
		y -= gap
	}
	y = l.drawKey(y)
	if l.f.y.title != "" {
		c.FillText(aligned(sans(wordSize, l.theme.quiet, false), text.XLeft, text.YTop), vg.Point{X: margin, Y: y}, l.f.y.title)
	}
	for _, m := range l.f.marks {
		l.plot.Add(inked{m, l.f, &l.theme})
	}
	l.plot.Add(inked{gridLines{l.plot.X.Tick.Marker.Ticks(0, 0), l.plot.Y.Tick.Marker.Ticks(0, 0)}, l.f, &l.theme})
	for _, s := range l.f.shapes {
		l.plot.Add(inked{s, l.f, &l.theme})
	}
	l.plot.Draw(l.area)
	l.drawBanners()
	l.drawLabels()
}

// gridLines are behind what is drawn, one at each number of y and of x that is written.
type gridLines struct{ x, y []plot.Tick }

func (l gridLines) plot(g *graph) {
	style := draw.LineStyle{Color: g.theme.grid, Width: .6}
	if g.f.rows == nil {
		for _, t := range l.y {
			if p, ok := g.at(g.f.x.min, t.Value); ok && !t.IsMinor() {
				g.StrokeLine2(style, g.Min.X, p.Y, g.Max.X, p.Y)
			}
		}
	}
	for _, t := range l.x {
		if p, ok := g.at(t.Value, g.f.y.min); ok && !t.IsMinor() {
			g.StrokeLine2(style, p.X, g.Min.Y, p.X, g.Max.Y)
		}
	}
}

// clean is a text in one line, without signs that control something.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)), " ")
}

// wrapped breaks a text into lines no wider than room.
func wrapped(s string, style text.Style, room vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(clean(s)) {
		word = shortened(word, style, room)
		switch longer := line + " " + word; {
		case line == "":
			line = word
		case style.Width(longer) <= room:
			line = longer
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// shortened cuts the middle out of a text that is wider than room: names tend to differ at both ends.
func shortened(s string, style text.Style, room vg.Length) string {
	if style.Width(s) <= room {
		return s
	}
	runes := []rune(s)
	for keep := len(runes) - 1; keep > 1; keep-- {
		head := (keep + 1) / 2
		if cut := string(slices.Concat(runes[:head], []rune("…"), runes[len(runes)-(keep-head):])); style.Width(cut) <= room {
			return cut
		}
	}
	return "…"
}
