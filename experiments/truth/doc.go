// Package truth holds the simulation to theory: models of queueing theory with the figures that a formula, an exact algorithm or a
// publication gives for them, as scenario files like those that users write.
//
//	cases/*.yaml ──Cases──► Case ── Models ──Run──► Outcome: exact, simulated, 95% interval, tolerance
//	                                   │
//	                                   └─ scenarios.Load ► experiments.Run ► the result's JSON, where each figure has its path
//
// Verify simulates models that Choose picks, several at a time, for `headroom verify`; the test holds all of them to their tolerances.
//
// A case is a file of its own: its title and source, a scenario, and its models: what each changes in the scenario and which figures
// it must give. A new case is a new file; what its scenario replays stands beside it.
package truth
