package sim

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// reference is a (time, sequence) heap: the order that the ladder must reproduce.
type reference []struct {
	event
	seq int
}

func (h reference) Len() int { return len(h) }
func (h reference) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].seq < h[j].seq
}
func (h reference) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *reference) Push(x any)   { *h = append(*h, x.(reference)[0]) }
func (h *reference) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// checked is a ladder with what it must do.
type checked struct {
	ladder
	want reference
	now  Time
	seq  int
}

func newChecked() *checked {
	c := &checked{}
	c.init()
	return c
}

func (c *checked) add(delay Time) {
	at := c.now + delay
	c.push(at, uint64(c.seq))
	heap.Push(&c.want, reference{{event{at, uint64(c.seq)}, c.seq}})
	c.seq++
}

func (c *checked) next(t *rapid.T) {
	want := heap.Pop(&c.want).(struct {
		event
		seq int
	})
	if at := c.min(); at != want.at {
		t.Fatalf("min is %d, want %d", at, want.at)
	}
	if got := c.first(); got != want.event {
		t.Fatalf("the first is %v, want %v", got, want.event)
	}
	c.pop()
	c.now = want.at
	c.foretells(t)
}

// foretells checks that what is coming is pending, and later than the bottom: first the next ones, then those after them.
func (c *checked) foretells(t *rapid.T) {
	latest := c.now
	if len(c.bottom) > 0 {
		latest = c.bottom[0].at
	}
	next, after := c.coming()
	for _, events := range [][]event{next, after} {
		until := latest
		for _, e := range events {
			if e.at < latest || !slices.ContainsFunc(c.want, func(w struct {
				event
				seq int
			}) bool {
				return w.event == e
			}) {
				t.Fatalf("%v is said to come, after %d", e, latest)
			}
			until = max(until, e.at)
		}
		latest = until
	}
}

// TestLadderOrder proves that events leave by time, and those of one time in the order they came in, for delays that are zero,
// constant, short, long and huge, and for sets that grow, shrink and run empty.
func TestLadderOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newChecked()
		rng := NewRand(rapid.Uint64().Draw(t, "seed"))
		grain := Time(1) << rapid.IntRange(0, 24).Draw(t, "grain")
		scale := float64(int64(1) << rapid.IntRange(0, 40).Draw(t, "scale"))
		initial := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(1, 3000)).Draw(t, "initial")
		growth := rapid.SampledFrom([]float64{0.8, 1, 1.2}).Draw(t, "growth")
		push := func() {
			d := Time(rng.Exp() * scale)
			switch rng.Intn(16) {
			case 0:
				d = 0
			case 1:
				d = Time(rng.Exp() * scale * 1e4)
			case 2, 3:
				d = Time(scale)
			}
			c.add(d - d%grain)
		}
		for range initial {
			push()
		}
		for range 6000 {
			if len(c.want) == 0 {
				push()
			}
			c.next(t)
			for u := rng.Float64() * growth * 2; u > 0.5; u-- {
				push()
			}
			if len(c.want) == 0 && c.min() != Never {
				t.Fatalf("an event at %d is left over", c.min())
			}
		}
	})
}

// TestLadderBatches is the same for batches of as many events as a chunk, the bottom, or a bucket holds, and some more or fewer: at one time, at
// few, over a span that a chunk is not sorted by, and with more that come at the time of the last one.
func TestLadderBatches(t *testing.T) {
	sizes := rapid.SampledFrom([]int{1, few - 1, few, few + 1, 2*chunkSize - 1, 2 * chunkSize, 2*chunkSize + 1,
		threshold - 1, threshold, threshold + 1, 6*chunkSize + 1, 1000})
	rapid.Check(t, func(t *rapid.T) {
		c := newChecked()
		rng := NewRand(rapid.Uint64().Draw(t, "seed"))
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			span := rapid.SampledFrom([]int{1, 2, 3, 100, 1 << 20, 1 << 59, 1 << 61}).Draw(t, "span")
			if c.now > Never/4 {
				span = min(span, 1<<20)
			}
			start := Time(rapid.SampledFrom([]int{0, 0, 1, 1 << 10, 1 << 40}).Draw(t, "start"))
			for range sizes.Draw(t, "size") {
				c.add(start + Time(rng.Intn(span)))
			}
			keep := rapid.SampledFrom([]int{0, few, len(c.want) / 2}).Draw(t, "keep")
			again := 0.5 * float64(rapid.IntRange(0, 1).Draw(t, "again"))
			for len(c.want) > keep {
				c.next(t)
				if rng.Float64() < again {
					c.add(0)
				}
			}
		}
	})
}

// TestSortChunk sorts every chunk of two different times. A network that sorts these sorts anything (the zero-one principle; Knuth, The Art of
// Computer Programming 3, section 5.3.4).
func TestSortChunk(t *testing.T) {
	const base = 1 << 61
	for n := 1; n <= chunkSize; n++ {
		for times := range 1 << chunkSize {
			var from, to [chunkSize]event
			for i := range from {
				from[i] = event{base + Time(times>>i&1)<<59, uint64(i)} // those behind the n look like events that were there before
			}
			sortChunk(&from, n, base+1<<59, &to)
			want := slices.Clone(from[:n])
			slices.Reverse(want)
			slices.SortStableFunc(want, func(x, y event) int { return cmp.Compare(y.at, x.at) })
			if !slices.Equal(to[:n], want) {
				t.Fatalf("%d of %v are sorted as %v, want %v", n, from, to[:n], want)
			}
		}
	}
}

// BenchmarkLadderHold is the hold model: pop the next event, push one later. Jones, "An empirical comparison of priority-queue
// and event-set implementations", CACM 29(4), 1986.
func BenchmarkLadderHold(b *testing.B) {
	delays := map[string]func(*Rand) Time{
		"exponential": func(r *Rand) Time { return Time(r.Exp() * 1e6) },
		"constant":    func(*Rand) Time { return 1e6 },
		"bimodal": func(r *Rand) Time {
			if r.Intn(10) == 0 {
				return Time(r.Exp() * 1e8)
			}
			return Time(r.Exp() * 1e5)
		},
	}
	for _, name := range []string{"exponential", "constant", "bimodal"} {
		for _, n := range []int{1, 100, 2_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				delay := delays[name]
				var q ladder
				q.init()
				rng := NewRand(1)
				for i := range n {
					q.push(delay(&rng), uint64(i))
				}
				for range 4 * n {
					q.min()
					e := q.first()
					q.pop()
					q.push(e.at+delay(&rng), e.who)
				}
				b.ReportAllocs()
				for b.Loop() {
					q.min()
					e := q.first()
					q.pop()
					q.push(e.at+delay(&rng), e.who)
				}
			})
		}
	}
}
