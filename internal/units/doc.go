// Package units reads and prints the quantities of a scenario: durations,
// rates, sizes, bandwidths, counts, shares, numbers, factors and money.
//
//	"150us"    ─► Duration ─► String() "150us"        exact: reads back as the same value
//	"600/m"    ─► Rate     ─► String() "10/s"
//	"80%"      ─► Share    ─► String() "80%"
//	                │
//	                └───────► FormatSeconds, FormatRate, … three digits, for people
//
// Every type has UnmarshalText, which refuses what is empty, negative, not
// finite or too large with a text that says what was expected and shows an
// example; String, which prints exactly; and Describe, which says what a value
// of the type looks like. The zero value of every type is the quantity zero.
package units
