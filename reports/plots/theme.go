package plots

import (
	"image/color"
	"slices"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// A Theme is the colours of a chart.
type Theme struct {
	Name               string
	paper, ink         color.RGBA
	quiet, grid, shade color.RGBA
	rest               color.RGBA // of what is there but has no colour of its own
	palette            []color.RGBA
}

// The palette is that of Okabe and Ito, "Color Universal Design" (2008), which people with any colour vision tell apart. Its yellow is left
// out on white paper, where it is hardly seen, and its blue is lighter on black.
var (
	Light = Theme{
		Name: "light", paper: rgb(0xffffff), ink: rgb(0x1b1f24), quiet: rgb(0x59626d), grid: rgb(0xe4e7eb), shade: rgb(0xf1f2f4), rest: rgb(0xb9c0c8),
		palette: []color.RGBA{rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73), rgb(0xcc79a7), rgb(0xe69f00), rgb(0x56b4e9), rgb(0x4d4d4d)},
	}
	Dark = Theme{
		Name: "dark", paper: rgb(0x14181d), ink: rgb(0xe8eaed), quiet: rgb(0xa3abb5), grid: rgb(0x2c333b), shade: rgb(0x1f252c), rest: rgb(0x5b6570),
		palette: []color.RGBA{rgb(0x56b4e9), rgb(0xe8702a), rgb(0x1fb58c), rgb(0xd58cb5), rgb(0xf0e442), rgb(0x2f8fd0), rgb(0xb8bec6)},
	}
)

// Themes are the themes there are.
var Themes = []Theme{Light, Dark}

// ThemeNamed finds a theme: light or dark.
func ThemeNamed(name string) (Theme, bool) {
	i := slices.IndexFunc(Themes, func(t Theme) bool { return t.Name == name })
	if i < 0 {
		return Theme{}, false
	}
	return Themes[i], true
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// A hue is a colour of the palette.
type hue int

// grey is the colour of what has none of its own.
const grey hue = -1

// hues is how many colours there are.
const hues = 7

func (t *Theme) color(h hue) color.RGBA {
	if h == grey {
		return t.rest
	}
	return t.palette[int(h)%len(t.palette)]
}

// words is a hue in which text can be read.
func (t *Theme) words(h hue) color.RGBA {
	if h == grey {
		return t.quiet
	}
	return mixed(t.color(h), t.ink, .4)
}

// pale is a hue behind which the grid can be seen.
func (t *Theme) pale(h hue, opacity float64) color.NRGBA {
	c := t.color(h)
	return color.NRGBA{c.R, c.G, c.B, uint8(255 * opacity)}
}

// mixed is so much of b in a.
func mixed(a, b color.RGBA, part float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(float64(x)*(1-part) + float64(y)*part + .5) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// Sizes of the words, in points.
const (
	titleSize   vg.Length = 11
	wordSize    vg.Length = 8.5
	captionSize vg.Length = 8
	lineSpacing           = 1.25
)

// sans is a style of the sans-serif type that gonum/plot brings along, whose widths are those of Arial and Helvetica.
func sans(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: handler}
}

var handler = text.Plain{Fonts: font.DefaultCache}
