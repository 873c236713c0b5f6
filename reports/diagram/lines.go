package diagram

import (
	"math"
	"slices"
)

// A line is items, one above the other, that are to stand straight below each other: each is the middle one of those that its neighbour is
// linked to (after Brandes and Köpf, Fast and simple horizontal coordinate assignment, 2001).
type line struct {
	items  []int
	shifts []float64 // from the first
}

// lines finds them.
func (l *layout) lines() []line {
	var all []line
	for i := range l.items {
		if _, follows := l.follows(i, middle(l.items[i].up)); follows || l.items[i].border != 0 {
			continue // it is in the line of another
		}
		n := line{[]int{i}, []float64{0}}
		for at := i; ; {
			next := middle(l.items[at].down)
			if next == nil {
				break
			}
			if back, follows := l.follows(next.to, middle(l.items[next.to].up)); !follows || back != at {
				break
			}
			n.items = append(n.items, next.to)
			n.shifts = append(n.shifts, n.shifts[len(n.shifts)-1]+next.shift)
			at = next.to
		}
		if len(n.items) > 1 {
			all = append(all, n)
			l.stiffen(n)
		}
	}
	return all
}

// follows tells which item one stands straight below, if it does.
func (l *layout) follows(i int, up *link) (above int, does bool) {
	if up == nil || l.items[i].border != 0 {
		return 0, false
	}
	down := middle(l.items[up.to].down)
	return up.to, down != nil && down.to == i
}

// middle is the one of links that has as many on its left as on its right.
func middle(links []link) *link {
	if len(links)%2 == 0 {
		return nil
	}
	return &links[len(links)/2]
}

// move puts a line where its items want to be together; where there is no room for all of it to be straight, in parts as long as can be.
func (l *layout) move(n line) {
	for len(n.items) > 0 {
		low, high := math.Inf(-1), math.Inf(1)
		fits := 0
		for ; fits < len(n.items); fits++ {
			it := &l.items[n.items[fits]]
			least, most := l.reach(l.rows[it.row], it.place)
			least, most = max(low, least-n.shifts[fits]), min(high, most-n.shifts[fits])
			if least > most && fits > 0 {
				break
			}
			low, high = least, most
		}
		l.moveTogether(line{n.items[:fits], n.shifts[:fits]}, low, high)
		n = line{n.items[fits:], n.shifts[fits:]}
	}
}

// moveTogether puts items where they want to be, from low to high for the first of the whole line.
func (l *layout) moveTogether(n line, low, high float64) {
	sum, weight := 0.0, 0.0
	for k, i := range n.items {
		for _, links := range [][]link{l.items[i].up, l.items[i].down} {
			for _, other := range links {
				if !slices.Contains(n.items, other.to) {
					sum += other.weight * (l.items[other.to].x - other.shift - n.shifts[k])
					weight += other.weight
				}
			}
		}
	}
	x := l.items[n.items[0]].x - n.shifts[0]
	if weight > 0 {
		x = sum / weight
	}
	x = min(max(x, low), high)
	for k, i := range n.items {
		l.put(i, x+n.shifts[k])
	}
}

// stiffen makes it matter more that a line is straight.
func (l *layout) stiffen(n line) {
	for k := 1; k < len(n.items); k++ {
		a, b := n.items[k-1], n.items[k]
		for _, end := range []struct {
			links []link
			to    int
		}{{l.items[a].down, b}, {l.items[b].up, a}} {
			for i := range end.links {
				if end.links[i].to == end.to {
					end.links[i].weight *= stiff
				}
			}
		}
	}
}

// stiff is how many times as much.
const stiff = 6
