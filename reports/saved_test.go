package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/experiments"
)

func TestSavedResultReadsBackAsItself(t *testing.T) {
	for name, r := range fixtures() {
		saved := draw(t, JSON(), r)
		again, err := ReadJSON(strings.NewReader(saved))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := draw(t, JSON(), again); got != saved {
			t.Errorf("%s: saved again it is\n%s\nand was\n%s", name, got, saved)
		}
		for report, draws := range map[string]Reporter{"table": Summary(Style{Verbose: true}), "csv": CSV(), "markdown": Markdown()} {
			if draw(t, draws, again) != draw(t, draws, r) {
				t.Errorf("%s: the %s of the saved result differs from that of the result", name, report)
			}
		}
	}
}

func TestAnyNumberAndTextSurvivesSaving(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(label string) num {
			if rapid.Bool().Draw(t, label+" is none") {
				return experiments.None
			}
			return num(rapid.Float64().Draw(t, label))
		}
		r := station()
		r.Scenario.Name = rapid.String().Draw(t, "name")
		r.Warnings = rapid.SliceOf(rapid.String()).Draw(t, "warnings")
		r.Latency.Mean, r.Load.Asked = number("mean"), number("asked")
		r.Latency.CI95.Mean = experiments.Interval{number("low"), number("high")}
		r.Series.P50 = []num{number("first"), number("second")}
		r.NodeOrder = append(r.NodeOrder, rapid.String().Draw(t, "node"))
		var saved, second bytes.Buffer
		if err := JSON()(&saved, r); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(saved.Bytes()) {
			t.Fatalf("not JSON:\n%s", saved.String())
		}
		again, err := ReadJSON(bytes.NewReader(saved.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := JSON()(&second, again); err != nil {
			t.Fatal(err)
		}
		if saved.String() != second.String() {
			t.Fatalf("saved again it is\n%s\nand was\n%s", second.String(), saved.String())
		}
		if r.Latency.Mean.Known() != again.Latency.Mean.Known() || r.Latency.Mean.Known() && r.Latency.Mean != again.Latency.Mean {
			t.Fatalf("the mean was %v and is %v", r.Latency.Mean, again.Latency.Mean)
		}
	})
}

func TestLayoutChangesNothing(t *testing.T) {
	for name, r := range fixtures() {
		compact, err := json.Marshal(forSaving(r))
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := json.Unmarshal(compact, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(draw(t, JSON(), r)), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if fmt.Sprint(want) != fmt.Sprint(got) {
			t.Errorf("%s: the layout changed the content", name)
		}
	}
}

func TestSavedResultIsShort(t *testing.T) {
	r := bookshop()
	names := make([]string, 40)
	for i := range names {
		names[i] = fmt.Sprintf("service-%d", i)
	}
	r.Series = series(600, names...)
	saved := draw(t, JSON(), r)
	if len(saved) >= 1_000_000 {
		t.Errorf("600 buckets of %d nodes take %d bytes", len(names), len(saved))
	}
	if lines := strings.Count(saved, "\n"); lines > 1200 {
		t.Errorf("it has %d lines", lines)
	}
	if !strings.Contains(saved, "\"goodput\": [9977.9, 10002.5]\n") {
		t.Error("an interval is not on a line of its own")
	}
}

func TestReadJSONSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		``:                                      "not a saved result: line 1: unexpected end of JSON input",
		`{"a": 1}`:                              `it has no "headroom" field`,
		`{"headroom": 2}`:                       "format version 2",
		`{"headroom": 1, "kind": "sweep"}`:      "is a sweep",
		"{\"headroom\": 1,\n\"run\": [}":        "line 2",
		"{\"headroom\": 1,\n\"run\": 7}":        "line 2",
		`{"headroom": 1, "slo": []} {"more":1}`: "line 1",
		`[1, 2]`:                                "not a saved result",
	} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives the error %v, which should contain %q", text, err, want)
		}
	}
	if _, err := ReadJSON(strings.NewReader(`{"headroom": 1, "a_later_field": [1]}`)); err != nil {
		t.Errorf("a field that a later version added: %v", err)
	}
}

// TestReadTellsKindsApart: whatever -o json saves is read back as what it was, and saved again it is the same.
func TestReadTellsKindsApart(t *testing.T) {
	for _, saved := range []string{
		draw(t, JSON(), bookshop()), drawSweep(t, "json", Style{}, swept()), drawComparison(t, "json", Style{}, shops()), drawComparison(t, "json", Style{}, shopsByRate()),
		drawSensitivity(t, "json", Style{}, guesses()), drawDiagnosis(t, "json", Style{}, diagnosed()),
	} {
		read, err := Read(strings.NewReader(saved))
		if err != nil {
			t.Errorf("%v:\n%.100s", err, saved)
			continue
		}
		var again string
		switch r := read.(type) {
		case *experiments.Result:
			again = draw(t, JSON(), r)
		case *experiments.Sweep:
			again = drawSweep(t, "json", Style{}, r)
		case *experiments.Comparison:
			again = drawComparison(t, "json", Style{}, r)
		case *experiments.Sensitivity:
			again = drawSensitivity(t, "json", Style{}, r)
		case *experiments.Diagnosis:
			again = drawDiagnosis(t, "json", Style{}, r)
		}
		if again != saved {
			t.Errorf("a %T is saved again as\n%.300s\nand was\n%.300s", read, again, saved)
		}
		if !IsSaved([]byte(saved)) {
			t.Errorf("a %T does not look saved", read)
		}
	}
	if IsSaved([]byte(`{"nodes": {"api": {"kind": "server"}}}`)) || IsSaved([]byte("nodes: {}")) {
		t.Error("a scenario looks saved")
	}
}

func TestReadSaysWhatIsMissing(t *testing.T) {
	whole := `"result": {"nodes": {}}`
	for text, want := range map[string]string{
		`{"headroom": 1}`: "it has a result without nodes",
		`{"headroom": 1, "nodes": {}, "node_order": ["api"]}`:                                           "it has no node api, which is in its node_order",
		`{"headroom": 1, "nodes": {}, "series": {"t": [1, 2], "p50": [1]}}`:                             "it has a series of 0 points where there are 2 times",
		`{"headroom": 1, "kind": "sweep"}`:                                                              "the sweep has no points",
		`{"headroom": 1, "kind": "sweep", "points": [{"rate": 1, ` + whole + `}, {"rate": 2}]}`:         "point 2 of the sweep has no result",
		`{"headroom": 1, "kind": "sweep", "points": [{` + whole + `}]}`:                                 "point 1 of the sweep has no rate above 0",
		`{"headroom": 1, "kind": "comparison"}`:                                                         "the comparison has no cases",
		`{"headroom": 1, "kind": "comparison", "points": [null]}`:                                       "the comparison has no cases",
		`{"headroom": 1, "kind": "comparison", "cases": [{"name": "a", ` + whole + `}, {"name": "b"}]}`: "case b has no result",
		`{"headroom": 1, "kind": "sensitivity"}`:                                                        "the study has no result",
		`{"headroom": 1, "kind": "bottleneck"}`:                                                         "the study has no result",
		`{"headroom": 1, "kind": "calibration"}`:                                                        "the calibration has no result",
		`{"headroom": 1, "kind": "part"}`:                                                               "headroom merge joins the parts",
		`{"headroom": 1, "kind": "trace"}`:                                                              "a saved trace is not read here: expected what simulate, sweep,",
		`{"headroom": 3, "kind": "sweep"}`:                                                              "format version 3, and this program reads version 1",
		`{"headroom": 1, "kind": 7}`:                                                                    "line 1",
		"{\"headroom\": 1, \"kind\": \"sweep\",\n\"points\": 7}":                                        "line 2",
	} {
		if r, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v and the error %v, which should contain %q", text, r, err, want)
		}
	}
}

// numbersOf collects every number and null of a JSON value as text, with how often it stands there.
func numbersOf(v any, into map[string]int) {
	switch v := v.(type) {
	case map[string]any:
		for key, part := range v {
			if key != "series" {
				numbersOf(part, into)
			}
		}
	case []any:
		for _, part := range v {
			numbersOf(part, into)
		}
	case json.Number:
		f, _ := v.Float64()
		into[strconv.FormatFloat(f, 'g', -1, 64)]++
	}
}

func TestCSVHasTheNumbersOfJSON(t *testing.T) {
	for name, r := range fixtures() {
		lines, err := csv.NewReader(strings.NewReader(draw(t, CSV(), r))).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := strings.Join(lines[0], ","); got != "section,name,metric,value,low,high" {
			t.Fatalf("the header is %s", got)
		}
		inCSV := map[string]int{}
		for _, l := range lines[1:] {
			for _, field := range l[3:] {
				if f, err := strconv.ParseFloat(field, 64); err == nil && !math.IsNaN(f) {
					inCSV[strconv.FormatFloat(f, 'g', -1, 64)]++
				}
			}
		}
		decoder := json.NewDecoder(strings.NewReader(draw(t, JSON(), r)))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err != nil {
			t.Fatal(err)
		}
		inJSON := map[string]int{}
		numbersOf(v, inJSON)
		for text, n := range inJSON {
			if inCSV[text] != n {
				t.Errorf("%s: %s stands %d times in the JSON and %d times in the CSV", name, text, n, inCSV[text])
			}
		}
	}
}

func TestCSVNamesEveryFigureOnce(t *testing.T) {
	for name, r := range fixtures() {
		lines, err := csv.NewReader(strings.NewReader(draw(t, CSV(), r))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, l := range lines {
			key := strings.Join(l[:3], " / ")
			if seen[key] {
				t.Errorf("%s: %s stands there twice", name, key)
			}
			seen[key] = true
		}
	}
}
