package plots

import (
	"time"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// The same chart is the same file: without the hour of the day, and with its parts in order.
func init() {
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// A pdfCanvas writes text as vgpdf can embed it: in the code page of its fonts, and in one font alone, since a second one would be given the
// letters of the first.
type pdfCanvas struct{ *vgpdf.Canvas }

// heavier is how far apart, in points, two copies of the same letters make bold ones.
const heavier vg.Length = .35

func (c pdfCanvas) FillString(f font.Face, at vg.Point, s string) {
	encoded := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			b = '?'
		}
		encoded = append(encoded, b)
	}
	if f.Font.Weight == xfont.WeightBold {
		regular := f.Font
		regular.Weight = xfont.WeightNormal
		f = handler.Fonts.Lookup(regular, f.Font.Size)
		c.Canvas.FillString(f, vg.Point{X: at.X + heavier, Y: at.Y}, string(encoded))
	}
	c.Canvas.FillString(f, at, string(encoded))
}
