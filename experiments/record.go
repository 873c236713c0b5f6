package experiments

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"time"

	"headroom/models"
	"headroom/sim"
)

// record is a replication as it travels from the machine that simulated it to the one that sums up: all that was measured, to the last bit.
type record struct {
	Wall       float64 // seconds that it took
	Seconds    float64
	Saturated  bool
	Totals     sim.Totals
	Cells      []sim.Cell
	Homes      []sim.Cell
	Layers     []*sim.Histogram
	Bins       []sim.Bin
	Browsers   []models.CacheStats
	Ended      []bool
	Nodes      []sim.NodeStats
	Existed    []float64
	Paid       []float64
	Numbers    []recordedNumbers
	Gradients  []models.GradientStats
	Edges      []sim.EdgeStats
	Resources  [][]recordedResource
	Limits     [][]models.Limit
	Caches     []models.CacheStats
	Queues     []models.QueueStats
	Functions  []models.FunctionStats
	Partitions []models.PartitionStats
	Moves      []models.Move
	Attempts   models.Attempts
	Unheard    int64
	Samples    []recordedSample
	Step       sim.Time
}

type recordedNumbers struct {
	Least, Most int
	May         bool
}

type recordedResource struct {
	Wait                 *sim.Histogram
	Stations             []sim.StationStats
	Asked, Delayed, Lost int64
	ClassWork            []sim.Time
	Wasted               sim.Time
}

type recordedSample struct {
	From, Seconds            float64
	Offered, Goodput, Errors int64
	Tries, Retries           int64
	P50, P99                 float64
	Nodes                    [][6]float64
	Gauges                   [][2]float64
}

// recordOf writes a replication down.
func recordOf(r *replication, took time.Duration) *record {
	d := &record{
		Wall: took.Seconds(), Seconds: r.seconds, Saturated: r.saturated, Totals: r.totals, Cells: r.cells, Homes: r.homes, Layers: r.layers, Bins: r.bins,
		Browsers: r.browsers, Ended: r.ended, Nodes: r.nodes, Existed: r.existed, Paid: r.paid, Gradients: r.gradients, Edges: r.edges, Limits: r.limits,
		Caches: r.caches, Queues: r.queues, Functions: r.functions, Partitions: r.parts, Moves: r.moves, Attempts: r.attempts, Unheard: r.unheard, Step: r.step,
	}
	for _, n := range r.numbers {
		d.Numbers = append(d.Numbers, recordedNumbers{n.least, n.most, n.may})
	}
	for _, rs := range r.resources {
		var all []recordedResource
		for _, f := range rs {
			all = append(all, recordedResource{f.wait, f.stations, f.asked, f.delayed, f.lost, f.classWork, f.wasted})
		}
		d.Resources = append(d.Resources, all)
	}
	for _, s := range r.samples {
		one := recordedSample{s.from, s.seconds, s.offered, s.goodput, s.errors, s.tries, s.retries, s.p50, s.p99, nil, nil}
		for _, n := range s.nodes {
			one.Nodes = append(one.Nodes, [6]float64{n.busy, n.waiting, n.kept, n.existed, n.hits, n.lookUps})
		}
		for _, g := range s.gauges {
			one.Gauges = append(one.Gauges, [2]float64{g.sum, g.weight})
		}
		d.Samples = append(d.Samples, one)
	}
	return d
}

// replication is what was written down. b is how the architecture is built.
func (d *record) replication(b *models.Builder) *replication {
	r := &replication{
		b: b, seconds: d.Seconds, saturated: d.Saturated, totals: d.Totals, cells: d.Cells, homes: d.Homes, layers: d.Layers, bins: d.Bins,
		browsers: d.Browsers, ended: d.Ended, nodes: d.Nodes, existed: d.Existed, paid: d.Paid, gradients: d.Gradients, edges: d.Edges, limits: d.Limits,
		caches: d.Caches, queues: d.Queues, functions: d.Functions, parts: d.Partitions, moves: d.Moves, attempts: d.Attempts, unheard: d.Unheard, step: d.Step,
		elsewhere: d.Wall,
	}
	for _, n := range d.Numbers {
		r.numbers = append(r.numbers, numbers{n.Least, n.Most, n.May})
	}
	for _, rs := range d.Resources {
		var all []resourceStats
		for _, f := range rs {
			all = append(all, resourceStats{f.Wait, f.Stations, f.Asked, f.Delayed, f.Lost, f.ClassWork, f.Wasted})
		}
		r.resources = append(r.resources, all)
	}
	for _, s := range d.Samples {
		one := sample{s.From, s.Seconds, s.Offered, s.Goodput, s.Errors, s.Tries, s.Retries, s.P50, s.P99, nil, nil}
		for _, n := range s.Nodes {
			one.nodes = append(one.nodes, stationArea{n[0], n[1], n[2], n[3], n[4], n[5]})
		}
		for _, g := range s.Gauges {
			one.gauges = append(one.gauges, average{g[0], g[1]})
		}
		r.samples = append(r.samples, one)
	}
	return r
}

// pack makes a compressed gob of the record.
func (d *record) pack() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := gob.NewEncoder(z).Encode(d); err != nil {
		return nil, fmt.Errorf("writing a replication down: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// errUnfit is of a record that is not one of this architecture.
var errUnfit = errors.New("what the part says of it is not of this scenario")

// unpack reads a record.
func unpack(text []byte) (*record, error) {
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("what the part says of it cannot be read: %w", err)
	}
	d := new(record)
	if err := gob.NewDecoder(z).Decode(d); err != nil {
		return nil, fmt.Errorf("what the part says of it cannot be read: %w", err)
	}
	return d, nil
}
