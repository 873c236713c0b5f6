package diagram

import (
	"math"
	"slices"
)

// rows numbers the row of each node: twice the length of its longest way from a source, so that there is a row between any two for labels
// and bends. Edges that close a cycle are turned round for it; turned tells which.
func rows(g Graph) (row []int, turned []bool) {
	at := map[string]int{}
	for i, n := range g.Nodes {
		at[n.Name] = i
	}
	ends := make([][2]int, len(g.Edges))
	out := make([][]int, len(g.Nodes))
	for e := range g.Edges {
		ends[e] = [2]int{at[g.Edges[e].From], at[g.Edges[e].To]}
		out[ends[e][0]] = append(out[ends[e][0]], e)
	}
	turned = back(ends, out)
	row = make([]int, len(g.Nodes))
	for range g.Nodes { // no way is longer
		changed := false
		for e, end := range ends {
			from, to := end[0], end[1]
			if turned[e] {
				from, to = to, from
			}
			if from != to && row[to] < row[from]+2 {
				row[to], changed = row[from]+2, true
			}
		}
		if !changed {
			break
		}
	}
	sink(g, ends, out, turned, row)
	return row, turned
}

// sink lets sources, and nodes that no source reaches, stand right before what they lead to.
func sink(g Graph, ends [][2]int, out [][]int, turned []bool, row []int) {
	reached := make([]bool, len(g.Nodes))
	var follow func(n int)
	follow = func(n int) {
		for _, e := range out[n] {
			if to := ends[e][1]; !reached[to] {
				reached[to] = true
				follow(to)
			}
		}
	}
	for i, n := range g.Nodes {
		if n.Source {
			follow(i)
		}
	}
	for again, rounds := true, 0; again && rounds < len(g.Nodes); rounds++ {
		again = false
		for i := range g.Nodes {
			least := -1
			for e, end := range ends {
				from, to := end[0], end[1]
				if turned[e] {
					from, to = to, from
				}
				if from == i && to != i && (least < 0 || row[to] < least) {
					least = row[to]
				}
			}
			if !reached[i] && least >= 2 && row[i] < least-2 {
				row[i], again = least-2, true
			}
		}
	}
}

// back finds edges without which there is no cycle: those that lead back to a node whose calls are being followed (depth first, in the order
// of the file).
func back(ends [][2]int, out [][]int) []bool {
	const (
		unseen = iota
		open
		done
	)
	state := make([]int, len(out))
	turned := make([]bool, len(ends))
	var follow func(n int)
	follow = func(n int) {
		state[n] = open
		for _, e := range out[n] {
			switch to := ends[e][1]; {
			case to == n: // drawn beside the node
			case state[to] == open:
				turned[e] = true
			case state[to] == unseen:
				follow(to)
			}
		}
		state[n] = done
	}
	for n := range out {
		if state[n] == unseen {
			follow(n)
		}
	}
	return turned
}

// An item stands in a row: a node, the label of an edge, or the place where an edge passes.
type item struct {
	node, edge  int // in the graph; -1: none
	row, group  int
	left, right float64 // how far it reaches from where edges meet it
	height      float64
	label       []string
	up, down    []link
	border      int // of a group: -1 its left one, 1 its right one, 0: none
	x           float64
	place       int // in its row, counted from 0
}

// link is an edge to an item in the next row, with its weight: how much it matters that it is straight.
type link struct {
	to     int
	weight float64
	shift  float64 // how far right of this item the other is, if the edge is straight: it meets a node beside others
}

// The weights of links, after Gansner et al., A technique for drawing directed graphs, 1993: long edges are to be straight.
const (
	nodeToBend   = 2.0
	bendToBend   = 8.0
	alongBorders = 8.0
)

// layout is a graph on its way to a picture.
type layout struct {
	g       Graph
	items   []item
	boxes   []box // by node
	chains  [][]int
	turned  []bool
	rows    [][]int    // the items of each, from left to right
	spans   []span     // by group
	borders [][2][]int // likewise: the items of the left one, and of the right one
	tops    []band     // by row
	frames  []frame    // by group
	width   float64
	height  float64
	anyRate bool // room is kept for other rates than those of the result
}

// span is the rows of a group, first and last.
type span struct{ first, last int }

// newLayout makes the items of a graph and links them.
func newLayout(g Graph, s Style) *layout {
	l := &layout{g: g, chains: make([][]int, len(g.Edges)), anyRate: s.Bare && g.loaded()}
	row, turned := rows(g)
	l.turned = turned
	at, group := map[string]int{}, map[string]int{}
	for i, k := range g.Groups {
		for _, name := range k.Nodes {
			group[name] = i + 1
		}
		l.spans = append(l.spans, span{1 << 30, -1})
	}
	for i, n := range g.Nodes {
		at[n.Name] = i
		b := newBox(n, g.loops(n.Name), g.loaded())
		l.boxes = append(l.boxes, b)
		k := group[n.Name] - 1
		l.items = append(l.items, item{node: i, edge: -1, row: row[i], group: k, left: b.width / 2, right: b.width/2 + b.beside, height: b.height + b.behind})
		if k >= 0 {
			s := &l.spans[k]
			s.first, s.last = min(s.first, row[i]), max(s.last, row[i])
		}
	}
	for e := range g.Edges {
		from, to := at[g.Edges[e].From], at[g.Edges[e].To]
		if turned[e] {
			from, to = to, from
		}
		if from != to {
			l.chain(e, from, to)
		}
	}
	last := 0
	for _, it := range l.items {
		last = max(last, it.row)
	}
	l.rows = make([][]int, last+1)
	l.addBorders()
	return l
}

// loops are the edges from a node to itself.
func (g Graph) loops(name string) []Edge {
	return slices.DeleteFunc(slices.Clone(g.Edges), func(e Edge) bool { return e.From != name || e.To != name })
}

// chain adds the items where an edge passes the rows between its ends; the label is in the first of them below the upper end.
func (l *layout) chain(e, from, to int) {
	group := -1
	if l.items[from].group == l.items[to].group {
		group = l.items[from].group
	}
	chain := []int{from}
	for row := l.items[from].row + 1; row < l.items[to].row; row++ {
		it := item{node: -1, edge: e, row: row, group: group, left: bendRoom, right: bendRoom}
		if row == l.items[from].row+1 {
			it.label = l.g.Edges[e].Label()
			wide := widestOf(it.label)
			if edge := l.g.Edges[e]; l.anyRate && !math.IsNaN(edge.Rate) {
				edge.Rate = widestRate
				wide = max(wide, widestOf(edge.Label()))
			}
			if wide > 0 {
				it.right = labelGap + wide + bendRoom
				it.height = float64(len(it.label)) * smallLine
			}
		}
		chain = append(chain, len(l.items))
		l.items = append(l.items, it)
	}
	chain = append(chain, to)
	for i := 1; i < len(chain); i++ {
		a, b := chain[i-1], chain[i]
		weight := nodeToBend
		if l.items[a].node < 0 && l.items[b].node < 0 {
			weight = bendToBend
		}
		l.items[a].down = append(l.items[a].down, link{to: b, weight: weight})
		l.items[b].up = append(l.items[b].up, link{to: a, weight: weight})
	}
	l.chains[e] = chain
}

// widestRate is a rate whose text is as wide as one can be.
const widestRate = 44.4e6

// addBorders gives each group a left and a right border in each of its rows, which keep others out.
func (l *layout) addBorders() {
	l.borders = make([][2][]int, len(l.spans))
	for k, s := range l.spans {
		for _, side := range []int{-1, 1} {
			above := -1
			for row := s.first; row <= s.last; row++ {
				i := len(l.items)
				l.items = append(l.items, item{node: -1, edge: -1, row: row, group: k, border: side})
				l.borders[k][(side+1)/2] = append(l.borders[k][(side+1)/2], i)
				if above >= 0 {
					l.items[above].down = append(l.items[above].down, link{to: i, weight: alongBorders})
					l.items[i].up = append(l.items[i].up, link{to: above, weight: alongBorders})
				}
				above = i
			}
		}
	}
}
