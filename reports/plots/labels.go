package plots

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	labelHeight = 1.2 * wordSize
	leader      = vg.Length(9) // from the end of a curve to its label
)

// placed is a label with its place: where the curve ends, and where the words begin.
type placed struct {
	label
	end, at vg.Point
}

func (l *layout) words(h hue) text.Style {
	return aligned(sans(wordSize, l.theme.words(h), false), text.XLeft, text.YCenter)
}

// within tells where a label begins that has room to the right of its curve within the frame, as have all others that end at the same value of
// x: these begin at the same place.
func (l *layout) within(b label, right vg.Length) (from vg.Length, fits bool) {
	for _, o := range l.f.labels {
		if at, _ := l.inside(o, right); o.x == b.x {
			from = max(from, at)
		}
	}
	for _, o := range l.f.labels {
		if o.x == b.x && from+l.words(o.hue).Width(o.text) >= right-gap {
			return 0, false
		}
	}
	_, fits = l.inside(b, right)
	return from, fits
}

// inside tells where a label begins that has room to the right of its curve within the frame; marks are stepped over.
func (l *layout) inside(b label, right vg.Length) (vg.Length, bool) {
	g := l.graph()
	end, ok := g.at(b.x, b.y)
	if !ok {
		return 0, false
	}
	from, wide := end.X+leader, l.words(b.hue).Width(b.text)
	for range l.f.marks {
		for _, m := range l.f.marks {
			if p, ok := g.at(m.x, l.f.y.min); ok && l.f.x.holds(m.x) && p.X > from-gap && p.X < from+wide+gap {
				from = p.X + gap
			}
		}
	}
	return from, from+wide < right-gap
}

// outside returns how much room to the right of the frame labels need. Right is where the frame would end; 0: not known yet.
func (l *layout) outside(right vg.Length) vg.Length {
	room := vg.Length(0)
	for _, b := range l.f.labels {
		if right > 0 {
			if _, fits := l.within(b, right); fits {
				continue
			}
		}
		room = max(room, l.words(b.hue).Width(b.text)+leader)
	}
	return min(room, l.canvas.Size().X*.34)
}

// placeLabels puts labels beside the ends of their curves, and as far apart as they need to be.
func (l *layout) placeLabels() {
	g := l.graph()
	var within, beside []placed
	for _, b := range l.f.labels {
		end, ok := g.at(b.x, b.y)
		if !ok {
			continue
		}
		from, fits := l.within(b, l.frame.Max.X)
		if fits {
			within = append(within, placed{b, end, vg.Point{X: from, Y: end.Y}})
			continue
		}
		b.text = shortened(b.text, l.words(b.hue), l.canvas.Max.X-margin-l.frame.Max.X-leader)
		beside = append(beside, placed{b, end, vg.Point{X: l.frame.Max.X + leader, Y: end.Y}})
	}
	l.beside = nil
	for _, group := range [][]placed{within, beside} {
		l.beside = append(l.beside, apart(group, l.frame.Min.Y+labelHeight/2, l.frame.Max.Y-labelHeight/2)...)
	}
}

// apart moves labels up and down, as little as possible in the sense of least squares, until they are a label's height apart (isotonic
// regression by pooling adjacent violators). Where there are more than have room, the last ones are left out.
func apart(group []placed, low, high vg.Length) []placed {
	if most := int((high-low)/labelHeight) + 1; len(group) > most {
		group = group[:max(most, 0)]
	}
	slices.SortStableFunc(group, func(a, b placed) int { return cmp.Compare(a.at.Y, b.at.Y) })
	type pool struct {
		sum vg.Length
		n   int
	}
	var pools []pool
	for i, p := range group {
		pools = append(pools, pool{p.at.Y - vg.Length(i)*labelHeight, 1})
		for last := len(pools) - 1; last > 0 && pools[last-1].sum/vg.Length(pools[last-1].n) > pools[last].sum/vg.Length(pools[last].n); last-- {
			pools[last-1].sum += pools[last].sum
			pools[last-1].n += pools[last].n
			pools = pools[:last]
		}
	}
	i := 0
	for _, p := range pools {
		for range p.n {
			y := min(max(p.sum/vg.Length(p.n), low), high-vg.Length(len(group)-1)*labelHeight)
			group[i].at.Y = y + vg.Length(i)*labelHeight
			i++
		}
	}
	return group
}

func (l *layout) drawLabels() {
	c := &l.canvas
	for _, b := range l.beside {
		style := l.words(b.hue)
		if b.at.X < l.frame.Max.X { // curves go on below it
			r := vg.Rectangle{Min: vg.Point{X: b.at.X - 1, Y: b.at.Y - labelHeight/2}, Max: vg.Point{X: b.at.X + style.Width(b.text) + 1, Y: b.at.Y + labelHeight/2}}
			c.SetColor(l.behind(b))
			c.Fill(r.Path())
		}
		c.StrokeLine2(draw.LineStyle{Color: l.theme.pale(b.hue, .7), Width: .7}, b.end.X+2, b.end.Y, b.at.X-2, b.at.Y)
		c.FillText(style, b.at, b.text)
	}
}

// behind is the colour of what a label within the frame stands on.
func (l *layout) behind(b placed) color.Color {
	for _, m := range l.f.marks {
		if m.band && m.low <= b.x && b.x <= m.high {
			return l.theme.shade
		}
		if p := l.f.x.norm(m.low); m.band && l.frame.Min.X+vg.Length(p)*(l.frame.Max.X-l.frame.Min.X) <= b.at.X {
			return l.theme.shade
		}
	}
	return l.theme.paper
}

// placedKey is an entry of the key with its place in the line.
type placedKey struct {
	keyEntry
	x vg.Length
}

// placeKey breaks the key into lines.
func (l *layout) placeKey(room vg.Length) [][]placedKey {
	var lines [][]placedKey
	x := room + 1
	for _, k := range l.f.key {
		wide := 12 + l.words(k.hue).Width(k.text) + 14
		if x+wide > room+14 {
			lines, x = append(lines, nil), 0
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], placedKey{k, margin + x})
		x += wide
	}
	return lines
}

// drawKey draws it from the top down, and returns where it ends.
func (l *layout) drawKey(y vg.Length) vg.Length {
	for _, line := range l.key {
		for _, k := range line {
			middle := y - lineSpacing*wordSize/2
			if k.glyph == nil {
				k.glyph = draw.CircleGlyph{}
			}
			l.canvas.DrawGlyphNoClip(draw.GlyphStyle{Color: l.theme.color(k.hue), Radius: 3, Shape: k.glyph}, vg.Point{X: k.x + 4, Y: middle})
			l.canvas.FillText(l.words(k.hue), vg.Point{X: k.x + 12, Y: middle}, k.text)
		}
		y -= lineSpacing * wordSize
	}
	if len(l.key) > 0 {
		y -= gap / 2
	}
	return y
}
