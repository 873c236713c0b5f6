// Package diagram draws an architecture as a graph: as SVG with a layout of its own, as Mermaid and as Graphviz DOT.
//
//	models.Architecture ─ Of ─▶ Graph ─┬─▶ layout ─▶ drawing ─▶ SVG
//	experiments.Result ─ Loaded ─┘     ├─▶ Mermaid
//	                                   └─▶ DOT
//
// The layout is that of Sugiyama, Tagawa and Toda (Methods for visual understanding of hierarchical system structures, 1981): nodes stand in
// rows by their longest way from a source, an edge passes each row between its ends at a place of its own, and so does its label; the order
// in the rows is improved until few edges cross; and places are chosen that keep edges straight. Edges bend only between rows, where no node
// and no label is, so that they cross neither. Groups take a part of their rows that nothing else enters.
//
// Nothing is simulated here. The same graph gives the same bytes.
package diagram
