package models

import (
	"fmt"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Scenario is a whole scenario file as it was read.
type Scenario struct {
	Version  int                           `key:"headroom" default:"1" doc:"version of the format"`
	Name     string                        `key:"name" doc:"what the scenario is called"`
	About    string                        `key:"about" doc:"what it shows"`
	Run      Run                           `key:"run" doc:"how long and how often to simulate"`
	SLO      []Target                      `key:"slo" doc:"what \"works\" means: lines such as p99 < 250ms"`
	Data     strict.Ordered[DataSet]       `key:"data" doc:"data sets with keys and popularity"`
	Requests strict.Ordered[RequestClass]  `key:"requests" doc:"request classes"`
	Traffic  strict.Ordered[Traffic]       `key:"traffic" required:"true" doc:"sources of requests"`
	Nodes    strict.Ordered[Node]          `key:"nodes" required:"true" doc:"the architecture"`
	Variants strict.Ordered[*strict.Value] `key:"variants" doc:"named changes to this file"`
	Regions  *Regions                      `key:"regions" doc:"where clients and nodes can be, and the round-trip times between these places"`
	Events   []Event                       `key:"events" doc:"what happens on the way: {at: 30s, kill: api, for: 60s}"`
	Machines strict.Ordered[MachineType]   `key:"machines" doc:"machines that nodes run on; without it a built-in list serves: 2-cpu, 4-cpu, … 256-cpu"`
	Observed Observed                      `key:"observed" doc:"what was measured on the real system, to compare with: {rate: 1.2k/s, api.cpu: 63%, p99: 180ms}"`
}

// Run says how long and how often to simulate.
type Run struct {
	Duration     units.Duration `key:"duration" doc:"measured simulated time"`
	Requests     units.Count    `key:"requests" doc:"measured requests per replication"`
	Warmup       Warmup         `key:"warmup" default:"auto" doc:"simulated first and not measured"`
	Replications units.Count    `key:"replications" default:"4" doc:"independent repetitions"`
	Seed         uint64         `key:"seed" default:"1" doc:"where all random numbers come from"`
	Precision    units.Share    `key:"precision" doc:"the run ends when the 95% interval of the mean and of every SLO quantity is within this share of it: without duration and requests each replication is only as long as that needs, and up to 10 times as many are run"`
}

// Warmup is a duration, or auto.
type Warmup struct {
	Auto bool
	For  units.Duration
}

// UnmarshalText reads a duration or the word auto.
func (w *Warmup) UnmarshalText(text []byte) error {
	if w.Auto = string(text) == "auto"; w.Auto {
		return nil
	}
	if w.For.UnmarshalText(text) != nil {
		return fmt.Errorf("`%s` is not a warm-up: expected %s", shortened(string(text)), w.Describe())
	}
	return nil
}

// Describe says what a warm-up looks like.
func (Warmup) Describe() string { return "auto, or a duration such as 10s" }

// RequestClass is a kind of request.
type RequestClass struct {
	Data      string     `key:"data" doc:"the data set that it asks for"`
	Write     bool       `key:"write" doc:"a call of it to a database or cache writes"`
	Cacheable bool       `key:"cacheable" default:"true" doc:"false keeps it out of every cache; writes are never cacheable"`
	Request   units.Size `key:"request" default:"0" doc:"size of the request"`
	Response  Response   `key:"response" doc:"size of the response"`
	Priority  int        `key:"priority" default:"0" doc:"higher is served first where a discipline is priority"`
}

// Describe says what is being read, for errors.
func (*RequestClass) Describe() string { return "a request class such as {write: true}" }

// Describe says what is being read, for errors.
func (*Run) Describe() string { return "run settings such as {duration: 60s, replications: 4}" }
