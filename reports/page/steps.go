package page

import (
	"headroom/experiments"
	"headroom/reports"
)

// A step is a rate that the slider can be set to.
type step struct {
	Rate      string           `json:"rate"`
	Figures   []reports.Figure `json:"figures"`
	perSecond experiments.Num
}

// data is what the script reads.
type data struct {
	Shown    int     `json:"shown"`
	Steps    []step  `json:"steps"`
	Diagrams []looks `json:"diagrams"`
}

// A run is what one diagram shows at each step.
type run struct {
	name     string
	scenario experiments.ScenarioInfo
	at       []*experiments.Result
}

// addSteps adds the rates that the slider goes over, and returns what each diagram shows at them.
func (r *report) addSteps(result any) []run {
	runs, steps := runsOf(result)
	r.Steps = steps
	if s, is := result.(*experiments.Sweep); is {
		r.Shown = shownFirst(stepped(s))
	}
	r.Data = &data{Shown: r.Shown, Steps: r.Steps, Diagrams: []looks{}}
	return runs
}

func stepAt(rate experiments.Num, figures ...reports.Figure) step {
	return step{reports.RateWords(rate), append([]reports.Figure{}, figures...), rate}
}

// mostSteps is how many rates of a sweep are shown in detail: the page stays small.
const mostSteps = 60

// stepped is the sweep at the rates that the slider goes over: all of them, or some, equally far apart in the list, with the one that is shown
// first and the last.
func stepped(s *experiments.Sweep) *experiments.Sweep {
	if len(s.Points) <= mostSteps {
		return s
	}
	some, first := *s, shownFirst(s)
	some.Points = nil
	stride := (len(s.Points) + mostSteps - 3) / (mostSteps - 2)
	for i := range s.Points {
		if i%stride == 0 || i == first || i == len(s.Points)-1 {
			some.Points = append(some.Points, s.Points[i])
		}
	}
	return &some
}

// shownFirst is the highest rate at which the SLO is met, else the lowest.
func shownFirst(s *experiments.Sweep) int {
	shown := 0
	for i := range s.Points {
		if s.Points[i].MeetsSLO() {
			shown = i
		}
	}
	return shown
}

// runsOf lists what the diagrams show: a result at its own rate, a sweep at each of its rates, a comparison each case at each of its rates.
func runsOf(result any) ([]run, []step) {
	switch of := result.(type) {
	case *experiments.Result:
		return []run{{scenario: of.Scenario, at: []*experiments.Result{of}}}, []step{stepAt(of.Load.Offered)}
	case *experiments.Diagnosis:
		return runsOf(of.Result)
	case *experiments.Sensitivity:
		return runsOf(of.Result)
	case *experiments.Calibration:
		return runsOf(of.Result)
	case *experiments.Sweep:
		var steps []step
		one := run{scenario: of.Scenario}
		points := stepped(of).Points
		for i := range points {
			p := &points[i]
			one.at = append(one.at, p.Result)
			steps = append(steps, stepAt(p.Rate, reports.PointFigures(p)...))
		}
		return []run{one}, steps
	case *experiments.Comparison:
		return casesOf(of)
	}
	return nil, nil
}

func casesOf(c *experiments.Comparison) (runs []run, steps []step) {
	for _, one := range c.Loads()[0].Cases {
		runs = append(runs, run{name: one.Name, scenario: one.Result.Scenario})
	}
	for _, at := range c.Loads() {
		if len(at.Cases) < len(runs) { // interrupted
			break
		}
		rate := at.Rate
		if rate == 0 {
			rate = at.Cases[0].Result.Load.Offered
		}
		steps = append(steps, stepAt(rate))
		for k := range runs {
			runs[k].at = append(runs[k].at, at.Cases[k].Result)
		}
	}
	return runs, steps
}
