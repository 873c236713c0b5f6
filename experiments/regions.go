package experiments

import (
	"headroom/models"
	"headroom/sim"
)

// regions fills in what the clients in each region saw.
func (r *Result) regions(a *models.Architecture, reps []*replication) {
	for i, name := range a.Regions() {
		var hs []*sim.Histogram
		var ended, ok int64
		for _, rep := range reps {
			c := &rep.homes[i]
			hs = append(hs, c.Latency())
			for _, n := range c.Ended {
				ended += n
			}
			ok += c.Ended[sim.OK]
		}
		if r.Regions == nil {
			r.Regions = map[string]RegionResult{}
		}
		r.Regions[name] = RegionResult{latencyOf(hs, sim.Fine), Num(float64(ended-ok) / float64(ended))}
	}
}
