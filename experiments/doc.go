// Package experiments runs scenarios: a checked architecture in, a result out.
//
//	pilot (how long is the warm-up, how long must the run be) ─► replications, one goroutine each ─► Result
//	with a precision: pilot ─► short trial runs (how long must a replication be?) ─► replications, until there are enough ─► Result
//	Compare: one plan, one seed for all cases ─► their replications, pair by pair ─► Comparison
//	Diagnose ─► Diagnosis ─► FindRemedies: the catalogue of package remedies, each size simulated ─► Remedies, ranked
//	Trace: single requests of the first replication, hop by hop ─► Traces
//	Options.Live: what the replications measured so far ─► Snapshot, without a trace in the result
//	RunPortion, SweepPortion, ComparePortion: some of the replications ─► Cells ─► Run, RunSweep or Compare, which take them as theirs
package experiments
