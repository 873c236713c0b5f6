package experiments

import (
	"context"
	"fmt"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// TraceOptions say which requests to trace, and what goes into the result beside them. Either Request or Slowest is given.
type TraceOptions struct {
	Request  int64 // the number of one: 1 is the first that arrives after the warm-up
	Slowest  int   // so many of all that are measured, whatever their outcome
	Command  string
	Version  string
	Progress func(share float64) // told now and then how much is simulated; may be nil
}

// NoSuchRequest is the error where fewer requests are measured than the one asked for.
type NoSuchRequest struct{ Request, Measured int64 }

func (e NoSuchRequest) Error() string {
	if e.Measured == 0 {
		return "no request arrives in the measured time"
	}
	return fmt.Sprintf("there is no request %d: %d arrive in the measured time", e.Request, e.Measured)
}

// Trace simulates the first replication of a scenario and follows single requests of it from node to node. The slowest ones are found by a
// first run; the same seed gives the same requests again. It returns NoSuchRequest where they do not come, and the context's cause
// where it is cancelled.
func Trace(ctx context.Context, l *scenarios.Loaded, o TraceOptions) (*Traces, error) {
	l = size(ctx, l)
	p := makePlan(ctx, l.Architecture)
	numbers := []int64{o.Request}
	if o.Slowest > 0 {
		t := sim.FindSlowest(o.Slowest)
		if _, err := follow(ctx, l.Architecture, p, t, o.Progress); err != nil {
			return nil, err
		}
		numbers = nil
		for _, r := range t.Slowest {
			numbers = append(numbers, r.Number)
		}
		if numbers == nil {
			return nil, NoSuchRequest{}
		}
	}
	t := sim.TraceRequests(numbers...)
	b, err := follow(ctx, l.Architecture, p, t, o.Progress)
	if err != nil {
		return nil, err
	}
	if t.Traces[0].Number == 0 {
		return nil, NoSuchRequest{o.Request, t.Arrived()}
	}
	traces := &Traces{
		Headroom: 1, Kind: "trace", Version: o.Version, Command: o.Command, Seed: l.Run.Seed, WarmupSeconds: Num(p.warmup.Seconds()),
		Scenario: ScenarioInfo{Name: l.Name, File: l.File, SHA256: l.SHA256, Source: l.Source},
	}
	for _, w := range l.Warnings {
		traces.Scenario.Warnings = append(traces.Scenario.Warnings, w.Message)
	}
	told := teller{a: l.Architecture, b: b, start: p.warmup}
	for i := range t.Traces {
		traces.Requests = append(traces.Requests, told.request(&t.Traces[i]))
	}
	return traces, nil
}

// mostInFlight is how many requests may be under way before a run that only grows is given up.
const mostInFlight = 400_000

// follow simulates the first replication with a tracer, until it has what it wants: at the longest as far as a run of the scenario goes.
func follow(ctx context.Context, a *models.Architecture, p plan, t *sim.Tracer, tell func(share float64)) (*models.Builder, error) {
	b := a.Build(models.Options{Seed: a.Run.Seed, Warmup: p.warmup, Eventful: p.eventful, Tracer: t})
	s := b.Sim
	warmup, measured := min(p.warmup, farthest), min(p.measured, farthest)
	end, step := warmup+measured, max(p.look, 1)
	advance := func(to sim.Time, more func(to sim.Time) bool) {
		for ctx.Err() == nil && !t.Done() && (s.InFlight() < mostInFlight || p.eventful) && s.Now() < to && more(min(s.Now()+step, to)) {
			if tell != nil {
				tell(min(float64(s.Now())/float64(end), 1))
			}
		}
	}
	on := func(to sim.Time) bool { s.RunUntil(to); return true }
	advance(warmup, on)
	b.StartMeasuring()
	advance(end, on)
	if p.replays != nil {
		advance(farthest, func(to sim.Time) bool { return !s.RunOut(p.replays, to) })
	}
	s.StopMeasuring()
	advance(s.Now()+measured, func(to sim.Time) bool { s.RunUntil(to); return s.MeasuredLeft() > 0 })
	err := b.Close()
	b.Empty()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return b, err
}
