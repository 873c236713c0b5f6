package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"headroom/experiments"
)

// uncertain is a calibration in which hardly a number exists: closed users, one replication, queues that only grow, and names that move the cursor.
func uncertain() *experiments.Calibration {
	none := experiments.None
	return &experiments.Calibration{
		Headroom: 1, Kind: "calibration", Rate: none, Saturated: true, Result: &experiments.Result{}, Assumptions: []string{"The load is steady."},
		Scenario: experiments.ScenarioInfo{Name: "A\x1b[2J shop"},
		Changes:  []experiments.CalibratedTime{{Path: "nodes.db.read", Before: "exp(4ms)", After: "exp(8ms)", Factor: 2, From: "db.cpu"}},
		Figures: []experiments.CalibratedFigure{
			{Figure: "db.cpu", Unit: "share", Observed: .4, Before: .2, Simulated: .4, Residual: 0, Status: experiments.FigureMet},
			{Figure: "api.cpu", Unit: "share", Observed: .99, Before: .5, Simulated: .5, Residual: -.49, Status: experiments.FigureSaturated, Reason: "busy",
				AtLeast: []experiments.Bound{{Path: "nodes.api.work", Before: "1ms", Value: "9.9ms"}}},
			{Figure: "p99", Unit: "seconds", Observed: .3, Before: none, Simulated: none, Residual: none, Status: experiments.FigureMissed, Reason: "the queues only grow"},
		},
	}
}

// TestCalibrationWithoutNumbersIsDrawn: a number that does not exist is a dash, null or an empty field, and every line of CSV has all fields.
func TestCalibrationWithoutNumbersIsDrawn(t *testing.T) {
	drawn := map[string]string{}
	for _, output := range []string{"table", "json", "csv", "markdown"} {
		report, ok := NamedCalibration(output, Style{})
		var out bytes.Buffer
		if !ok {
			t.Fatal(output)
		}
		if err := report(&out, uncertain()); err != nil {
			t.Fatalf("%s: %v", output, err)
		}
		if drawn[output] = out.String(); strings.ContainsAny(drawn[output], "\x1b") || strings.Contains(drawn[output], "NaN") {
			t.Errorf("%s:\n%q", output, drawn[output])
		}
	}
	for _, want := range []string{"calibrated with the users of the file", "p99         300ms       –          –              –  ✗ missed", "±0.00 points  ✓ met", "-49.00 points  ✗ saturated",
		"nodes.api.work is at least", "where the file has 1ms"} {
		if !strings.Contains(drawn["table"], want) {
			t.Errorf("%q is missing in\n%s", want, drawn["table"])
		}
	}
	rows, err := csv.NewReader(strings.NewReader(drawn["csv"])).ReadAll() // refuses lines of another length
	if err != nil || len(rows) != 1+1+3+1 {
		t.Errorf("%d rows, %v:\n%s", len(rows), err, drawn["csv"])
	}
	var back experiments.Calibration
	if err := json.Unmarshal([]byte(drawn["json"]), &back); err != nil || back.Rate.Known() || back.Figures[1].AtLeast[0].Value != "9.9ms" || back.Met() {
		t.Errorf("%v, %+v", err, back)
	}
}
