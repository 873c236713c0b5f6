package experiments

import (
	"context"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/stat"

	"headroom/internal/units"
)

// twoCases are two architectures of which the first has a utilization.
type twoCases struct {
	name        string
	base, other func(utilization float64) string
}

var commonCases = []twoCases{
	{"4 and 5 servers", func(u float64) string { return staffed(4, u) }, func(u float64) string { return staffed(5, u) }},
	{"hit ratio 50% and 55%", func(u float64) string { return hitting(50, u) }, func(u float64) string { return hitting(55, u) }},
}

// staffed is M/M/c at the load that makes four servers so busy.
func staffed(n int, utilization float64) string {
	return fmt.Sprintf("run: {requests: 5k, warmup: 10s}\ntraffic: {t: {enters: s, rate: %g/s}}\n"+
		"nodes: {s: {kind: station, servers: %d, service: exp(10ms)}}\n", 400*utilization, n)
}

// hitting is a cache before a database that is so busy where half of the requests hit.
func hitting(percent int, utilization float64) string {
	return fmt.Sprintf(`
run: {requests: 5k, warmup: 10s}
traffic: {t: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: 8, work: exp(1ms), calls: [cache]}
  cache: {kind: cache, hit_ratio: %d%%, origin: db}
  db: {kind: database, cores: 1, read: exp(%gms)}
`, percent, 20*utilization)
}

// narrower returns how many times narrower common random numbers make the interval of the difference of means than independent ones: the
// ratio of the standard deviations of the differences.
func (c twoCases) narrower(tb testing.TB, utilization float64, pairs int) float64 {
	base := means(tb, c.base(utilization), 1, pairs)
	common := spreadOf(base, means(tb, c.other(utilization), 1, pairs))
	return spreadOf(base, means(tb, c.other(utilization), 2, pairs)) / common
}

// Common random numbers make the interval of a difference 2.5 times narrower than independent ones do, at the least. A standard deviation of
// 100 replications is known to 7%, and the ratio of two to 10%.
func TestCommonRandomNumbersNarrowTheInterval(t *testing.T) {
	for i, utilization := range []float64{.4, .62} {
		if n := commonCases[i].narrower(t, utilization, 100); n < 2.5 {
			t.Errorf("%s at %v: %.2f times narrower, want 2.5", commonCases[i].name, utilization, n)
		}
	}
}

// BenchmarkCommonRandomNumbers reports how many times narrower the intervals are, by utilization: the table in docs/concepts.md.
func BenchmarkCommonRandomNumbers(b *testing.B) {
	for _, c := range commonCases {
		for percent := 20; percent <= 90; percent += 10 {
			b.Run(fmt.Sprintf("%s/%d%%", c.name, percent), func(b *testing.B) {
				for b.Loop() {
					b.ReportMetric(c.narrower(b, float64(percent)/100, 400), "times-narrower")
				}
			})
		}
	}
}

// means are the mean latencies of the replications.
func means(tb testing.TB, text string, seed uint64, replications int) []float64 {
	k := caseOf(tb, "case", text)
	k.Run.Seed, k.Run.Replications = seed, units.Count(replications)
	var o Options
	p := o.planFor(context.Background(), k.Architecture)
	reps, err := replicate(context.Background(), k.Architecture, p, o)
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range pairedFigures(k, reps, p, false) {
		if f.metric == "mean" {
			return f.values
		}
	}
	return nil
}

func spreadOf(base, other []float64) float64 {
	steps := make([]float64, len(base))
	for i := range base {
		steps[i] = other[i] - base[i]
	}
	return stat.StdDev(steps, nil)
}
