package sim

// places[n] has the places of the n events in a chunk, counted from its end, and what sorts behind any event for the others.
var places = func() (p [chunkSize + 1][chunkSize]uint64) {
	for n := range p {
		for i := range p[n] {
			if p[n][i] = uint64(chunkSize - 1 - i); i >= n {
				p[n][i] |= ^uint64(chunkSize - 1)
			}
		}
	}
	return p
}()

// sortChunk writes the n events of a chunk to another, latest first and the older of equals last; what it writes behind them is of no use.
// None is later than last, nor 2^60 or more before it. What is sorted are the times with the places as their last digits: that keeps
// the order of equals, and moves half as much.
func sortChunk(from *[chunkSize]event, n int, last Time, to *[chunkSize]event) {
	p := &places[n]
	a := uint64(last-from[0].at)*chunkSize | p[0]
	b := uint64(last-from[1].at)*chunkSize | p[1]
	c := uint64(last-from[2].at)*chunkSize | p[2]
	d := uint64(last-from[3].at)*chunkSize | p[3]
	e := uint64(last-from[4].at)*chunkSize | p[4]
	f := uint64(last-from[5].at)*chunkSize | p[5]
	g := uint64(last-from[6].at)*chunkSize | p[6]
	h := uint64(last-from[7].at)*chunkSize | p[7]
	a, b, c, d, e, f, g, h = sort8(a, b, c, d, e, f, g, h)
	to[0] = from[^a%chunkSize]
	to[1] = from[^b%chunkSize]
	to[2] = from[^c%chunkSize]
	to[3] = from[^d%chunkSize]
	to[4] = from[^e%chunkSize]
	to[5] = from[^f%chunkSize]
	to[6] = from[^g%chunkSize]
	to[7] = from[^h%chunkSize]
}

// sort8 returns its arguments in ascending order. It is the sorting network of 19 comparators (Knuth, The Art of Computer Programming 3,
// section 5.3.4): each is a conditional move, where the branches of other sorts depend on the order of the events, which no processor
// foretells. It is not inlined since the compiler makes no conditional moves of what an address is computed from.
//
//go:noinline
func sort8(a, b, c, d, e, f, g, h uint64) (_, _, _, _, _, _, _, _ uint64) {
	a, c = min(a, c), max(a, c)
	b, d = min(b, d), max(b, d)
	e, g = min(e, g), max(e, g)
	f, h = min(f, h), max(f, h)

	a, e = min(a, e), max(a, e)
	b, f = min(b, f), max(b, f)
	c, g = min(c, g), max(c, g)
	d, h = min(d, h), max(d, h)

	a, b = min(a, b), max(a, b)
	c, d = min(c, d), max(c, d)
	e, f = min(e, f), max(e, f)
	g, h = min(g, h), max(g, h)

	c, e = min(c, e), max(c, e)
	d, f = min(d, f), max(d, f)

	b, e = min(b, e), max(b, e)
	d, g = min(d, g), max(d, g)

	b, c = min(b, c), max(b, c)
	d, e = min(d, e), max(d, e)
	f, g = min(f, g), max(f, g)
	return a, b, c, d, e, f, g, h
}
