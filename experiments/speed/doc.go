// Package speed measures how fast whole runs are: scenario files as users write them, simulated with all statistics that users get.
//
//	models/*.yaml ──Models──► Model ──Measure──► Cost: requests, events, processor time, allocations
//	                                    │
//	                                    └─ scenarios.Load ► experiments.Run
//
// Everything counts: reading the file, the pilot, the warm-up, the statistics, the summary. The time is that of the processor, since machines
// are shared. The most memory that a run held is known only of a whole process, so that cmd/performance gives each model one of its own.
package speed
