package plots

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func markStyle(t *Theme) draw.LineStyle {
	return draw.LineStyle{Color: t.quiet, Width: .7, Dashes: []vg.Length{2, 2}}
}

// plot draws the line of a mark, and its band.
func (m mark) plot(g *graph) {
	a, ok := g.at(m.low, g.f.y.min)
	b, okay := g.at(m.high, g.f.y.min)
	if ok && okay && m.high > m.low && m.low < g.f.x.max && m.high > g.f.x.min {
		fill := g.theme.shade
		if !m.band {
			fill = g.theme.grid
		}
		g.FillPolygon(fill, []vg.Point{{X: max(a.X, g.Min.X), Y: g.Min.Y}, {X: min(b.X, g.Max.X), Y: g.Min.Y}, {X: min(b.X, g.Max.X), Y: g.Max.Y}, {X: max(a.X, g.Min.X), Y: g.Max.Y}})
	}
	if p, ok := g.at(m.x, g.f.y.min); ok && g.f.x.holds(m.x) {
		g.StrokeLine2(markStyle(g.theme), p.X, g.Min.Y, p.X, g.Max.Y)
	}
}

// A banner is the word of a mark above the frame.
type banner struct {
	text     string
	x        vg.Length // of the line
	from, to vg.Length // of the text
	row      int       // from 0, upwards
}

const mostBannerRows = 4

// placeBanners puts the words of marks into rows above the frame so that neither words nor lines cross, and returns how many rows are needed
// beside the one in which the title of y stands. Marks whose words have no room have none.
func (l *layout) placeBanners() int {
	l.banners = nil
	style := sans(wordSize, l.theme.ink, false)
	g := l.graph()
	for _, m := range l.f.marks {
		if p, ok := g.at(m.x, l.f.y.min); ok && l.f.x.holds(m.x) {
			l.banners = append(l.banners, banner{text: m.text, x: p.X})
		}
	}
	// From the right to the left: the words are to the right of their lines, where nothing comes any more.
	slices.SortStableFunc(l.banners, func(a, b banner) int { return cmp.Compare(b.x, a.x) })
	var placed []banner
	rows := 0
	for _, k := range l.banners {
		wide := style.Width(k.text)
		k.from, k.to = k.x+2, k.x+2+wide
		if k.to > l.canvas.Max.X-margin {
			k.from, k.to = k.x-2-wide, k.x-2
		}
		for k.row < mostBannerRows && k.crossesAny(placed) {
			k.row++
		}
		if k.row < mostBannerRows && k.from >= margin {
			placed = append(placed, k)
			rows = max(rows, k.row)
		}
	}
	l.banners = placed
	title := margin + style.Width(l.f.y.title) + 2*gap
	for _, k := range placed {
		if k.row == rows && l.f.y.title != "" && min(k.from, k.x) < title {
			return rows + 1
		}
	}
	return rows
}

func (k banner) crossesAny(others []banner) bool {
	return slices.ContainsFunc(others, func(o banner) bool {
		sameRow := o.row == k.row && k.from < o.to+gap && o.from < k.to+gap
		throughThese := o.row >= k.row && o.x > k.from-1 && o.x < k.to+1
		throughThose := o.row <= k.row && k.x > o.from-1 && k.x < o.to+1
		return sameRow || throughThese || throughThose
	})
}

func (l *layout) drawBanners() {
	c := &l.canvas
	for _, k := range l.banners {
		bottom := l.frame.Max.Y
		row := bottom + gap/2 + vg.Length(k.row)*lineSpacing*wordSize
		c.StrokeLine2(markStyle(&l.theme), k.x, bottom, k.x, row+wordSize*.8)
		c.FillText(aligned(sans(wordSize, l.theme.ink, false), text.XLeft, text.YBottom), vg.Point{X: k.from, Y: row}, k.text)
	}
}
