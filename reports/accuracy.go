package reports

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"headroom/experiments"
	"headroom/experiments/truth"
)

// Accuracy draws a verification in Markdown, by how busy the models are: the errors in all, and of each model the figure that comes nearest to
// its tolerance, or is the farthest beyond it.
func Accuracy(w io.Writer, v *truth.Verification) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s, %s: %d beyond the tolerance.\n\n", plural(len(v.Models), "model", "models"), plural(v.Figures, "figure", "figures"), v.Off)
	markdownTable(&out, byUtilization(v).table)
	for _, b := range bands {
		if models := b.of(v.Models); len(models) > 0 {
			fmt.Fprintf(&out, "\n### Busiest resource: %s\n\n", b.name)
			markdownTable(&out, nearest(models))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// nearest has a row for each model, the least busy first: the figure with the largest error of those allowed.
func nearest(models []truth.Verified) *table {
	slices.SortStableFunc(models, func(a, b truth.Verified) int {
		return compareNums(a.Utilization, b.Utilization)
	})
	t := &table{columns: append([]column{{title: "used", number: true}, {title: "case"}, {title: "model"}, {title: "figures", number: true}, {title: "the nearest to its tolerance"}}, checkedColumns...)}
	for _, m := range models {
		f := slices.MaxFunc(m.Figures, func(a, b truth.Checked) int { return compareNums(ofTolerance(a), ofTolerance(b)) })
		row := []phrase{say(share(m.Utilization)), say(clean(m.Case + " " + m.Title)), say(clean(m.Model)), say(fmt.Sprint(len(m.Figures))), say(shortFigure(f.Figure))}
		t.rows = append(t.rows, append(row, checkedCells(f)...))
	}
	return t
}

// ofTolerance is an error as a share of what is allowed.
func ofTolerance(f truth.Checked) experiments.Num {
	if f.Error == 0 {
		return 0
	}
	return experiments.Num(math.Abs(float64(f.Error / f.Tolerance)))
}

// compareNums orders numbers that may not exist, these first.
func compareNums(a, b experiments.Num) int {
	switch {
	case a < b || !a.Known() && b.Known():
		return -1
	case a > b || a.Known() && !b.Known():
		return 1
	}
	return 0
}
