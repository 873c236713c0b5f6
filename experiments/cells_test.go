package experiments

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/scenarios"
)

// divided simulates something in n parts, and lets their cells travel as they do in files.
func divided(t *testing.T, n int, part func(Portion) (*Cells, error)) *Cells {
	t.Helper()
	all := new(Cells)
	for _, i := range rand.Perm(n) {
		cells, err := part(Portion{i + 1, n})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(cells)
		if err != nil {
			t.Fatal(err)
		}
		travelled := new(Cells)
		if err := json.Unmarshal(text, travelled); err != nil {
			t.Fatal(err)
		}
		all.Add(travelled)
	}
	return all
}

var wallSeconds = regexp.MustCompile(`"wall_seconds":[^,}]*`)

// sameSaved compares all that is saved of two results but the time that they took.
func sameSaved(t *testing.T, whole, merged any) {
	t.Helper()
	if w, m := firstDifference(whole, merged); w != m {
		t.Errorf("merged parts say\n%s\nwhere the whole says\n%s", m, w)
	}
}

// firstDifference is where what is saved of two results differs: a line of each, with those before it. It is empty twice where it does not.
func firstDifference(a, b any) (inA, inB string) {
	saved := func(r any) []string {
		text, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			panic(err) // results are plain data
		}
		return append(strings.Split(string(wallSeconds.ReplaceAll(text, nil)), "\n"), "its end")
	}
	x, y := saved(a), saved(b)
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return strings.Join(x[max(i-8, 0):i+1], "\n"), strings.Join(y[max(i-8, 0):i+1], "\n")
		}
	}
	return "", ""
}

// mangle makes any of the cells unreadable: who simulates it again does not notice.
func mangle(t *testing.T, cells *Cells) {
	t.Helper()
	k := &cells.Cells[rand.IntN(len(cells.Cells))]
	k.Measured = k.Measured[:len(k.Measured)/2]
}

// builtin reads a variant of a built-in scenario with changes.
func builtin(t *testing.T, name, variant string, changes ...scenarios.Change) *scenarios.Loaded {
	t.Helper()
	file, ok := scenarios.Lookup(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	l, err := scenarios.Load(name, file.Text, variant, changes)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPartsMakeTheWhole: built-in scenarios with regions, shards, caches, queues, functions, events, stages and closed users give the same
// result from the parts of any number of machines as from one.
func TestPartsMakeTheWhole(t *testing.T) {
	for _, k := range []struct {
		name, variant string
		rate          float64 // 0: its own
		duration      string  // empty: as long as its stages
		parts         int
	}{
		{"complete-picture", "", 500, "1s", 3},
		{"sharding", "", 500, "2s", 2},
		{"sharding", "dead-shard", 500, "20s", 5},
		{"sharding", "grow-ring", 200, "15s", 4},
		{"rate-limiting", "leaky-bucket", 0, "", 2},
		{"serverless", "", 20, "10s", 3},
		{"zone-outage", "", 50, "90s", 2},
		{"retry-storm", "", 0, "150s", 1},
		{"cashier", "", 0, "100s", 7},
		{"before-scaling", "", 5000, "2s", 3}, // saturated
	} {
		t.Run(k.name+"/"+k.variant, func(t *testing.T) {
			changes := []scenarios.Change{{Path: "run.replications", Value: "4"}}
			if k.duration != "" {
				changes = append(changes, scenarios.Change{Path: "run.duration", Value: k.duration, Replaces: "run.requests"})
			}
			l := builtin(t, k.name, k.variant, changes...)
			if k.rate > 0 && !l.ScaleTo(k.rate) {
				t.Fatal("it does not scale")
			}
			whole, err := Run(context.Background(), l, Options{Histograms: true})
			if err != nil {
				t.Fatal(err)
			}
			cells := divided(t, k.parts, func(p Portion) (*Cells, error) { return RunPortion(context.Background(), l, Options{}, p) })
			if len(cells.Cells) != 4 {
				t.Fatalf("%d cells of 4 replications", len(cells.Cells))
			}
			merged, err := Run(context.Background(), l, Options{Cells: cells, Histograms: true})
			if err != nil {
				t.Fatal(err)
			}
			sameSaved(t, whole, merged)
			mangle(t, cells)
			if _, err := Run(context.Background(), l, Options{Cells: cells}); err == nil {
				t.Error("a cell is not looked at")
			}
		})
	}
}

// TestReplicationsTravelUnchanged: whatever architecture was simulated, and whatever struck it, the result of a replication that was written
// down and read again is that of the replication.
func TestReplicationsTravelUnchanged(t *testing.T) {
	over, cancel := context.WithCancel(context.Background())
	cancel() // no rate is probed for the bottleneck, which would take long and look at the same figures only
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SampledFrom([]func(*rapid.T) string{anyCalls, anyMachines}).Draw(t, "of")
		text := draw(t) + anyEvents(t, 2, "kill: app/0", "kill: db", "pause: lb", "slow: db, factor: 10x", "resize: app, instances: 5")
		l, err := scenarios.Load("drawn.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		p := plan{warmup: 5e8, measured: 2e9, look: 1e9, sampleEvery: 4, eventful: len(l.Events) > 0}
		r := simulate(context.Background(), l.Architecture, p, 0, nil)
		measured, err := recordOf(r, 0).pack()
		if err != nil {
			t.Fatal(err)
		}
		again, err := newCrew(l.Architecture, p, Options{}, 1).restore(&Cell{Measured: measured})
		if err != nil {
			t.Fatal(err)
		}
		whole, merged := summarize(over, l, []*replication{r}, p, nil), summarize(over, l, []*replication{again}, p, nil)
		if a, b := firstDifference(whole, merged); a != b {
			t.Fatalf("%s became %s\n%s", a, b, text)
		}
	})
}

// TestPartsMakeTheWholeSweep: with the search, whose rates are simulated where the parts are merged.
func TestPartsMakeTheWholeSweep(t *testing.T) {
	l := builtin(t, "before-scaling", "", scenarios.Change{Path: "run.requests", Value: "1k"}, scenarios.Change{Path: "run.replications", Value: "2"})
	rates := []float64{50, 100, 200, 400}
	whole, err := RunSweep(context.Background(), l, rates, SweepOptions{Search: true})
	if err != nil {
		t.Fatal(err)
	}
	cells := divided(t, 3, func(p Portion) (*Cells, error) { return SweepPortion(context.Background(), l, rates, Options{}, p) })
	merged, err := RunSweep(context.Background(), l, rates, SweepOptions{Options: Options{Cells: cells}, Search: true})
	if err != nil {
		t.Fatal(err)
	}
	if whole.Capacity == nil || !whole.Capacity.Rate.Known() || whole.Knee == nil || !whole.Points[3].Saturated {
		t.Fatalf("the sweep has no capacity, knee or saturated point to compare")
	}
	sameSaved(t, whole, merged)
	mangle(t, cells)
	if _, err := RunSweep(context.Background(), l, rates, SweepOptions{Options: Options{Cells: cells}}); err == nil {
		t.Error("a cell is not looked at")
	}
}

// TestPartsMakeTheWholeComparison: of variants with other nodes, at several rates, which share the longest of their plans.
func TestPartsMakeTheWholeComparison(t *testing.T) {
	loads := func() []CasesAt {
		var all []CasesAt
		for _, rate := range []float64{30, 60} {
			at := CasesAt{Rate: rate}
			for _, variant := range []string{"", "dead-shard"} {
				l := builtin(t, "sharding", variant, scenarios.Change{Path: "run.duration", Value: "3s"})
				if !l.ScaleTo(rate) {
					t.Fatal("it does not scale")
				}
				at.Cases = append(at.Cases, Case{"is " + variant, l})
			}
			all = append(all, at)
		}
		return all
	}
	o := CompareOptions{Replications: 3}
	whole, err := Compare(context.Background(), loads(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Cells = divided(t, 4, func(p Portion) (*Cells, error) {
		return ComparePortion(context.Background(), loads(), CompareOptions{Replications: 3}, p)
	})
	merged, err := Compare(context.Background(), loads(), o)
	if err != nil {
		t.Fatal(err)
	}
	sameSaved(t, whole, merged)
	mangle(t, o.Cells)
	if _, err := Compare(context.Background(), loads(), o); err == nil {
		t.Error("a cell is not looked at")
	}
}
