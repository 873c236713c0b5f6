package models

import (
	"math"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Traffic is a source of requests: an open one with a rate or stages, a closed one with users who think, or a recorded one.
type Traffic struct {
	Enters   string                      `key:"enters" required:"true" doc:"the node that the requests go to first"`
	Rate     *units.Rate                 `key:"rate" doc:"requests per second"`
	Stages   []Stage                     `key:"stages" doc:"a rate that changes: holds and ramps, one after the other"`
	Users    units.Count                 `key:"users" doc:"a closed loop: so many users, each with one request at a time"`
	Think    Time                        `key:"think" default:"0s" doc:"time between an answer and the user's next request"`
	Replay   *Trace                      `key:"replay" doc:"a recorded trace: a CSV file with a column time, in seconds, and maybe request, client, key and region; it is never scaled"`
	Speed    units.Factor                `key:"speed" default:"1x" doc:"of a replay: 2x takes half the time"`
	Mix      strict.Ordered[units.Share] `key:"mix" doc:"share of each request class"`
	Arrivals Arrivals                    `key:"arrivals" default:"poisson" doc:"gaps between arrivals: poisson, constant, erlang(k=4) or hyperexp(cv=3)"`
	Clients  units.Count                 `key:"clients" doc:"distinct clients; default: every request has its own"`
	Scales   bool                        `key:"scales" default:"true" doc:"false keeps --rate from scaling it"`
	Batch    *Batch                      `key:"batch" doc:"a number of requests at once, again and again, such as {every: 1h, size: 10k}; --rate never scales it"`
	Crowd    *Crowd                      `key:"client_popularity" doc:"how often each of the clients sends, as the popularity of data: uniform, the default, zipf(1.0), hot(1% 90%) or scan"`
	Regions  strict.Ordered[units.Share] `key:"regions" doc:"share of the clients in each region"`
	Browser  *BrowserCache               `key:"browser_cache" doc:"what each client keeps of its answers: {entries: 100, ttl: 60s}, or {hit_ratio: 30%}"`
	Resilience
}

// Describe says what is being read, for errors.
func (*Traffic) Describe() string { return "a traffic source such as {enters: api, rate: 100/s}" }

// Stage is a stretch of time with a rate that holds, or that goes to another.
type Stage struct {
	For   units.Duration `key:"for" required:"true" doc:"how long the stage lasts"`
	Rate  *units.Rate    `key:"rate" doc:"the rate holds"`
	To    *units.Rate    `key:"to" doc:"the rate goes to this one"`
	Curve string         `key:"curve" default:"linear" enum:"linear|exponential" doc:"how it goes there"`
}

// Describe says what is being read, for errors.
func (*Stage) Describe() string { return "a stage such as {for: 1m, rate: 100/s}" }

// Arrivals is the distribution of the gaps between arrivals, with mean 1.
type Arrivals struct {
	sim.Dist
	Text string
}

// UnmarshalText reads poisson, constant, erlang(k=4) or hyperexp(cv=3).
func (a *Arrivals) UnmarshalText(text []byte) error {
	d, err := ParseArrivals(string(text))
	if err == nil {
		*a = Arrivals{d, string(text)}
	}
	return err
}

// Describe says what arrivals look like.
func (*Arrivals) Describe() string { return "poisson, constant, erlang(k=4) or hyperexp(cv=3)" }

// piece is a stretch of the rate's course: from one rate to another, in seconds and requests per second.
type piece struct {
	from, to    float64
	length      float64
	exponential bool
}

// expected returns the mean number of arrivals in the piece.
func (p piece) expected() float64 { return p.area(p.length) }

// area returns the mean number of arrivals in the first t seconds of the piece: the inverse of when.
func (p piece) area(t float64) float64 {
	switch {
	case p.from == p.to:
		return p.from * t
	case p.exponential:
		g := math.Log(p.to/p.from) / p.length
		return p.from * math.Expm1(g*t) / g
	default:
		return p.from*t + (p.to-p.from)/p.length*t*t/2
	}
}

// when returns the time within the piece at which n arrivals are expected: the inverse of the integrated rate, so that a renewal
// process of unit rate becomes one of this rate (Çinlar, Introduction to Stochastic Processes, 1975, ch. 4.7).
func (p piece) when(n float64) float64 {
	switch slope := (p.to - p.from) / p.length; {
	case p.from == p.to:
		return n / p.from
	case p.exponential:
		g := math.Log(p.to/p.from) / p.length
		return math.Log1p(n*g/p.from) / g
	default: // n = from·t + slope·t²/2, in the form that does not cancel
		return 2 * n / (p.from + math.Sqrt(max(p.from*p.from+2*slope*n, 0)))
	}
}

// rate returns that at a moment within the piece.
func (p piece) rate(t float64) float64 {
	if p.exponential {
		return p.from * math.Pow(p.to/p.from, t/p.length)
	}
	return p.from + (p.to-p.from)*t/p.length
}
