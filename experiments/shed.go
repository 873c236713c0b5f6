package experiments

// concurrencyLimit is the mean limit of a node's gradient; nil where it has none, or nobody came.
func concurrencyLimit(reps []*replication, node int) *Num {
	var mean Num
	for _, rep := range reps {
		mean += Num(rep.gradients[node].Limit / float64(len(reps)))
	}
	if mean == 0 {
		return nil
	}
	return &mean
}

// arrivedPerVisit returns how many visits came to a node for each that its gradient let in.
func arrivedPerVisit(reps []*replication, node int) float64 {
	var in, out int64
	for _, rep := range reps {
		in, out = in+rep.gradients[node].LetIn, out+rep.gradients[node].TurnedAway
	}
	return 1 + float64(out)/float64(max(in, 1))
}
