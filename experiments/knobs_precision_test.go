package experiments_test

func init() {
	bases["twice"] = "run: {requests: 5k, replications: 2}\ntraffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: station, service: exp(10ms)}}"
}

// precisionKnobs turn how precise a run is to be.
func precisionKnobs() []knob {
	return []knob{
		{"run.precision", "twice", "run.precision=1%", "runs", up, ""},
		{"run.precision", "twice", "run.precision=0%", "", 0, "`precision` must be above 0%"},
		{"run.precision", "twice", "run.precision=2%; run.replications=101", "", 0, "`replications` must be from 1 to 100"},
	}
}
