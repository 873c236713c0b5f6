package strict

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// widestLine is where values in braces and brackets are wrapped, in characters.
const widestLine = 120

// flow writes values in braces and brackets, wrapped where a line would become too wide.
type flow struct {
	out     strings.Builder
	column  int
	newline string
}

// flowed is the text of a value that begins at a column; its further lines are indented.
func (t *layout) flowed(v *Value, column, indent int, inFlow bool) string {
	f := flow{column: column, newline: t.newline}
	f.value(v, indent, inFlow)
	return f.out.String()
}

func (f *flow) write(text string) {
	f.out.WriteString(text)
	f.column += utf8.RuneCountInString(text)
}

// value writes a value, in one line if it fits.
func (f *flow) value(v *Value, indent int, inFlow bool) {
	line := oneLine(v, inFlow)
	if f.column+utf8.RuneCountInString(line) <= widestLine || len(v.entries)+len(v.items) == 0 {
		f.write(line)
		return
	}
	if v.kind == List {
		f.write("[")
		for i, item := range v.items {
			f.between(i, indent, oneElement(item))
			if f.column+utf8.RuneCountInString(oneElement(item)) <= widestLine {
				f.write(oneElement(item))
			} else {
				f.value(item, indent+2, true)
			}
		}
		f.write("]")
		return
	}
	f.write("{")
	for i, entry := range v.entries {
		key := keyText(entry.Key, true) + ": "
		f.between(i, indent, key+oneLine(entry.Value, true))
		f.write(key)
		f.value(entry.Value, indent+2, true)
	}
	f.write("}")
}

// between writes what stands before an element, which begins a line where it does not fit into the one that is begun.
func (f *flow) between(i, indent int, element string) {
	if i == 0 {
		return
	}
	f.write(",")
	if f.column+utf8.RuneCountInString(element)+len(" ,") <= widestLine {
		f.write(" ")
		return
	}
	f.out.WriteString(f.newline + strings.Repeat(" ", indent))
	f.column = indent
}

// Flow is the text of a value in one line, lists in brackets and maps in braces: Set reads it back.
func (v *Value) Flow() string { return oneLine(v, false) }

// oneLine is the text of a value in one line.
func oneLine(v *Value, inFlow bool) string {
	var parts []string
	switch v.kind {
	case Map:
		for _, entry := range v.entries {
			parts = append(parts, keyText(entry.Key, true)+": "+oneLine(entry.Value, true))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case List:
		for _, item := range v.items {
			parts = append(parts, oneElement(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Null:
		return "null"
	}
	return v.scalarText(inFlow)
}

// oneElement is oneLine for an element of a list: a map of one key needs no braces there, as in [cpu: exp(4ms), read: db].
func oneElement(v *Value) string {
	line := oneLine(v, true)
	if len(v.entries) == 1 {
		return line[1 : len(line)-1]
	}
	return line
}

// scalarText is the text of a single value, with the quotes that it has or needs.
func (v *Value) scalarText(inFlow bool) string {
	before, after := "k: ", ""
	if inFlow {
		before, after = "{k: ", "}"
	}
	reads := func(text string) bool {
		back := Parse("", []byte(before+text+after)).Root().Get("k")
		return back.Kind() == Scalar && back.text == v.text
	}
	plain := v.node == nil || v.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
	return unquotedIf(plain, v.text, reads)
}

// keyText is the text of a key, with quotes if it needs them.
func keyText(key string, inFlow bool) string {
	before, after := "", ": 1"
	if inFlow {
		before, after = "{", ": 1}"
	}
	return unquotedIf(true, key, func(text string) bool {
		entries := Parse("", []byte(before+text+after)).Root().Entries()
		return len(entries) == 1 && entries[0].Key == key
	})
}

// unquotedIf is a text as it stands, if it may and reads so, and otherwise in quotes.
func unquotedIf(plain bool, text string, reads func(string) bool) string {
	single := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	switch {
	case plain && !strings.ContainsAny(text, "\r\n") && reads(text):
		return text
	case !strings.ContainsAny(text, "\r\n\t'") && reads(single):
		return single
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}
