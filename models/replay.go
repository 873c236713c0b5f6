package models

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"headroom/internal/strict"
	"headroom/sim"
	"headroom/sim/contents"
)

// Trace is a recorded course of requests, a CSV file. It is read once when the scenario is checked, line by line, and again by each
// replication as it goes on; it is never in memory as a whole.
type Trace struct {
	Name     string // as written
	path     string
	Requests int64            // how many there are
	last     sim.Time         // when the last comes, at the source's speed
	classes  map[string]int64 // requests of each; nil where the file does not say
	regions  map[string]int64 // likewise
	clients  bool             // it says which client sends
}

// DecodeStrict reads the name of a file, relative to the scenario's folder.
func (t *Trace) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Scalar {
		v.Expected(t.Describe())
		return
	}
	t.Name, t.path = v.Text(), beside(v.Dir(), v.Text())
	if err := readable(t.path); err != nil {
		v.Errorf("the trace `%s` cannot be read: %v", t.Name, err)
	}
}

// Describe says what a trace is.
func (*Trace) Describe() string {
	return "the name of a CSV file with a column `time`, in seconds, such as trace.csv"
}

// check reads the trace from end to end.
func (t *Trace) check(c *Check, path string, speed float64) {
	r, err := t.open(speed, c.classes, c.regions)
	if err != nil {
		c.Errorf(path, "%v", err)
		return
	}
	defer r.close()
	if t.clients = r.columns.client >= 0; r.columns.request >= 0 {
		t.classes = map[string]int64{}
	}
	if r.columns.region >= 0 {
		t.regions = map[string]int64{}
	}
	for t.Requests = 0; ; t.Requests++ {
		a, err := r.next()
		switch {
		case err == nil:
			if t.last = a.at; t.classes != nil {
				t.classes[c.classes[a.class]]++
			}
			if t.regions != nil {
				t.regions[c.regions[a.region]]++
			}
			continue
		case err != io.EOF:
			c.Errorf(path, "%v", err)
		case t.Requests == 0:
			c.Errorf(path, "there are no requests in %s: expected one in each line below the header", t.Name)
		}
		return
	}
}

// checkReplay checks what belongs to a replay, and warns of what its file says instead.
func (t *Traffic) checkReplay(c *Check, path string) {
	if t.Speed <= 0 || t.Speed > 1e6 {
		c.Errorf(path+".speed", "`speed` must be above 0 and at most 1000000")
	}
	if t.Replay == nil {
		c.warnKeys(path, "it is that of a `replay`", "speed")
		return
	}
	if c.Wrong(path) {
		return
	}
	t.Replay.check(c, path+".replay", float64(t.Speed))
	c.warnKeys(path, "the requests of a replay come when its file says", "arrivals")
	c.warnKeys(path, "a replay is never scaled", "scales")
	if t.Replay.classes != nil {
		c.warnKeys(path, "the file of the replay names the class of each request", "mix")
	}
	if t.Replay.clients {
		c.warnKeys(path, "the file of the replay names the client of each request", "clients")
	}
}

// share returns a class's share of the source's requests.
func (t *Traffic) share(class string) float64 {
	switch {
	case t.Replay != nil && t.Replay.classes != nil:
		return float64(t.Replay.classes[class]) / float64(max(t.Replay.Requests, 1))
	case len(t.Mix) == 0:
		return 1
	}
	share, _ := t.Mix.Get(class)
	return float64(share)
}

// Replayed tells whether a source replays a trace.
func (a *Architecture) Replayed() bool {
	return slices.ContainsFunc(a.Traffic, func(t strict.Pair[Traffic]) bool { return t.Value.Replay != nil })
}

// Replays returns the numbers of the sources that replay a trace, when the last of their requests comes, and at about how many requests a
// second all sources together come, for planning.
func (a *Architecture) Replays() (sources []int, last sim.Time, rate float64) {
	for i, t := range a.Traffic {
		if rate += max(t.Value.usual(), t.Value.highest()); t.Value.Replay != nil {
			sources, last = append(sources, i), max(last, t.Value.Replay.last)
		}
	}
	return sources, last, rate
}

// replaySource sends the requests of a trace at their times.
type replaySource struct {
	origin
	reader *traceReader // nil: at its end
	due    arrival
	sent   uint64
	err    error // what went wrong on the way: the file was good when the scenario was checked
}

func (b *Builder) newReplay(o origin, t *Traffic) *replaySource {
	s := &replaySource{origin: o}
	s.reader, s.err = t.Replay.open(float64(t.Speed), b.Classes, b.regions)
	b.replays = append(b.replays, s)
	return s
}

// advance reads the next request and returns its time.
func (s *replaySource) advance() sim.Time {
	if s.reader == nil {
		return sim.Never
	}
	var err error
	if s.due, err = s.reader.next(); err == nil {
		return s.due.at
	}
	s.close()
	if err != io.EOF {
		s.err = err
	}
	return sim.Never
}

func (s *replaySource) close() {
	if s.reader != nil {
		s.reader.close()
		s.reader = nil
	}
}

// Arrive implements sim.Source.
func (s *replaySource) Arrive() sim.Time {
	base := sim.Mix(s.stream, s.sent)
	class, client := s.due.class, s.client(base, s.sent)
	if class < 0 {
		class = int(s.mix.draw(base))
	}
	if s.due.client != "" {
		client = id64(s.due.client)
	}
	r := s.sim.NewRequest(s.number, uint16(class), client, base, s.sent)
	switch {
	case s.due.region >= 0:
		s.sim.SetHome(r, uint8(s.due.region))
	case s.regions != nil:
		s.sim.SetHome(r, s.region(client))
	}
	switch set := s.data[class]; {
	case set == nil:
	case s.due.key != "":
		r.Key = set.named(s.due.key)
	default:
		r.Key = set.first()
	}
	s.sent++
	s.start(r)
	return s.advance()
}

// named returns the key that a text stands for: the numbers of the set's keys are these keys, all else are keys of their own.
func (d *dataSet) named(text string) contents.Key {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n >= d.keys.Len() || text != strconv.FormatUint(n, 10) {
		const numbers = 1 << 47
		n = numbers + id64(text)%numbers
	}
	return contents.KeyOf(d.number, n)
}

// Close closes the files that are read during a run. The error tells of what went wrong there.
func (b *Builder) Close() error {
	var all error
	for _, s := range b.replays {
		s.close()
		all = errors.Join(all, s.err)
	}
	return all
}

// mostSeconds is how late a request of a trace may come: 31 years, within what is simulated.
const mostSeconds = 1e9

// seconds reads the time of a request.
func seconds(text string, speed float64) (float64, error) {
	t, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || !(t >= 0) || math.IsInf(t, 0):
		return 0, fmt.Errorf("`%s` is not a time: expected seconds since the start, such as 0.15", shortened(text))
	case t/speed >= mostSeconds:
		return 0, fmt.Errorf("`%s` is too late: times count from the start of the run, in seconds; of dates, subtract the first", shortened(text))
	}
	return t / speed, nil
}
