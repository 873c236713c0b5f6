package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"

	"headroom/reports/plots"
)

// A chart is a plot, and where a marker stands on it at each step: x coordinates within the drawing.
type chart struct {
	Title, Caption string
	SVG            template.HTML
	Markers        string
}

// chartWidth is narrow enough for the words to be readable on a phone, where the chart is as wide as the screen.
const chartWidth vg.Length = 380

// flatter is how much lower than at its usual width a chart is drawn.
const flatter = .85

// addCharts draws the charts of a result, for light and for dark paper, with a marker where they go over rates that the slider can be set to.
func (r *report) addCharts(result any, colours *palette) error {
	for i, c := range plots.Of(result) {
		c.Bare = true
		height := c.Height() * flatter
		var light, dark strings.Builder
		if err := c.Draw(&light, "svg", plots.Light, chartWidth, height); err != nil {
			return err
		}
		if err := c.Draw(&dark, "svg", plots.Dark, chartWidth, height); err != nil {
			return err
		}
		svg, err := colours.themed(light.String(), dark.String())
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		drawn := chart{Title: c.Title, Caption: c.Caption}
		svg = inlined(svg, fmt.Sprintf("%s-plot%d-", r.ID, i+1))
		if c.X == plots.Rate && len(r.Steps) > 1 {
			svg = r.mark(&drawn, svg, c.Frame(chartWidth, height))
		}
		drawn.SVG = template.HTML(svg)
		r.Charts = append(r.Charts, drawn)
	}
	return nil
}

// mark adds the marker, which a script shows and moves.
func (r *report) mark(c *chart, svg string, f plots.Frame) string {
	var xs []string
	for _, s := range r.Steps {
		xs = append(xs, fmt.Sprintf("%.1f", place(f, float64(s.perSecond))))
	}
	c.Markers = strings.Join(xs, " ")
	return within(svg, fmt.Sprintf(`<line class="marker" x1="%s" x2="%s" y1="%.1f" y2="%.1f"/>`, xs[r.Shown], xs[r.Shown], float64(f.Top), float64(f.Bottom)))
}

// place is where a value of x is in a drawing, at the nearest edge where it is outside of the frame.
func place(f plots.Frame, x float64) float64 {
	low, high := f.Min, f.Max
	if f.Log {
		x, low, high = math.Log(x), math.Log(low), math.Log(high)
	}
	part := min(max((x-low)/(high-low), 0), 1)
	return float64(f.Left) + part*float64(f.Right-f.Left)
}
