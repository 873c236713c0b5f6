package models

import (
	"fmt"
	"runtime"
	"sync"

	"headroom/sim"
	"headroom/sim/contents"
)

// warmth keeps what caches were warmed with, for simulations of the same architecture at other rates: what many requests leave depends on
// how often each key is asked for beside the others, and not on how fast they all come. A replication has the same random numbers at every
// rate, so that its contents are the same.
type warmth struct {
	kept    map[string][]*contents.Contents // by all that they follow from
	entries int                             // of them all
}

// mostWarmth bounds the entries that are kept, at some 40 bytes each.
const mostWarmth = 2_000_000

// SharingWarmth returns an architecture that fills its caches once for each replication, though it is simulated at many rates.
func (a *Architecture) SharingWarmth() *Architecture {
	b := *a
	b.warmth = &warmth{kept: map[string][]*contents.Contents{}}
	return &b
}

// warming lets one cache at a time be warmed: what that sorts for a moment takes more memory than the contents do. After a large one it
// is given back at once, before the next needs as much.
var warming sync.Mutex

const largeCache = 150_000 // entries of all instances

// warm fills empty contents, which were made as cfg says, with what their traffic would have left.
func (k *Cache) warm(b *Builder, n *cache, name string, cfg contents.Config) {
	warming.Lock()
	defer warming.Unlock()
	seed := b.Sim.Stream(^id64(name))
	cfg.Seed = 0 // those of the instances are made from the same numbers as this one
	from := fmt.Sprint(seed, cfg, k.VirtualNodes)
	streams := make([][]contents.Stream, len(n.clusters))
	for i, c := range n.clusters {
		streams[i] = b.streams(name, c.region)
		if cfg.TTL == 0 {
			pace(streams[i])
		}
		from += fmt.Sprint(c.n, streams[i])
	}
	w := b.a.warmth
	if w != nil && w.kept[from] != nil {
		for i, c := range w.kept[from] {
			n.contents[i] = c.Clone()
		}
		return
	}
	r := sim.NewRand(seed)
	for i, c := range n.clusters {
		contents.Warm(n.contents[c.first:c.first+c.n], c.where(), streams[i], 0, &r)
	}
	if w != nil {
		w.keep(from, n.contents)
	}
	entries := 0
	for _, c := range n.contents {
		entries += c.Len()
	}
	if entries > largeCache {
		runtime.GC()
	}
}

func (w *warmth) keep(from string, all []*contents.Contents) {
	for _, c := range all {
		w.entries += c.Len()
	}
	if w.entries > mostWarmth {
		return
	}
	for _, c := range all {
		w.kept[from] = append(w.kept[from], c.Clone())
	}
}

// pacePerSecond is so slow that hardly two requests come within the same nanosecond, and so fast that no key waits for longer than the clock
// can tell.
const pacePerSecond = 1000

// pace lets streams come at a rate that is always the same, each its part of it. Parts are rounded to what the sums of flows leave equal
// at all rates.
func pace(streams []contents.Stream) {
	rate := 0.0
	for _, s := range streams {
		rate += s.Reads + s.Stores + s.Removals
	}
	for i := range streams {
		for _, x := range []*float64{&streams[i].Reads, &streams[i].Stores, &streams[i].Removals} {
			*x = float64(float32(*x/rate)) * pacePerSecond
		}
	}
}
