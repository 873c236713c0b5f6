// Package page draws results as one HTML page that needs nothing else: no network, no other file.
//
//	experiments.Result, Sweep, … ─▶ reports.HTML ─▶ what is said, in tables and sentences ─┐
//	                             └▶ stepsOf ─▶ the numbers of each node at each rate ──────┴─▶ page.html + page.css + page.js
//
// All that a result says stands in the page as it is written: it can be read and printed where no script runs. The script adds what needs a
// hand: a slider over the rates of a sweep, the numbers of the node that is pointed at, tables that sort. It computes nothing: what it
// shows was worded by package reports and travels in the page as JSON.
//
// The same results give the same bytes. Whatever a scenario's author wrote is escaped by html/template, or was by reports.HTML; beyond
// that the page's Content-Security-Policy forbids to load anything from anywhere.
package page
