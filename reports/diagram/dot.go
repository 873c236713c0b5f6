package diagram

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// DOT writes the graph in the language of Graphviz.
func (g Graph) DOT(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", dotText(g.Title))
	fmt.Fprintf(&b, "  graph [rankdir=TB, label=%s, labelloc=t, fontname=Helvetica]\n", dotText(strings.TrimSpace(g.Title+" "+g.Caption)))
	b.WriteString("  node [fontname=Helvetica, fontsize=12, style=filled, fillcolor=\"" + light.node + "\", color=\"" + light.line + "\"]\n")
	b.WriteString("  edge [fontname=Helvetica, fontsize=10, color=\"" + light.edge + "\"]\n")
	define := func(indent string, n *Node) {
		fmt.Fprintf(&b, "%s%s [label=%s, %s]\n", indent, dotText(n.Name), dotText(strings.Join(n.lines(), "\n")), strings.Join(n.dotAttributes(), ", "))
	}
	g.define(&b, "  }\n", func(k int, group Group) {
		fmt.Fprintf(&b, "  subgraph cluster_%d {\n    label=%s\n    style=filled\n    color=\"%s\"\n    fillcolor=\"%s\"\n", k+1, dotText(group.Name), light.frame, light.group)
	}, define)
	for i := range g.Edges {
		e := &g.Edges[i]
		var attributes []string
		if label := e.Label(); len(label) > 0 {
			attributes = append(attributes, "label="+dotText(strings.Join(label, "\n")))
		}
		switch e.class() {
		case "edge async":
			attributes = append(attributes, "style=dashed")
		case "edge else", "edge unused":
			attributes = append(attributes, "style=dotted")
		}
		fmt.Fprintf(&b, "  %s -> %s [%s]\n", dotText(e.From), dotText(e.To), strings.Join(attributes, ", "))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// dotAttributes are the shape and the colours of a node.
func (n *Node) dotAttributes() []string {
	shape := map[string]string{
		"source": "oval", "database": "cylinder", "cache": "cylinder", "load-balancer": "hexagon", "rate-limiter": "octagon", "queue": "cds", "worker": "component",
		"cdn": "ellipse", "external": "ellipse", "function": "parallelogram",
	}[n.Kind]
	if shape == "" {
		shape = "box"
	}
	all := []string{"shape=" + shape}
	if n.Count > 1 && (shape == "box" || shape == "octagon" || shape == "hexagon") {
		all = append(all, "peripheries=2")
	}
	switch {
	case n.Source:
		all = append(all, fmt.Sprintf("fillcolor=%q, fontcolor=%q", light.source, light.onSource))
	case n.Load != nil:
		all = append(all, fmt.Sprintf("fillcolor=%q, fontcolor=%q", Colour(n.Load.Utilization), onLoad))
	}
	if n.Bottleneck {
		all = append(all, "penwidth=3")
	}
	return all
}

// dotText is a text in quotes.
func dotText(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, s)
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(clean) + `"`
}
