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
		r.Shown = shownFirst(s)
	}
	r.Data = &data{Shown: r.Shown, Steps: r.Steps, Diagrams: []looks{}}
	return runs
}

func stepAt(rate experiments.Num, figures ...reports.Figure) step {
	return step{reports.RateWords(rate), append([]reports.Figure{}, figures...), rate}
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
		for i := range of.Points {
			p := &of.Points[i]
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
	for i, at := range c.Loads() {
		rate := at.Rate
		if rate == 0 {
			rate = at.Cases[0].Result.Load.Offered
		}
		steps = append(steps, stepAt(rate))
		for k, one := range at.Cases {
			if i == 0 {
				runs = append(runs, run{name: one.Name, scenario: one.Result.Scenario})
			}
			runs[k].at = append(runs[k].at, one.Result)
		}
	}
	return runs, steps
}
