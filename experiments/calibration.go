package experiments

// A Calibration is a scenario whose service times were solved from what was observed on the real system: plain data, drawn by package reports
// and saved as JSON.
type Calibration struct {
	Headroom    int                `json:"headroom"` // version of the result format: 1
	Kind        string             `json:"kind"`     // calibration
	Version     string             `json:"version"`
	Command     string             `json:"command"`
	Assumptions []string           `json:"assumptions"` // what the solution rests on, one sentence each
	Warnings    []string           `json:"warnings"`    // of the scenario, and of the run at the solved times
	Scenario    ScenarioInfo       `json:"scenario"`    // before
	Rate        Num                `json:"rate"`        // requests per second at which it was solved; null: closed users ask for what they can
	Changes     []CalibratedTime   `json:"changes"`     // in the order of the file; times that stay the same are not among them
	Figures     []CalibratedFigure `json:"figures"`     // in the order of `observed`
	Free        string             `json:"free"`        // what was scaled to meet the latencies, in words; empty: nothing
	Saturated   bool               `json:"saturated"`   // the real system was, when it was measured: some resource was busy nearly all the time
	Result      *Result            `json:"result"`      // of a run with the solved times; its scenario.source is the file with them, comments and layout kept
	WallSeconds Num                `json:"wall_seconds"`
}

// A CalibratedTime is a time of the file that was solved, or a bandwidth or the reads per second of a disk: what it does in a time.
type CalibratedTime struct {
	Path   string    `json:"path"`   // as --set takes it
	Before string    `json:"before"` // as written
	After  string    `json:"after"`  // rounded to four significant digits
	Factor Num       `json:"factor"` // that the time, or what is done in a time, was multiplied by, before rounding
	CI95   *Interval `json:"ci95"`   // of the factor, by the interval of the simulated utilization, at the rate that was asked for; null where it was solved from latencies
	From   string    `json:"from"`   // the figure that it was solved from, such as api.cpu; latency: all of those
}

// What became of an observed figure.
const (
	FigureMet       = "met"       // the run shows it, within its interval or what is allowed
	FigureMissed    = "missed"    // the run shows another, and no common factor brings it nearer
	FigureSaturated = "saturated" // the resource was busy nearly all the time: its demand is not determined, but has a lower bound
	FigureNoDemand  = "no demand" // no number of the file makes it
	latencyFigures  = "latency"   // what CalibratedTime.From says of times solved from latencies
	allowedPoints   = .01         // how far off a utilization or another share may be that is met: they are written in whole percents
	allowedShare    = .05         // likewise of latencies and rates, as a share of what was observed
	saturatedFrom   = .97         // utilization from which on it no longer tells the demand
)

// A CalibratedFigure is an observed figure beside the simulated one at the solved times.
type CalibratedFigure struct {
	Figure    string    `json:"figure"` // as the scenario names it: p99, api.cpu
	Unit      string    `json:"unit"`   // seconds, share or per_second
	Observed  Num       `json:"observed"`
	Before    Num       `json:"before"` // simulated with the times of the file
	Simulated Num       `json:"simulated"`
	CI95      *Interval `json:"ci95"`     // of Simulated
	Residual  Num       `json:"residual"` // simulated minus observed, in the unit
	Status    string    `json:"status"`   // met, missed, saturated, no demand
	Reason    string    `json:"reason"`   // one sentence where it is not met
	AtLeast   []Bound   `json:"at_least"` // of a saturated figure: what its times are at least
}

// A Bound is the least that a time can be.
type Bound struct {
	Path   string `json:"path"`
	Before string `json:"before"` // as written, which may be more
	Value  string `json:"value"`  // as it would be written
}

// Met tells whether all figures are met.
func (c *Calibration) Met() bool {
	for _, f := range c.Figures {
		if f.Status != FigureMet {
			return false
		}
	}
	return true
}

// Uncalibratable says why nothing of a scenario can be solved.
type Uncalibratable string

func (u Uncalibratable) Error() string { return string(u) }
