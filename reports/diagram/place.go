package diagram

import (
	"math"
	"slices"
)

// Room in pixels.
const (
	bendRoom   = 7.0  // left and right of an edge where it passes a row
	labelGap   = 6.0  // between an edge and its label
	nodeGap    = 26.0 // between nodes
	itemGap    = 8.0  // between others
	groupPad   = 14.0 // between a group's frame and what is inside
	groupGap   = 12.0 // and what is outside
	titleRoom  = 24.0 // of the name of a group, above its nodes
	rowGap     = 22.0 // between rows: where edges bend
	mostRowGap = 70.0
	margin     = 16.0
	portGap    = 14.0 // between edges that meet a node on one side
)

// frame is where a group is.
type frame struct{ left, right, top, bottom float64 }

// gap is how far the x of two neighbours in a row must be apart.
func (l *layout) gap(i, j int) float64 {
	a, b := &l.items[i], &l.items[j]
	between := itemGap
	switch {
	case a.border < 0 || b.border > 0:
		between = groupPad
	case a.border > 0 || b.border < 0:
		between = groupGap
	case a.node >= 0 && b.node >= 0:
		between = nodeGap
	}
	left := b.left
	if a.border < 0 && l.spans[a.group].first == a.row && b.node >= 0 { // the name of the group is left of where edges come in
		left = max(left, regular.width(l.g.Groups[a.group].Name, smallSize)+portGap/2*float64(max(len(b.up), 1))-2)
	}
	return a.right + between + left
}

// placeAcross gives each item its x.
func (l *layout) placeAcross() {
	for _, row := range l.rows {
		l.pack(row)
	}
	l.meet()
	lines := l.lines()
	for n := range 160 {
		for k := range l.rows {
			r := k
			if n%2 == 1 {
				r = len(l.rows) - 1 - k
			}
			l.settle(l.rows[r])
		}
	}
	l.frame()
	for range 80 {
		for _, line := range lines {
			l.move(line)
		}
		l.relax(lines)
	}
	l.shift()
}

// wanted is where an item would be best for those it is linked to, and how much that matters.
func (l *layout) wanted(i int) (x, weight float64) {
	it := &l.items[i]
	for _, links := range [][]link{it.up, it.down} {
		for _, k := range links {
			x += k.weight * (l.items[k.to].x - k.shift)
			weight += k.weight
		}
	}
	if it.border != 0 { // near the items inside
		row := l.rows[it.row]
		inner := row[it.place-it.border]
		at := l.items[inner].x - l.gap(i, inner)
		if it.border > 0 {
			at = l.items[inner].x + l.gap(inner, i)
		}
		x, weight = x+at, weight+1
	}
	if weight == 0 {
		return it.x, 1e-3
	}
	return x / weight, weight
}

// settle gives the items of a row the places that are nearest to those wanted, weighted by squares, in their order and with their gaps: pools
// of neighbours that would overlap are put where they want to be together (pool adjacent violators; Ayer et al. 1955).
func (l *layout) settle(row []int) {
	type pool struct {
		x, weight float64 // of its first item
		first     int     // place in the row
	}
	var pools []pool
	offset := make([]float64, len(row)) // from the first item of the row, with all gaps as small as they may be
	for k, i := range row {
		if k > 0 {
			offset[k] = offset[k-1] + l.gap(row[k-1], i)
		}
		x, w := l.wanted(i)
		p := pool{x - offset[k], w, k}
		for len(pools) > 0 && pools[len(pools)-1].x >= p.x {
			last := pools[len(pools)-1]
			p = pool{(last.x*last.weight + p.x*p.weight) / (last.weight + p.weight), last.weight + p.weight, last.first}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	for n, p := range pools {
		end := len(row)
		if n+1 < len(pools) {
			end = pools[n+1].first
		}
		for k := p.first; k < end; k++ {
			l.items[row[k]].x = p.x + offset[k]
		}
	}
}

// frame makes the borders of each group straight, moving to the right what is in the way.
func (l *layout) frame() {
	for again, rounds := true, 0; again && rounds < len(l.items); rounds++ {
		again = false
		for k := range l.spans {
			for _, side := range []int{-1, 1} {
				again = l.straighten(k, side) || again
			}
		}
		for _, row := range l.rows {
			for k := 1; k < len(row); k++ {
				if least := l.items[row[k-1]].x + l.gap(row[k-1], row[k]); l.items[row[k]].x < least-1e-9 {
					l.items[row[k]].x, again = least, true
				}
			}
		}
	}
}

// straighten puts all borders of one side of a group at the rightmost of them.
func (l *layout) straighten(group, side int) (moved bool) {
	x := math.Inf(-1)
	for _, i := range l.borders[group][(side+1)/2] {
		x = max(x, l.items[i].x)
	}
	for _, i := range l.borders[group][(side+1)/2] {
		moved = moved || l.items[i].x < x-1e-9
	}
	l.putBorders(group, side, x)
	return moved
}

// relax moves each item that is in no line as near as there is room to where it is wanted, and the borders of groups as near as there is room to
// what is inside.
func (l *layout) relax(lines []line) {
	inLine := make([]bool, len(l.items))
	for _, n := range lines {
		for _, i := range n.items {
			inLine[i] = true
		}
	}
	for _, row := range l.rows {
		for k, i := range row {
			if l.items[i].border != 0 || inLine[i] {
				continue
			}
			x, _ := l.wanted(i)
			low, high := l.reach(row, k)
			l.put(i, min(max(x, low), high))
		}
	}
	for k := range l.spans {
		for _, side := range []int{-1, 1} {
			x := math.Inf(-side)
			for _, i := range l.borders[k][(side+1)/2] {
				low, high := l.room(l.rows[l.items[i].row], l.items[i].place)
				if side < 0 {
					x = min(x, high)
				} else {
					x = max(x, low)
				}
			}
			l.putBorders(k, side, x)
		}
	}
}

// room is between where and where an item may be, with its neighbours where they are.
func (l *layout) room(row []int, place int) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if place > 0 {
		low = l.items[row[place-1]].x + l.gap(row[place-1], row[place])
	}
	if place+1 < len(row) {
		high = l.items[row[place+1]].x - l.gap(row[place], row[place+1])
	}
	return low, max(low, high)
}

// reach is between where and where an item may be if the borders of its group give way.
func (l *layout) reach(row []int, place int) (low, high float64) {
	low, high = l.room(row, place)
	if place > 0 && l.items[row[place-1]].border < 0 {
		low = l.limit(row[place-1]) + l.gap(row[place-1], row[place])
	}
	if place+1 < len(row) && l.items[row[place+1]].border > 0 {
		high = l.limit(row[place+1]) - l.gap(row[place], row[place+1])
	}
	return low, max(low, high)
}

// limit is how far to its side a border can be put, with what is outside where it is.
func (l *layout) limit(border int) float64 {
	side, group := l.items[border].border, l.items[border].group
	x := math.Inf(side)
	for _, i := range l.borders[group][(side+1)/2] {
		low, high := l.room(l.rows[l.items[i].row], l.items[i].place)
		if side < 0 {
			x = max(x, low)
		} else {
			x = min(x, high)
		}
	}
	return x
}

// put moves an item, and the borders of its group with it where it comes too near.
func (l *layout) put(i int, x float64) {
	it := &l.items[i]
	it.x = x
	if it.group < 0 {
		return
	}
	row := l.rows[it.row]
	if left := row[it.place-1]; l.items[left].border < 0 && x-l.gap(left, i) < l.items[left].x {
		l.putBorders(it.group, -1, x-l.gap(left, i))
	}
	if right := row[it.place+1]; l.items[right].border > 0 && x+l.gap(i, right) > l.items[right].x {
		l.putBorders(it.group, 1, x+l.gap(i, right))
	}
}

func (l *layout) putBorders(group, side int, x float64) {
	for _, i := range l.borders[group][(side+1)/2] {
		l.items[i].x = x
	}
}

// shift lets the picture begin at its margin, on whole pixels.
func (l *layout) shift() {
	left := math.Inf(1)
	for _, it := range l.items {
		left = min(left, it.x-it.left)
	}
	for i := range l.items {
		it := &l.items[i]
		it.x = math.Round(it.x - left + margin)
		l.width = max(l.width, it.x+it.right+margin)
	}
}

// band is where a row is: its top, that of what stands in it, and its bottom.
type band struct{ top, inner, low, bottom float64 }

// placeDown gives each row its y, and each group its frame.
func (l *layout) placeDown(top float64) {
	l.tops = make([]band, len(l.rows))
	y := top
	for r, row := range l.rows {
		b := &l.tops[r]
		inner := 0.0
		for _, i := range row {
			inner = max(inner, l.items[i].height)
		}
		above, below := 0.0, 0.0
		for _, s := range l.spans {
			if s.first == r {
				above = titleRoom
			}
			if s.last == r {
				below = groupPad
			}
		}
		*b = band{y, y + above, y + above + inner, y + above + inner + below}
		y = b.bottom + l.gapBelow(r)
	}
	l.height = l.tops[len(l.rows)-1].bottom + margin
	l.frames = make([]frame, len(l.spans))
	for k, s := range l.spans {
		l.frames[k] = frame{top: l.tops[s.first].top, bottom: l.tops[s.last].bottom}
	}
	for i := range l.items {
		switch it := &l.items[i]; it.border {
		case -1:
			l.frames[it.group].left = it.x
		case 1:
			l.frames[it.group].right = it.x
		}
	}
}

// gapBelow is the room between a row and the next: more, where an edge goes far to the side.
func (l *layout) gapBelow(r int) float64 {
	far := 0.0
	for _, i := range l.rows[r] {
		if l.items[i].border != 0 {
			continue
		}
		for _, k := range l.items[i].down {
			far = max(far, math.Abs(l.items[k.to].x-l.items[i].x))
		}
	}
	return math.Round(min(rowGap+far*0.08, mostRowGap))
}

// meet decides where edges meet the nodes: beside each other, in the order of where they lead.
func (l *layout) meet() {
	for i := range l.items {
		it := &l.items[i]
		if it.node < 0 {
			continue
		}
		for _, links := range [][]link{it.up, it.down} {
			slices.SortStableFunc(links, func(a, b link) int { return l.items[a.to].place - l.items[b.to].place })
			step := portGap
			if n := len(links); n > 1 {
				step = min(step, 2*math.Floor((l.boxes[it.node].width-2*portMargin)/float64(n-1)/2)) // even: on whole pixels
			}
			for k := range links {
				links[k].shift = step * (float64(k) - float64(len(links)-1)/2)
			}
		}
		l.answer(i, it.up, func(j int) []link { return l.items[j].down })
		l.answer(i, it.down, func(j int) []link { return l.items[j].up })
	}
}

// answer lets the links back to an item know of the shift of its own.
func (l *layout) answer(i int, links []link, back func(int) []link) {
	for _, k := range links {
		other := back(k.to)
		for n := range other {
			if other[n].to == i {
				other[n].shift = -k.shift
			}
		}
	}
}

// shiftTo is how far beside the middle of a node the edge to an item meets it.
func shiftTo(links []link, to int) float64 {
	for _, k := range links {
		if k.to == to {
			return k.shift
		}
	}
	return 0
}
