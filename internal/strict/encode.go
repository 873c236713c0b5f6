package strict

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// YAML is the text of the document: the original as long as nothing was set, and otherwise written anew, with aliases
// and merged keys resolved and, where the YAML writer can place them, its comments.
func (d *Document) YAML() []byte {
	if !d.changed || d.root == nil {
		return d.original
	}
	for _, plain := range []bool{false, true} {
		text, ok := d.encode(plain)
		if ok && (plain || d.reads(text)) {
			return text
		}
	}
	return d.original
}

// reads tells whether a text reads back as this document: the YAML writer cannot put every comment and
// every style where it was.
func (d *Document) reads(text []byte) bool {
	back := Parse(d.file, text)
	return back.root != nil && same(d.root, back.root)
}

// same compares kinds, texts, keys and order.
func same(a, b *Value) bool {
	if a.kind != b.kind || a.text != b.text || len(a.entries) != len(b.entries) || len(a.items) != len(b.items) {
		return false
	}
	for i, entry := range a.entries {
		if entry.Key != b.entries[i].Key || !same(entry.Value, b.entries[i].Value) {
			return false
		}
	}
	for i, item := range a.items {
		if !same(item, b.items[i]) {
			return false
		}
	}
	return true
}

// encode writes the document; plain is without comments and the original's styles.
func (d *Document) encode(plain bool) (text []byte, ok bool) {
	defer func() {
		if recover() != nil { // the YAML writer is not ours
			ok = false
		}
	}()
	var out bytes.Buffer
	dumper, err := yaml.NewDumper(&out, yaml.WithIndent(2), yaml.WithLineWidth(-1), yaml.WithUnicode(true))
	if err != nil {
		return nil, false
	}
	if err := dumper.Dump(d.root.encoded(plain)); err != nil {
		return nil, false
	}
	if err := dumper.Close(); err != nil {
		return nil, false
	}
	return out.Bytes(), true
}

// encoded makes the node to write for a value.
func (v *Value) encoded(plain bool) *yaml.Node {
	out := &yaml.Node{}
	switch v.kind {
	case Map:
		out.Kind, out.Tag = yaml.MappingNode, "!!map"
		for _, entry := range v.entries {
			out.Content = append(out.Content, entry.KeyAt.encoded(plain), entry.Value.encoded(plain))
		}
	case List:
		out.Kind, out.Tag = yaml.SequenceNode, "!!seq"
		for _, item := range v.items {
			out.Content = append(out.Content, item.encoded(plain))
		}
	case Null:
		out.Kind, out.Tag, out.Value = yaml.ScalarNode, "!!null", "null"
	default:
		v.encodeText(out, plain)
	}
	if v.node != nil && v.node.Kind == out.Kind && !plain {
		out.Style |= v.node.Style & yaml.FlowStyle
		out.HeadComment, out.LineComment, out.FootComment = v.node.HeadComment, v.node.LineComment, v.node.FootComment
	}
	return out
}

// encodeText writes a scalar so that it reads back as the same text, unquoted where it was.
func (v *Value) encodeText(out *yaml.Node, plain bool) {
	out.Kind, out.Tag, out.Value = yaml.ScalarNode, "!!str", v.text
	if v.node == nil {
		return
	}
	quoting := v.node.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle)
	switch {
	case plain && quoting != 0, v.text == "<<":
		out.Style = yaml.DoubleQuotedStyle
	case quoting != 0:
		out.Style = quoting
	case v.node.Style&yaml.TaggedStyle == 0 && v.node.Tag != "":
		out.Tag = v.node.Tag // 404 stays 404, and does not become "404"
	}
}
