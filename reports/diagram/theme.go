package diagram

import (
	"fmt"
	"math"
	"strings"
)

// Style says how a picture looks.
type Style struct {
	// Theme is light or dark; empty: what the reader's system asks for (prefers-color-scheme), else light.
	Theme string
	// Bare leaves out the background, the title and what explains the picture, and keeps room for the rates of other results: for a page that
	// has these itself.
	Bare bool
}

// ramp is the scale of utilizations: from blue over yellow and orange to vermilion, after Okabe and Ito's palette, which readers with each
// kind of colour blindness tell apart; the lightness falls along it, and black can be read on all of it.
var ramp = []struct{ at, r, g, b float64 }{
	{0, 230, 242, 251}, {.4, 192, 224, 246}, {.6, 242, 220, 96}, {.8, 240, 166, 48}, {1, 222, 104, 24},
}

// Colour returns the colour of a utilization from 0 to 1, as #rrggbb. What is beyond has the colour of the end.
func Colour(utilization float64) string {
	u := min(max(utilization, 0), 1)
	if math.IsNaN(u) {
		u = 0
	}
	for i := 1; i < len(ramp); i++ {
		if a, b := ramp[i-1], ramp[i]; u <= b.at {
			t := (u - a.at) / (b.at - a.at)
			mix := func(x, y float64) int { return int(math.Round(x + (y-x)*t)) }
			return fmt.Sprintf("#%02x%02x%02x", mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b))
		}
	}
	return "" // not reached: the scale ends at 1
}

// colours are those of a theme.
type colours struct {
	ground, ink, quiet, node, line, group, frame, edge, source, onSource string
}

var (
	light = colours{ground: "#ffffff", ink: "#1f2937", quiet: "#4b5563", node: "#f8fafc", line: "#475569", group: "#f1f5f9", frame: "#cbd5e1",
		edge: "#64748b", source: "#334155", onSource: "#ffffff"}
	dark = colours{ground: "#0f172a", ink: "#e5e7eb", quiet: "#a9b4c4", node: "#1e293b", line: "#94a3b8", group: "#172036", frame: "#475569",
		edge: "#94a3b8", source: "#cbd5e1", onSource: "#0f172a"}
)

// sheet is the style sheet of the picture. It holds for this picture only, so that it can stand in a page.
func (s Style) sheet() string {
	var b strings.Builder
	rule := func(selector, format string, args ...any) {
		fmt.Fprintf(&b, "%s{%s}\n", ours(selector), fmt.Sprintf(format, args...))
	}
	b.WriteString(".headroom-graph{max-width:100%;height:auto}\n")
	rule("text", "font:%gpx %s", smallSize, fontFamily)
	rule(".name", "font-size:%gpx;font-weight:700", nameSize)
	rule(".title", "font-size:%gpx;font-weight:700", titleSize)
	rule(".load-label", "font-weight:700")
	rule("path", "stroke-linejoin:round;stroke-linecap:round")
	rule(".icon,.inside,.way", "fill:none")
	rule(".icon", "stroke-width:1.3")
	rule(".load,.behind,.inside", "stroke-width:1.2")
	rule(".frame", "stroke-width:1;stroke-dasharray:none")
	rule(".external .load,.external .behind", "stroke-dasharray:5 3")
	rule(".bottleneck .load", "stroke-width:3.2;stroke-dasharray:none")
	rule(".async .way", "stroke-dasharray:6 4")
	rule(".else .way,.unused .way", "stroke-dasharray:1.5 4")
	switch s.Theme {
	case "dark":
		b.WriteString(dark.rules())
	case "light":
		b.WriteString(light.rules())
	default:
		b.WriteString(light.rules())
		b.WriteString("@media (prefers-color-scheme:dark){\n" + dark.rules() + "}\n")
	}
	return b.String()
}

// rules are the colours as a style sheet.
func (c colours) rules() string {
	var b strings.Builder
	rule := func(selector, format string, args ...any) {
		fmt.Fprintf(&b, "%s{%s}\n", ours(selector), fmt.Sprintf(format, args...))
	}
	rule(".ground", "fill:%s", c.ground)
	rule("text", "fill:%s", c.ink)
	rule(".detail,.count,.caption,.group-name,.flow-label", "fill:%s", c.quiet)
	rule(".load,.behind", "fill:%s;stroke:%s", c.node, c.line)
	rule(".inside,.icon", "stroke:%s", c.line)
	rule(".bottleneck .load", "stroke:%s", c.ink)
	rule(".frame", "fill:%s;stroke:%s", c.group, c.frame)
	rule(".way", "stroke:%s", c.edge)
	rule(".head", "fill:%s", c.edge)
	rule(".source .load", "fill:%s;stroke:%s", c.source, c.source)
	rule(".source text", "fill:%s", c.onSource)
	rule(".source .icon", "stroke:%s", c.onSource)
	rule(".loaded text", "fill:%s", onLoad)
	rule(".loaded .icon,.loaded .inside", "stroke:%s", onLoad)
	return b.String()
}

// ours lets selectors hold within this picture only.
func ours(selectors string) string {
	return ".headroom-graph " + strings.ReplaceAll(selectors, ",", ",.headroom-graph ")
}

// onLoad is the colour of what stands on that of a utilization, in both themes.
const onLoad = "#111827"
