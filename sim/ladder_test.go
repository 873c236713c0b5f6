package sim

import (
	"container/heap"
	"fmt"
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

// TestLadderOrder proves that events leave by time, and those of one time in the order they came in, for delays that are zero,
// constant, short, long and huge, and for sets that grow, shrink and run empty.
func TestLadderOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q ladder
		q.init()
		var h reference
		rng := NewRand(rapid.Uint64().Draw(t, "seed"))
		grain := Time(1) << rapid.IntRange(0, 24).Draw(t, "grain")
		scale := float64(int64(1) << rapid.IntRange(0, 40).Draw(t, "scale"))
		initial := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(1, 3000)).Draw(t, "initial")
		growth := rapid.SampledFrom([]float64{0.8, 1, 1.2}).Draw(t, "growth")
		now, seq := Time(0), 0
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
			d -= d % grain
			q.push(now+d, uint64(seq))
			heap.Push(&h, reference{{event{now + d, uint64(seq)}, seq}})
			seq++
		}
		for range initial {
			push()
		}
		for range 6000 {
			if len(h) == 0 {
				push()
			}
			want := heap.Pop(&h).(struct {
				event
				seq int
			})
			if at := q.min(); at != want.at {
				t.Fatalf("min is %d, want %d", at, want.at)
			}
			if got := q.pop(); got != want.event {
				t.Fatalf("popped %v, want %v", got, want.event)
			}
			now = want.at
			for u := rng.Float64() * growth * 2; u > 0.5; u-- {
				push()
			}
			if len(h) == 0 && q.min() != Never {
				t.Fatalf("an event at %d is left over", q.min())
			}
		}
	})
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
					e := q.pop()
					q.push(e.at+delay(&rng), e.who)
				}
				b.ReportAllocs()
				for b.Loop() {
					q.min()
					e := q.pop()
					q.push(e.at+delay(&rng), e.who)
				}
			})
		}
	}
}
