package experiments

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"

	"headroom/sim"
)

// hdrDigits gives an HdrHistogram of nanoseconds the very buckets of sim.Fine: 1024 for each power of two from 2048 on, and one for each
// nanosecond below. So none of its counts moves to another bucket on the way.
const hdrDigits = 3

// addHistograms puts the whole distributions beside the percentiles of the requests, of all and by class, for other tools to go on with.
func (r *Result) addHistograms(classes []string, reps []*replication) error {
	all := sim.NewHistogram(sim.Fine)
	for k, name := range classes {
		of := sim.NewHistogram(sim.Fine)
		for _, rep := range reps {
			for i := k; i < len(rep.cells); i += len(classes) {
				of.Merge(rep.cells[i].Latency())
			}
		}
		all.Merge(of)
		c := r.Requests[name]
		var err error
		if c.Latency.Histogram, err = encoded(of); err != nil {
			return err
		}
		r.Requests[name] = c
	}
	var err error
	r.Latency.Histogram, err = encoded(all)
	return err
}

// encoded is a histogram in HdrHistogram's V2 encoding: compressed, in base64; empty where nothing was recorded.
func encoded(h *sim.Histogram) (string, error) {
	if h.Count() == 0 {
		return "", nil
	}
	hdr := hdrhistogram.New(1, max(int64(h.Max()), 2), hdrDigits)
	var wrong error
	h.Since(nil, func(t sim.Time, n uint64) {
		if err := hdr.RecordValues(int64(t), int64(n)); err != nil {
			wrong = err
		}
	})
	if wrong != nil {
		return "", fmt.Errorf("a latency in HdrHistogram's form: %w", wrong)
	}
	text, err := hdr.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	return string(text), err
}
