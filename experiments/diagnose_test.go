package experiments_test

import (
	"context"
	"os"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

func diagnosed(t *testing.T, text string) *experiments.Diagnosis {
	t.Helper()
	l, err := scenarios.Load(t.Name()+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := experiments.Diagnose(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSaturationIsConfirmed: just below the rate at which the planted bottleneck is to be full it is not, just above it is; and the second in line
// is what has the highest utilization of the rest, those left out that are only held while the first works.
func TestSaturationIsConfirmed(t *testing.T) {
	for file, second := range map[string]string{
		"cpu-server": "db cpu", "database-behind-threads": "api cpu", "pool-client": "api cpu", "limit-rate": "api cpu", "shard-ranges": "api cpu",
		"memory-working-set": "api cpu", "external-limit": "api cpu",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("testdata/planted/" + file + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			d := diagnosed(t, string(text))
			if c := d.Confirmation; c == nil || !c.Confirmed || c.Below.Rate >= d.Bottleneck.SaturatesAt || c.Above.Rate <= d.Bottleneck.SaturatesAt {
				t.Errorf("saturation at %g/s is not confirmed: %+v", d.Bottleneck.SaturatesAt, c)
			}
			if len(d.Next) == 0 || d.Next[0].Node+" "+d.Next[0].Resource != second {
				t.Errorf("the next in line are %+v, want %s", d.Next, second)
			}
		})
	}
}

// TestTheNextInLineSaturatesBeyond: the second in line obeys the utilization law though the first refuses and fills up: its 4 cores carry
// 2 ms of each request, 2000/s.
func TestTheNextInLineSaturatesBeyond(t *testing.T) {
	d := diagnosed(t, `
run: {requests: 20k, replications: 2}
traffic: {users: {enters: limiter, rate: 750/s}}
nodes:
  limiter: {kind: rate-limiter, limit: 500/s, to: api}
  api: {kind: server, cores: 4, work: exp(2ms)}`)
	// 70 000 services of a probe: their mean has a relative standard error of 0.4%, and the rate at which they come as well.
	if got := float64(d.Next[0].SaturatesAt); !about(experiments.Num(got), 2000, 4*.0057) {
		t.Errorf("the second in line saturates at %g/s, want 2000/s", got)
	}
}

// TestAnUnconfirmedRateIsCalledThat: while the database pauses it counts as busy, so that the run promises a rate at which a steady load does not
// fill it.
func TestAnUnconfirmedRateIsCalledThat(t *testing.T) {
	d := diagnosed(t, `
run: {duration: 20s, replications: 2}
traffic: {users: {enters: db, rate: 500/s}}
nodes: {db: {kind: database, cores: 1, read: exp(0.5ms)}}
events:
  - {at: 2s, pause: db, for: 10s}`)
	if c := d.Confirmation; c == nil || c.Confirmed || c.Above.Full {
		t.Errorf("saturation at %g/s, where the database is asked for 0.5 ms of each second's requests: %+v", d.Bottleneck.SaturatesAt, c)
	}
}

// TestTrapsAreNotSeenWhereThereAreNone: what looks like a trap and is none.
func TestTrapsAreNotSeenWhereThereAreNone(t *testing.T) {
	for _, c := range []struct{ name, text, class, resource string }{
		{"distance, but the SLO is met", `
run: {requests: 5k, replications: 2}
traffic: {users: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: 1, rtt: 200ms, work: exp(2ms)}`, "cpu", "cpu"},
		{"retries, but the first tries are too many", `
run: {requests: 10k, replications: 2}
traffic: {users: {enters: api, rate: 1.4k/s}}
nodes:
  api: {kind: server, cores: 4, handles: {default: [cpu: exp(1ms), {read: db, timeout: 100ms, retry: {attempts: 2}}]}}
  db: {kind: database, cores: 4, read: exp(4ms)}`, "database", "cpu"},
		{"a slow service, but it fills the threads of those who do not ask it", `
run: {requests: 20k, replications: 2}
slo: [browse.p99 < 250ms]
requests: {browse: {}, pay: {}}
traffic: {people: {enters: web, rate: 1k/s, mix: {browse: 90%, pay: 10%}}}
nodes:
  web: {kind: server, instances: 2, cores: 8, concurrency: 40, backlog: 200, handles: {browse: [cpu: exp(5ms)], pay: [cpu: exp(5ms), call: payments]}}
  payments: {kind: external, latency: exp(1s)}`, "pool", "concurrency"},
		{"a full queue, but there is more than the cores can do", `
run: {requests: 10k, replications: 2}
traffic: {users: {enters: api, rate: 600/s}}
nodes:
  api: {kind: server, cores: 1, backlog: 5, work: exp(2ms)}`, "cpu", "cpu"},
		{"a limit, but the target does not count what it refuses", `
run: {requests: 10k, replications: 2}
slo: [server_errors < 1%]
traffic: {users: {enters: limiter, rate: 600/s, arrivals: hyperexp(cv=3)}}
nodes:
  limiter: {kind: rate-limiter, limit: 1k/s, burst: 3, to: api}
  api: {kind: server, cores: 1, work: exp(1.6ms)}`, "cpu", "cpu"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if b := run(t, c.text).Bottleneck; b.Class != c.class || b.Resource != c.resource {
				t.Errorf("the bottleneck is %s of %s, class %s: %s", b.Resource, b.Node, b.Class, b.Evidence)
			}
		})
	}
}
