package experiments

import (
	"fmt"

	"headroom/internal/units"
	"headroom/models"
)

// A system is metastable that stays down when what brought it down is gone, under a load that it carried before: something that it does since
// it is down keeps it there (Bronson et al., "Metastable failures in distributed systems", HotOS 2021).

// loops are what may feed such an outage. Each says what it sees in the numbers before the first event and after the last, or nothing; the
// first that sees something is named.
var loops = []func(a *models.Architecture, before, after *sample) string{retryStorm, coldCache, standingQueue}

const (
	leastAfter  = 5    // buckets in a row that are bad up to the end
	mostBad     = .1   // share of the buckets before the first event that may be bad where all was well
	sameLoad    = 1.05 // times the load of the busiest bucket before
	drainsShare = .95  // of the number in the system in the first half of what remains, or less in the second: it drains
	stormy      = .1   // share of the tries that are not the first, more than before
	colder      = .05  // by so much a hit ratio is lower
)

// metastable names the loop that keeps a run bad after its last event is over and undone; empty where none does. What only takes long to
// drain is not metastable, nor what gets more than it ever carried.
func metastable(a *models.Architecture, gauges []*gauge, buckets []bucket) string {
	first, over, undone := triggers(a)
	before, after := overlapping(buckets, 0, first, true), overlapping(buckets, over, infinite, true)
	if !undone || len(before) == 0 || len(after) < leastAfter || !wasWell(gauges, before) || !staysBad(gauges, after, over-first) {
		return ""
	}
	begin, end := togetherOf(after[:len(after)/2]), togetherOf(after[len(after)/2:])
	if end.perSecond() > sameLoad*highestLoad(before) || end.present() < drainsShare*begin.present() {
		return ""
	}
	was := togetherOf(before)
	for _, loop := range loops {
		if seen := loop(a, &was, &end); seen != "" {
			return seen
		}
	}
	return ""
}

const infinite = 1e18

// triggers returns when the first event begins and the last is over, and whether all are undone then; those that are over at once are.
func triggers(a *models.Architecture) (first, over float64, undone bool) {
	first = infinite
	for i := range a.Events {
		e := &a.Events[i]
		if e.For == nil && e.Flush == "" {
			return 0, 0, false
		}
		first, over = min(first, e.Begin().Seconds()), max(over, e.End().Seconds())
	}
	return first, over, len(a.Events) > 0
}

// wasWell tells whether all but a few buckets meet the targets, and the last of them does.
func wasWell(gauges []*gauge, buckets []bucket) bool {
	bad := 0
	for i := range buckets {
		if !well(gauges, &buckets[i]) {
			bad++
		}
	}
	return float64(bad) <= mostBad*float64(len(buckets)) && well(gauges, &buckets[len(buckets)-1])
}

// staysBad tells whether the last buckets are all bad: at least leastAfter of them, and as long as the events lasted.
func staysBad(gauges []*gauge, buckets []bucket, lasted float64) bool {
	bad, seconds := 0, 0.0
	for i := len(buckets) - 1; i >= 0 && !well(gauges, &buckets[i]); i-- {
		bad++
		seconds += buckets[i].length
	}
	return bad >= leastAfter && seconds >= lasted
}

// highestLoad returns the highest rate of arrivals in a bucket.
func highestLoad(buckets []bucket) float64 {
	top := 0.0
	for i := range buckets {
		top = max(top, buckets[i].perSecond())
	}
	return top
}

// perSecond is the rate of arrivals.
func (s *sample) perSecond() float64 { return float64(s.offered) / s.seconds }

// present is how many are served or wait, at all nodes.
func (s *sample) present() float64 {
	sum := 0.0
	for _, n := range s.nodes {
		sum += (n.busy + n.waiting) / s.seconds
	}
	return sum
}

// retryStorm sees calls that are tried again and again: what is not answered in time makes more of what is too much already.
func retryStorm(_ *models.Architecture, before, after *sample) string {
	was, is := float64(before.retries)/float64(max(before.tries, 1)), float64(after.retries)/float64(max(after.tries, 1))
	if is < was+stormy {
		return ""
	}
	return fmt.Sprintf("retries (%s of all attempts, and %s before)", units.FormatShare(is), units.FormatShare(was))
}

// coldCache sees a cache that hits less often than before: what it misses keeps its origin busy, so that it stays cold.
func coldCache(a *models.Architecture, before, after *sample) string {
	worst, seen := colder, ""
	for i, n := range a.Nodes {
		was, is := before.nodes[i], after.nodes[i]
		if was.lookUps == 0 || is.lookUps == 0 {
			continue
		}
		if lost := was.hits/was.lookUps - is.hits/is.lookUps; lost > worst {
			worst = lost
			seen = fmt.Sprintf("cold cache (%s has %s of what it is asked for, and had %s before)", n.Key, units.FormatShare(is.hits/is.lookUps), units.FormatShare(was.hits/was.lookUps))
		}
	}
	return seen
}

// standingQueue sees a node with more at it than before, which does not get fewer although no more come than then.
func standingQueue(a *models.Architecture, before, after *sample) string {
	most, seen := 1.0, ""
	for i, n := range a.Nodes {
		was := (before.nodes[i].busy + before.nodes[i].waiting) / before.seconds
		is := (after.nodes[i].busy + after.nodes[i].waiting) / after.seconds
		if more := is - was; more > most && is > 2*was {
			most = more
			seen = fmt.Sprintf("queue (%s are at %s, and %s were before)", units.FormatCount(is), n.Key, units.FormatCount(was))
		}
	}
	return seen
}
