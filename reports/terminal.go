package reports

import (
	"bytes"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// indent is where everything but titles begins.
const indent = "  "

// Summary draws the page for a person.
func Summary(s Style) Reporter { return inTable(pageOf)(s) }

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
	if len(b.verdict) > 0 {
		title = title.then(indent).and(b.verdict)
	}
	switch {
	case len(b.sentence) > 0:
		hang := title.width() + len(indent)
		t.hanging(title.then(indent), hang, b.sentence)
		title = nil
	case b.table == nil:
		t.write(title)
	}
	if b.table != nil {
		// A title that is not yet written moves into the corner of the table, where it costs no line.
		if err := t.table(b.table, title); err != nil {
			return err
		}
	}
	for _, l := range b.lines {
		t.line(l, indent)
	}
	return nil
}

// hanging writes a text behind its mark, and all its lines as far to the right.
func (t *terminal) hanging(mark phrase, margin int, text phrase) {
	for _, l := range text.wrapped(t.width - margin) {
		t.write(mark.and(l))
		mark = say(strings.Repeat(" ", margin))
	}
}

func (t *terminal) line(l line, margin string) {
	switch l.form {
	case command:
		t.command(l.text.String(), margin)
	case item:
		t.hanging(say(margin).and(in(l.text[0].tone, "- ")), len(margin)+2, l.text)
	default:
		t.hanging(say(margin), len(margin), l.text)
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
	tab = tab.stacked(corner.String()).fitted(t.width)
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

func tableOptions(align []tw.Align) []tablewriter.Option {
	padding := tw.CellPadding{PerColumn: make([]tw.Padding, len(align))}
	for i := range align {
		padding.PerColumn[i] = tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}
	}
	padding.PerColumn[len(align)-1] = tw.Padding{Overwrite: true}
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

// unbroken joins what stands side by side in one tone.
func (p phrase) unbroken() phrase {
	var joined phrase
	for _, s := range p {
		if last := len(joined) - 1; last >= 0 && joined[last].tone == s.tone {
			joined[last].text += s.text
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// colors are the SGR codes of the tones.
var colors = map[tone]string{strong: "1", quiet: "2", good: "32", bad: "31", warning: "33"}

func (t *terminal) colored(p phrase) string {
	if !t.color {
		return p.String()
	}
	var b strings.Builder
	for _, s := range p.unbroken() {
		if code, has := colors[s.tone]; has && s.text != "" {
			b.WriteString("\x1b[" + code + "m" + s.text + "\x1b[0m")
			continue
		}
		b.WriteString(s.text)
	}
	return b.String()
}
