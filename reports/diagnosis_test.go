package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

// diagnosed is a diagnosis that was confirmed.
func diagnosed() *experiments.Diagnosis {
	r := bookshop()
	d := &experiments.Diagnosis{Headroom: 1, Kind: "bottleneck", Version: "v1", Command: "headroom bottleneck bookshop.yaml", WhereTime: r.WhereTime, Result: r, WallSeconds: 2.5}
	d.Bottleneck = experiments.Suspect{Bottleneck: r.Bottleneck, Wait: .0124, Refused: .0002}
	d.Next = []experiments.Suspect{
		{Bottleneck: experiments.Bottleneck{Node: "api", Resource: "cpu", Class: "cpu", Utilization: .7, SaturatesAt: 14_290}, Wait: .001},
		{Bottleneck: experiments.Bottleneck{Node: "api", Resource: "concurrency", Class: "pool", Utilization: .31, SaturatesAt: experiments.None}, Wait: 0},
	}
	d.Confirmation = &experiments.Confirmation{Confirmed: true,
		Below: experiments.Check{Rate: 9_785, Utilization: .951, Demand: .951, Goodput: 9_780, P99: .12},
		Above: experiments.Check{Rate: 10_815, Utilization: 1, Demand: 1.05, Saturated: true, Full: true, Goodput: 10_290, ErrorRate: .002, P99: experiments.None}}
	return d
}

func drawDiagnosis(t *testing.T, output string, s Style, d *experiments.Diagnosis) string {
	t.Helper()
	report, found := NamedDiagnosis(output, s)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDiagnosisLooksAsItDid(t *testing.T) {
	golden(t, "diagnosis.txt", drawDiagnosis(t, "table", Style{}, diagnosed()))
	golden(t, "diagnosis.md", drawDiagnosis(t, "markdown", Style{}, diagnosed()))
	golden(t, "diagnosis.csv", drawDiagnosis(t, "csv", Style{}, diagnosed()))
	if _, found := NamedDiagnosis("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}

// TestDiagnosisSaysWhatItDidNotSee: a rate that was not confirmed is called that, with what was seen instead, and so is what no rate fills.
func TestDiagnosisSaysWhatItDidNotSee(t *testing.T) {
	for _, c := range []struct {
		change func(*experiments.Diagnosis)
		want   string
	}{
		{func(d *experiments.Diagnosis) { d.Confirmation.Above = d.Confirmation.Below }, "db cpu is used 95.1% at 9.79k/s: it is not full there."},
		{func(d *experiments.Diagnosis) { d.Confirmation.Below.Full = true }, "db cpu is full at 9.79k/s already."},
		{func(d *experiments.Diagnosis) { d.Confirmation.Below.Saturated = true }, "Another queue only grows at 9.79k/s already"},
		{func(d *experiments.Diagnosis) { d.Bottleneck.Class = "retries" }, "When retries begin to feed themselves is chance"},
	} {
		d := diagnosed()
		d.Confirmation.Confirmed = false
		c.change(d)
		text := drawDiagnosis(t, "table", Style{}, d)
		if !strings.Contains(text, "Around saturation  not confirmed") || !strings.Contains(text, c.want) {
			t.Errorf("the page does not say %q:\n%s", c.want, text)
		}
	}
	d := diagnosed()
	d.Confirmation, d.Unconfirmed = nil, "No rate is known that fills it."
	if text := drawDiagnosis(t, "table", Style{}, d); !strings.Contains(text, "Around saturation  No rate is known that fills it.") {
		t.Errorf("the page does not say why nothing is confirmed:\n%s", text)
	}
}

func TestDiagnosisKeepsToThePage(t *testing.T) {
	for l := range strings.Lines(drawDiagnosis(t, "table", Style{}, diagnosed())) {
		if n := utf8.RuneCountInString(l) - 1; n > DefaultWidth {
			t.Errorf("a line of %d: %s", n, l)
		}
	}
	plain, colored := drawDiagnosis(t, "table", Style{}, diagnosed()), drawDiagnosis(t, "table", Style{Color: true}, diagnosed())
	if ansi.ReplaceAllString(colored, "") != plain {
		t.Error("colours change the page")
	}
}
