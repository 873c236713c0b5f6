package models

import (
	"math"
	"slices"

	"headroom/internal/strict"
	"headroom/sim"
	"headroom/sim/contents"
)

// moving is where keys are on their way from one placement to another.
type moving struct {
	from, to placement // nil: one shard
	moved    []float64 // by shard: the share that has moved of what leaves it
}

// of implements placement. Which keys of a shard are the first to move, a hash says.
func (m *moving) of(key contents.Key) int {
	from, to := shardIn(m.from, key), shardIn(m.to, key)
	if from != to && float64(sim.Mix(key, movingSalt)>>11)*0x1p-53 < m.moved[from] {
		return to
	}
	return from
}

const movingSalt = 0x8ebc6af09c88c6e3

func shardIn(where placement, key contents.Key) int {
	if where == nil {
		return 0
	}
	return where.of(key)
}

// copied is the data of a database that is rebalanced.
type copied struct {
	sets []copiedSet
	row  float64 // bytes of one, on average
	rows float64 // how many there are
}

// copiedSet is a data set that a database is asked for.
type copiedSet struct {
	number   int
	keys     uint64
	bytes    float64 // of all of its keys
	share    float64 // of all data
	surveyed float64 // how many keys are looked at
}

// add adds the data set of a class.
func (k *copied) add(a *Architecture, class string) {
	i := slices.IndexFunc(a.Data, func(d strict.Pair[DataSet]) bool { return d.Key == a.class(class).Data })
	if i < 0 || slices.ContainsFunc(k.sets, func(s copiedSet) bool { return s.number == i }) {
		return
	}
	d := &a.Data[i].Value
	k.sets = append(k.sets, copiedSet{number: i, keys: uint64(d.Keys), bytes: float64(d.Keys) * float64(d.Size)})
}

// mostSurveyed is how many keys are looked at to find out where the data goes, at the most: all of them where there are no more. A sample
// says it within 0.2% (two standard deviations of a share).
const mostSurveyed = 1 << 18

// measure adds up the data, or takes what the database says there is of it: rows of the same size, and more of them.
func (k *copied) measure(d *Database) {
	keys, bytes := 0.0, 0.0
	for _, s := range k.sets {
		keys, bytes = keys+float64(s.keys), bytes+s.bytes
	}
	for i := range k.sets {
		s := &k.sets[i]
		s.share = s.bytes / bytes
		s.surveyed = max(math.Floor(min(float64(s.keys), s.share*mostSurveyed)), 1)
	}
	k.rows, k.row = keys, bytes/keys
	if k.sets == nil { // what no request asks for by key is taken to lie as hashes do
		k.row = usualRow
		k.sets = []copiedSet{{number: noSet, keys: mostSurveyed, share: 1, surveyed: mostSurveyed}}
	}
	if d.DataSize != nil {
		k.rows = float64(*d.DataSize) / k.row
	}
}

const (
	usualRow = 1000 // bytes, where no data set says it: what one is taken to have that does not
	noSet    = 1<<16 - 1
)

// survey returns what share of the data leaves each shard, and where keys of it go.
func (r *resharding) survey() (leaving []float64, targets [][]int32) {
	leaving, targets = make([]float64, r.n.shards), make([][]int32, r.n.shards)
	for _, s := range r.data.sets {
		found := make([]int, len(leaving))
		for k := range uint64(s.surveyed) {
			key := contents.KeyOf(uint16(s.number), (2*k+1)*s.keys/(2*uint64(s.surveyed)))
			if from, to := shardIn(r.keys.from, key), shardIn(r.keys.to, key); from != to {
				found[from]++
				targets[from] = append(targets[from], int32(to))
			}
		}
		for from, keys := range found {
			leaving[from] += s.share * float64(keys) / s.surveyed
		}
	}
	return leaving, targets
}

// leastUrgent returns the class that is served last where priorities count.
func (b *Builder) leastUrgent() uint16 {
	levels := b.a.levels()
	return uint16(slices.Index(levels, slices.Max(levels)))
}

// retain lets every instance keep the answers only to queries that still come to it: those that come back later might be stale.
func (q *queryCache) retain() {
	if q == nil {
		return
	}
	for i, c := range q.contents {
		shard, _ := q.n.stats.Part(i)
		c.Retain(func(key contents.Key) bool { return q.n.shardOf(key) == shard }, q.n.sim.Now())
	}
}

// rise begins anew with an instance that has nothing.
func (n *partitions) rise(int32) {
	if n.moves != nil {
		n.moves.rise()
	}
}
