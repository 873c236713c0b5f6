package models

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
	"headroom/sim/contents"
)

// DataSet is what requests ask for: keys, how popular they are, and how large what stands under one is.
type DataSet struct {
	Keys       units.Count `key:"keys" required:"true" doc:"how many there are"`
	Popularity Popularity  `key:"popularity" default:"uniform" doc:"how often each is asked for: uniform, zipf(1.0), hot(1% 90%) (1% of the keys get 90% of the requests) or scan (one after the other, round and round)"`
	Size       units.Size  `key:"size" default:"1KB" doc:"what one takes in a cache with a memory"`
}

// Describe says what is being read, for errors.
func (*DataSet) Describe() string { return "a data set" }

// Popularity says which keys are asked for how often; it becomes a sampler with the number of keys.
type Popularity struct {
	Text string
	make func(keys int) (*sim.Keys, error)
}

// UnmarshalText reads uniform, zipf(1.0), hot(1% 90%) or scan.
func (p *Popularity) UnmarshalText(text []byte) error {
	written := strings.TrimSpace(string(text))
	name, inside, called := strings.Cut(strings.TrimSuffix(written, ")"), "(")
	if called != strings.HasSuffix(written, ")") {
		return fmt.Errorf("`%s` is no popularity: expected %s", written, p.Describe())
	}
	var arguments []string
	for _, a := range splitArguments(inside) {
		if a.key != "" && a.key != "s" {
			return fmt.Errorf("%s has no `%s`: write %s", name, a.key, p.Describe())
		}
		arguments = append(arguments, a.value)
	}
	make, err := popularity(name, arguments, called)
	if err != nil {
		return err
	}
	*p = Popularity{written, make}
	return nil
}

func popularity(name string, arguments []string, called bool) (func(int) (*sim.Keys, error), error) {
	switch {
	case name == "uniform" && !called:
		return sim.UniformKeys, nil
	case name == "scan" && !called:
		return sim.ScanKeys, nil
	case name == "uniform", name == "scan":
		return nil, fmt.Errorf("`%s` takes no arguments", name)
	case name == "zipf" && len(arguments) == 1:
		s, err := strconv.ParseFloat(arguments[0], 64)
		if err != nil || !(s >= 0 && s <= mostExponent) {
			return nil, fmt.Errorf("`%s` is no exponent of Zipf's law: expected a number from 0 to %d, such as zipf(1.0)", arguments[0], mostExponent)
		}
		return func(n int) (*sim.Keys, error) { return sim.ZipfKeys(n, s) }, nil
	case name == "hot" && len(arguments) == 2:
		var hot, requests units.Share
		if hot.UnmarshalText([]byte(arguments[0])) != nil || requests.UnmarshalText([]byte(arguments[1])) != nil || hot <= 0 {
			return nil, fmt.Errorf("hot(%s): expected the part of the keys, above 0%%, and that of the requests they get, such as hot(1%% 90%%)", strings.Join(arguments, " "))
		}
		return func(n int) (*sim.Keys, error) { return sim.HotKeys(n, float64(hot), float64(requests)) }, nil
	case name == "zipf":
		return nil, fmt.Errorf("zipf takes one number, its exponent: zipf(1.0)")
	case name == "hot":
		return nil, fmt.Errorf("hot takes two shares, of the keys and of the requests they get: hot(1%% 90%%)")
	}
	known := []string{"uniform", "zipf", "hot", "scan"}
	if near := strict.Nearest(name, known); near != "" {
		return nil, fmt.Errorf("unknown popularity `%s`: expected %s; did you mean `%s`?", name, new(Popularity).Describe(), near)
	}
	return nil, fmt.Errorf("unknown popularity `%s`: expected %s", name, new(Popularity).Describe())
}

const (
	mostExponent = 20
	mostKeys     = units.Count(1e9)
)

// Describe says what a popularity looks like.
func (*Popularity) Describe() string { return "uniform, zipf(1.0), hot(1% 90%) or scan" }

// checkData checks the data sets and makes their samplers, which all simulations share.
func (a *Architecture) checkData(c *Check) {
	if len(a.Data) > mostDataSets {
		c.Errorf("data", "there are %d data sets: at most %d are simulated", len(a.Data), mostDataSets)
	}
	for _, d := range a.Data {
		if k := d.Value.Keys; !c.Wrong(d.At+".keys") && (k < 1 || k > mostKeys) {
			c.Errorf(d.At+".keys", "`keys` must be from 1 to %s", mostKeys)
		}
		if d.Value.Size < 1 || d.Value.Size > mostSize {
			c.Errorf(d.At+".size", "`size` must be from 1B to %s", mostSize)
		}
		if !slicesContain(a.Requests, func(r RequestClass) bool { return r.Data == d.Key }) {
			c.Warnf(d.At, "no request class asks for `%s`: a class says so with `data: %s`", d.Key, d.Key)
		}
	}
	for _, r := range a.Requests {
		if r.Value.Data != "" {
			if _, ok := a.Data.Get(r.Value.Data); !ok {
				c.Unknown(r.At+".data", r.Value.Data, "data set", a.Data.Keys())
			}
		}
	}
	if c.Failed() {
		return
	}
	for _, d := range a.Data {
		keys, err := d.Value.Popularity.make(int(d.Value.Keys))
		if err != nil {
			c.Errorf(d.At, "%v", err)
		}
		a.keys = append(a.keys, keys)
	}
}

// mostSize is what a cache counts in 32 bits.
const mostSize = units.Size(4e9)

func slicesContain[T any](o strict.Ordered[T], is func(T) bool) bool {
	for _, p := range o {
		if is(p.Value) {
			return true
		}
	}
	return false
}

// dataSet is a data set in a simulation.
type dataSet struct {
	number uint16
	salt   uint64 // of the draws: from the name, so that another architecture with the same data draws the same
	keys   *sim.Keys
	scan   bool // the keys come one after the other
	size   uint32
	asked  uint64               // requests for it so far, where they come one after the other
	kept   []*contents.Contents // large ones, that some of them come to
}

// addData puts the data sets into a simulation, by request class; nil where a class asks for none.
func (a *Architecture) addData(b *Builder) {
	sets := make([]*dataSet, len(a.Data))
	for i, d := range a.Data {
		sets[i] = &dataSet{number: uint16(i), salt: id64(d.Key), keys: a.keys[i], scan: a.keys[i].Scan(), size: uint32(d.Value.Size)}
	}
	for _, class := range b.Classes {
		r, _ := a.Requests.Get(class)
		b.data = append(b.data, nil)
		for i, d := range a.Data {
			if d.Key == r.Data {
				b.data[len(b.data)-1] = sets[i]
			}
		}
	}
}

// id64 makes a number of a name, the same wherever the name stands.
func id64(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// draw returns a key for a request: a function of the request alone, but where the keys come one after the other.
func (d *dataSet) draw(base, number uint64) contents.Key {
	r := sim.NewRand(sim.Mix(base, d.salt))
	return contents.KeyOf(d.number, d.keys.Draw(&r, number))
}

// undrawn stands for a key that nobody has asked for yet: no key of any set has that number. Many requests are answered before their key
// matters, by caches that toss a coin, and drawing it takes as long as sending the request.
const undrawn = ^contents.Key(0)

// first is what a request that begins notes as its key: where the keys come one after the other, the next.
func (d *dataSet) first() contents.Key {
	if !d.scan {
		return undrawn
	}
	d.asked++
	return d.draw(0, d.asked-1)
}

// foresees tells that the keys of requests to come are worth knowing: some contents are so large that looking them up takes its time.
func (d *dataSet) foresees() bool { return d != nil && len(d.kept) > 0 && !d.scan }

// keyOf returns what a request asks for as its own class, and draws it when that is asked for first.
func (b *Builder) keyOf(r *sim.Request) contents.Key {
	if r.Key == undrawn {
		r.Key = b.data[r.Class].draw(r.Base, r.Number)
	}
	return r.Key
}

// key returns what a call asks for: nearly always the key that its request has drawn already.
func (b *Builder) key(c *sim.Call) contents.Key {
	if r := c.Request; r.Class == c.Class && r.Key != undrawn {
		return r.Key
	}
	return b.keyAs(c, c.Class)
}

// keyAs returns what a call's request asks for as a class: its own key, or, where that class has other data, one drawn for that.
func (b *Builder) keyAs(c *sim.Call, class uint16) contents.Key {
	r := c.Request
	set := b.data[class]
	switch {
	case set == b.data[r.Class]:
		return b.keyOf(r)
	case set == nil:
		return 0
	}
	return set.draw(r.Base, r.Number)
}
