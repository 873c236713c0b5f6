package experiments_test

import (
	"encoding/json"
	"sync/atomic"
	"testing"
	"time"

	"headroom/experiments"
)

// watched has what a look from outside could disturb: functions that come and go, events, queues, shared cores.
const watched = `
run: {duration: 200s, replications: 2, seed: 3}
traffic: {u: {enters: api, rate: 500/s}}
nodes:
  api: {kind: server, cores: 2, discipline: ps, handles: {default: [cpu: exp(2ms), call: fn, publish: jobs]}}
  fn: {kind: function, cold_start: 100ms, work: exp(20ms), keep_alive: 1s}
  jobs: {kind: queue, to: w}
  w: {kind: worker, cores: 1, concurrency: 4, handles: {default: [cpu: exp(1ms), delay: 5ms]}}
events: [{at: 3s, slow: api, factor: 2, for: 1s}]
`

// TestLookingChangesNothing: who watches a run gets the same result to the last bit, and snapshots at most ten times a second of what the run
// is about.
func TestLookingChangesNothing(t *testing.T) {
	result := func(o experiments.Options) string {
		r, err := experiments.Run(t.Context(), read(t, watched), o)
		if err != nil {
			t.Fatal(err)
		}
		r.Run.WallSeconds = 0
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	alone := result(experiments.Options{})
	var told atomic.Int64
	var last experiments.Snapshot
	begun := time.Now()
	seen := result(experiments.Options{Live: func(s experiments.Snapshot) {
		told.Add(1)
		if s.Seconds > 0 {
			last = s
		}
	}})
	if alone != seen {
		t.Error("the result is another one where somebody looks")
	}
	if most := time.Since(begun)/(100*time.Millisecond) + 1; told.Load() == 0 || told.Load() > int64(most) {
		t.Errorf("told %d times in %v", told.Load(), time.Since(begun))
	}
	if last.Seconds == 0 {
		t.Skip("the run was over before there was a second look")
	}
	if f := last.SoFar; f.Offered < 450 || f.Offered > 550 || !(f.P50 <= f.P90 && f.P90 <= f.P99 && f.P99 <= f.Max) || last.Share <= 0 || last.Share > 1 {
		t.Errorf("the last snapshot is %+v", last)
	}
	for _, n := range last.Nodes {
		if n.Name == "api" && (n.Resource != "cpu" || n.Utilization < .4 || n.Utilization > .7) {
			t.Errorf("api is %+v, and has half of its cores busy", n)
		}
	}
}
