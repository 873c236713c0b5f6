package reports

import (
	"math"
	"strings"

	"headroom/experiments"
)

// The waterfall has at most so many columns, and is left out where fewer than the least are free. What a node says is broken into lines, so
// that the waterfall has its usual width at least, but not into shorter ones than that.
const (
	widestFall    = 44
	usualFall     = 24
	narrowestFall = 12
	shortestLine  = 28
)

// hops has a row for each hop, with a waterfall as wide as the page has room for.
func hops(r experiments.TracedRequest, s Style, margin string) block {
	t := &table{columns: []column{
		{name: true}, {title: "arrives", number: true}, {title: "waits", number: true}, {title: "works", number: true},
		{title: "network", number: true}, {drawing: true}, {title: "outcome"},
	}}
	network := false
	for _, h := range r.Hops {
		network = network || h.Network > 0
		t.rows = append(t.rows, []phrase{
			say(strings.Repeat(margin, h.Depth) + hopName(h)), say(seconds(h.Start)), duration(h.Wait), duration(h.Service), duration(h.Network), nil, nil,
		})
	}
	if !network {
		t = t.without(func(c column) bool { return c.title == "network" })
	}
	wanted := usualFall
	if lastMoment(r) == 0 {
		wanted = 0
	}
	first, free := t.addOutcomes(r, s, wanted)
	if wanted == 0 || free < narrowestFall {
		return block{title: "Hops", table: t.without(func(c column) bool { return c.drawing })}
	}
	f := newFall(r, min(free, widestFall))
	fall := len(t.columns) - 2
	t.columns[fall].title = f.axis()
	for i, h := range r.Hops {
		t.rows[first[i]][fall] = f.draw(h)
	}
	return block{title: "Hops", table: t, lines: []line{{key, f.legend()}}}
}

// addOutcomes puts how each hop ended into the last column, on as many rows as it needs. It returns the first row of each hop, and how many columns
// are free for a waterfall that wants so many.
func (t *table) addOutcomes(r experiments.TracedRequest, s Style, wanted int) (first []int, free int) {
	free = s.width() - len(indent) - (t.width() - measure("outcome"))
	rows := t.rows
	t.rows = nil
	for i, h := range r.Hops {
		first = append(first, len(t.rows))
		for k, line := range result(h, s.Verbose).wrapped(max(free-wanted, shortestLine)) {
			if k > 0 {
				rows[i] = make([]phrase, len(t.columns))
			}
			rows[i][len(t.columns)-1] = line
			t.rows = append(t.rows, rows[i])
		}
	}
	return first, min(free, s.width()-len(indent)-t.width())
}

// lastMoment is when the last thing that is known of a request happens, 0 where it takes no time.
func lastMoment(r experiments.TracedRequest) experiments.Num {
	last := experiments.Num(0)
	if r.Latency.Known() {
		last = r.Latency
	}
	for _, h := range r.Hops {
		for _, at := range []experiments.Num{h.Start, h.End} {
			if at.Known() && at > last {
				last = at
			}
		}
		if k := len(h.Spells); k > 0 && h.Spells[k-1].End > last {
			last = h.Spells[k-1].End
		}
	}
	return last
}

// A fall draws the time of a request from left to right.
type fall struct {
	cells  int
	last   float64
	answer int // the cell before which the client has its answer; cells: all ends with it
	drawn  [signs]bool
}

// A sign says what a cell's time is spent on for the most part.
type sign int

const (
	works sign = iota
	waits
	travels
	calls
	atAnswer
	signs
)

// signs and what they mean: they differ without colours.
var (
	signText = [signs]string{"▇", "░", "─", "·", "┊"}
	signTone = [signs]tone{plain, warning, quiet, quiet, quiet}
	signSays = [signs]string{"works", "waits", "network", "left to those it calls", "the client has its answer"}
)

func newFall(r experiments.TracedRequest, cells int) *fall {
	f := &fall{cells: cells, last: float64(lastMoment(r)), answer: cells}
	if r.Latency.Known() && float64(r.Latency) < f.last {
		f.answer = min(int(math.Round(float64(r.Latency)/f.last*float64(cells))), cells-1)
	}
	return f
}

// axis says at which times the waterfall begins and ends.
func (f *fall) axis() string { return between("0s", seconds(experiments.Num(f.last)), f.cells) }

// draw says cell by cell what a hop does.
func (f *fall) draw(h experiments.Hop) phrase {
	begin, end := float64(h.Start)/f.last*float64(f.cells), float64(f.cells)
	if h.End.Known() {
		end *= float64(h.End) / f.last
	}
	from := min(int(math.Round(begin)), f.cells-1)
	to := max(int(math.Round(end)), from+1)
	var p phrase
	for cell := range f.cells {
		switch {
		case cell >= from && cell < to:
			a, b := max(begin, float64(cell)), min(end, float64(cell+1))
			if a >= b { // it is drawn beside where it is
				a, b = begin, end
			}
			p = append(p, f.span(f.most(h, a, b)))
		case cell == f.answer:
			p = append(p, f.span(atAnswer))
		default:
			p = append(p, span{" ", plain})
		}
	}
	return p.unbroken()
}

func (f *fall) span(s sign) span {
	f.drawn[s] = true
	return span{signText[s], signTone[s]}
}

// most is what a hop does for most of a time, in cells; for one shorter than a cell that is its own.
func (f *fall) most(h experiments.Hop, from, to float64) sign {
	left := to - from
	most, spent := calls, [calls]float64{}
	for _, s := range h.Spells {
		begin, end := float64(s.Start)/f.last*float64(f.cells), float64(s.End)/f.last*float64(f.cells)
		d := max(min(end, to)-max(begin, from), 0)
		spent[signOf(s.What)] += d
		left -= d
	}
	for s, d := range spent {
		if d > 0 && d >= left {
			most, left = sign(s), d
		}
	}
	return most
}

func signOf(what string) sign {
	switch what {
	case experiments.Waiting:
		return waits
	case experiments.OnTheWay:
		return travels
	}
	return works
}

// legend says what the signs mean that were drawn.
func (f *fall) legend() phrase {
	var p phrase
	for s, drawn := range f.drawn {
		if !drawn {
			continue
		}
		if p != nil {
			p = p.then("   ")
		}
		p = append(p, span{signText[s], signTone[s]}, span{" " + signSays[s], quiet})
	}
	return p
}
