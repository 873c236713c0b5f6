// Package plots draws results as pictures: SVG, PNG and PDF, with gonum/plot.
//
//	experiments.Sweep ───────┐
//	experiments.Result ──────┤                    ┌─ Draw ─▶ svg, png, pdf
//	experiments.Comparison ──┼─▶ Of ─▶ []Chart ───┤
//	experiments.Sensitivity ─┤     figure: shapes └─ Frame ─▶ where a page lays a marker over it
//	experiments.Diagnosis ───┘     between scales
//
// A chart is a figure: shapes (curves, stacked areas, bars, dots) between two scales, what is written at the ends of the curves, and marks at
// values of x. How much room the words take is decided when it is drawn, for the size that it is drawn in. There are charts only of what a
// result has numbers for.
//
// Like its parent the package never simulates: every number that it draws stands in the result.
package plots
