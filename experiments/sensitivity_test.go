package experiments

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"headroom/scenarios"
)

// sensitivityOf studies a scenario.
func sensitivityOf(t *testing.T, ctx context.Context, text string, o SensitivityOptions) (*Sensitivity, error) {
	t.Helper()
	load := func(changes ...scenarios.Change) (*scenarios.Loaded, error) {
		return scenarios.Load("s.yaml", []byte(text), "", changes)
	}
	l, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return RunSensitivity(ctx, l, func(c scenarios.Change) (*scenarios.Loaded, error) { return load(c) }, o)
}

// halfBusy is an M/M/1 queue at half its capacity, with payloads that nothing transfers.
const halfBusy = `
run: {requests: 50k}
requests: {ask: {response: 10KB}}
traffic: {u: {enters: s, rate: 50/s}}
nodes: {s: {kind: station, service: exp(10ms)}}
`

// The p99 of an M/M/1 queue is ln(100)/(μ-λ), and it is full at μ: at half its capacity 10% more service time makes the p99
// 1.1·0.5/(1-0.55) = 1.222 times as long, and the rate that fills it 1/1.1 of what it was. What nothing transfers has no effect.
func TestServiceTimeMovesP99AsTheQueueSays(t *testing.T) {
	s, err := sensitivityOf(t, context.Background(), halfBusy, SensitivityOptions{})
	if err != nil || len(s.Rows) != 2 || s.Guessed != 2 || s.Partial {
		t.Fatalf("%+v, %v", s, err)
	}
	service, payload := s.Rows[0], s.Rows[1]
	if service.Path != "nodes.s.service" || service.Verdict != Found || service.Higher.Set != "nodes.s.service=exp(11ms)" || service.Lower.Value != "exp(9ms)" {
		t.Errorf("the first is %+v, %+v", service, service.Higher)
	}
	for _, c := range []struct {
		e      *Effect
		factor float64
	}{{service.Lower, .9}, {service.Higher, 1.1}} {
		p99, full := Num(c.factor*.5/(1-.5*c.factor)-1), 1/c.factor-1
		if ci := c.e.P99.CI95; ci[0] > p99 || ci[1] < p99 || ci[1]-ci[0] > .05 {
			t.Errorf("times %g: p99 moves by %v %v, exactly %v", c.factor, c.e.P99.Relative, *ci, p99)
		}
		if math.Abs(float64(c.e.Saturation.Relative)-full) > .001 { // the same services in another order at the ends of the window
			t.Errorf("times %g: saturation moves by %v, exactly %v", c.factor, c.e.Saturation.Relative, full)
		}
	}
	if payload.Path != "requests.ask.response" || payload.Verdict != NoEffect || payload.Higher.P99.Absolute != 0 || payload.Higher.P99.Verdict != NoDifference {
		t.Errorf("the second is %+v, %+v", payload, payload.Higher)
	}
}

// What 10% more saturates is the most sensitive of all, and its p99 is not given.
func TestWhatSaturatesComesFirst(t *testing.T) {
	s, err := sensitivityOf(t, context.Background(), `
run: {requests: 25k}
traffic: {u: {enters: a, rate: 96/s}}
nodes:
  a: {kind: station, service: exp(2ms), next: {s: 100%}}
  s: {kind: station, service: erlang(k=20 mean=10.2ms)}
`, SensitivityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if first := s.Rows[0]; first.Path != "nodes.s.service" || first.Higher.P99.Verdict != NotSteady || first.Higher.P99.Absolute.Known() || first.Verdict != Found {
		t.Errorf("the first is %+v, %+v", first, first.Higher)
	}
}

// The same bytes on any number of cores; an interrupt keeps what is done.
func TestSensitivityDoesNotDependOnCores(t *testing.T) {
	var texts []string
	for _, parallel := range []int{1, 3} {
		s, err := sensitivityOf(t, context.Background(), halfBusy, SensitivityOptions{Options: Options{Parallel: parallel, Quick: true}, Replications: 2})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(s.Rows)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Errorf("on one core\n%s\nand on three\n%s", texts[0], texts[1])
	}
}

func TestInterruptedSensitivityKeepsTheNumbersThatAreDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := SensitivityOptions{Options: Options{Parallel: 1, Quick: true}}
	o.Progress = func(share float64) {
		if share > .7 { // five runs: the scenario, and two for each number
			cancel()
		}
	}
	s, err := sensitivityOf(t, ctx, halfBusy, o)
	if err != nil || !s.Partial || len(s.Rows) != 1 || s.Guessed != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := sensitivityOf(t, ctx, halfBusy, o); s != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("before anything is done: %+v, %v", s, err)
	}
}
