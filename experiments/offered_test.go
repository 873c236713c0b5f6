package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestOfferedIsTheRateAskedFor: from one request in two seconds to a million per second the rate offered is within three standard errors
// of the rate asked for: of n requests, with the squared coefficient of variation of their gaps.
func TestOfferedIsTheRateAskedFor(t *testing.T) {
	rates := []float64{0.5, 1, 10, 100, 1e3, 1e4, 1e5, 1e6}
	for _, arrivals := range []struct {
		name string
		scv  float64
	}{{"poisson", 1}, {"constant", 0}, {"erlang(k=4)", 0.25}, {"hyperexp(cv=3)", 9}} {
		for _, rate := range rates {
			t.Run(fmt.Sprintf("%s at %g", arrivals.name, rate), func(t *testing.T) {
				t.Parallel()
				r := run(t, fmt.Sprintf(`
run: {requests: 50k}
traffic: {u: {enters: s, rate: %g/s, arrivals: %s}}
nodes: {s: {kind: station, servers: unlimited, service: exp(1us)}}`, rate, arrivals.name))
				n := float64(r.Run.Requests)
				// A replication begins anywhere between two arrivals, which makes up to one request each.
				most := 3*math.Sqrt(n*arrivals.scv) + float64(r.Run.Replications)
				if got, want := float64(r.Load.Offered), rate; math.Abs(got-want)/want*n > most {
					t.Errorf("offered %g/s, asked for %g/s: %.1f requests of %g apart, at most %.1f", got, want, math.Abs(got-want)/want*n, n, most)
				}
			})
		}
	}
}
