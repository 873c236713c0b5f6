package diagram

import (
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The texts of a picture. Widths are those of Liberation Sans, which are those of Arial and Helvetica by design: the fonts that the picture
// asks for first.
const (
	fontFamily = `"Liberation Sans", Arial, Helvetica, sans-serif`
	nameSize   = 14.0 // of a node's name, bold
	smallSize  = 12.0 // of everything else
	titleSize  = 16.0 // but the title
	nameLine   = 18.0
	smallLine  = 15.0
	widest     = 150.0 // where lists are wrapped, and long names
)

// typeface is a font with its widths.
type typeface struct {
	parse  func() *sfnt.Font
	widths sync.Map // by rune, in ems
}

var (
	regular = &typeface{parse: sync.OnceValue(func() *sfnt.Font { return parsed(liberationsansregular.TTF) })}
	bold    = &typeface{parse: sync.OnceValue(func() *sfnt.Font { return parsed(liberationsansbold.TTF) })}
)

func parsed(ttf []byte) *sfnt.Font {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err) // the font is a part of the program
	}
	return f
}

// width returns how wide a text is in pixels.
func (t *typeface) width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += t.em(r)
	}
	return sum * size
}

// em returns the width of a rune in ems. What the font has not is taken to be as wide as the widest of other fonts: Chinese characters are
// as wide as high, and pictures somewhat wider.
func (t *typeface) em(r rune) float64 {
	if w, ok := t.widths.Load(r); ok {
		return w.(float64)
	}
	const units = 2048
	w := 1.4
	f, b := t.parse(), new(sfnt.Buffer)
	if unicode.In(r, unicode.Mn, unicode.Cf) {
		w = 0
	} else if i, err := f.GlyphIndex(b, r); err == nil && i != 0 {
		if advance, err := f.GlyphAdvance(b, i, fixed.I(units), font.HintingNone); err == nil {
			w = float64(advance) / 64 / units
		}
	}
	t.widths.Store(r, w)
	return w
}

// wrapped joins words to lines that are no wider than a limit, if no word is.
func wrapped(words []string, by string, limit float64) []string {
	var lines []string
	for _, w := range words {
		last := len(lines) - 1
		if last >= 0 && regular.width(lines[last]+by+w, smallSize) <= limit {
			lines[last] += by + w
			continue
		}
		if last >= 0 {
			lines[last] += strings.TrimRight(by, " ")
		}
		lines = append(lines, w)
	}
	return lines
}

// broken breaks a name that is wider than a limit, behind a character that divides words where there is one.
func broken(name string, limit float64) []string {
	var lines []string
	for rest := []rune(name); len(rest) > 0; {
		fits, cut := 0, 0
		for fits < len(rest) && bold.width(string(rest[:fits+1]), nameSize) <= limit {
			fits++
			if strings.ContainsRune("-_ ", rest[fits-1]) {
				cut = fits
			}
		}
		if fits == len(rest) || cut == 0 {
			cut = max(fits, 1)
		}
		lines = append(lines, strings.TrimSpace(string(rest[:cut])))
		rest = rest[cut:]
	}
	return lines
}
