package diagram

import (
	"fmt"
	"math"
	"strconv"
)

// Room inside a node, in pixels.
const (
	boxPad     = 9.0
	iconSize   = 16.0
	iconGap    = 6.0
	countGap   = 5.0
	stackStep  = 4.0  // from an instance to the one behind it
	capHeight  = 6.0  // half of how high the lid of a cylinder is
	corner     = 12.0 // what is cut off a corner
	portMargin = 20.0 // between the sides of a node and where edges meet it
	loopRoom   = 26.0 // of an edge from a node to itself, beside it
	leastWidth = 92.0
)

// box is a node with its texts, from its own top left corner on.
type box struct {
	width, height  float64
	beside, behind float64 // right of it and below: other instances, and edges to itself
	stacked        int     // copies that stand behind it
	name           []string
	count          string // ×12; empty for one
	nameWidth      float64
	loops          []Edge
	load           bool // there is a line for its load
}

func newBox(n Node, loops []Edge, loaded bool) box {
	b := box{name: broken(n.Name, widest*1.2), loops: loops, load: loaded && len(n.Resources) > 0 && !n.Source}
	inner := 0.0
	for i, line := range b.name {
		w := bold.width(line, nameSize)
		if i == 0 {
			w += iconSize + iconGap
		}
		if i == len(b.name)-1 && n.Count > 1 {
			b.count = "×" + strconv.Itoa(n.Count)
			w += countGap + regular.width(b.count, smallSize)
		}
		inner = max(inner, w)
	}
	b.nameWidth = inner
	for _, line := range n.Details {
		inner = max(inner, regular.width(line, smallSize))
	}
	if b.load {
		for _, resource := range n.Resources {
			inner = max(inner, bold.width(resource+" "+widestPercent, smallSize))
		}
	}
	across, down := shapeRoom(n.Kind)
	b.width = max(2*math.Ceil(inner/2+boxPad+across), leastWidth) // its middle is on a whole pixel
	b.height = 2*boxPad + down + nameLine*float64(len(b.name)) + smallLine*float64(len(n.Details))
	if b.load {
		b.height += smallLine
	}
	b.stacked = min(n.Count-1, 2)
	b.beside, b.behind = stackStep*float64(b.stacked), stackStep*float64(b.stacked)
	wide := 0.0
	for _, e := range loops {
		wide = max(wide, widestOf(e.Label()))
	}
	if len(loops) > 0 {
		b.beside += loopRoom + labelGap + wide
	}
	return b
}

// widestOf is how wide lines of small text are.
func widestOf(lines []string) float64 {
	wide := 0.0
	for _, line := range lines {
		wide = max(wide, regular.width(line, smallSize))
	}
	return wide
}

// shapeRoom is what the outline of a kind takes on each side, and above and below together.
func shapeRoom(kind string) (across, down float64) {
	switch kind {
	case "database":
		return 0, 2 * capHeight
	case "load-balancer", "source":
		return corner - 2, 0
	case "queue":
		return 2 * capHeight, 0
	case "rate-limiter":
		return 2, 0
	}
	return 0, 0
}

// outline is the shape of a kind as an SVG path: the whole of it, and the lines inside.
func outline(kind string, x, y, w, h float64) (whole, inside string) {
	switch kind {
	case "database": // a cylinder
		c := capHeight
		whole = fmt.Sprintf("M%s %sa%s %s 0 0 1 %s 0v%sa%s %s 0 0 1 %s 0z", f(x), f(y+c), f(w/2), f(c), f(w), f(h-2*c), f(w/2), f(c), f(-w))
		return whole, fmt.Sprintf("M%s %sa%s %s 0 0 0 %s 0", f(x), f(y+c), f(w/2), f(c), f(w))
	case "queue": // a cylinder that lies
		c := capHeight
		whole = fmt.Sprintf("M%s %sh%sa%s %s 0 0 1 0 %sh%sa%s %s 0 0 1 0 %sz", f(x+c), f(y), f(w-2*c), f(c), f(h/2), f(h), f(2*c-w), f(c), f(h/2), f(-h))
		return whole, fmt.Sprintf("M%s %sa%s %s 0 0 0 0 %s", f(x+w-c), f(y), f(c), f(h/2), f(h))
	case "load-balancer": // a hexagon
		return fmt.Sprintf("M%s %sh%sl%s %sl%s %sh%sl%s %sz", f(x+corner), f(y), f(w-2*corner), f(corner), f(h/2), f(-corner), f(h/2), f(2*corner-w), f(-corner), f(-h/2)), ""
	case "rate-limiter": // an octagon
		c := corner * 0.8
		return fmt.Sprintf("M%s %sh%sl%s %sv%sl%s %sh%sl%s %sv%sz", f(x+c), f(y), f(w-2*c), f(c), f(c), f(h-2*c), f(-c), f(c), f(2*c-w), f(-c), f(-c), f(2*c-h)), ""
	case "source":
		return rounded(x, y, w, h, h/2), ""
	case "worker": // with a bar at each side
		whole = rounded(x, y, w, h, 3)
		return whole, fmt.Sprintf("M%s %sv%sM%s %sv%s", f(x+5), f(y), f(h), f(x+w-5), f(y), f(h))
	case "cdn", "external":
		return rounded(x, y, w, h, 18), ""
	case "cache":
		return rounded(x, y, w, h, 3), ""
	case "station":
		return rounded(x, y, w, h, 0), ""
	}
	return rounded(x, y, w, h, 8), ""
}

// rounded is a rectangle with rounded corners.
func rounded(x, y, w, h, r float64) string {
	r = min(r, w/2, h/2)
	if r == 0 {
		return fmt.Sprintf("M%s %sh%sv%sh%sz", f(x), f(y), f(w), f(h), f(-w))
	}
	return fmt.Sprintf("M%s %sh%sa%[5]s %[5]s 0 0 1 %[5]s %[5]sv%[4]sa%[5]s %[5]s 0 0 1 %[6]s %[5]sh%[7]sa%[5]s %[5]s 0 0 1 %[6]s %[6]sv%[8]sa%[5]s %[5]s 0 0 1 %[5]s %[6]sz",
		f(x+r), f(y), f(w-2*r), f(h-2*r), f(r), f(-r), f(2*r-w), f(2*r-h))
}

// f writes a length in pixels, to a tenth.
func f(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	if n := len(text); text[n-2:] == ".0" {
		text = text[:n-2]
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// icons are drawn in 16 by 16 pixels, by lines.
var icons = map[string]string{
	"source":        "M8 2.2a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 0 1 0-5.2M2.8 14c0-3.4 2.2-5 5.2-5s5.2 1.6 5.2 5",
	"server":        "M2 2.5h12v4.5h-12zM2 9h12v4.5h-12zM4.5 4.8h.5M4.5 11.3h.5",
	"database":      "M2.5 4c0-2.6 11-2.6 11 0v8c0 2.6-11 2.6-11 0zM2.5 4c0 2.6 11 2.6 11 0M2.5 8c0 2.6 11 2.6 11 0",
	"cache":         "M9.5 1.5l-6 7.5h4l-1 5.5l6-7.5h-4z",
	"cdn":           "M8 1.8a6.2 6.2 0 1 1 0 12.4a6.2 6.2 0 0 1 0-12.4M1.8 8h12.4M8 1.8c-3.6 3.6-3.6 8.8 0 12.4c3.6-3.6 3.6-8.8 0-12.4",
	"load-balancer": "M8 1.5v4M8 5.5l-5.5 5v3.5M8 5.5v8.5M8 5.5l5.5 5v3.5",
	"rate-limiter":  "M2 2.5h12l-4.5 5.5v5.5l-3-1.5v-4z",
	"queue":         "M2 4h3v8h-3zM6.5 4h3v8h-3zM11 4h3v8h-3z",
	"worker":        "M8 5.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 0 1 0-5.6M8 1.5v2.2M8 12.3v2.2M1.5 8h2.2M12.3 8h2.2M3.4 3.4l1.6 1.6M11 11l1.6 1.6M12.6 3.4l-1.6 1.6M5 11l-1.6 1.6",
	"function":      "M4 2.5h2l5 11h1.5M7.6 6.2l-3.9 7.3",
	"external":      "M4.5 12.5a3 3 0 0 1 0-6a3.8 3.8 0 0 1 7.2-.6a3.3 3.3 0 0 1 0 6.6z",
	"station":       "M10.5 8m-3.5 0a3.5 3.5 0 1 1 7 0a3.5 3.5 0 0 1-7 0M1.5 6v4M4 6v4",
}
