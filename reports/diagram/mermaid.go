package diagram

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Mermaid writes the graph as a flowchart that Mermaid draws, as many sites do with what stands in a block of Markdown.
func (g Graph) Mermaid(w io.Writer) error {
	var b strings.Builder
	ids := g.ids()
	b.WriteString("flowchart TB\n")
	define := func(indent string, n *Node) {
		open, shut := mermaidShape(n.Kind)
		fmt.Fprintf(&b, "%s%s%s\"%s\"%s\n", indent, ids[n.Name], open, mermaidText(strings.Join(n.lines(), "\n")), shut)
	}
	g.define(&b, "  end\n", func(k int, group Group) {
		fmt.Fprintf(&b, "  subgraph group%d [\"%s\"]\n", k+1, mermaidText(group.Name))
	}, define)
	for i := range g.Edges {
		e := &g.Edges[i]
		arrow := "-->"
		if class := e.class(); class != "edge" {
			arrow = "-.->"
		}
		if label := e.Label(); len(label) > 0 {
			arrow += "|\"" + mermaidText(strings.Join(label, "\n")) + "\"|"
		}
		fmt.Fprintf(&b, "  %s %s %s\n", ids[e.From], arrow, ids[e.To])
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		switch {
		case n.Source:
			fmt.Fprintf(&b, "  style %s fill:%s,color:%s\n", ids[n.Name], light.source, light.onSource)
		case n.Load != nil && n.Bottleneck:
			fmt.Fprintf(&b, "  style %s fill:%s,color:%s,stroke-width:4px\n", ids[n.Name], Colour(n.Load.Utilization), onLoad)
		case n.Load != nil:
			fmt.Fprintf(&b, "  style %s fill:%s,color:%s\n", ids[n.Name], Colour(n.Load.Utilization), onLoad)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// define writes the nodes as text: those of each group between its beginning and its end, and then those of none.
func (g Graph) define(b *strings.Builder, end string, begin func(k int, group Group), node func(indent string, n *Node)) {
	grouped := map[string]bool{}
	for k, group := range g.Groups {
		begin(k, group)
		for i := range g.Nodes {
			if n := &g.Nodes[i]; slices.Contains(group.Nodes, n.Name) {
				node("    ", n)
				grouped[n.Name] = true
			}
		}
		b.WriteString(end)
	}
	for i := range g.Nodes {
		if !grouped[g.Nodes[i].Name] {
			node("  ", &g.Nodes[i])
		}
	}
}

// lines are the texts of a node.
func (n *Node) lines() []string {
	lines := []string{n.Name}
	if n.Count > 1 {
		lines[0] += fmt.Sprintf(" ×%d", n.Count)
	}
	lines = append(lines, n.Details...)
	if n.Load != nil {
		lines = append(lines, n.Load.String())
	}
	return lines
}

// mermaidShape is what stands around the text of a kind.
func mermaidShape(kind string) (open, shut string) {
	switch kind {
	case "source":
		return "([", "])"
	case "database", "cache":
		return "[(", ")]"
	case "load-balancer":
		return "{{", "}}"
	case "rate-limiter":
		return "[/", "\\]"
	case "queue":
		return "[/", "/]"
	case "worker":
		return "[[", "]]"
	case "cdn", "external":
		return "(", ")"
	}
	return "[", "]"
}

// mermaidText escapes a text in quotes. Mermaid knows entities by name or number, written with # for &.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString("<br/>")
		case strings.ContainsRune("\"#;<>&`\\", r):
			fmt.Fprintf(&b, "#%d;", r)
		case unicode.IsControl(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mermaidWords are words of the language, which cannot be the name of a node in it.
var mermaidWords = []string{"call", "class", "classdef", "click", "default", "direction", "end", "flowchart", "graph", "href", "interpolate", "linkstyle", "style", "subgraph"}

// ids names each node by letters, digits and _, as near to its own name as possible.
func (g Graph) ids() map[string]string {
	ids, taken := map[string]string{}, map[string]bool{}
	for _, n := range g.Nodes {
		id := strings.Map(func(r rune) rune {
			if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
				return r
			}
			return '_'
		}, n.Name)
		if !unicode.IsLetter(rune(id[0])) {
			id = "n" + id
		}
		if slices.Contains(mermaidWords, strings.ToLower(id)) || strings.HasPrefix(id, "group") {
			id = "n_" + id
		}
		for taken[id] {
			id += "_"
		}
		ids[n.Name], taken[id] = id, true
	}
	return ids
}
