// Package scenarios reads scenario files: text in, a checked architecture or every problem with its place out.
//
//	file ─strict.Parse─► document ─Set (--variant, --set and other flags)─► strict.Decode ─► models.NewArchitecture
//
// The YAML files in this folder are the built-in scenarios. They are a part of the program, and serve under their names wherever a
// file does.
package scenarios
