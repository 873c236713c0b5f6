package reports

import (
	"bytes"
	"io"

	"headroom/experiments"
)

// DefaultWidth is how many columns a summary has where nothing else is asked for.
const DefaultWidth = 100

// narrowest is the width below which the numbers themselves would have to be cut.
const narrowest = 60

// Style says how a page for a person is drawn.
type Style struct {
	Color   bool // ANSI colours, which repeat what the words and signs already say
	Width   int  // columns; 0 means DefaultWidth
	Verbose bool // the assumptions as well, and how the run went
}

func (s Style) width() int {
	if s.Width == 0 {
		return DefaultWidth
	}
	return max(s.Width, narrowest)
}

// A ReporterOf draws one kind of document: a result, a sweep, a comparison.
type ReporterOf[T any] func(w io.Writer, of T) error

// forms are the ways to draw a kind of document, by the value of the --output flag.
type forms[T any] map[string]func(Style) ReporterOf[T]

// named finds the way to draw that an --output flag asks for.
func (f forms[T]) named(output string, s Style) (ReporterOf[T], bool) {
	in, found := f[output]
	if !found {
		return nil, false
	}
	return in(s), true
}

// as is the form that looks the same in every style.
func as[T any](report func(w io.Writer, of T) error) func(Style) ReporterOf[T] {
	return func(Style) ReporterOf[T] { return report }
}

// inTable writes a page down for a terminal.
func inTable[T any](pageOf func(of T, s Style) page) func(Style) ReporterOf[T] {
	return func(s Style) ReporterOf[T] {
		return func(w io.Writer, of T) error {
			t := terminal{width: s.width(), color: s.Color}
			if err := t.page(pageOf(of, s)); err != nil {
				return err
			}
			_, err := w.Write(t.out.Bytes())
			return err
		}
	}
}

// inMarkdown writes a page down as Markdown.
func inMarkdown[T any](pageOf func(of T, s Style) page) func(Style) ReporterOf[T] {
	return func(s Style) ReporterOf[T] {
		return func(w io.Writer, of T) error {
			var out bytes.Buffer
			writeMarkdown(&out, pageOf(of, s))
			_, err := w.Write(out.Bytes())
			return err
		}
	}
}

// verbosely says as much as the style wants.
func verbosely[T any](pageOf func(of T, verbose bool) page) func(T, Style) page {
	return func(of T, s Style) page { return pageOf(of, s.Verbose) }
}

// briefly says the same in every style: what --verbose adds is for terminals.
func briefly[T any](pageOf func(of T, verbose bool) page) func(T, Style) page {
	return func(of T, _ Style) page { return pageOf(of, false) }
}

// A Reporter draws one result.
type Reporter = ReporterOf[*experiments.Result]

var resultForms = forms[*experiments.Result]{"table": Summary, "json": as(JSON()), "csv": as(CSV()), "markdown": as(Markdown())}

// Named finds the reporter for a value of the --output flag: table, json, csv or markdown.
func Named(output string, s Style) (Reporter, bool) { return resultForms.named(output, s) }
