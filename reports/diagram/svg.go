package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
)

// canvas is an SVG that is being written.
type canvas struct {
	bytes.Buffer
	l     *layout
	style Style
	most  float64 // the highest rate on an edge
}

// SVG writes the graph as a picture. Each node is <g class="node" data-node="NAME"> and has a shape of class "load", whose fill shows the
// utilization if there is one (then the g is of class "loaded", too, and its text dark), and a text of class "load-label" where there is room
// for it; a source is <g class="source" data-source="NAME">; an edge is <g class="edge" data-from="NAME" data-to="NAME">, whose texts have
// class "flow-label". So a script can show another load.
func (g Graph) SVG(w io.Writer, s Style) error {
	l := newLayout(g, s)
	l.order()
	l.placeAcross()
	c := &canvas{l: l, style: s}
	for _, e := range g.Edges {
		if !math.IsNaN(e.Rate) && g.loaded() {
			c.most = max(c.most, e.Rate)
		}
	}
	c.draw()
	_, err := w.Write(c.Bytes())
	return err
}

// loaded tells whether the graph shows a result.
func (g Graph) loaded() bool { return g.Caption != "" }

func (c *canvas) say(format string, args ...any) { fmt.Fprintf(c, format, args...) }

// text escapes what comes from a file.
func text(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func (c *canvas) draw() {
	l, g := c.l, c.l.g
	top := margin
	var foot []string
	if !c.style.Bare {
		if head := bold.width(g.Title, titleSize); g.Title != "" || g.Caption != "" {
			l.width = max(l.width, head+12+regular.width(g.Caption, smallSize)+2*margin)
			top += 30
		}
		if g.loaded() {
			l.width = max(l.width, legendWidth+2*margin)
		}
		foot = g.notes(l.width - 2*margin)
	}
	l.width = math.Ceil(l.width)
	l.placeDown(top)
	bottom := l.height
	l.height += float64(len(foot)) * smallLine
	if !c.style.Bare && g.loaded() {
		l.height += legendHeight
	}
	c.say("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"headroom-graph\" role=\"img\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %[1]s %[2]s\">\n", f(l.width), f(l.height))
	c.say("<title>%s</title>\n<desc>%s</desc>\n<style>\n%s</style>\n", text(strings.TrimSpace(g.Title+" "+g.Caption)), text(g.describe()), c.style.sheet())
	if !c.style.Bare {
		c.say("<rect class=\"ground\" width=\"%s\" height=\"%s\"/>\n", f(l.width), f(l.height))
	}
	if top > margin {
		c.say("<text x=\"%s\" y=\"30\"><tspan class=\"title\">%s</tspan><tspan class=\"caption\" dx=\"10\">%s</tspan></text>\n", f(margin), text(g.Title), text(g.Caption))
	}
	c.parts()
	for k, line := range foot {
		c.say("<text class=\"caption\" x=\"%s\" y=\"%s\">%s</text>\n", f(margin), f(bottom+smallSize-2+smallLine*float64(k)), text(line))
	}
	if !c.style.Bare && g.loaded() {
		c.legend(bottom)
	}
	c.say("</svg>\n")
}

// parts draws the groups, on them the edges, and on these the nodes.
func (c *canvas) parts() {
	l := c.l
	for k, fr := range l.frames {
		c.say("<path class=\"frame\" d=\"%s\"/>\n<text class=\"group-name\" x=\"%s\" y=\"%s\">%s</text>\n",
			rounded(fr.left, fr.top, fr.right-fr.left, fr.bottom-fr.top, 6), f(fr.left+8), f(fr.top+16), text(l.g.Groups[k].Name))
	}
	for e := range l.g.Edges {
		if l.chains[e] != nil {
			c.edge(e)
		}
	}
	for i := range l.g.Nodes {
		c.node(i)
	}
}

// describe says in words what the picture shows, for those who do not see it.
func (g Graph) describe() string {
	var b strings.Builder
	for i, e := range g.Edges {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s to %s", e.From, e.To)
		if label := e.Label(); len(label) > 0 {
			b.WriteString(": " + strings.Join(label, " "))
		}
	}
	return b.String()
}

// notes are the lines below a picture without a result.
func (g Graph) notes(width float64) []string {
	if g.loaded() {
		return nil
	}
	sources := map[string]bool{}
	for _, n := range g.Nodes {
		sources[n.Name] = n.Source
	}
	for _, e := range g.Edges {
		if !math.IsNaN(e.Rate) && !sources[e.From] {
			return wrapped(strings.Fields("Rates are those expected if no call is refused, fails or is tried again."), " ", width)
		}
	}
	return nil
}

// node draws a node with the instances behind it.
func (c *canvas) node(i int) {
	l, n, b := c.l, &c.l.g.Nodes[i], &c.l.boxes[i]
	x, y := l.items[i].x-b.width/2, l.topOf(i)
	class, data, fill := "node "+n.Kind, "node", ""
	if n.Source {
		class, data = "source", "source"
	}
	if n.Bottleneck {
		class += " bottleneck"
	}
	if n.Load != nil {
		class += " loaded"
		fill = " style=\"fill:" + Colour(n.Load.Utilization) + "\""
	}
	c.say("<g class=\"%s\" data-%s=\"%s\"><title>%s</title>\n", class, data, text(n.Name), text(n.tip()))
	for k := b.stacked; k > 0; k-- {
		d := stackStep * float64(k)
		whole, _ := outline(n.Kind, x+d, y+d, b.width, b.height)
		c.say("<path class=\"behind\" d=\"%s\"/>\n", whole)
	}
	whole, inside := outline(n.Kind, x, y, b.width, b.height)
	c.say("<path class=\"load\" d=\"%s\"%s/>\n", whole, fill)
	if inside != "" {
		c.say("<path class=\"inside\" d=\"%s\"/>\n", inside)
	}
	c.texts(n, b, x+b.width/2, y)
	for k, e := range b.loops {
		c.loop(e, x+b.width+stackStep*float64(b.stacked), y+b.height/2, k == 0)
	}
	c.say("</g>\n")
}

// texts writes what stands in a node: its icon and name with the number of instances, what it is, and its load.
func (c *canvas) texts(n *Node, b *box, middle, y float64) {
	_, down := shapeRoom(n.Kind)
	at := y + boxPad + down*0.7
	for i, line := range b.name {
		w := bold.width(line, nameSize)
		x := middle - w/2
		last := i == len(b.name)-1 && b.count != ""
		if last {
			x -= (countGap + regular.width(b.count, smallSize)) / 2
		}
		if i == 0 {
			x += (iconSize + iconGap) / 2
			c.say("<path class=\"icon\" transform=\"translate(%s %s)\" d=\"%s\"/>\n", f(x-iconGap-iconSize), f(at), icons[n.Kind])
		}
		c.say("<text class=\"name\" x=\"%s\" y=\"%s\">%s</text>\n", f(x), f(at+nameSize-1), text(line))
		if last {
			c.say("<text class=\"count\" x=\"%s\" y=\"%s\">%s</text>\n", f(x+w+countGap), f(at+nameSize-1), b.count)
		}
		at += nameLine
	}
	for _, line := range n.Details {
		c.say("<text class=\"detail\" text-anchor=\"middle\" x=\"%s\" y=\"%s\">%s</text>\n", f(middle), f(at+smallSize-1), text(line))
		at += smallLine
	}
	if b.load {
		says := ""
		if n.Load != nil {
			says = n.Load.String()
		}
		c.say("<text class=\"load-label\" text-anchor=\"middle\" x=\"%s\" y=\"%s\">%s</text>\n", f(middle), f(at+smallSize-1), text(says))
	}
}

// tip says more of a node, to those who point at it.
func (n *Node) tip() string {
	lines := []string{n.Name}
	if n.Count > 1 {
		lines[0] += fmt.Sprintf(" ×%d", n.Count)
	}
	lines = append(lines, n.Details...)
	if n.Load != nil {
		lines = append(lines, n.Load.String())
	}
	if n.Bottleneck {
		lines = append(lines, "the bottleneck")
	}
	return strings.Join(lines, "\n")
}

// topOf is the y of a node: in the middle of its row.
func (l *layout) topOf(i int) float64 {
	it := &l.items[i]
	band := l.tops[it.row]
	return band.inner + math.Round((band.low-band.inner-it.height)/2)
}

const (
	legendWidth  = 224.0
	legendHeight = 52.0
)

// legend explains the colours.
func (c *canvas) legend(y float64) {
	const parts = 32
	c.say("<g class=\"legend\">\n<text class=\"caption\" x=\"%s\" y=\"%s\">Utilization of the busiest resource</text>\n", f(margin), f(y+8))
	for k := range parts {
		c.say("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"10\" style=\"fill:%s\"/>\n", f(margin+6*float64(k)), f(y+15), f(6+min(1, float64(parts-1-k))), Colour((float64(k)+.5)/parts))
	}
	for k, at := range []string{"0%", "50%", "100%"} {
		anchor := []string{"start", "middle", "end"}[k]
		c.say("<text class=\"caption\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n", anchor, f(margin+6*parts*float64(k)/2), f(y+37), at)
	}
	c.say("</g>\n")
}
