package plots

import (
	"fmt"
	"math"
)

// mostRows is how many rows a figure has at most; which are left out says its caption.
const mostRows = 32

// newRows is a figure with a name for each row, from the top down.
func newRows(names []string, x scale) *figure {
	f := &figure{x: x, y: scale{min: .4 - float64(len(names)), max: .6}}
	for _, n := range names {
		f.rows = append(f.rows, clean(n))
	}
	return f
}

// fitX makes the scale of x as long as bars and dots need, and returns the figure, or nil if there are no numbers.
func (f *figure) fitX() *figure {
	values := f.marked()
	for _, s := range f.shapes {
		switch s := s.(type) {
		case bar:
			values = append(values, s.to, s.low, s.high)
		case dot:
			values = append(values, s.x, s.low, s.high)
		}
	}
	if known(values) == len(f.marked()) {
		return nil
	}
	f.x.around(values)
	return f
}

// marked are the values that have a mark.
func (f *figure) marked() []float64 {
	var values []float64
	for _, m := range f.marks {
		values = append(values, m.x)
	}
	return values
}

// left says how many things of a kind have no row.
func left(all int, order string) string {
	if all <= mostRows {
		return ""
	}
	return fmt.Sprintf(" Shown are the %d %s; %d more are left out.", mostRows, order, all-mostRows)
}

// mostHues is how many curves of one figure have a colour and a label.
const mostHues = hues

// others says how many curves have none.
func others(all int, what string) string {
	if all <= mostHues {
		return ""
	}
	if all == mostHues+1 {
		return fmt.Sprintf(" The %d busiest %s are labelled, the quietest is grey.", mostHues, what)
	}
	return fmt.Sprintf(" The %d busiest %s are labelled, the %d quieter ones are grey.", mostHues, what, all-mostHues)
}

// highest is the greatest of the numbers that there are, -∞ where there is none.
func highest(values []float64) float64 {
	most := math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			most = max(most, v)
		}
	}
	return most
}

// first is the figure with only its first n rows, the last of which says how many more there are.
func (f *figure) first(n int) *figure {
	less := *f
	n = max(n, 1)
	less.rows = append(append([]string{}, f.rows[:n-1]...), fmt.Sprintf("%d more", len(f.rows)-n+1))
	less.y.min = .4 - float64(n)
	less.shapes = nil
	for _, s := range f.shapes {
		row := -1
		switch s := s.(type) {
		case bar:
			row = s.row
		case dot:
			row = s.row
		case note:
			row = s.row
		}
		if row < n-1 {
			less.shapes = append(less.shapes, s)
		}
	}
	return &less
}
