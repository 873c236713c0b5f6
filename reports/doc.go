// Package reports draws a simulation's result: as a page for a person, as JSON, as CSV, as Markdown.
//
//	experiments.Result ──┬─▶ pageOf ──▶ page ──┬─▶ terminal ──▶ Summary     -o table
//	                     │   (what to say)     ├─▶ ──────────▶ Markdown    -o markdown
//	                     │                     └─▶ ──────────▶ HTML        package page lays it out
//	                     ├─▶ forSaving ──▶ laidOut ──────────▶ JSON        -o json    (and back: ReadJSON)
//	                     └─▶ sheet, one figure per line ─────▶ CSV         -o csv
//	experiments.Comparison ─▶ comparisonPage ─▶ page, and so on
//	experiments.Traces ─▶ tracePage ─▶ page; traceHTML, a page for browsers; traceOTLP, for tools that show traces
//	experiments.Snapshot ─▶ Live, drawn again and again while a run goes on
//	any of them, saved ─▶ Read ─▶ package plots: pictures
//
// Each kind of document names the forms that it has, by the value of --output, in one table (forms), and most of them are made of its page.
//
// What the summary says, and in which order, is decided once, in pageOf: a page is a list of blocks, each with a title, a table
// and a few lines, whose words carry a tone (good, bad, a warning) instead of a colour. The terminal, Markdown and HTML differ only
// in how they write that page down.
//
// A report never simulates and never computes a new finding; everything it prints stands in the result. So `report` works as
// well on a saved result as on a scenario.
package reports
