package models

import (
	"math"
	"slices"

	"headroom/internal/units"
	"headroom/sim"
)

// The highest rate is an arrival in every nanosecond, the tick of the clock; at the lowest it holds the requests of a usual run.
const (
	highestRate = units.Rate(1e9)
	lowestRate  = units.Rate(1. / 3600)
)

// simulable tells whether a rate can be simulated.
func simulable(r units.Rate) bool { return r >= lowestRate && r <= highestRate }

func (t *Traffic) check(c *Check, path string) {
	if t.Enters != "" {
		c.node(path+".enters", t.Enters)
	}
	ways := 0
	for _, key := range t.Choices()[0].Of {
		if c.Given(path + "." + key) {
			ways++
		}
	}
	switch {
	case ways == 0 && !c.Wrong(path):
		c.Errorf(path, "a source needs one of `rate`, `stages`, `users`, `replay` and `batch`")
	case ways > 1:
		c.Errorf(path, "a source has one of `rate`, `stages`, `users`, `replay` and `batch`, not several")
	}
	if t.Rate != nil && !simulable(*t.Rate) {
		c.Errorf(path+".rate", "`rate` must be from 1/h to %s", highestRate)
	}
	if c.Given(path+".users") && (t.Users < 1 || t.Users > mostUsers) {
		c.Errorf(path+".users", "`users` must be from 1 to %s", units.Count(mostUsers))
	}
	if c.Given(path+".clients") && t.Clients < 1 {
		c.Errorf(path+".clients", "`clients` must be at least 1")
	}
	if c.Given(path+".think") && t.Users == 0 {
		c.Warnf(path+".think", "`think` has no effect without `users`")
	}
	if t.Users > 0 {
		for key, why := range map[string]string{
			"arrivals": "requests come when their users send them", "clients": "each user is a client", "scales": "they have no rate to scale",
		} {
			if c.Given(path + "." + key) {
				c.Warnf(path+"."+key, "`%s` has no effect with `users`: %s", key, why)
			}
		}
	}
	t.checkStages(c, path)
	t.checkBatch(c, path)
	t.checkReplay(c, path)
	t.checkCrowd(c, path)
	t.checkRegions(c, path)
	t.checkMix(c, path)
	t.Resilience.check(c, path)
	if t.Browser != nil {
		t.Browser.check(c, path+".browser_cache", t)
	}
}

func (t *Traffic) checkStages(c *Check, path string) {
	for i, s := range t.Stages {
		at := path + ".stages." + itoa(i)
		switch {
		case c.Wrong(at):
		case (s.Rate == nil) == (s.To == nil):
			c.Errorf(at, "a stage needs one of `rate` (it holds) and `to` (it ramps)")
		case s.Rate != nil && *s.Rate != 0 && !simulable(*s.Rate):
			c.Errorf(at+".rate", "`rate` must be 0, or from 1/h to %s", highestRate)
		case s.To != nil && *s.To != 0 && !simulable(*s.To):
			c.Errorf(at+".to", "`to` must be 0, or from 1/h to %s", highestRate)
		case s.For <= 0:
			c.Errorf(at+".for", "a stage must last some time")
		case s.To != nil && i == 0:
			c.Errorf(at+".to", "the first stage has no rate to start from: give it `rate`")
		case c.Given(at+".curve") && s.Rate != nil:
			c.Warnf(at+".curve", "`curve` has no effect where the rate holds")
		}
	}
	if c.Given(path+".stages") && !c.Wrong(path+".stages") && t.highest() == 0 {
		c.Errorf(path+".stages", "no stage has a rate above 0")
	}
	from := 0.0
	for i, s := range t.Stages {
		if s.To != nil && s.Curve == "exponential" && (from <= 0 || *s.To <= 0) {
			c.Errorf(path+".stages."+itoa(i), "an exponential ramp cannot start or end at 0")
		}
		if s.Rate != nil {
			from = float64(*s.Rate)
		} else if s.To != nil {
			from = float64(*s.To)
		}
	}
}

func (t *Traffic) checkMix(c *Check, path string) {
	sum := units.Share(0)
	for _, m := range t.Mix {
		c.class(m.At, m.Key)
		sum += m.Value
	}
	if len(t.Mix) > 0 && math.Abs(float64(sum)-1) > 1e-9 && !c.Wrong(path+".mix") {
		c.Errorf(path+".mix", "the shares of `mix` add up to %s: they must add up to 100%%", units.FormatShare(sum))
	}
	named := t.Replay != nil && t.Replay.classes != nil || c.Given(path+".replay") && c.Wrong(path) // or perhaps: its file was not read
	if len(t.Mix) == 0 && len(c.classes) > 1 && !named {
		c.Errorf(path+".mix", "a source needs a `mix` where there are several request classes, such as mix: {%s: 100%%}", c.classes[0])
	}
}

// Open tells whether the source sends at a rate, whatever the answers do.
func (t *Traffic) Open() bool { return t.Users == 0 && t.Replay == nil && t.Batch == nil }

// distinct returns how many different clients send the requests; +Inf where they come without number.
func (t *Traffic) distinct() float64 {
	switch {
	case t.Replay != nil && t.Replay.clients:
	case t.Users > 0:
		return float64(t.Users)
	case t.Clients > 0:
		return float64(t.Clients)
	}
	return math.Inf(1)
}

// once tells that each request has a client of its own.
func (t *Traffic) once() bool {
	return t.Users == 0 && t.Clients == 0 && !(t.Replay != nil && t.Replay.clients)
}

// pieces returns the course of the rate; the last piece of a plain rate never ends, nor do batches, which count by their rate on average.
func (t *Traffic) pieces() []piece {
	if t.Batch != nil {
		return []piece{{from: t.Batch.perSecond(), to: t.Batch.perSecond(), length: math.Inf(1)}}
	}
	if t.Rate != nil {
		return []piece{{from: float64(*t.Rate), to: float64(*t.Rate), length: math.Inf(1)}}
	}
	var ps []piece
	from := 0.0
	for _, s := range t.Stages {
		p := piece{from: from, length: s.For.Seconds(), exponential: s.Curve == "exponential"}
		if s.Rate != nil {
			p.from, p.to = float64(*s.Rate), float64(*s.Rate)
		} else {
			p.to = float64(*s.To)
		}
		from = p.to
		ps = append(ps, p)
	}
	return ps
}

// course returns the pieces after the warm-up, during which the rate of the first stage holds.
func (t *Traffic) course(warmup sim.Time) []piece {
	ps := t.pieces()
	if len(t.Stages) == 0 || warmup == 0 {
		return ps
	}
	return append([]piece{{from: ps[0].from, to: ps[0].from, length: warmup.Seconds()}}, ps...)
}

// until returns how many requests are expected until a time.
func until(course []piece, seconds float64) float64 {
	sum := 0.0
	for _, p := range course {
		if seconds <= p.length {
			return sum + p.area(seconds)
		}
		sum += p.expected()
		seconds -= p.length
	}
	return sum
}

// highest returns the highest rate that the source asks for, that of batches on average; 0 for closed users.
func (t *Traffic) highest() float64 {
	if !t.Open() && t.Batch == nil {
		return 0
	}
	top := 0.0
	for _, p := range t.pieces() {
		top = max(top, p.from, p.to)
	}
	return top
}

// scale multiplies the source's rates.
func (t *Traffic) scale(factor float64) {
	times := func(r *units.Rate) *units.Rate {
		if r == nil {
			return nil
		}
		scaled := units.Rate(float64(*r) * factor)
		return &scaled
	}
	t.Rate, t.Stages = times(t.Rate), slices.Clone(t.Stages)
	for i := range t.Stages {
		t.Stages[i].Rate, t.Stages[i].To = times(t.Stages[i].Rate), times(t.Stages[i].To)
	}
}

// classMix draws a request class.
type classMix struct {
	only  uint16 // where there is one
	upTo  []float64
	class []uint16
}

func (m *classMix) draw(base uint64) uint16 {
	if len(m.class) == 1 {
		return m.only
	}
	return m.among(base)
}

// among draws from several.
func (m *classMix) among(base uint64) uint16 {
	r := sim.NewRand(sim.Mix(base, drawClass))
	u := r.Float64()
	for i, upTo := range m.upTo {
		if u < upTo {
			return m.class[i]
		}
	}
	return m.class[len(m.class)-1]
}

// What a request draws from its base before its first call.
const (
	drawClass = iota + 0x5eed
	drawClient
	drawRegion
)

// openSource sends requests at a rate, whatever the answers do.
type openSource struct {
	origin
	gaps     sim.Dist // of mean 1
	interval float64  // nanoseconds between arrivals on average, of a plain rate; 0: there are pieces
	pieces   []piece
	rand     sim.Rand
	sent     uint64
	soon     soon
	ahead    bool     // it looks what its next requests will ask for
	begin    sim.Time // of the current piece; of a plain rate: the last arrival
	n        float64  // arrivals expected in the current piece up to the last one; of a plain rate: nanoseconds carried over
}

func (s *openSource) Arrive() sim.Time {
	number := s.sent
	s.sent++
	base := sim.Mix(s.stream, number)
	if s.ahead {
		s.sendForeseen(base, number)
	} else {
		s.send(base, s.client(base, number), number)
	}
	return s.nextTime()
}

// sendForeseen sends a request whose key is known, if it was worth knowing.
func (s *openSource) sendForeseen(base, number uint64) {
	if a := s.soon.next(s, number); a.set != nil {
		s.sendFor(a.key, a.class, base, s.client(base, number), number)
		return
	}
	s.send(base, s.client(base, number), number)
}

// nextTime draws the next gap and carries it through the course of the rate. With a plain rate only what the clock cannot hold of a gap
// is carried over to the next, so that no precision is lost however long the run is.
func (s *openSource) nextTime() sim.Time {
	gap := s.gaps.Draw(&s.rand)
	if s.interval > 0 {
		s.n += gap * s.interval
		if s.n >= 1<<62 { // beyond the clock
			return sim.Never
		}
		whole := sim.Time(s.n)
		s.n -= float64(whole)
		s.begin += whole
		return s.begin
	}
	s.n += gap
	p := &s.pieces[0]
	for s.n >= p.expected() {
		s.n -= p.expected()
		s.begin += sim.Nanoseconds(p.length * 1e9)
		if s.pieces = s.pieces[1:]; len(s.pieces) == 0 {
			s.pieces = []piece{{length: 1}}
			return sim.Never
		}
		p = &s.pieces[0]
	}
	return s.begin + sim.Nanoseconds(p.when(s.n)*1e9)
}

// closedSource has users who send a request, wait for the answer, think, and send the next.
type closedSource struct {
	origin
	think   sim.Dist
	handler uint32
	users   []*sim.Call // their timers
}

// sent returns how many requests a user has sent. The timer counts them in the place of its random stream, which it has no use for: there
// they are at hand when its time is over, and a list of all users is not.
func sent(timer *sim.Call) uint64 { return timer.Rand.State() }

func (s *closedSource) Arrive() sim.Time { return sim.Never }

// Answered implements sim.Listener.
func (s *closedSource) Answered(r *sim.Request) {
	if s.browser != nil {
		s.browser.Answered(r)
	}
	s.thinks(r.Client, r.Arrived == s.sim.Now())
}

// leastPause is how soon a user comes again who was answered in no time, as those are who are refused: without it users who do not
// think would come again and again at the same instant.
const leastPause = sim.Time(units.Millisecond)

// thinks draws the time until the user's next request.
func (s *closedSource) thinks(client uint64, atOnce bool) {
	timer := s.users[client]
	r := sim.NewRand(sim.Mix(sim.Mix(s.stream, client), sent(timer)))
	pause := sim.Nanoseconds(s.think.Draw(&r))
	if pause == 0 && atOnce {
		pause = leastPause
	}
	s.sim.After(timer, s.handler, pause)
}

// Fire sends the request of a user who has thought enough.
func (s *closedSource) Fire(c *sim.Call) {
	client := uint64(c.Aux)
	before := sent(c)
	c.Rand = sim.NewRand(before + 1)
	base := sim.Mix(sim.Mix(s.stream, ^client), before)
	s.send(base, client, (before+1)*uint64(len(s.users))+client)
}
