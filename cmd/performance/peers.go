package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"headroom/experiments/speed"
)

// compared are the models that peers have as well. Deviation tells how far the mean latency of n requests may be off by chance: times 1/√n it
// is the standard error, as a share of the mean. Requests of M/M/1 at 75% wait in crowds, hence many: √((2ρ(1+ρ)/(1-ρ)⁴ / L²) / (1/ρ)) with
// L = ρ/(1-ρ) (Whitt, Planning Queueing Simulations, Management Science 35, 1989). Those of the six hops hardly meet: about one.
var compared = []struct {
	name      string
	deviation float64
}{
	{"mm1", 7.5},
	{"six-hops", 1},
}

// standardErrors is how many of them two means of the same model may differ by.
const standardErrors = 4

// peerRequests is how many the peers simulate in each run: they start as fast as they go on.
const peerRequests = 300_000

// peerCost is what the program of a peer prints.
type peerCost struct {
	Version   string
	Requests  int64
	Processor float64 // seconds
	Mean      float64 // latency, in seconds
}

// peer is a program that simulates the same models.
type peer struct {
	name    string
	command []string
}

func (s settings) others() []peer {
	return []peer{{"SimPy", []string{s.python, "peers/simpy/peer.py"}}, {"simgo", []string{s.simgo}}}
}

// peers runs the same models on the peers, in turn with headroom, and checks that they give the same latency.
func (s settings) peers(ctx context.Context, w io.Writer) error {
	var rows [][]string
	var versions []string
	off := 0
	for _, c := range compared {
		for _, p := range s.others() {
			ours, theirs, err := s.inTurn(ctx, c.name, p)
			if err != nil {
				return err
			}
			if v := theirs[0].Version; !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
			row, agrees := versus(p, ours, theirs, c.deviation)
			if !agrees {
				off++
			}
			rows = append(rows, row)
		}
	}
	writeMachine(w, append(versions, s.often()+" in turn")...)
	writeTitles(w, 2, "model", "peer", "headroom, requests/s", "peer, requests/s", "times as fast", "mean latency", "of the peer", "differ by", "allowed")
	for _, r := range rows {
		writeRow(w, r...)
	}
	if off > 0 {
		return fmt.Errorf("%d of the models have another latency on a peer", off)
	}
	return nil
}

// versus is a row of the table, and tells whether the latencies agree.
func versus(p peer, ours []speed.Cost, theirs []peerCost, deviation float64) (row []string, agrees bool) {
	var ratios []float64
	sum, n := 0.0, 0.0
	for i, t := range theirs {
		ratios = append(ratios, rate(ours[i])*t.Processor/float64(t.Requests))
		sum, n = sum+t.Mean*float64(t.Requests), n+float64(t.Requests)
	}
	mean := sum / n // ours has the same seed in each round
	differs := math.Abs(ours[0].Mean/mean - 1)
	allowed := standardErrors * deviation * math.Sqrt(1/n+1/float64(ours[0].Requests))
	return []string{ours[0].Title, p.name,
		perSecond(medianOf(ours, rate)), perSecond(medianOf(theirs, func(t peerCost) float64 { return float64(t.Requests) / t.Processor })),
		fmt.Sprintf("%.0f", median(ratios)),
		fmt.Sprintf("%.4g ms", ours[0].Mean*1e3), fmt.Sprintf("%.4g ms", mean*1e3), fmt.Sprintf("%.2f%%", differs*100), fmt.Sprintf("%.2f%%", allowed*100)}, differs <= allowed
}

// inTurn measures a model on headroom and on a peer, as many times as there are rounds.
func (s settings) inTurn(ctx context.Context, name string, p peer) (ours []speed.Cost, theirs []peerCost, err error) {
	m, _ := speed.Lookup(name)
	for round := range s.rounds {
		o, err := measure(ctx, m, 1, s.shorter()...)
		if err != nil {
			return nil, nil, err
		}
		var t peerCost
		command := append(slices.Clone(p.command), name, strconv.FormatInt(cmp.Or(s.requests, peerRequests), 10), strconv.Itoa(round+1))
		if err := runJSON(ctx, &t, command[0], command[1:]...); err != nil {
			return nil, nil, err
		}
		ours, theirs = append(ours, o), append(theirs, t)
	}
	return ours, theirs, nil
}
