package truth

import (
	"context"
	"flag"
	"testing"

	"headroom/experiments"
)

var long = flag.Bool("truth.long", false, "run the models of a minute or more as well")

// TestTheory: each model gives the figures that theory gives, within the tolerance of its case.
func TestTheory(t *testing.T) {
	for _, c := range Cases() {
		for _, m := range c.Models {
			t.Run(c.ID+"/"+m.Name, func(t *testing.T) {
				t.Parallel()
				if m.Long && !*long {
					t.Skip("takes a minute: -truth.long runs it")
				}
				outcomes, err := m.Run(context.Background(), experiments.Options{Parallel: 1})
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range outcomes {
					report := t.Logf
					if !o.OK() {
						report = t.Errorf
					}
					report("%-45s exact %-12.6g simulated %-12.6g off by %5.1f%% of the tolerance %.3g", o.Name, o.Exact, o.Simulated,
						100*(o.Simulated-o.Exact)/o.Tolerance, o.Tolerance)
				}
			})
		}
	}
}
