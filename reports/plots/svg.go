package plots

import (
	"bytes"
	"html"
	"regexp"
)

var (
	fontFamily = regexp.MustCompile(`font-family:[^;"]*;`)
	svgBegin   = regexp.MustCompile(`<svg `)
)

// families are the type that widths were measured with, and others that are as wide.
const families = "font-family:'Liberation Sans',Arimo,Helvetica,Arial,sans-serif;"

// readable makes an SVG look alike where other fonts are installed, and tells those who cannot see it what it is.
func readable(svg []byte, title string) []byte {
	svg = fontFamily.ReplaceAll(svg, []byte(families))
	at := svgBegin.FindIndex(svg)
	if at == nil {
		return svg
	}
	label := []byte(`role="img" aria-label="` + html.EscapeString(clean(title)) + `" `)
	return bytes.Join([][]byte{svg[:at[1]], label, svg[at[1]:]}, nil)
}
