package experiments

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/models"
	"headroom/sim"
)

// anyAutoscale draws how the instances of a node follow its load: the least that there may be at least, how many there are at the start, and
// the targets that it may have.
func anyAutoscale(t *rapid.T, node string, least, start int, targets ...string) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, node+" "+what) }
	return fmt.Sprintf("autoscale: {min: %d, max: %d, target: %s, every: %s, boot: %s, cooldown: %s}",
		rapid.IntRange(least, start).Draw(t, node+" min"), rapid.IntRange(start, 8).Draw(t, node+" max"), pick("target", targets...),
		pick("every", "100ms", "730ms"), pick("boot", "0s", "50ms", "1s"), pick("cooldown", "0s", "300ms", "1m"))
}

// withinBounds reports a node that ever had more or fewer instances than it may, and counts those whose number changed.
func withinBounds(t *rapid.T, rep *replication, a *models.Architecture, text string) (changed int) {
	for i, n := range rep.numbers {
		s := a.Scaling(i)
		if s == nil {
			continue
		}
		if n.least < int(s.Min) || n.most > int(s.Max) {
			t.Errorf("%s has %d to %d instances\n%s", rep.b.Nodes[i], n.least, n.most, text)
		}
		if n.most > n.least {
			changed++
		}
	}
	return changed
}

// TestNothingIsLostWhereInstancesFollowTheLoad: however the instances come and go with the load, and whatever dies meanwhile, each request
// ends once, the time at each queue adds up, nothing stays held, and there are as many instances as there may be.
func TestNothingIsLostWhereInstancesFollowTheLoad(t *testing.T) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		text := anyMachines(t)
		for _, n := range []struct {
			line  string
			start int
		}{{"app: {kind: server, instances: 3,", 3}, {"old: {kind: server, instances: 2,", 2}, {"lb: {kind: load-balancer, instances: 2,", 2}} {
			targets := []string{"cpu 30%", "cpu 90%", "queue 2", "in-flight 3"}
			if strings.HasPrefix(n.line, "lb") {
				targets = targets[3:]
			}
			text = strings.Replace(text, n.line, n.line+" "+anyAutoscale(t, n.line[:3], 1, n.start, targets...)+",", 1)
		}
		text = strings.NewReplacer("stages: [{for: 5s, rate: 150/s}]", "stages: [{for: 2s, rate: 40/s}, {for: 1s, to: 200/s}, {for: 2s, rate: 10/s}]").Replace(text) +
			anyKills(t, 5, "gate", "lb", "lb/1", "app, instances: 2", "app", "app/0", "old", "db", "till")
		rep, a := simulated(t, text, 5e9)
		changed += withinBounds(t, rep, a, text)
		endsEmpty(t, rep, text)
	})
	if changed == 0 {
		t.Error("no number of instances ever changed")
	}
}

// TestNoMessageIsLostWhereWorkersFollowTheirQueue: likewise, jobs included.
func TestNoMessageIsLostWhereWorkersFollowTheirQueue(t *testing.T) {
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(anyQueues(t), "rate: 5/s", "rate: 50/s")
		for _, start := range []int{1, 3} {
			line := fmt.Sprintf("w0: {kind: worker, instances: %d", start)
			text = strings.Replace(text, line, line+", "+anyAutoscale(t, "w0", 1, start, "queue 1", "queue 10", "in-flight 2"), 1)
		}
		text += anyKills(t, 10, "app", "w0", "w0/0", "out")
		rep, a := simulated(t, text, 10e9)
		changed += withinBounds(t, rep, a, text)
		endsEmpty(t, rep, text)
		for i := range rep.queues {
			if s, ok := rep.b.QueueStats(uint32(i)); ok && s.Lost != 0 {
				t.Errorf("%d messages are lost\n%s", s.Lost, text)
			}
		}
	})
	if changed == 0 {
		t.Error("no number of workers ever changed")
	}
}

// TestInstancesFollowTheLoadInTheirPlaces: the bounds are those of all together, and no region is left without an instance.
func TestInstancesFollowTheLoadInTheirPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := `
regions: {rtt: {us: {eu: 20ms, asia: 30ms}, eu: {asia: 40ms}}}
traffic:
  west: {enters: lb, regions: {us: 100%}, stages: [{for: 2s, rate: 100/s}, {for: 1s, to: 600/s}, {for: 2s, rate: 20/s}]}
  east: {enters: api, regions: {eu: 50%, asia: 50%}, stages: [{for: 3s, rate: 20/s}, {for: 2s, rate: 300/s}]}
nodes:
  lb: {kind: load-balancer, algorithm: ` + rapid.SampledFrom([]string{"nearest", "round-robin", "least-connections"}).Draw(t, "balancing") + `, to: api}
  api: {kind: server, cores: 1, work: exp(5ms), place: {us: 1, eu: 2, asia: 1}, ` + anyAutoscale(t, "api", 3, 4, "cpu 40%", "queue 2", "in-flight 4") + `}
` + anyKills(t, 5, "api, instances: 2", "api", "api/1")
		rep, a := simulated(t, text, 5e9)
		withinBounds(t, rep, a, text)
		endsEmpty(t, rep, text)
		if n := rep.totals.Requests; n == 0 || sim.Time(rep.seconds*1e9) != 5e9 {
			t.Errorf("%d requests in %g s", n, rep.seconds)
		}
	})
}

// TestNothingIsLostAtFunctions: whatever a function does, each of its requests has an instance of its own, gives it back, and is counted once;
// in the end all instances are gone. No more are there at once than may be.
func TestNothingIsLostAtFunctions(t *testing.T) {
	refused := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{
			"cpu: exp(2ms)", "delay: exp(20ms)", "read: db", "{chance: 50%, do: [write: db]}", "call: desk", "scatter: {to: db, count: 3, quorum: 1}",
			"parallel: [[cpu: exp(5ms)], [cpu: exp(5ms)], [{lock: {name: row, by: key, do: [read: db]}}]]",
		}), 1, 4).Draw(t, "function steps")
		text := strings.Replace(anyMachines(t), "{kind: external, latency: exp(10ms), failures: 10%}", fmt.Sprintf("{kind: function, limit: %s, cold_start: %s, keep_alive: %s, handles: {default: [%s%s]}}",
			pick("limit", "1", "3", "100"), pick("cold", "0s", "exp(30ms)", "100ms"), pick("alive", "0s", "50ms", "1m"), strings.Join(steps, ", "), pick("after", "", ", respond, cpu: 3ms")), 1) +
			anyKills(t, 5, "app, instances: 2", "app", "db", "db/2", "desk")
		text = strings.Replace(text, "{enters: lb,", "{enters: partner,", 1)
		rep := eventfully(t, text, 5e9)
		for i, n := range rep.functions {
			if most := rep.numbers[i].most; n.Cold > n.Taken || n.Taken > 0 && (most == 0 || strings.Contains(text, "limit: 3,") && most > 3) {
				t.Errorf("%d of %d requests of %s were cold, and there were up to %d instances\n%s", n.Cold, n.Taken, rep.b.Nodes[i], most, text)
			}
		}
		refused += rep.totals.Ended[sim.Overloaded]
		endsEmpty(t, rep, text)
		if n := rep.b.Following(); n != 0 {
			t.Errorf("%d instances are still there after an hour\n%s", n, text)
		}
	})
	if refused == 0 {
		t.Error("no limit was ever reached")
	}
}
