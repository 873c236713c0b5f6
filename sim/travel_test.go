package sim

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCountsTravelUnchanged: histograms and levels come out of a gob as they went into it, to the last bit.
func TestCountsTravelUnchanged(t *testing.T) {
	type luggage struct {
		H, None *Histogram
		L       Levels
	}
	rapid.Check(t, func(t *rapid.T) {
		in := luggage{H: NewHistogram(rapid.SampledFrom([]uint{Coarse, Fine}).Draw(t, "bits"))}
		for _, x := range rapid.SliceOf(rapid.Int64Range(0, 1<<60)).Draw(t, "times") {
			in.H.Record(Time(x))
		}
		now := Time(0)
		for _, d := range rapid.SliceOf(rapid.Int32Range(0, 2000)).Draw(t, "steps") {
			now += Time(d)
			in.L.Add(now, d-int32(in.L.Now()))
		}
		var text bytes.Buffer
		if err := gob.NewEncoder(&text).Encode(&in); err != nil {
			t.Fatal(err)
		}
		out := luggage{}
		if err := gob.NewDecoder(&text).Decode(&out); err != nil {
			t.Fatal(err)
		}
		if out.None != nil || out.H.n != in.H.n || out.H.sum != in.H.sum || out.H.lo != in.H.lo || out.H.span != in.H.span {
			t.Fatalf("%+v came out as %+v", in.H, out.H)
		}
		if in.H.n > 0 {
			_, was := in.H.used()
			if _, is := out.H.used(); !reflect.DeepEqual(was, is) {
				t.Fatalf("counts %v came out as %v", was, is)
			}
		}
		l := &out.L
		if l.max != in.L.max || l.area != in.L.area || l.square != in.L.square || !slices.Equal(l.each, in.L.each) || len(l.many) != len(in.L.many) {
			t.Fatalf("%+v came out as %+v", in.L, out.L)
		}
		for i, x := range in.L.many {
			if l.many[i] != x {
				t.Fatalf("level bucket %d: %d came out as %d", i, x, l.many[i])
			}
		}
	})
}

// TestMangledCountsAreRefused: what is cut off or has bytes too many is an error.
func TestMangledCountsAreRefused(t *testing.T) {
	h := NewHistogram(Coarse)
	for x := range Time(1000) {
		h.Record(x * x)
	}
	var l Levels
	l.Add(10, 300)
	l.Add(20, -100)
	texts := map[string]func([]byte) error{}
	whole, _ := h.GobEncode()
	levels, _ := l.GobEncode()
	texts[string(whole)] = func(b []byte) error { return new(Histogram).GobDecode(b) }
	texts[string(levels)] = func(b []byte) error { return new(Levels).GobDecode(b) }
	for text, decode := range texts {
		if err := decode([]byte(text)); err != nil {
			t.Errorf("a sound text: %v", err)
		}
		for _, cut := range []int{0, 2, len(text) / 2, len(text) - 1} {
			if decode([]byte(text[:cut])) == nil {
				t.Errorf("%d of %d bytes are accepted", cut, len(text))
			}
		}
		if decode([]byte(text+"x")) == nil {
			t.Error("a byte too many is accepted")
		}
	}
}
