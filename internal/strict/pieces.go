package strict

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// mostPieces bounds how many commas one value may have, so that a long list of open parentheses
// does not take a quadratic time.
const mostPieces = 100

// joined returns the content of a map or a list with such pieces put together that a comma
// has torn apart: inside braces and brackets YAML reads
//
//	{work: normal(mean=4ms, sd=1ms)}
//
// as a key `work` with the value `normal(mean=4ms`, and a key `sd=1ms)` without a value. An opened
// parenthesis tells, and one error takes the place of the several that would follow.
func (b *builder) joined(v *Value) []*yaml.Node {
	content := v.node.Content
	if v.node.Style&yaml.FlowStyle == 0 {
		return content
	}
	stride := 1 // a list's elements, or a map's keys and values
	if v.kind == Map {
		stride = 2
	}
	out := make([]*yaml.Node, 0, len(content))
	for i := 0; i+stride <= len(content); i += stride {
		head := torn(content[i+stride-1])
		pieces := following(head, content[i+stride:], stride)
		out = append(out, content[i:i+stride]...)
		if len(pieces) > 0 {
			out[len(out)-1] = b.rejoin(v, content[i+stride-1], head, pieces)
			i += stride * len(pieces)
		}
	}
	return out
}

// torn returns the scalar with an open parenthesis that a node is, or (as `[cpu: normal(mean=4ms, …`
// makes a map of one key) ends in; nil if there is none.
func torn(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle != 0 && len(node.Content) == 2 {
		node = node.Content[1]
	}
	if isPlain(node) && open(node.Value) > 0 {
		return node
	}
	return nil
}

// following returns the pieces after a torn value up to the one that closes its parenthesis, or as
// far as they can be pieces at all.
func following(head *yaml.Node, rest []*yaml.Node, stride int) []*yaml.Node {
	var pieces []*yaml.Node
	if head == nil {
		return nil
	}
	depth := open(head.Value)
	for i := 0; i+stride <= len(rest) && depth > 0 && len(pieces) < mostPieces; i += stride {
		alone := stride == 1 || isNull(rest[i+1]) && rest[i+1].Value == ""
		if !isPlain(rest[i]) || !alone {
			break
		}
		pieces = append(pieces, rest[i])
		depth += open(rest[i].Value)
	}
	if depth > 0 && stride == 1 {
		return nil // elements that never close it are elements
	}
	return pieces
}

// rejoin reports torn pieces and returns the element they were meant to be.
func (b *builder) rejoin(v *Value, element, head *yaml.Node, pieces []*yaml.Node) *yaml.Node {
	text, last := head.Value, head
	for _, piece := range pieces {
		text, last = text+" "+piece.Value, piece
	}
	at := b.place(head)
	if last.Line == head.Line {
		at.width = last.Column - head.Column + utf8.RuneCountInString(last.Value)
	}
	message := fmt.Sprintf("a comma ends a value inside { } and [ ]: write it with spaces, %s, or quote it", quote(text))
	if open(text) > 0 {
		message = fmt.Sprintf("the parenthesis of %s is not closed", quote(text))
		text += strings.Repeat(")", open(text))
	}
	b.doc.report(at, v.path, message, "", false)

	whole := *head
	whole.Value, whole.Tag = text, "!!str"
	b.rejoined[&whole] = true // reported; what it should have been is not judged
	if element == head {
		return &whole
	}
	around := *element // the map of one key that ends in the torn value
	around.Content = []*yaml.Node{element.Content[0], &whole}
	return &around
}

// isPlain tells whether a node is an unquoted text.
func isPlain(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Value != "" &&
		node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// open counts the parentheses that a text opens and does not close.
func open(text string) int { return strings.Count(text, "(") - strings.Count(text, ")") }
