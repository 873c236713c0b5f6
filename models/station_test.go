package models_test

import (
	"testing"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// TestScatterAsksDifferentInstances: of a station with as many instances as are asked, each is asked once, so nobody ever waits when
// requests come one at a time.
func TestScatterAsksDifferentInstances(t *testing.T) {
	l, err := scenarios.Load("scatter.yaml", []byte(`
traffic: {u: {enters: app, rate: 1/s, arrivals: constant}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [scatter: {to: s, count: 3}]}}
  s: {kind: station, instances: 3, service: 10ms}`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	b := l.Build(models.Options{Seed: 1})
	b.Sim.StartMeasuring()
	b.Sim.RunUntil(100 * sim.Second)
	asked, delayed := b.Resources[b.ID("s")][0].Arrivals()
	if asked < 290 || delayed != 0 {
		t.Errorf("%d calls came and %d of them waited, want about 300 and none", asked, delayed)
	}
}
