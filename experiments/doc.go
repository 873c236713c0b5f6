// Package experiments runs scenarios: a checked architecture in, a result out.
//
//	pilot (how long is the warm-up, how long must the run be) ─► replications, one goroutine each ─► Result
package experiments
