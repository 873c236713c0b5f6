// Package strict reads YAML files into tagged structs, and reports every error
// of a file with its place: file, line, column, the line itself with the place
// marked, what was expected, and the nearest valid word.
//
//	text ──Parse──► Document ──Root──► Value (a tree with places)
//	                  │  ▲               │
//	   --set, variants│  │problems       └──Decode──► structs with `key:"…"` tags
//	             Set ─┘  └── Errorf, Warnf, Unknown ◄── checks made afterwards
//
// Rewrite writes what was Set into the text and leaves every other byte of it; YAML writes the document anew.
//
// Nothing stops at the first error: Parse, Set, Decode and the checks that follow all
// report to the Document, whose Problems come out sorted by place.
//
// # Tags
//
//	Cores units.Count `key:"cores" default:"2" doc:"cores per instance"`
//	Kind  string      `key:"kind" enum:"server|cache" required:"true"`
//	_     struct{}    `key:"autoscale" later:"true" doc:"…"` // known, and not built yet
//
// Embedded structs are flattened, fields without `key` are left alone. A field may be of a
// type with DecodeStrict or UnmarshalText, a string, bool, number, struct, pointer, slice,
// map[string]T, Ordered[T] (a map in file order) or *Value (undecoded).
//
// Scalars are taken by their text: 404, 010, 1_000, yes and 2024-01-01 reach strings and
// text types as they were written.
package strict
