package reports

import (
	"bytes"
	"strings"
	"unicode"

	"headroom/experiments"
)

// Markdown draws the same page as Summary, for GitHub: headings, tables, and the next command in a fence.
func Markdown() Reporter {
	return inMarkdown(func(r *experiments.Result, _ Style) page { return pageOf(r, Style{}) })(Style{})
}

func writeMarkdown(out *bytes.Buffer, p page) {
	out.WriteString("# " + escaped(p.title) + "\n\n")
	markdownLines(out, p.lead)
	for _, b := range p.blocks {
		title := b.title
		if len(b.verdict) > 0 {
			title += ": " + b.verdict.String()
		}
		out.WriteString("\n## " + escaped(title) + "\n")
		if len(b.sentence) > 0 {
			out.WriteByte('\n')
			markdownLines(out, []line{{paragraph, b.sentence}})
		}
		if b.table != nil {
			out.WriteByte('\n')
			markdownTable(out, b.table.without(func(c column) bool { return c.drawing }))
		}
		if len(b.lines) > 0 && b.lines[0].form != key {
			out.WriteByte('\n')
			markdownLines(out, b.lines)
		}
	}
}

func markdownLines(out *bytes.Buffer, lines []line) {
	for i, l := range lines {
		switch l.form {
		case key:
		case command:
			out.WriteString("```sh\n" + l.text.String() + "\n```\n")
		case item:
			out.WriteString("- " + escaped(l.text.String()) + "\n")
		default:
			if i > 0 {
				out.WriteByte('\n') // else it would run on in the paragraph before
			}
			out.WriteString(escaped(l.text.String()) + "\n")
		}
	}
}

func markdownTable(out *bytes.Buffer, t *table) {
	row := func(cells []string) { out.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	titles, rule := make([]string, len(t.columns)), make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i], rule[i] = escaped(c.title), "---"
		if c.number {
			rule[i] = "---:"
		}
	}
	row(titles)
	row(rule)
	for _, phrases := range t.rows {
		cells := make([]string, len(phrases))
		for i, p := range phrases {
			cells[i] = escaped(p.String())
		}
		row(cells)
	}
}

// escaped writes a text so that Markdown shows it as it is. A `<` is escaped only where it could open a tag, so that targets
// such as `p99 < 250ms` stay readable in the source as well.
func escaped(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		opens := r == '<' && i+1 < len(runes) && (unicode.IsLetter(runes[i+1]) || strings.ContainsRune("/!?", runes[i+1]))
		if strings.ContainsRune("\\|`*", r) || opens {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
