package experiments

import (
	"cmp"
	"context"
	"math"
	"slices"

	"headroom/models"
	"headroom/scenarios"
)

// Capacity is the highest rate that meets the SLO, in requests per second.
type Capacity struct {
	Rate  Num       `json:"rate"` // null: it is not between the lowest and the highest rate that was tried
	CI95  *Interval `json:"ci95,omitempty"`
	Limit string    `json:"limit"`           // the target that more would miss; empty: none was missed
	Above Num       `json:"above,omitempty"` // where Rate is null: the SLO is met at this rate, the highest that was tried
	Below Num       `json:"below,omitempty"` // where Rate is null: the SLO is missed at every rate that was tried, of which this is the lowest

	roots []float64 // of each replication alone
}

// A trial is one rate that was tried, in requests per second: how far each target of the SLO is then, and the power, by all replications
// together and by each of them.
type trial struct {
	rate   float64
	sample float64 // see search
	all    []Target
	each   [][]Target
	power  float64
	powers []float64
}

func (m *measurement) trial(rate float64) trial {
	t := trial{rate: rate}
	t.all, t.power = m.judged(m.reps)
	for i := range m.reps {
		targets, power := m.judged(m.reps[i : i+1])
		t.each, t.powers = append(t.each, targets), append(t.powers, power)
	}
	return t
}

// judged returns what some of the replications say.
func (m *measurement) judged(reps []*replication) ([]Target, float64) {
	r := tally(m.l, reps, m.p)
	r.judge(m.l.Architecture)
	return r.SLO, power(r)
}

func (t trial) meets() bool { return meetsAll(t.all) }

// search tries rates, each one once, and keeps what it saw.
type search struct {
	ctx    context.Context
	l      *scenarios.Loaded
	o      Options
	trials []trial // by rising rate
	done   *progress
	next   int // to try, for progress

	// With a precision that decides how long a replication is: its requests in the trials to come, 0 for as many as without a precision; the
	// fewest that there are, and the most.
	sample, fewestRequests, mostRequests float64
}

// trialsExpected is how many rates a search tries, or a few less.
const trialsExpected = 10

// near is how far apart two rates are, as a factor, between which the capacity is interpolated.
const near = 1.02

// capacity finds the highest rate that meets the SLO, between the highest tried rate that does and the next one.
//
// The trials use the same random numbers at every rate, so that what a replication sees is a function of the rate alone, which nearly always
// gets worse with it: the root of that function estimates the capacity (retrospective approximation: Chen and Schmeiser, "Stochastic
// root finding via retrospective approximation", IIE Transactions 33(3), 2001, with one sample size and independent replications). The
// root of all replications together is the estimate, and the spread of the replications' own roots gives its interval (Student's t). A
// root is closed in by bisection, which is made faster by trying near where interpolation puts it, and interpolated at the end.
func (s *search) capacity() (*Capacity, error) {
	low := s.highestMet()
	switch {
	case low < 0:
		_, limit := crossing(s.trials[:1], s.targets(), trial.ofAll)
		return &Capacity{Rate: None, Limit: limit, Below: Num(s.trials[0].rate)}, nil
	case low == len(s.trials)-1:
		return &Capacity{Rate: None, Above: Num(s.trials[low].rate)}, nil
	}
	if err := s.closeIn(); err != nil {
		return nil, err
	}
	if err := s.closeInEach(); err != nil {
		return nil, err
	}
	rate, limit := crossing(s.trials, s.targets(), trial.ofAll)
	c := &Capacity{Rate: Num(rate), Limit: limit}
	if n := s.fewest(); n > 1 {
		for i := range n {
			root, _ := crossing(s.trials, s.targets(), func(t trial) []Target { return t.each[i] })
			c.roots = append(c.roots, root)
		}
		ci := interval(rate, c.roots)
		c.CI95 = &ci
	}
	return c, nil
}

// highestMet returns the number of the highest trial that meets the SLO, -1 where none does.
func (s *search) highestMet() int {
	for i := len(s.trials) - 1; i >= 0; i-- {
		if s.trials[i].meets() {
			return i
		}
	}
	return -1
}

// closeIn tries rates until the capacity is between two that are near each other.
func (s *search) closeIn() error {
	before := math.Inf(1)
	for {
		k := s.highestMet()
		low, high := s.trials[k].rate, s.trials[k+1].rate
		width := math.Log(high / low)
		if high/low <= near {
			return nil
		}
		next := math.Sqrt(low * high)
		if width < before/math.Sqrt2 { // interpolation helps
			root, _ := crossing(s.trials, s.targets(), trial.ofAll)
			if aside := math.Pow(near, .4); root/low > high/root { // one on either side, and they are near
				next = max(root/aside, low*math.Pow(high/low, .1))
			} else {
				next = min(root*aside, high/math.Pow(high/low, .1))
			}
		}
		before = width
		if err := s.try(next); err != nil {
			return err
		}
	}
}

// fewest is how many replications all trials have: with run.precision some have more.
func (s *search) fewest() int {
	n := len(s.trials[0].each)
	for _, t := range s.trials {
		n = min(n, len(t.each))
	}
	return n
}

// eachTrials bounds how many rates are tried for the sake of the interval alone.
const eachTrials = 4

// closeInEach tries rates beside the capacity where the root of some replication is between two that are far apart: near saturation one may
// still meet at a rate what all together miss, and the next rate that was tried is ten times as high.
func (s *search) closeInEach() error {
	if s.fewest() == 1 {
		return nil // no interval
	}
	for range eachTrials {
		next := 0.0
		for i := range s.fewest() {
			k := len(s.trials) - 1
			for k >= 0 && !meetsAll(s.trials[k].each[i]) {
				k--
			}
			if k < 0 || k == len(s.trials)-1 || s.trials[k+1].rate/s.trials[k].rate <= near*near {
				continue
			}
			if next = s.trials[k].rate * near; k < s.highestMet() {
				next = s.trials[k+1].rate / near
			}
		}
		if next == 0 {
			return nil
		}
		if err := s.try(next); err != nil {
			return err
		}
	}
	return nil
}

// try simulates another rate.
func (s *search) try(rate float64) error {
	t, err := s.simulate(rate)
	if err != nil {
		return err
	}
	s.trials = append(s.trials, t)
	slices.SortFunc(s.trials, func(a, b trial) int { return cmp.Compare(a.rate, b.rate) })
	return nil
}

func (s *search) simulate(rate float64) (trial, error) {
	at, _ := atRate(s.l, rate)
	o, number := s.o, min(s.next, len(s.done.shares)-1)
	o.of = pointAt(rate)
	o.Progress = func(share float64) { s.done.at(number, share) }
	if s.fewestRequests > 0 {
		at.Run.Precision = 0
	}
	if s.sample > 0 {
		o.planned = s.plan
	}
	s.next++
	m, err := measure(s.ctx, at, o)
	if err != nil {
		return trial{}, err
	}
	if err := s.ctx.Err(); err != nil { // half a trial is none
		return trial{}, context.Cause(s.ctx)
	}
	t := m.trial(rate)
	t.sample = s.sample
	return t, nil
}

func (s *search) targets() []models.Target { return targetsOf(s.l.Architecture) }

func (t trial) ofAll() []Target { return t.all }

// crossing finds the highest rate among some trials between which all targets go from met to not met, and the target that is the first
// to be missed. Where all trials meet them it is the highest rate, where none does the lowest.
func crossing(trials []trial, targets []models.Target, of func(trial) []Target) (rate float64, limit string) {
	last := len(trials) - 1
	k := last
	for k >= 0 && !meetsAll(of(trials[k])) {
		k--
	}
	if k == last {
		return trials[last].rate, ""
	}
	low, high := of(trials[max(k, 0)]), of(trials[k+1])
	from, to := trials[max(k, 0)].rate, trials[k+1].rate
	rate = math.Inf(1)
	for i, t := range targets {
		if high[i].Met {
			continue
		}
		if root := from + (to-from)*passed(t, low[i], high[i]); root < rate {
			rate, limit = root, t.Text
		}
	}
	return rate, limit
}

// passed returns the share of the way from one trial to the next at which a target is missed. Times grow as 1/(capacity − rate) when
// queues do, so that their reciprocals are nearly straight lines, which end at 0 where a latency no longer exists.
func passed(t models.Target, low, high Target) float64 {
	straight := func(value float64) float64 {
		if t.Unit != "seconds" {
			return value
		}
		if math.IsNaN(value) {
			return 0
		}
		return 1 / value
	}
	from, to := straight(float64(low.Value)), straight(float64(high.Value))
	share := (straight(t.Value) - from) / (to - from)
	if math.IsNaN(share) {
		return .5
	}
	return min(max(share, 0), 1)
}

func meetsAll(targets []Target) bool {
	return !slices.ContainsFunc(targets, func(t Target) bool { return !t.Met })
}
