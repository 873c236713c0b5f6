package experiments

import (
	"cmp"
	"slices"

	"headroom/sim"
)

// whereTime divides the time of the followed requests into its parts: of all of them, and of the slowest 1%.
func (r *Result) whereTime(reps []*replication) {
	r.WhereTime = []TimeShare{}
	if r.Saturated {
		return
	}
	all, tail := sumBins(reps)
	allTime, tailTime := 0.0, 0.0
	for i := range all {
		allTime += all[i]
		tailTime += tail[i]
	}
	if allTime == 0 {
		return
	}
	for _, p := range reps[0].b.Parts {
		if i := p.Number; all[i] > 0 {
			r.WhereTime = append(r.WhereTime, TimeShare{p.Node, p.Resource, p.Name, Num(all[i] / allTime), Num(tail[i] / tailTime)})
		}
	}
	slices.SortStableFunc(r.WhereTime, func(a, b TimeShare) int { return cmp.Compare(b.Share, a.Share) })
}

// sumBins adds up the parts of all followed requests, and of the slowest hundredth of them; a bin that lies across the border
// counts in part.
func sumBins(reps []*replication) (all, tail []float64) {
	var bins []sim.Bin
	var room []float64 // for the parts of bins to come
	requests := 0.0
	parts := 0
	for _, rep := range reps {
		for i, b := range rep.bins {
			if i == len(bins) {
				bins = append(bins, sim.Bin{})
			}
			if b.Parts == nil {
				continue
			}
			if bins[i].Parts == nil {
				if len(room) < len(b.Parts) {
					room = make([]float64, 64*len(b.Parts))
				}
				bins[i].Parts, room = room[:len(b.Parts):len(b.Parts)], room[len(b.Parts):]
			}
			parts = len(b.Parts)
			bins[i].Requests += b.Requests
			requests += float64(b.Requests)
			for k, t := range b.Parts {
				bins[i].Parts[k] += t
			}
		}
	}
	all, tail = make([]float64, parts), make([]float64, parts)
	left := requests / 100
	for i := len(bins) - 1; i >= 0; i-- {
		n := float64(bins[i].Requests)
		if n == 0 {
			continue
		}
		share := min(left/n, 1)
		left -= share * n
		for k, t := range bins[i].Parts {
			all[k] += t
			tail[k] += t * share
		}
	}
	return all, tail
}
