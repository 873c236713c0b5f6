package sim

import (
	"encoding/binary"
	"errors"
	"math"
)

// How what was counted on one machine comes to another: to the last bit, so that both sum up to the same. Only buckets that hold something
// take room, in a form that package encoding/gob asks for.

// GobEncode implements gob.GobEncoder.
func (h *Histogram) GobEncode() ([]byte, error) {
	out := []byte{byte(h.bits)}
	if h.n == 0 {
		return out, nil
	}
	out = binary.BigEndian.AppendUint64(out, math.Float64bits(h.sum))
	out = binary.AppendVarint(binary.AppendVarint(out, int64(h.lo)), int64(h.hi()))
	_, counts := h.used()
	return appendCounts(out, counts), nil
}

// GobDecode implements gob.GobDecoder.
func (h *Histogram) GobDecode(text []byte) error {
	in := reader{text: text}
	bits := uint(in.byte())
	if bits != Coarse && bits != Fine {
		return errMangled
	}
	*h = *NewHistogram(bits)
	if len(in.text) == 0 {
		return nil
	}
	h.sum = math.Float64frombits(in.fixed())
	lo, hi := Time(in.signed()), Time(in.signed())
	if in.mangled || lo < 0 || hi < lo {
		return errMangled
	}
	h.extend(lo, hi)
	_, counts := h.used()
	for i, n := range readCounts[uint64](&in) {
		if i < len(counts) {
			counts[i] = n
		}
		h.n += n
	}
	return in.end()
}

// GobEncode implements gob.GobEncoder. The number that is present does not travel: the time is over in which it could change.
func (l *Levels) GobEncode() ([]byte, error) {
	l.fold()
	out := binary.AppendVarint(nil, int64(l.max))
	out = binary.BigEndian.AppendUint64(out, math.Float64bits(l.area))
	out = binary.BigEndian.AppendUint64(out, math.Float64bits(l.square))
	return appendCounts(appendCounts(out, l.each), l.many), nil
}

// GobDecode implements gob.GobDecoder.
func (l *Levels) GobDecode(text []byte) error {
	in := reader{text: text}
	*l = Levels{max: int32(in.signed()), area: math.Float64frombits(in.fixed()), square: math.Float64frombits(in.fixed())}
	if l.each = readCounts[Time](&in); len(l.each) > apart {
		return errMangled
	}
	l.many = readCounts[Time](&in)
	return in.end()
}

var errMangled = errors.New("the counts of a replication are mangled")

// appendCounts writes how many counts there are, and then each; of several zeros in a row, how many.
func appendCounts[T ~int64 | ~uint64](out []byte, counts []T) []byte {
	out = binary.AppendUvarint(out, uint64(len(counts)))
	for i := 0; i < len(counts); i++ {
		out = binary.AppendUvarint(out, uint64(counts[i]))
		if counts[i] != 0 {
			continue
		}
		zeros := 1
		for i+1 < len(counts) && counts[i+1] == 0 {
			zeros, i = zeros+1, i+1
		}
		out = binary.AppendUvarint(out, uint64(zeros))
	}
	return out
}

// mostCounts bounds what is read: no histogram has as many buckets.
const mostCounts = 1 << 20

func readCounts[T ~int64 | ~uint64](in *reader) []T {
	n := in.unsigned()
	if in.mangled = in.mangled || n > mostCounts; in.mangled {
		return nil
	}
	counts := make([]T, n)
	for i := uint64(0); i < n; i++ {
		if counts[i] = T(in.unsigned()); counts[i] == 0 && !in.mangled {
			i += in.unsigned() - 1
		}
	}
	return counts
}

// reader reads from the front of a text, and remembers where that could not be.
type reader struct {
	text    []byte
	mangled bool
}

func (r *reader) took(n int) {
	if r.mangled = r.mangled || n <= 0 || n > len(r.text); r.mangled {
		r.text = nil
		return
	}
	r.text = r.text[n:]
}

func (r *reader) byte() (b byte) {
	if len(r.text) > 0 {
		b = r.text[0]
	}
	r.took(1)
	return b
}

func (r *reader) fixed() (x uint64) {
	if len(r.text) >= 8 {
		x = binary.BigEndian.Uint64(r.text)
	}
	r.took(8)
	return x
}

func (r *reader) signed() int64 {
	x, n := binary.Varint(r.text)
	r.took(n)
	return x
}

func (r *reader) unsigned() uint64 {
	x, n := binary.Uvarint(r.text)
	r.took(n)
	return x
}

func (r *reader) end() error {
	if r.mangled || len(r.text) > 0 {
		return errMangled
	}
	return nil
}
