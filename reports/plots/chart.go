package plots

import (
	"bytes"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Axis says what runs from left to right in a chart.
type Axis string

const (
	Rate  Axis = "rate"  // requests per second, on a logarithmic scale
	Time  Axis = "time"  // seconds since the measured time began
	Other Axis = "other" // something that a marker at a rate or a time has no place on
)

// Formats are the formats that Draw knows.
var Formats = []string{"svg", "png", "pdf"}

// A Chart is one picture of a result.
type Chart struct {
	Name    string // of the file, without its ending: letters, digits and dashes
	Title   string // what it shows, in a few words
	Caption string // what else there is to know for reading it: sentences
	X       Axis
	// Bare charts have neither title nor caption in the picture, for a page that says both beside it.
	Bare bool

	figure *figure
}

// Width is how wide a chart is where nothing else is asked for.
const Width vg.Length = 560

// Height is how high a chart looks best at the usual width.
func (c Chart) Height() vg.Length { return c.figure.height() }

// pngDPI is how many pixels a PNG has for each inch: two for each pixel of the web.
const pngDPI = 144

// Draw draws the chart in one of Formats. Width and height include the margins; below 240 by 160 points words no longer fit.
func (c Chart) Draw(w io.Writer, format string, theme Theme, width, height vg.Length) error {
	var canvas vg.CanvasWriterTo
	switch format {
	case "svg":
		canvas = vgsvg.New(width, height)
	case "png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pngDPI))}
	case "pdf":
		canvas = pdfCanvas{vgpdf.New(width, height)}
	default:
		return fmt.Errorf("there is no format %s: svg, png and pdf are drawn", format)
	}
	c.layout(theme, draw.NewCanvas(canvas, width, height)).draw()
	var drawn bytes.Buffer
	if _, err := canvas.WriteTo(&drawn); err != nil {
		return fmt.Errorf("drawing %s as %s: %w", c.Name, format, err)
	}
	content := drawn.Bytes()
	if format == "svg" {
		content = readable(content, c.Title)
	}
	_, err := w.Write(content)
	return err
}

// A Frame is the part of a chart between its axes. Lengths are points, counted from the picture's left and from its top, as the coordinates of
// the SVG are; Min and Max are the values of x at the left and the right edge.
type Frame struct {
	Left, Right, Top, Bottom vg.Length
	Min, Max                 float64
	Log                      bool
}

// Frame returns where the axes are when the chart is drawn in some size.
func (c Chart) Frame(width, height vg.Length) Frame {
	l := c.layout(Light, draw.NewCanvas(new(recorder.Canvas), width, height))
	f := l.frame
	return Frame{Left: f.Min.X, Right: f.Max.X, Top: height - f.Max.Y, Bottom: height - f.Min.Y,
		Min: l.f.x.min, Max: l.f.x.max, Log: l.f.x.log}
}
