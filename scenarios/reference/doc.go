// Package reference says what a scenario may hold: as a JSON Schema for editors, as an explanation in the terminal, and as the reference
// page in docs. All of it comes from the components' own structs, so that it cannot differ from what the reader reads.
//
//	models structs ─tags (strict.Fields)─► Schema       headroom schema
//	               ─Explain()───────────► Topics ──┬─► headroom explain
//	                                               └─► docs/reference.md
package reference
