package models

import (
	"headroom/sim"
	"headroom/sim/contents"
)

// placement says which shard a key belongs to.
type placement interface{ of(key contents.Key) int }

// byHash spreads keys over so many shards by their hash mod the number of these: another shard moves nearly all of them.
type byHash int

func (n byHash) of(key contents.Key) int { return int(sim.Mix(key, placementSalt) % uint64(n)) }

const placementSalt = 0x9e6c63d0876a9a47

// byRange gives each shard as many neighbouring keys; keys that no data set counts, as a replay may name, are spread by hash.
type byRange struct {
	shards int
	keys   []uint64 // by data set
}

func (r byRange) of(key contents.Key) int {
	set, number := key>>48, key&(1<<48-1)
	if set >= uint64(len(r.keys)) || number >= r.keys[set] {
		return byHash(r.shards).of(key)
	}
	return int(number * uint64(r.shards) / r.keys[set]) // below 1e9 keys times 10 000 shards: no overflow
}

// division returns how the keys are divided between so many shards, nil for one.
func (d *Database) division(a *Architecture, name string, shards int) placement {
	if shards == 1 {
		return nil
	}
	switch d.ShardBy {
	case "range":
		r := byRange{shards: shards}
		for _, set := range a.Data {
			r.keys = append(r.keys, uint64(set.Value.Keys))
		}
		return r
	case "geo":
		return d.byGeo(a)
	case "consistent-hash":
		return newRing(shards, int(d.Points), id64(name))
	}
	return byHash(shards)
}
