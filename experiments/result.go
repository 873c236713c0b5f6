package experiments

import (
	"encoding/json"
	"math"
	"strconv"

	"headroom/models"
)

// A Result is everything one scenario's simulation found: plain data, drawn by package reports and saved as JSON.
// Times are seconds, sizes bytes, rates per second, shares 0 to 1, money dollars.
type Result struct {
	Headroom    int                     `json:"headroom"` // version of the result format: 1
	Version     string                  `json:"version"`  // of the program
	Command     string                  `json:"command"`  // that gave this result, without flags that cannot change it
	Assumptions []string                `json:"assumptions"`
	Warnings    []string                `json:"warnings"`
	Partial     bool                    `json:"partial"`   // the run was interrupted
	Saturated   bool                    `json:"saturated"` // some queue only grew: latencies say how long the run was
	Scenario    ScenarioInfo            `json:"scenario"`
	Run         RunInfo                 `json:"run"`
	Load        Load                    `json:"load"`
	Outcomes    Outcomes                `json:"outcomes"`
	ErrorRate   Num                     `json:"error_rate"` // share of the requests that ended and are not ok
	Latency     Latency                 `json:"latency"`    // of requests that ended ok, end to end
	Requests    map[string]ClassResult  `json:"requests"`
	Sources     map[string]SourceResult `json:"sources"`
	Regions     map[string]RegionResult `json:"regions,omitempty"`  // by the clients' region
	Answered    []Answered              `json:"answered,omitempty"` // where there are caches
	Nodes       map[string]NodeResult   `json:"nodes"`
	NodeOrder   []string                `json:"node_order"` // the nodes in the order of the file
	Edges       []Edge                  `json:"edges"`
	Attempts    *AttemptsResult         `json:"attempts,omitempty"` // where something is done about calls that fail or take too long
	Events      []EventResult           `json:"events,omitempty"`
	Metastable  string                  `json:"metastable,omitempty"` // what keeps the run bad when all events are over; empty: it is not
	SLO         []Target                `json:"slo"`
	Bottleneck  Bottleneck              `json:"bottleneck"`
	WhereTime   []TimeShare             `json:"where_time_goes"`
	Cost        Cost                    `json:"cost"`
	Observed    []Observed              `json:"observed,omitempty"`
	Series      Series                  `json:"series"`
}

// Num is a float that JSON can hold: NaN, "there is no such number", travels as null.
type Num float64

// None is the number that does not exist: the mean of nothing.
var None = Num(math.NaN())

// Known tells whether there is a number.
func (n Num) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }

// MarshalJSON writes the shortest text that reads back as the same number, or null.
func (n Num) MarshalJSON() ([]byte, error) {
	if !n.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads a number or null.
func (n *Num) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = None
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	*n = Num(f)
	return err
}

// Interval is a 95% confidence interval, low and high end. A nil interval means one replication, which has none.
type Interval [2]Num

// ScenarioInfo says which scenario was simulated; Source is its text after variants and --set.
type ScenarioInfo struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Source string `json:"source"`
	// Warnings are those of the reader, which come first in the result's own.
	Warnings []string `json:"warnings,omitempty"`
}

// RunInfo says how the simulation was run. Requests and Events sum over the replications; WallSeconds is the one field that
// differs between two runs of the same command.
type RunInfo struct {
	Seed             uint64 `json:"seed"`
	Replications     int    `json:"replications"`
	SimulatedSeconds Num    `json:"simulated_seconds"` // measured, per replication
	WarmupSeconds    Num    `json:"warmup_seconds"`
	Requests         int64  `json:"requests"`
	Events           int64  `json:"events"`
	WallSeconds      Num    `json:"wall_seconds"`

	Precision *PrecisionInfo `json:"precision,omitempty"` // where the scenario asks for one
}

// PrecisionInfo says how precise the run is, of the mean latency and of every quantity of the SLO.
type PrecisionInfo struct {
	Asked   Num    `json:"asked"`   // share of the true value that the estimate may be off by, with 95% confidence
	Reached bool   `json:"reached"` // with as many replications as were run
	Planned int    `json:"planned"` // replications that are run in any case
	Widest  string `json:"widest"`  // the quantity whose interval is the widest: mean, or a target of the SLO
	Half    Num    `json:"half"`    // half that interval as a share of the quantity; null where there is no interval

	// Where the precision also decides how long a replication is: the measured time that it would have without one, which is the longest; and the
	// measured requests, beyond those of the result, that it took to find how long.
	PlannedSeconds Num   `json:"planned_seconds,omitzero"`
	Tried          int64 `json:"tried,omitempty"`
}

// Load is requests per second over the measured time. Asked is the rate that the scenario names (null for closed users).
type Load struct {
	Asked     Num       `json:"asked"`
	Offered   Num       `json:"offered"`
	Completed Num       `json:"completed"` // ended, whatever the outcome
	Goodput   Num       `json:"goodput"`   // ended ok
	CI95      *LoadCI95 `json:"ci95,omitempty"`
}

// LoadCI95 holds the intervals of Load.
type LoadCI95 struct {
	Offered Interval `json:"offered"`
	Goodput Interval `json:"goodput"`
}

// Outcomes counts the requests that arrived in the measured time by how they ended.
type Outcomes struct {
	OK          int64 `json:"ok"`
	RateLimited int64 `json:"rate_limited"`
	Overloaded  int64 `json:"overloaded"`
	Timeout     int64 `json:"timeout"`
	Unavailable int64 `json:"unavailable"`
	Failed      int64 `json:"failed"`
	InFlight    int64 `json:"in_flight"`
}

// Latency sums up a distribution of times, in seconds. With Count 0 the figures are null.
type Latency struct {
	Mean  Num          `json:"mean"`
	P50   Num          `json:"p50"`
	P90   Num          `json:"p90"`
	P95   Num          `json:"p95"`
	P99   Num          `json:"p99"`
	P999  Num          `json:"p999"`
	Min   Num          `json:"min"`
	Max   Num          `json:"max"`
	Count int64        `json:"count"`
	CI95  *LatencyCI95 `json:"ci95,omitempty"`
	// Histogram is the distribution, in nanoseconds: HdrHistogram's V2 encoding, compressed, in base64. It is there where
	// Options.Histograms asks for it, for all requests and for each class.
	Histogram string `json:"histogram,omitempty"`
}

// LatencyCI95 holds the intervals of a Latency, from independent replications.
type LatencyCI95 struct {
	Mean Interval `json:"mean"`
	P50  Interval `json:"p50"`
	P99  Interval `json:"p99"`
}

// ClassResult is what one request class saw. Done counts until the class's background work is finished.
type ClassResult struct {
	Share     Num      `json:"share"`
	Latency   Latency  `json:"latency"`
	Done      Latency  `json:"done"`
	Outcomes  Outcomes `json:"outcomes"`
	ErrorRate Num      `json:"error_rate"`
}

// RegionResult is what the clients in one region saw.
type RegionResult struct {
	Latency   Latency `json:"latency"`
	ErrorRate Num     `json:"error_rate"`
}

// SourceResult is what one traffic source saw.
type SourceResult struct {
	Latency   Latency      `json:"latency"`
	Outcomes  Outcomes     `json:"outcomes"`
	ErrorRate Num          `json:"error_rate"`
	Cache     *CacheResult `json:"cache,omitempty"` // where its clients keep answers, all of them together
}

// ByBrowsers is who answered the requests that clients answered themselves, out of what they keep.
const ByBrowsers = models.BrowserLayer

// Answered is what the requests saw that found at one cache what they asked for last, or, with an empty By, at none.
type Answered struct {
	By      string  `json:"by"`    // browser_cache: the clients themselves
	Share   Num     `json:"share"` // of the requests that asked a cache and ended ok
	Latency Latency `json:"latency"`
}

// EventResult is an event of the scenario, and how long the system took to get over it.
type EventResult struct {
	At   Num    `json:"at"`  // from the start of the measured time
	For  Num    `json:"for"` // null: it is never undone; 0: it is over at once
	What string `json:"what"`
	// RecoveredAfter is the time from the event's beginning to the first bucket of the series from which on all of them meet the targets for
	// latency and errors, until the next event begins or the run ends: 0 where all do, null where the last does not.
	RecoveredAfter Num `json:"recovered_after"`
	// Before is as long as During, which lasts until the event is undone, after a flush and a resize that is not until all is well again, in whole
	// buckets of the series; After ends where the next event begins, and so does During where there is no end of it. Null where there is no such time.
	Before *Phase `json:"before"`
	During *Phase `json:"during"`
	After  *Phase `json:"after"`
	*MoveResult

	number int // in the scenario
}

// MoveResult is what a rebalance moved. All of it is null if the run was over before.
type MoveResult struct {
	Moved       Num `json:"moved"`        // share of the data that belongs to another shard than before
	Copied      Num `json:"copied"`       // share of that which was there at the end of the measured time
	CopiedAfter Num `json:"copied_after"` // seconds from the event's beginning until all of it was; null: not within the run
}

// Phase is the time before, during or after an event.
type Phase struct {
	P99       Num `json:"p99"`        // of the requests that ended ok in it: the mean over its buckets
	ErrorRate Num `json:"error_rate"` // share of the requests that ended in it and are not ok
	Goodput   Num `json:"goodput"`    // per second
}

// Cost is in dollars; null where nothing has a price.
type Cost struct {
	PerMonth           Num `json:"per_month"`
	PerMillionRequests Num `json:"per_million_requests"`
}

// Busiest names the instance with the highest utilization.
type Busiest struct {
	Instance    string `json:"instance"`
	Utilization Num    `json:"utilization"`
}

// Edge is the calls from one node (or source) to another.
type Edge struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Rate   Num    `json:"rate"`
	Bytes  Num    `json:"bytes_per_second"` // both ways: the sizes of the request classes
	Errors int64  `json:"errors"`

	back Num // of the bytes: with answers
}

// Target is one line of the SLO and how it went. Value is null where no honest value exists: a latency of a saturated run.
type Target struct {
	Target string    `json:"target"`
	Value  Num       `json:"value"`
	CI95   *Interval `json:"ci95,omitempty"`
	Met    bool      `json:"met"`
	Unit   string    `json:"unit"` // of Value: seconds, share or per_second
}

// Bottleneck is what limits the system: where the SLO is missed for something else than a full resource that, else the resource that saturates
// first. Beside what nodes list, the resource may be distance, latency and failures (of others), or backlog: a queue that is too short. Class
// none means that nothing here has a limit.
type Bottleneck struct {
	Node        string `json:"node"`
	Resource    string `json:"resource"`
	Class       string `json:"class"` // cpu, memory, database, shard, network, distance, pool, limit, external, retries, none
	Utilization Num    `json:"utilization"`
	Evidence    string `json:"evidence"`     // one sentence with the numbers
	SaturatesAt Num    `json:"saturates_at"` // offered rate at which the resource reaches 100%
}

// TimeShare is one part of the requests' time: of the mean, and of the requests beyond the 99th percentile.
type TimeShare struct {
	Node      string `json:"node"`
	Resource  string `json:"resource"` // what was waited for or worked on: cpu, concurrency, …
	Part      string `json:"part"`     // wait or service
	Share     Num    `json:"share"`
	TailShare Num    `json:"tail_share"`
}

// Series is the run over time, in buckets, averaged over the replications.
type Series struct {
	BucketSeconds Num                   `json:"bucket_seconds"`
	T             []Num                 `json:"t"` // start of each bucket, from the start of the measured time
	Offered       []Num                 `json:"offered"`
	Goodput       []Num                 `json:"goodput"`
	Errors        []Num                 `json:"errors"` // per second
	P50           []Num                 `json:"p50"`
	P99           []Num                 `json:"p99"`
	Nodes         map[string]NodeSeries `json:"nodes"`
}

// NodeSeries is one node over time: utilization of its cores (or servers), and the number of visits waiting in its queues, or of messages
// in a queue.
type NodeSeries struct {
	CPU   []Num `json:"cpu"`
	Queue []Num `json:"queue"`
	// Instances is how many took calls, where events or the load change their number.
	Instances []Num `json:"instances,omitempty"`
}
