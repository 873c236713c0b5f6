package diagram

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// sweeps is how often the order of the rows is gone through, down and up.
const sweeps = 12

// order finds an order of the items in each row with few crossings: barycentres, then exchanges of neighbours (Sugiyama et al. 1981;
// Gansner et al. 1993). Groups keep one order from left to right in all rows; which, is tried out.
func (l *layout) order() {
	lanes := make([]int, len(l.spans))
	for k := range lanes {
		lanes[k] = k
	}
	best := l.orderWith(lanes)
	kept := slices.Clone(l.rows)
	for again := len(lanes) <= mostTried; again; {
		again = false
		for k := 0; k+1 < len(lanes); k++ {
			lanes[k], lanes[k+1] = lanes[k+1], lanes[k]
			if n := l.orderWith(lanes); n < best {
				best, kept, again = n, slices.Clone(l.rows), true
			} else {
				lanes[k], lanes[k+1] = lanes[k+1], lanes[k]
			}
		}
	}
	l.rows = kept
	l.number()
}

// mostTried is how many groups there are at most where other orders of them are tried.
const mostTried = 8

// orderWith orders the rows with groups in a given order, and returns what that costs.
func (l *layout) orderWith(lanes []int) float64 {
	rank := make([]int, len(lanes))
	for i, k := range lanes {
		rank[k] = i
	}
	l.begin(rank)
	best := l.cost()
	kept := l.copyRows()
	for i := range sweeps {
		l.sweep(i%2 == 0, rank)
		l.exchange()
		if n := l.cost(); n < best {
			best, kept = n, l.copyRows()
		}
	}
	l.rows = kept
	l.number()
	return best
}

func (l *layout) copyRows() [][]int {
	rows := make([][]int, len(l.rows))
	for i, row := range l.rows {
		rows[i] = slices.Clone(row)
	}
	return rows
}

// number notes the place of each item in its row.
func (l *layout) number() {
	for _, row := range l.rows {
		for place, i := range row {
			l.items[i].place = place
		}
	}
}

// begin puts the items into their rows in the order in which they are reached, depth first, groups together.
func (l *layout) begin(rank []int) {
	for i := range l.rows {
		l.rows[i] = l.rows[i][:0]
	}
	seen := make([]bool, len(l.items))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		l.rows[l.items[i].row] = append(l.rows[l.items[i].row], i)
		for _, d := range l.items[i].down {
			visit(d.to)
		}
	}
	for i := range l.items {
		if len(l.items[i].up) == 0 {
			visit(i)
		}
	}
	l.number()
	for r := range l.rows {
		l.arrange(r, rank, func(i int) float64 { return float64(l.items[i].place) })
	}
}

// sweep arranges each row by where the neighbours of its items are in the row before, or behind.
func (l *layout) sweep(down bool, rank []int) {
	for n := range l.rows {
		r := n
		if !down {
			r = len(l.rows) - 1 - n
		}
		l.arrange(r, rank, func(i int) float64 {
			links := l.items[i].up
			if !down {
				links = l.items[i].down
			}
			if len(links) == 0 {
				return float64(l.items[i].place)
			}
			sum := 0.0
			for _, k := range links {
				sum += float64(l.items[k.to].place)
			}
			return sum / float64(len(links))
		})
	}
}

// block is what stays together in a row: an item on its own, or those of a group.
type block struct {
	group int // -1: none
	items []int
	key   float64
}

// blocks divides a row.
func (l *layout) blocks(row int) []block {
	var all []block
	for _, i := range l.rows[row] {
		g := l.items[i].group
		if at := slices.IndexFunc(all, func(b block) bool { return g >= 0 && b.group == g }); at >= 0 {
			all[at].items = append(all[at].items, i)
			continue
		}
		all = append(all, block{group: g, items: []int{i}})
	}
	return all
}

// arrange sorts a row by a key; groups stay together, between their borders, and in their order.
func (l *layout) arrange(row int, rank []int, key func(item int) float64) {
	keys := make(map[int]float64, len(l.rows[row]))
	for _, i := range l.rows[row] {
		keys[i] = key(i)
	}
	all := l.blocks(row)
	var groups []block
	for k := range all {
		b := &all[k]
		sum := 0.0
		for _, i := range b.items {
			sum += keys[i]
		}
		b.key = sum / float64(len(b.items))
		slices.SortStableFunc(b.items, func(i, j int) int {
			return cmp.Or(cmp.Compare(l.items[i].border, l.items[j].border), cmp.Compare(keys[i], keys[j]))
		})
		if b.group >= 0 {
			groups = append(groups, *b)
		}
	}
	slices.SortStableFunc(all, func(a, b block) int { return cmp.Compare(a.key, b.key) })
	slices.SortStableFunc(groups, func(a, b block) int { return cmp.Compare(rank[a.group], rank[b.group]) })
	line := l.rows[row][:0]
	for _, b := range all {
		if b.group >= 0 { // the place is a group's: of the next in their order
			b, groups = groups[0], groups[1:]
		}
		line = append(line, b.items...)
	}
	for place, i := range line {
		l.items[i].place = place
	}
}

// exchange swaps neighbours in all rows while that takes crossings away.
func (l *layout) exchange() {
	for again, rounds := true, 0; again && rounds < 10; rounds++ {
		again = false
		for r := range l.rows {
			for _, b := range l.blocks(r) { // within the groups
				for k := 0; k+1 < len(b.items); k++ {
					i, j := b.items[k], b.items[k+1]
					if l.items[i].border == 0 && l.items[j].border == 0 && l.gain([]int{i}, []int{j}) > 0 {
						b.items[k], b.items[k+1] = j, i
						again = true
						l.swap(r, []int{i}, []int{j})
					}
				}
			}
			all := l.blocks(r)
			for k := 0; k+1 < len(all); k++ {
				a, b := all[k], all[k+1]
				if (a.group < 0 || b.group < 0) && l.gain(a.items, b.items) > 0 {
					all[k], all[k+1] = b, a
					again = true
					l.swap(r, a.items, b.items)
				}
			}
		}
	}
}

// swap lets items change places with those right of them.
func (l *layout) swap(row int, a, b []int) {
	at := l.items[a[0]].place
	for _, i := range append(slices.Clone(b), a...) {
		l.rows[row][at], l.items[i].place = i, at
		at++
	}
}

// gain is how many crossings less there are if items change places with those right of them.
func (l *layout) gain(a, b []int) int {
	n := 0
	for _, i := range a {
		for _, j := range b {
			n += l.gainOf(l.items[i].up, l.items[j].up) + l.gainOf(l.items[i].down, l.items[j].down)
		}
	}
	return n
}

func (l *layout) gainOf(left, right []link) int {
	n := 0
	for _, p := range left {
		for _, q := range right {
			n += cmp.Compare(l.items[p.to].place, l.items[q.to].place)
		}
	}
	return n
}

// crossingCost is how much longer edges may be for one crossing less, in pixels.
const crossingCost = 300.0

// cost says how good an order is: few crossings, then short edges, with each row as short as it can be and in the middle of the picture.
func (l *layout) cost() float64 {
	for _, row := range l.rows {
		l.pack(row)
	}
	length := 0.0
	for i := range l.items {
		if l.items[i].border == 0 {
			for _, k := range l.items[i].down {
				length += math.Abs(l.items[i].x - l.items[k.to].x)
			}
		}
	}
	return crossingCost*float64(l.crossings()) + length
}

// pack puts the items of a row as near to each other as they may be, with x 0 in the middle.
func (l *layout) pack(row []int) {
	x := 0.0
	for k, i := range row {
		if k > 0 {
			x += l.gap(row[k-1], i)
		}
		l.items[i].x = x
	}
	for _, i := range row {
		l.items[i].x -= x / 2
	}
}

// crossings counts how often links cross between all rows.
func (l *layout) crossings() int {
	n := 0
	for _, row := range l.rows {
		var ends []int // of the links from this row to the next, by where they begin
		for _, i := range row {
			from := len(ends)
			for _, k := range l.items[i].down {
				ends = append(ends, l.items[k.to].place)
			}
			slices.Sort(ends[from:])
		}
		n += inversions(ends)
	}
	return n
}

// inversions counts the pairs of numbers of which the first is the larger.
func inversions(of []int) int {
	var before []int
	n := 0
	for _, v := range of {
		at := sort.SearchInts(before, v+1)
		n += len(before) - at
		before = slices.Insert(before, at, v)
	}
	return n
}
