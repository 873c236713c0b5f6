// Package scenarios reads scenario files: text in, a checked architecture or every problem with its place out.
//
//	file ─strict.Parse─► document ─Set (--set, --variant)─► strict.Decode ─► models.NewArchitecture
package scenarios
