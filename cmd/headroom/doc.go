// Headroom simulates how far an architecture scales.
//
//	rootCommand ─┬─ simulate    FILE ─► load ─► experiments.Run ─► reports ─► destination (standard output, or --out)
//	             ├─ compare     FILE… ─► cases ─► experiments.Compare ─► reports ─► destination, and regressions
//	             ├─ merge       PART… ─► experiments.Join ─► the command whose parts they are, once more
//	             ├─ report      FILE|RESULT… ─► a sweep, or what was saved ─► reports/plots ─► the files of a folder
//	             ├─ validate    FILE…
//	             ├─ verify      [CASE|GROUP…] ─► truth.Verify ─► reports ─► destination
//	             └─ scenarios   [NAME]
//
// One short file per command. What commands have in common stands in files named after it: flags.go (flags that mean the same
// everywhere), load.go (FILE: a path, - or a built-in name), destination.go (where a result goes), misuse.go (how a wrong command line is
// answered), complete.go (completion in a shell), shard.go (a part of what is asked for). Results go to standard output, and everything else to standard error.
package main
