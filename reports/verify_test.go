package reports

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/experiments/truth"
)

// verified has two groups and three cases: a figure that is off, one without an interval, one that is exactly 0, and a model in which nothing
// can be busy.
func verified() *truth.Verification {
	check := func(figure string, exact, simulated, half, tolerance float64) truth.Checked {
		c := truth.Checked{Figure: figure, Exact: experiments.Num(exact), Simulated: experiments.Num(simulated), Error: experiments.Num(simulated - exact),
			Tolerance: experiments.Num(tolerance), OK: math.Abs(simulated-exact) <= tolerance}
		if half > 0 {
			c.CI95 = &experiments.Interval{experiments.Num(simulated - half), experiments.Num(simulated + half)}
		}
		return c
	}
	return &truth.Verification{
		Headroom: 1, Kind: "verification", Version: "v1", Command: "headroom verify", Partial: true, Asked: 5, Figures: 6, Off: 1,
		Models: []truth.Verified{
			{Group: "queues", Case: "Q01", Title: "A cashier, or a web server, at any speed (M/M/1)", Source: "Kleinrock, 1975", Model: "75 per second", Utilization: .75, Figures: []truth.Checked{
				check("latency.mean", .04, .0401, .0002, .0008), check("nodes.s.resources.servers.wait.mean", .03, .0312, .0004, .0006),
				check("load.offered - nodes.s.resources.servers.queue.mean", 900000, 900001.5, 0, 10)}},
			{Group: "queues", Case: "Q01", Title: "A cashier, or a web server, at any speed (M/M/1)", Source: "Kleinrock, 1975", Model: "95 per second", Utilization: .95, Figures: []truth.Checked{
				check("latency.p99", .92, .93, .02, .05)}},
			{Group: "queues", Case: "Q03", Title: "No room to wait", Source: "Erlang, 1917", Model: "5 lines", Utilization: .4, Figures: []truth.Checked{check("error_rate", 0, 0, 0, 0)}},
			{Group: "caches", Case: "C01", Title: "Hit ratios", Source: "Che, 2002", Model: "lru", Utilization: experiments.None, Figures: []truth.Checked{check("nodes.c.cache.hit_ratio", .5, .501, 0, .01)}},
		},
	}
}

func drawVerification(t *testing.T, output string, s Style) string {
	t.Helper()
	report, found := NamedVerification(output, s)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, verified()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestVerificationsLookAsTheyDid(t *testing.T) {
	for file, output := range map[string]string{"verified.txt": "table", "verified.json": "json", "verified.csv": "csv", "verified.md": "markdown"} {
		golden(t, file, drawVerification(t, output, Style{}))
	}
	var out bytes.Buffer
	if err := Accuracy(&out, verified()); err != nil {
		t.Fatal(err)
	}
	golden(t, "accuracy.md", out.String())
	golden(t, "verified-verbose.txt", drawVerification(t, "table", Style{Verbose: true, Width: 80}))
	if _, found := NamedVerification("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}

// TestVerificationsSayWhatIsOffInEveryOutput: a figure beyond its tolerance cannot be overlooked.
func TestVerificationsSayWhatIsOffInEveryOutput(t *testing.T) {
	for output, said := range map[string]string{
		"table": "4 models, 6 figures: 1 off", "markdown": "- Q01, 75 per second: nodes.s.resources.servers.wait.mean should be 0.03 and is 0.0312",
		"json": `"off": 1`, "csv": ",0.0006,false\n",
	} {
		if drawn := drawVerification(t, output, Style{}); !strings.Contains(drawn, said) {
			t.Errorf("%s does not say %q:\n%s", output, said, drawn)
		}
	}
}
