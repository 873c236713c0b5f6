package experiments

import (
	"headroom/models"
)

// judge compares the result with the SLO.
func (r *Result) judge(a *models.Architecture) {
	for _, t := range targetsOf(a) {
		v, ci := r.value(t)
		if t.Unit == "seconds" && r.Saturated {
			v, ci = None, nil
		}
		met := v.Known() && (t.Above && float64(v) > t.Value || !t.Above && float64(v) < t.Value)
		r.SLO = append(r.SLO, Target{Target: t.Text, Value: v, CI95: ci, Met: met, Unit: t.Unit})
	}
}

// targetsOf returns the SLO of an architecture, or what stands for one.
func targetsOf(a *models.Architecture) []models.Target {
	if a.SLO == nil {
		return models.DefaultSLO()
	}
	return a.SLO
}

// value returns the quantity that a target speaks of.
func (r *Result) value(t models.Target) (Num, *Interval) {
	lat, out, errors := r.Latency, r.Outcomes, r.ErrorRate
	if c, ok := r.Requests[t.Of]; ok {
		lat, out, errors = c.Latency, c.Outcomes, c.ErrorRate
		if t.Done {
			lat = c.Done
		}
	} else if s, ok := r.Sources[t.Of]; ok {
		lat, out, errors = s.Latency, s.Outcomes, s.ErrorRate
	}
	switch t.Quantity {
	case "mean":
		if lat.CI95 != nil {
			return lat.Mean, &lat.CI95.Mean
		}
		return lat.Mean, nil
	case "p":
		return quantile(lat, t.Quantile)
	case "errors":
		return errors, nil
	case "server_errors":
		return share(total(out)-out.OK-out.InFlight-out.RateLimited, out), nil
	case "goodput":
		if t.Of != "" {
			return Num(float64(out.OK) / float64(r.Run.SimulatedSeconds) / float64(r.Run.Replications)), nil
		}
		if r.Load.CI95 != nil {
			return r.Load.Goodput, &r.Load.CI95.Goodput
		}
		return r.Load.Goodput, nil
	case "outcome":
		byOutcome := []int64{out.OK, out.RateLimited, out.Overloaded, out.Timeout, out.Unavailable, out.Failed}
		return share(byOutcome[t.Outcome], out), nil
	case "age_p99":
		return r.Nodes[t.Of].Queue.AgeP99, nil
	}
	return r.Nodes[t.Of].Resources[t.Quantity].Utilization, nil
}

// ended returns how many requests of a class or a source have ended, or of all.
func (r *Result) ended(of string) float64 {
	out := r.Outcomes
	if c, ok := r.Requests[of]; ok {
		out = c.Outcomes
	} else if s, ok := r.Sources[of]; ok {
		out = s.Outcomes
	}
	return float64(total(out) - out.InFlight)
}

// share is a count of outcomes among the requests that ended.
func share(n int64, o Outcomes) Num { return Num(float64(n) / float64(total(o)-o.InFlight)) }

// quantile returns one of the percentiles that a result holds.
func quantile(l Latency, q float64) (Num, *Interval) {
	switch q {
	case .5:
		if l.CI95 != nil {
			return l.P50, &l.CI95.P50
		}
		return l.P50, nil
	case .9:
		return l.P90, nil
	case .95:
		return l.P95, nil
	case .99:
		if l.CI95 != nil {
			return l.P99, &l.CI95.P99
		}
		return l.P99, nil
	default:
		return l.P999, nil
	}
}
