package reference

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Text writes a topic for a terminal of a width in columns.
func Text(t Topic, width int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", t.Title)
	b.WriteString(wrapped(t.About, "  ", width))
	if t.Example != "" {
		b.WriteString("\nExample\n\n" + indented(t.Example, "    "))
	}
	for _, g := range t.Keys {
		title := g.Title
		if title == "" {
			title = "Keys"
		}
		b.WriteString("\n" + title + "\n\n")
		longest := 0
		for _, k := range g.Keys {
			longest = max(longest, utf8.RuneCountInString(k.Key))
		}
		if longest > 20 { // long names stand above what they mean
			for _, k := range g.Keys {
				b.WriteString("  " + k.Key + "\n" + wrapped(k.takes()+": "+k.Doc, "      ", width))
			}
			continue
		}
		for _, k := range g.Keys {
			margin := strings.Repeat(" ", longest+4)
			text := wrapped(k.takes(), margin, width) + wrapped(k.Doc, margin, width)
			b.WriteString("  " + k.Key + text[2+utf8.RuneCountInString(k.Key):])
		}
	}
	if len(t.Laws) > 0 {
		b.WriteString("\nLaws\n\n")
		for _, law := range t.Laws {
			b.WriteString("  - " + strings.TrimLeft(wrapped(law, "    ", width), " "))
		}
	}
	return b.String()
}

// takes says what a key takes, in one phrase.
func (k Key) takes() string {
	what := k.Value
	if len(k.Words) > 0 {
		what = strings.Join(k.Words, ", ")
	}
	switch {
	case k.Required:
		return what + " (required)"
	case k.Default != "":
		return what + " (default: " + k.Default + ")"
	}
	return what
}

// wrapped breaks a text into lines behind a margin.
func wrapped(text, margin string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch n := utf8.RuneCountInString(word); {
		case column == 0:
			b.WriteString(margin + word)
			column = len(margin) + n
		case column+1+n > width:
			b.WriteString("\n" + margin + word)
			column = len(margin) + n
		default:
			b.WriteString(" " + word)
			column += 1 + n
		}
	}
	return b.String() + "\n"
}

func indented(text, margin string) string {
	return margin + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+margin) + "\n"
}

// Markdown writes a topic as a section.
func Markdown(t Topic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n", t.Title, t.About)
	if t.Example != "" {
		b.WriteString("\n```yaml\n" + t.Example + "```\n")
	}
	for _, g := range t.Keys {
		if g.Title != "" {
			b.WriteString("\n### " + g.Title + "\n")
		}
		b.WriteString("\n| key | takes | default | |\n| --- | --- | --- | --- |\n")
		for _, k := range g.Keys {
			what, standard := k.Value, k.Default
			if len(k.Words) > 0 {
				what = "`" + strings.Join(k.Words, "`, `") + "`"
			}
			if k.Required {
				standard = "required"
			} else if standard != "" {
				standard = "`" + standard + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", strings.ReplaceAll(k.Key, ", ", "`, `"), cell(what), cell(standard), cell(k.Doc))
		}
	}
	if len(t.Laws) > 0 {
		b.WriteString("\n")
		for _, law := range t.Laws {
			b.WriteString("- " + law + "\n")
		}
	}
	return b.String()
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// Page is the whole reference as Markdown.
func Page() string {
	var b strings.Builder
	b.WriteString("# The scenario format\n\nWhat a scenario file may hold. `headroom explain TOPIC` prints each part of this page in the terminal, and\n" +
		"`headroom schema` the JSON Schema for editors. Keys that are planned and not built yet are refused as such.\n")
	for _, t := range Topics() {
		b.WriteString("\n" + Markdown(t))
	}
	return b.String()
}
