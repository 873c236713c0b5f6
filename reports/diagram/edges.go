package diagram

import (
	"fmt"
	"math"
	"strings"
)

// edge draws an edge from row to row, with its label in the first below its upper end.
func (c *canvas) edge(e int) {
	l, chain := c.l, c.l.chains[e]
	edge, wide := &l.g.Edges[e], c.wide(&l.g.Edges[e])
	d, x, end := l.path(e, headLength+wide)
	c.say("<g class=\"%s\" data-from=\"%s\" data-to=\"%s\"><title>%s</title>\n", edge.class(), text(edge.From), text(edge.To), text(edge.tip()))
	c.say("<path class=\"way\" stroke-width=\"%s\" d=\"%s\"/>\n", f(wide), d)
	head := headLength + wide
	if l.turned[e] {
		c.say("<path class=\"head\" d=\"M%s %sl%s %sh%sz\"/>\n", f(x), f(end), f(head/2), f(head), f(-head))
	} else {
		c.say("<path class=\"head\" d=\"M%s %sl%s %sh%sz\"/>\n", f(x), f(end), f(head/2), f(-head), f(-head))
	}
	label := &l.items[chain[1]]
	band := l.tops[label.row]
	c.lines(label.label, label.x+labelGap, band.inner+(band.low-band.inner-label.height)/2)
	c.say("</g>\n")
}

// lines writes the label of an edge.
func (c *canvas) lines(label []string, x, y float64) {
	for k, line := range label {
		c.say("<text class=\"flow-label\" x=\"%s\" y=\"%s\">%s</text>\n", f(x), f(y+smallSize-1+smallLine*float64(k)), text(line))
	}
}

// headLength is how long the head of an arrow is, besides the width of its line.
const headLength = 6.0

// path is the line of an edge, and the point where its arrow ends: it is straight within rows, and bends between them.
func (l *layout) path(e int, head float64) (d string, x, y float64) {
	chain := l.chains[e]
	first, last := chain[0], chain[len(chain)-1]
	at := make([]float64, len(chain))
	for k, i := range chain {
		at[k] = l.items[i].x
	}
	at[0] += shiftTo(l.items[first].down, chain[1])
	at[len(at)-1] += shiftTo(l.items[last].up, chain[len(chain)-2])
	begin, end := l.topOf(first)+l.boxes[first].height+l.boxes[first].behind, l.topOf(last)
	if x, y = at[len(at)-1], end; l.turned[e] {
		x, y = at[0], begin
		begin += head
	} else {
		end -= head
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M%s %s", f(at[0]), f(begin))
	for k := 1; k < len(chain); k++ {
		from, to := max(l.tops[l.items[chain[k-1]].row].bottom, begin), l.tops[l.items[chain[k]].row].top
		if k == len(chain)-1 {
			to = min(to, end)
		}
		if from > begin {
			fmt.Fprintf(&b, "V%s", f(from))
		}
		if at[k] == at[k-1] {
			fmt.Fprintf(&b, "V%s", f(to))
		} else {
			middle := (from + to) / 2
			fmt.Fprintf(&b, "C%s %s %s %s %s %s", f(at[k-1]), f(middle), f(at[k]), f(middle), f(at[k]), f(to))
		}
		begin = to
	}
	if end > begin {
		fmt.Fprintf(&b, "V%s", f(end))
	}
	return b.String(), x, y
}

// wide is how wide an edge is: by what flows along it, where a simulation has counted that.
func (c *canvas) wide(e *Edge) float64 {
	if c.most <= 0 || math.IsNaN(e.Rate) {
		return 1.5
	}
	return 1.2 + 2.4*math.Pow(e.Rate/c.most, 0.4)
}

// class is what kind of edge it is.
func (e *Edge) class() string {
	switch {
	case len(e.Classes) == 0:
		return "edge unused"
	case e.Else:
		return "edge else"
	case len(e.Ops) > 0 && (e.Ops[0] == "publish" || e.Ops[0] == "message"):
		return "edge async"
	}
	return "edge"
}

// tip says more of an edge, to those who point at it.
func (e *Edge) tip() string {
	lines := append([]string{e.From + " → " + e.To}, e.Label()...)
	if len(e.Classes) > 0 {
		lines = append(lines, strings.Join(e.Classes, ", "))
	}
	if e.Errors > 0 {
		lines = append(lines, fmt.Sprintf("%d calls failed", e.Errors))
	}
	return strings.Join(lines, "\n")
}

// loop draws an edge from a node to itself, beside it.
func (c *canvas) loop(e Edge, x, y float64, first bool) {
	if !first { // there is one at most: ways between two nodes are one edge
		return
	}
	const r = 9.0
	c.say("<g class=\"%s\" data-from=\"%s\" data-to=\"%s\"><title>%s</title>\n", e.class(), text(e.From), text(e.To), text(e.tip()))
	c.say("<path class=\"way\" stroke-width=\"1.5\" d=\"M%s %sc%s 0 %s %s %s %s\"/>\n", f(x), f(y-r), f(loopRoom*1.2), f(loopRoom*1.2), f(2*r), f(7), f(2*r))
	c.say("<path class=\"head\" d=\"M%s %sl7.5 -3.7v7.5z\"/>\n", f(x), f(y+r))
	lines := e.Label()
	top := y - float64(len(lines))*smallLine/2
	c.lines(lines, x+loopRoom, top)
	c.say("</g>\n")
}
