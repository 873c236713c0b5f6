package page

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// colour matches the colours of a drawing.
var colour = regexp.MustCompile(`#[0-9A-Fa-f]{6}\b|rgba?\([0-9., %]*\)`)

// A palette holds the colours that drawings have on light and on dark paper; in the drawings stand the names of CSS variables.
type palette struct{ light, dark []string }

// themed joins a drawing on light and the same drawing on dark paper to one that follows the reader's choice.
func (p *palette) themed(light, dark string) (string, error) {
	onLight, onDark := colour.FindAllString(light, -1), colour.FindAllString(dark, -1)
	if colour.ReplaceAllString(light, "#") != colour.ReplaceAllString(dark, "#") {
		return "", errors.New("the drawings for light and dark paper differ in more than their colours")
	}
	i := -1
	return colour.ReplaceAllStringFunc(light, func(string) string {
		i++
		return p.name(onLight[i], onDark[i])
	}), nil
}

func (p *palette) name(light, dark string) string {
	at := 0
	for at < len(p.light) && (p.light[at] != light || p.dark[at] != dark) {
		at++
	}
	if at == len(p.light) {
		p.light, p.dark = append(p.light, light), append(p.dark, dark)
	}
	return fmt.Sprintf("var(--c%d)", at)
}

// css declares the variables. What is printed is on light paper.
func (p *palette) css() string {
	declared := func(colours []string) string {
		var out strings.Builder
		for i, c := range colours {
			fmt.Fprintf(&out, " --c%d: %s;", i, c)
		}
		return out.String()
	}
	if len(p.light) == 0 {
		return ""
	}
	return "\n:root {" + declared(p.light) + " }\n@media screen and (prefers-color-scheme: dark) { :root {" + declared(p.dark) + " } }\n"
}

var (
	prolog     = regexp.MustCompile(`(?s)^.*?(<svg\b)`)
	declaredID = regexp.MustCompile(`(\sid=["'])([^"']+)`)
	reference  = regexp.MustCompile(`(url\(["']?#|href=["']#|aria-(?:labelledby|describedby)=["'])([^"')]+)`)
)

// inlined makes a part of the page of a drawing: what comes before it in a file of its own is left out, and its ids begin with a prefix, so that
// two drawings can stand in one page.
func inlined(svg, prefix string) string {
	svg = prolog.ReplaceAllString(svg, "$1")
	svg = declaredID.ReplaceAllString(svg, "${1}"+prefix+"${2}")
	return strings.TrimSpace(reference.ReplaceAllStringFunc(svg, func(ref string) string {
		parts := reference.FindStringSubmatch(ref)
		names := strings.Fields(parts[2])
		for i := range names {
			names[i] = prefix + names[i]
		}
		return parts[1] + strings.Join(names, " ")
	}))
}

// within adds something at the end of a drawing, so that it is on top.
func within(svg, more string) string {
	at := strings.LastIndex(svg, "</svg>")
	return svg[:at] + more + svg[at:]
}
