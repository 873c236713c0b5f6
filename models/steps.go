package models

import (
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Step is one thing that a server does for a request. Exactly one of its actions is set.
type Step struct {
	At       string // its path in the file
	CPU      *Time
	Delay    *Time
	Call     string // the node that is called, read from, written to or published to
	Op       string // call, read, write or publish, where Call is set
	As       string // the class that the call goes as; empty: the request's own
	Parallel [][]Step
	Scatter  *Scatter
	Chance   *units.Share
	Lock     *Lock
	Respond  bool
	Do       []Step // of chance
	OrElse   []Step // if the call fails
	HasElse  bool   // they are given, if only as none
	Resilience
	Breaker *Breaker
	Times   int
}

// Scatter asks many and waits for some.
type Scatter struct {
	To     string      `key:"to" required:"true" doc:"the node that is asked; its instances in turn, from a random one on"`
	Count  units.Count `key:"count" required:"true" doc:"how many are asked"`
	Quorum units.Count `key:"quorum" doc:"how many answers are waited for; default: all"`
}

// Lock is held while its steps are done.
type Lock struct {
	Name string `key:"name" required:"true" doc:"what is locked"`
	By   string `key:"by" default:"all" enum:"all|key" doc:"all: one lock; key: one for each key"`
	Do   []Step `key:"do" required:"true" doc:"what is done meanwhile"`
}

// Describe says what is being read, for errors.
func (*Scatter) Describe() string { return "a scatter such as {to: search, count: 10}" }

// Describe says what is being read, for errors.
func (*Lock) Describe() string { return "a lock such as {name: stock, do: [cpu: 1ms]}" }

// stepKeys are a step as it is written.
type stepKeys struct {
	CPU      *Time        `key:"cpu" doc:"time on a core"`
	Delay    *Time        `key:"delay" doc:"time that holds no core"`
	Call     string       `key:"call" doc:"sends the request to a node and waits for its answer"`
	Read     string       `key:"read" doc:"reads from a database or a cache"`
	Write    string       `key:"write" doc:"writes to a database or a cache"`
	As       string       `key:"as" doc:"the request class that the call goes as"`
	Publish  string       `key:"publish" doc:"puts a message into a queue, which answers at once"`
	Parallel [][]Step     `key:"parallel" doc:"lists of steps that are done at the same time; waits for all"`
	Scatter  *Scatter     `key:"scatter" doc:"asks many and waits for a quorum"`
	Chance   *units.Share `key:"chance" doc:"the steps of do happen with this probability"`
	Lock     *Lock        `key:"lock" doc:"holds a lock meanwhile"`
	Do       []Step       `key:"do" doc:"the steps of chance"`
	Times    units.Count  `key:"times" default:"1" doc:"repeats the step"`
	Resilience
	Breaker *Breaker `key:"breaker" doc:"stops calls to what fails: after a share of failures in a window, or so many in a row, they end as unavailable at once, until one that is let through ends ok; each instance of the caller has its own"`
	OrElse  []Step   `key:"or_else" doc:"the steps that are done if the call fails in the end; nothing, [], goes on as if it had not"`
}

const (
	mostTimes     = 10_000
	mostScattered = 100_000

	publish = "publish"
)

var actions = []string{"cpu", "delay", "call", "read", "write", publish, "parallel", "scatter", "chance", "lock"}

// Describe says what is being read, for errors.
func (*stepKeys) Describe() string { return "a step" }

// DecodeStrict reads a step: the word respond, or a map with one action.
func (s *Step) DecodeStrict(v *strict.Value) {
	s.At, s.Times = v.Path(), 1
	if v.Kind() == strict.Scalar {
		if s.Respond = v.Text() == "respond"; !s.Respond {
			v.Unknown(v.Text(), "step", append([]string{"respond"}, actions...))
		}
		return
	}
	if v.Kind() != strict.Map {
		v.Expected(s.Describe())
		return
	}
	if v.Get("respond") != nil {
		v.Errorf("`respond` takes nothing: write the word alone, such as [cpu: 1ms, respond, call: db]")
		return
	}
	var k stepKeys
	strict.DecodeFields(v, &k)
	given := 0
	for _, e := range v.Entries() {
		if slices.Contains(actions, e.Key) {
			given++
		}
	}
	switch {
	case given > 1:
		v.Errorf("a step does one thing: write a list of steps, such as [cpu: 1ms, call: db]")
		return
	case given == 0 && !v.Document().Wrong(v.Path()):
		v.Errorf("this step does nothing: expected one of %s, or the word respond", strings.Join(actions, ", "))
		return
	}
	s.CPU, s.Delay, s.Parallel, s.Scatter, s.Chance, s.Lock, s.Do = k.CPU, k.Delay, k.Parallel, k.Scatter, k.Chance, k.Lock, k.Do
	for op, to := range map[string]string{"call": k.Call, "read": k.Read, "write": k.Write, publish: k.Publish} {
		if to != "" {
			s.Call, s.Op = to, op
		}
	}
	s.As, s.Times = k.As, int(min(k.Times, mostTimes+1))
	if s.Times < 1 || s.Times > mostTimes {
		v.Get("times").Errorf("`times` must be from 1 to %d", mostTimes)
	}
	s.Resilience, s.Breaker, s.OrElse, s.HasElse = k.Resilience, k.Breaker, k.OrElse, v.Get("or_else") != nil
	s.resilient(v)
	s.checkShape(v)
}

// checkShape reports keys that do not go with the step's action.
func (s *Step) checkShape(v *strict.Value) {
	chance, do := v.Get("chance"), v.Get("do")
	if s.As != "" && s.Call == "" {
		v.Get("as").Errorf("`as` goes with `call`, `read`, `write` and `publish`")
	}
	if do != nil && chance == nil {
		do.Errorf("`do` goes with `chance`; a lock has its own: lock: {name: stock, do: [...]}")
	}
	if chance != nil && (do == nil || do.Kind() == strict.List && len(do.Items()) == 0) {
		v.Errorf("`chance` needs `do`: the steps that may happen, such as {chance: 10%%, do: [call: db]}")
	}
	if s.Parallel != nil && len(s.Parallel) == 0 {
		v.Get("parallel").Errorf("`parallel` has no branches: expected lists of steps, such as [[call: stock], [call: prices]]")
	}
	if s.Lock != nil && len(s.Lock.Do) == 0 && !v.Document().Wrong(v.Path()) {
		v.Get("lock").Errorf("`do` is empty: expected the steps that are done while the lock is held")
	}
	if s.Scatter != nil && !v.Document().Wrong(v.Path()+".scatter") {
		if v.Get("scatter").Get("quorum") == nil {
			s.Scatter.Quorum = s.Scatter.Count
		}
		switch {
		case s.Scatter.Count < 1 || s.Scatter.Count > mostScattered:
			v.Get("scatter").Get("count").Errorf("`count` must be from 1 to %d", mostScattered)
		case s.Scatter.Quorum < 1 || s.Scatter.Quorum > s.Scatter.Count:
			v.Get("scatter").Get("quorum").Errorf("`quorum` must be from 1 to `count`, which is %s", s.Scatter.Count)
		}
	}
}

// Describe says what a step looks like.
func (*Step) Describe() string { return "a step such as {cpu: exp(1ms)}, {call: db} or respond" }

// walk calls visit for each step, those inside others after them.
func walk(steps []Step, visit func(s *Step)) {
	for i := range steps {
		s := &steps[i]
		visit(s)
		walk(s.Do, visit)
		walk(s.OrElse, visit)
		for _, b := range s.Parallel {
			walk(b, visit)
		}
		if s.Lock != nil {
			walk(s.Lock.Do, visit)
		}
	}
}

// references lists the calls that steps make for requests of a class; an empty class means any.
func references(steps []Step, when string) []Reference { return repeated(steps, when, 1) }

// repeated lists the calls of steps that are done so many times.
func repeated(steps []Step, when string, times float64) []Reference {
	var refs []Reference
	for i := range steps {
		s := &steps[i]
		n := times * float64(s.Times)
		switch {
		case s.Call != "":
			refs = append(refs, Reference{Path: s.At + "." + s.Op, Name: s.Call, When: when, As: s.As, Times: n * s.most(), Often: n > 1 || s.often(),
				Asks: s.Op != publish, Publish: s.Op == publish, Op: s.Op})
		case s.Scatter != nil:
			refs = append(refs, Reference{Path: s.At + ".scatter.to", Name: s.Scatter.To, When: when, Times: n * float64(s.Scatter.Count) * s.most(), Often: true, Asks: true})
		case s.Lock != nil:
			refs = append(refs, repeated(s.Lock.Do, when, n)...)
		}
		refs = append(refs, repeated(s.Do, when, n)...)
		refs = append(refs, repeated(s.OrElse, when, n)...)
		for _, b := range s.Parallel {
			refs = append(refs, repeated(b, when, n)...)
		}
	}
	return refs
}
