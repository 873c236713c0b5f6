package models

import (
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"headroom/sim"
	"headroom/sim/contents"
)

// TestShelvesAreListsOfWhatWasUsedLast: whatever clients keep, use and take out, and however many words an entry takes, they have the
// keys that a list for each of them would have, in its order.
func TestShelvesAreListsOfWhatWasUsedLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.SampledFrom([]int{1, 2, 3, 8, 20}).Draw(t, "room")
		dated := rapid.Bool().Draw(t, "dated")
		var keys []uint64
		if rapid.Bool().Draw(t, "counted through") {
			keys = []uint64{5, 1<<32 - 40, 30}
		}
		h, lists := newShelves(room, keys, dated), map[uint64][]entry{}
		now := sim.Time(-100)
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			now += sim.Time(rapid.IntRange(0, 3).Draw(t, "time"))
			client := rapid.Uint64Range(0, 4).Draw(t, "client")
			key := contents.KeyOf(uint16(rapid.SampledFrom([]int{0, 2}).Draw(t, "set")), rapid.Uint64Range(0, 4).Draw(t, "key")<<rapid.SampledFrom([]int{0, 0, 1}).Draw(t, "shift"))
			if keys == nil {
				key |= rapid.SampledFrom([]uint64{0, 1 << 40}).Draw(t, "half")
			}
			list := lists[client]
			at := slices.IndexFunc(list, func(e entry) bool { return e.key == key })
			switch rapid.SampledFrom([]string{"put", "put", "use", "remove"}).Draw(t, "what") {
			case "put":
				e, evicts := entry{key, sim.Never}, false
				if dated {
					e.until = now + 50
				}
				if at >= 0 {
					list = slices.Delete(list, at, at+1)
				}
				for len(list) > 0 && list[len(list)-1].until <= now {
					list = list[:len(list)-1]
				}
				if evicts = len(list) == room; evicts {
					list = list[:room-1]
				}
				list = slices.Insert(list, 0, e)
				if evicted := h.put(client, e, now); evicted != evicts {
					t.Fatalf("a full shelf evicts: %v, want %v", evicted, evicts)
				}
			case "use":
				until, found := h.use(h.of[client], key)
				if found != (at >= 0) || found && until != list[at].until {
					t.Fatalf("key %x is there: %v until %d; the list has it at %d of %v", key, found, until, at, list)
				}
				if found {
					list = slices.Insert(slices.Delete(list, at, at+1), 0, entry{key, until})
				}
			case "remove":
				h.remove(client, key)
				if at >= 0 {
					list = slices.Delete(list, at, at+1)
				}
			}
			lists[client] = list
		}
		for client, list := range lists {
			all := h.on(h.of[client])
			if len(all) != len(list)*h.width {
				t.Fatalf("client %d has %d entries, want %d", client, len(all)/h.width, len(list))
			}
			for i, e := range list {
				if own := all[i*h.width:]; h.find(all, e.key) != i*h.width || h.until(own) != e.until {
					t.Fatalf("client %d: entry %d is not key %x until %d", client, i, e.key, e.until)
				}
			}
		}
	})
}

// TestShelvesTakeFourBytesAnEntry: beside 4 bytes for each key, a client costs its place in the map of them: 17 bytes, in tables
// that are between 7/16 and 7/8 full.
func TestShelvesTakeFourBytesAnEntry(t *testing.T) {
	const clients, entries = 200_000, 20
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	h := newShelves(entries, []uint64{10e6}, false)
	for client := range uint64(clients) {
		for key := range uint64(entries + 5) {
			h.put(client, entry{(client + key) % 10e6, sim.Never}, 0)
		}
	}
	if each := float64(heap()-before) / clients; each > 4*entries+17*16/7+1 {
		t.Errorf("a client with %d entries takes %.0f bytes", entries, each)
	}
	runtime.KeepAlive(h)
}
