package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// rectangle is where something is in a picture.
type rectangle struct {
	left, top, right, bottom float64
	what                     string
}

// overlaps tells whether two share more than a hair.
func (r rectangle) overlaps(o rectangle) bool {
	const hair = 0.6
	return r.left < o.right-hair && o.left < r.right-hair && r.top < o.bottom-hair && o.top < r.bottom-hair
}

func (r rectangle) within(o rectangle) bool {
	return r.left >= o.left && r.right <= o.right && r.top >= o.top && r.bottom <= o.bottom
}

// drawn is what an SVG shows, read back from its text.
type drawn struct {
	whole  rectangle
	nodes  map[string]rectangle // the shapes
	texts  []rectangle          // what they say, with the node they are of
	ofNode []string             // by text
	frames []rectangle
	ways   []way
}

// way is an edge as a list of points.
type way struct {
	from, to string
	points   [][2]float64
}

func draw(t rapid.TB, g Graph, s Style) []byte {
	t.Helper()
	var out, again bytes.Buffer
	if err := g.SVG(&out, s); err != nil {
		t.Fatal(err)
	}
	if err := g.SVG(&again, s); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Fatal("the same graph gives two pictures")
	}
	return out.Bytes()
}

// readBack reads an SVG.
func readBack(t rapid.TB, svg []byte) drawn {
	t.Helper()
	d := drawn{nodes: map[string]rectangle{}}
	in := xml.NewDecoder(bytes.NewReader(svg))
	var groups []map[string]string // the attributes of the elements around
	for {
		token, err := in.Token()
		if err == io.EOF {
			return d
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			at := map[string]string{"": e.Name.Local}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
			}
			groups = append(groups, at)
			d.shape(t, at, groups)
		case xml.EndElement:
			groups = groups[:len(groups)-1]
		case xml.CharData:
			d.text(t, string(e), groups)
		}
	}
}

func (d *drawn) shape(t rapid.TB, at map[string]string, groups []map[string]string) {
	switch {
	case at[""] == "svg":
		d.whole = rectangle{0, 0, number(t, at["width"]), number(t, at["height"]), "picture"}
	case at["class"] == "load":
		d.nodes[within(groups, "data-node", "data-source")] = bounds(t, at["d"])
	case at["class"] == "frame":
		d.frames = append(d.frames, bounds(t, at["d"]))
	case at["class"] == "way":
		d.ways = append(d.ways, way{within(groups, "data-from"), within(groups, "data-to"), trace(t, at["d"])})
	}
}

// within is an attribute of an element around.
func within(groups []map[string]string, names ...string) string {
	for _, g := range groups {
		for _, n := range names {
			if v, has := g[n]; has {
				return v
			}
		}
	}
	return ""
}

func (d *drawn) text(t rapid.TB, says string, groups []map[string]string) {
	if len(groups) == 0 || strings.TrimSpace(says) == "" {
		return
	}
	last := groups[len(groups)-1]
	face, size := regular, smallSize
	switch last["class"] {
	case "name":
		face, size = bold, nameSize
	case "load-label":
		face = bold
	}
	if last[""] != "text" {
		return // the title, whose parts stand in a line
	}
	wide := face.width(says, size)
	x, y := number(t, last["x"]), number(t, last["y"])
	switch last["text-anchor"] {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	d.texts = append(d.texts, rectangle{x, y - size*0.75, x + wide, y + size*0.2, says})
	d.ofNode = append(d.ofNode, within(groups, "data-node", "data-source"))
}

func number(t rapid.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// trace follows a path and returns points on it, those on curves close to each other; arcs are taken to be straight.
func trace(t rapid.TB, d string) (points [][2]float64) {
	t.Helper()
	x, y := 0.0, 0.0
	to := func(nx, ny float64) {
		x, y = nx, ny
		points = append(points, [2]float64{x, y})
	}
	for d != "" {
		command := d[0]
		end := 1 + strings.IndexFunc(d[1:]+"z", func(r rune) bool { return r >= 'A' && r <= 'z' })
		var a []float64
		for _, word := range strings.Fields(strings.ReplaceAll(strings.ReplaceAll(d[1:min(end, len(d))], "-", " -"), ",", " ")) {
			a = append(a, number(t, word))
		}
		d = d[min(end, len(d)):]
		switch command {
		case 'M':
			to(a[0], a[1])
		case 'V':
			to(x, a[0])
		case 'h':
			to(x+a[0], y)
		case 'v':
			to(x, y+a[0])
		case 'l':
			to(x+a[0], y+a[1])
		case 'a':
			to(x+a[5], y+a[6])
		case 'c', 'C':
			if command == 'c' {
				for k := range a {
					a[k] += []float64{x, y}[k%2]
				}
			}
			x0, y0 := x, y
			for k := 1; k <= 24; k++ {
				s := float64(k) / 24
				b := func(p, q, r, z float64) float64 {
					return (1-s)*(1-s)*(1-s)*p + 3*(1-s)*(1-s)*s*q + 3*(1-s)*s*s*r + s*s*s*z
				}
				to(b(x0, a[0], a[2], a[4]), b(y0, a[1], a[3], a[5]))
			}
		case 'z':
		default:
			t.Fatalf("path with %c", command)
		}
	}
	return points
}

func bounds(t rapid.TB, d string) rectangle {
	r := rectangle{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1), "shape"}
	for _, p := range trace(t, d) {
		r.left, r.right = min(r.left, p[0]), max(r.right, p[0])
		r.top, r.bottom = min(r.top, p[1]), max(r.bottom, p[1])
	}
	return r
}

// enters tells whether a line goes through a rectangle.
func (w way) enters(r rectangle) bool {
	for k := 1; k < len(w.points); k++ {
		a, b := w.points[k-1], w.points[k]
		for s := 0.0; s <= 1; s += 1.0 / 8 {
			x, y := a[0]+(b[0]-a[0])*s, a[1]+(b[1]-a[1])*s
			if x > r.left+1 && x < r.right-1 && y > r.top+1 && y < r.bottom-1 {
				return true
			}
		}
	}
	return false
}

// wrongIn lists what is wrong with a picture of a graph: what overlaps, what is clipped, what is missing.
func wrongIn(g Graph, d drawn) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for i, n := range g.Nodes {
		r, shown := d.nodes[n.Name]
		if !shown || !r.within(d.whole) {
			say("%s is not shown, or clipped", n.Name)
		}
		for _, o := range g.Nodes[:i] {
			if r.overlaps(d.nodes[o.Name]) {
				say("%s and %s overlap", n.Name, o.Name)
			}
		}
	}
	for i, a := range d.texts {
		if !a.within(d.whole) {
			say("the text %q is clipped", a.what)
		}
		for j, b := range d.texts[:i] {
			if a.overlaps(b) {
				say("the texts %q and %q overlap: %v and %v", b.what, a.what, d.texts[j], a)
			}
		}
		for name, r := range d.nodes {
			switch own := d.ofNode[i] == name; {
			case own && a.left < r.right && !a.within(r): // not at an edge of the node to itself, which is right of it
				say("the text %q stands out of %s", a.what, name)
			case !own && a.overlaps(r):
				say("the text %q is on %s", a.what, name)
			}
		}
	}
	drawnEdges := map[[2]string]int{}
	for _, w := range d.ways {
		drawnEdges[[2]string{w.from, w.to}]++
		for name, r := range d.nodes {
			if name != w.from && name != w.to && w.enters(r) {
				say("the edge from %s to %s crosses %s", w.from, w.to, name)
			}
		}
		for _, r := range d.texts {
			if w.enters(r) {
				say("the edge from %s to %s crosses the text %q", w.from, w.to, r.what)
			}
		}
	}
	for _, e := range g.Edges {
		if drawnEdges[[2]string{e.From, e.To}] != 1 {
			say("the edge from %s to %s is drawn %d times", e.From, e.To, drawnEdges[[2]string{e.From, e.To}])
		}
	}
	return append(wrong, wrongFrames(g, d)...)
}

// wrongFrames lists what groups have inside that is not theirs, or outside that is.
func wrongFrames(g Graph, d drawn) (wrong []string) {
	for k, group := range g.Groups {
		for _, n := range g.Nodes {
			in := false
			for _, name := range group.Nodes {
				in = in || name == n.Name
			}
			switch r := d.nodes[n.Name]; {
			case in && !r.within(d.frames[k]):
				wrong = append(wrong, fmt.Sprintf("%s is not within %s", n.Name, group.Name))
			case !in && r.overlaps(d.frames[k]):
				wrong = append(wrong, fmt.Sprintf("%s is within %s", n.Name, group.Name))
			}
		}
		for j := range k {
			if d.frames[k].overlaps(d.frames[j]) {
				wrong = append(wrong, fmt.Sprintf("%s and %s overlap", g.Groups[j].Name, group.Name))
			}
		}
	}
	return wrong
}
