package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"headroom/experiments"
)

// mostQueues is how many queues are drawn over time: those that are the longest on average.
const mostQueues = 3

// A course is how a figure went over time.
type course struct {
	name   string
	points []experiments.Num
	format func(experiments.Num) string
	worst  bool // a cell shows the largest of its points, which a mean would hide
}

// overTime draws how the run went: the load, what came of it, the latency, the busiest resource, instances that come and go, and the longest queues.
func overTime(r *experiments.Result, width int) []block {
	if len(r.Series.T) < 2 {
		return nil
	}
	t := &table{columns: []column{{name: true}, {drawing: true}, {title: "least", number: true}, {title: "most", number: true}, {title: "at the end", number: true}}}
	courses := coursesOf(r)
	for _, c := range courses {
		least, most := extremes(c.points)
		t.rows = append(t.rows, []phrase{say(c.name), nil, say(c.format(least)), say(c.format(most)), say(c.format(c.points[len(c.points)-1]))})
	}
	cells := min(sparkCells(len(r.Series.T)), width-len(indent)-t.width())
	if cells < narrowestFall {
		return nil
	}
	end := r.Series.T[len(r.Series.T)-1] + r.Series.BucketSeconds
	t.columns[1].title = between("0s", seconds(end), cells)
	for i, c := range courses {
		t.rows[i][1] = say(spark(c, cells))
	}
	if marks := eventMarks(r, float64(end), cells); marks != "" {
		t.rows = append(t.rows, []phrase{say("events begin"), say(marks), nil, nil, nil})
	}
	return []block{{title: "Over time", table: t}}
}

// coursesOf chooses what is drawn.
func coursesOf(r *experiments.Result) []course {
	s := r.Series
	all := []course{{"offered", s.Offered, rate, false}, {"goodput", s.Goodput, rate, false}, {"errors", s.Errors, rate, true}}
	if _, most := extremes(s.Errors); !(most > 0) {
		all = all[:2]
	}
	if !r.Saturated { // else it only says how long the run was
		all = append(all, course{"p99", s.P99, seconds, true})
	}
	var names []string
	for _, name := range r.NodeOrder {
		if _, has := s.Nodes[name]; has {
			names = append(names, name)
		}
	}
	if busy, ok := heaviest(names, func(name string) experiments.Num { return mean(s.Nodes[name].CPU) }); ok {
		what := " used"
		for _, resource := range []string{"cpu", "servers"} {
			if _, has := r.Nodes[busy].Resources[resource]; has {
				what = " " + resource + " used"
			}
		}
		all = append(all, course{clean(busy) + what, s.Nodes[busy].CPU, share, false})
	}
	for _, name := range names {
		if least, most := extremes(s.Nodes[name].Instances); least < most {
			all = append(all, course{clean(name) + " instances", s.Nodes[name].Instances, number, false})
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(mean(s.Nodes[b].Queue), mean(s.Nodes[a].Queue)) })
	for _, name := range names[:min(len(names), mostQueues)] {
		if _, most := extremes(s.Nodes[name].Queue); most > 0 {
			all = append(all, course{"waiting at " + clean(name), s.Nodes[name].Queue, number, false})
		}
	}
	return all
}

// heaviest finds the name with the largest figure, of those that have one.
func heaviest(names []string, figure func(name string) experiments.Num) (best string, found bool) {
	for _, name := range names {
		if n := figure(name); n.Known() && (!found || n > figure(best)) {
			best, found = name, true
		}
	}
	return best, found
}

// mean is that of the points that there are, None where there is none.
func mean(points []experiments.Num) experiments.Num {
	sum, n := experiments.Num(0), 0
	for _, p := range points {
		if p.Known() {
			sum, n = sum+p, n+1
		}
	}
	return sum / experiments.Num(n)
}

// extremes are the least and the largest of the points that there are, None where there is none.
func extremes(points []experiments.Num) (least, most experiments.Num) {
	least, most = experiments.None, experiments.None
	for _, p := range points {
		if p.Known() {
			if !(least <= p) {
				least = p
			}
			if !(most >= p) {
				most = p
			}
		}
	}
	return least, most
}

// mostCells is how many cells a line has at most.
const mostCells = 60

// sparkCells is how many cells are drawn for so many points: as many points in each.
func sparkCells(points int) int {
	each := (points + mostCells - 1) / mostCells
	return (points + each - 1) / each
}

// levels are the heights of a cell.
var levels = []rune("▁▂▃▄▅▆▇█")

// spark draws a course from 0 to its largest value; a cell without a point is blank.
func spark(c course, cells int) string {
	_, most := extremes(c.points)
	var b strings.Builder
	for cell := range cells {
		part := c.points[cell*len(c.points)/cells : max((cell+1)*len(c.points)/cells, cell*len(c.points)/cells+1)]
		value := mean(part)
		if c.worst {
			_, value = extremes(part)
		}
		switch {
		case !value.Known():
			b.WriteByte(' ')
		case most <= 0:
			b.WriteRune(levels[0])
		default:
			b.WriteRune(levels[min(int(float64(value/most)*float64(len(levels))), len(levels)-1)])
		}
	}
	return b.String()
}

// eventMarks stands under the lines, where an event begins.
func eventMarks(r *experiments.Result, end float64, cells int) string {
	marks := []rune(strings.Repeat(" ", cells))
	for _, e := range r.Events {
		marks[min(int(float64(e.At)/end*float64(cells)), cells-1)] = '▲'
	}
	return strings.TrimRight(string(marks), " ")
}

// between is a text at each end of so many cells.
func between(from, to string, cells int) string {
	return from + strings.Repeat(" ", max(cells-measure(from)-measure(to), 1)) + to
}

// roundBounds are times in steps that are round numbers, around all from least to most: the finest steps that give so many bins at most.
func roundBounds(least, most float64, bins int) []float64 {
	for _, steps := range [][]float64{{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8}, {1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}} {
		var bounds []float64
		for decade := math.Floor(math.Log10(least)); len(bounds) == 0 || bounds[len(bounds)-1] <= most; decade++ {
			for _, s := range steps {
				b := s * math.Pow(10, decade)
				if len(bounds) > 0 && bounds[len(bounds)-1] > most {
					break
				}
				if b <= least {
					bounds = bounds[:0]
				}
				bounds = append(bounds, b)
			}
		}
		if len(bounds) <= bins+1 {
			return bounds
		}
	}
	return nil
}
