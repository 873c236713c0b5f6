package experiments

// concurrencyLimit is the mean limit of a node's gradient; nil where it has none, or nobody came.
func concurrencyLimit(reps []*replication, node int) *Num {
	var mean Num
	for _, rep := range reps {
		mean += Num(rep.admits[node] / float64(len(reps)))
	}
	if mean == 0 {
		return nil
	}
	return &mean
}
