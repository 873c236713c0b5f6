package reports

import (
	"bytes"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"headroom/experiments"
)

// indent is where everything but titles begins.
const indent = "  "

// Summary draws the page for a person.
func Summary(s Style) Reporter {
	return func(w io.Writer, r *experiments.Result) error {
		t := terminal{width: s.width(), color: s.Color}
		if err := t.page(pageOf(r, s.Verbose)); err != nil {
			return err
		}
		_, err := w.Write(t.out.Bytes())
		return err
	}
}

// A terminal writes a page down in columns of a fixed width.
type terminal struct {
	width int
	color bool
	out   bytes.Buffer
}

func (t *terminal) page(p page) error {
	t.write(in(strong, p.title).cut(t.width))
	for _, l := range p.lead {
		t.line(l, "")
	}
	for _, b := range p.blocks {
		t.out.WriteByte('\n')
		if err := t.block(b); err != nil {
			return err
		}
	}
	return nil
}

func (t *terminal) block(b block) error {
	title := in(strong, b.title)
	if b.table != nil && len(b.verdict) == 0 {
		// The title moves into the corner of its table, where it costs no line.
		return t.tableAndLines(b, title)
	}
	if b.table != nil && measure(b.verdict.String()) < 24 {
		return t.tableAndLines(b, title.then(indent).and(b.verdict))
	}
	if len(b.verdict) > 0 {
		hang := strings.Repeat(" ", measure(b.title)+len(indent))
		lines := b.verdict.wrapped(t.width-len(hang), t.width-len(hang))
		t.write(title.then(indent).and(lines[0]))
		for _, l := range lines[1:] {
			t.write(say(hang).and(l))
		}
	} else {
		t.write(title)
	}
	return t.tableAndLines(b, nil)
}

func (t *terminal) tableAndLines(b block, corner phrase) error {
	if b.table != nil {
		if err := t.table(b.table, corner); err != nil {
			return err
		}
	}
	for _, l := range b.lines {
		t.line(l, indent)
	}
	return nil
}

func (t *terminal) line(l line, margin string) {
	switch l.form {
	case command:
		t.command(l.text.String(), margin)
		return
	case item:
		mark, hang := in(l.text[0].tone, "- "), margin+"  "
		for i, part := range l.text.wrapped(t.width-len(hang), t.width-len(hang)) {
			if i == 0 {
				t.write(say(margin).and(mark).and(part))
				continue
			}
			t.write(say(hang).and(part))
		}
		return
	}
	for _, part := range l.text.wrapped(t.width-len(margin), t.width-len(margin)) {
		t.write(say(margin).and(part))
	}
}

// command writes a command that can be copied: on several lines where the shell allows that, and never cut. Between quotes a line
// cannot be broken.
func (t *terminal) command(text, margin string) {
	if measure(margin+text) > t.width && !strings.ContainsAny(text, `'"`) {
		text = strings.ReplaceAll(text, " --", " \\\n"+margin+"    --")
	}
	t.write(say(margin + text))
}

func (t *terminal) write(p phrase) {
	t.out.WriteString(strings.TrimRight(t.colored(p), " "))
	t.out.WriteByte('\n')
}

// table draws the columns with one line under their titles and nothing else.
func (t *terminal) table(tab *table, corner phrase) error {
	tab = tab.indented().fitted(t.width)
	var drawn bytes.Buffer
	align := make([]tw.Align, len(tab.columns))
	header := make([]string, len(tab.columns))
	for i, c := range tab.columns {
		align[i], header[i] = tw.AlignLeft, t.colored(in(quiet, c.title))
		if c.number {
			align[i] = tw.AlignRight
		}
	}
	if corner != nil {
		header[0] = t.colored(corner)
	}
	w := tablewriter.NewTable(&drawn, tableOptions(align)...)
	w.Header(header)
	for _, row := range tab.rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = t.colored(cell)
		}
		if err := w.Append(cells); err != nil {
			return err
		}
	}
	if err := w.Render(); err != nil {
		return err
	}
	for l := range strings.Lines(drawn.String()) {
		t.out.WriteString(strings.TrimRight(l, " \n"))
		t.out.WriteByte('\n')
	}
	return nil
}

// indented moves the rows under the title that stands in the corner.
func (t *table) indented() *table {
	moved := &table{columns: t.columns}
	for _, row := range t.rows {
		moved.rows = append(moved.rows, append([]phrase{say(indent).and(row[0])}, row[1:]...))
	}
	return moved
}

func tableOptions(align []tw.Align) []tablewriter.Option {
	padding := tw.CellPadding{Global: tw.Padding{Left: "", Right: strings.Repeat(" ", gap), Overwrite: true}}
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    padding,
	}
	return []tablewriter.Option{
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithHeaderConfig(cells),
		tablewriter.WithRowConfig(cells),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbolCustom("rule").WithRow("─").WithCenter("─"),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.Separators{ShowHeader: tw.On, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
			},
		})),
	}
}

// colors are the SGR codes of the tones.
var colors = map[tone]string{strong: "1", quiet: "2", good: "32", bad: "31", warning: "33"}

func (t *terminal) colored(p phrase) string {
	if !t.color {
		return p.String()
	}
	var b strings.Builder
	for _, s := range p {
		if code, has := colors[s.tone]; has && s.text != "" {
			b.WriteString("\x1b[" + code + "m" + s.text + "\x1b[0m")
			continue
		}
		b.WriteString(s.text)
	}
	return b.String()
}
