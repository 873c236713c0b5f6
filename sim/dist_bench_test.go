package sim

import "testing"

var sink float64

func BenchmarkUint64(b *testing.B) {
	b.ReportAllocs()
	r, x := NewRand(1), uint64(0)
	for b.Loop() {
		x += r.Uint64()
	}
	sink = float64(x)
}

// BenchmarkStream is what a visit pays for a stream of its own and its first draw.
func BenchmarkStream(b *testing.B) {
	b.ReportAllocs()
	x, i := uint64(0), uint64(0)
	for b.Loop() {
		r := NewRand(Mix(x, i))
		x = r.Uint64()
		i++
	}
	sink = float64(x)
}

func BenchmarkExp(b *testing.B) {
	b.ReportAllocs()
	r, x := NewRand(1), 0.0
	for b.Loop() {
		x += r.Exp()
	}
	sink = x
}

func BenchmarkNorm(b *testing.B) {
	b.ReportAllocs()
	r, x := NewRand(1), 0.0
	for b.Loop() {
		x += r.Norm()
	}
	sink = x
}

func BenchmarkAlias(b *testing.B) {
	b.ReportAllocs()
	weights := make([]float64, 1000)
	for i := range weights {
		weights[i] = 1 / float64(i+1)
	}
	a, err := NewAlias(weights)
	if err != nil {
		b.Fatal(err)
	}
	r, x := NewRand(1), 0
	for b.Loop() {
		x += a.Draw(&r)
	}
	sink = float64(x)
}

func BenchmarkDraw(b *testing.B) {
	for _, c := range samplers(b) {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			r, x := NewRand(1), 0.0
			for b.Loop() {
				x += c.dist.Draw(&r)
			}
			sink = x
		})
	}
}
