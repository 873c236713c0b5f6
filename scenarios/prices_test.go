package scenarios_test

import (
	"math"
	"testing"

	"headroom/scenarios"
)

// TestPricesOfMoreCoresAreWritten: a node that has twice the cores costs twice as much, also once these stand in the file.
func TestPricesOfMoreCoresAreWritten(t *testing.T) {
	const file = `# mine
traffic: {users: {enters: api, rate: 50/s}}
nodes:
  api: {kind: server, cores: 2, price: $0.07/h, work: exp(8ms), calls: [db]} # the servers
  db: {kind: database, cores: 2, price: $0.10/h, read: exp(4ms)}
`
	more := []scenarios.Change{{Path: "nodes.api.cores", Value: "6"}}
	l, err := scenarios.Load("test.yaml", []byte(file), "", more)
	if err != nil {
		t.Fatal(err)
	}
	prices := l.Prices()
	if len(prices) != 1 || prices[0] != (scenarios.Change{Path: "nodes.api.price", Value: "$0.21/h"}) {
		t.Fatalf("the prices to write are %v, want that of api, three times $0.07/h", prices)
	}
	text, err := scenarios.Rewrite("test.yaml", []byte(file), append(more, prices...))
	if err != nil {
		t.Fatal(err)
	}
	written, err := scenarios.Load("test.yaml", text, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	reckoned, _ := l.Nodes[0].Value.Cost(50, 0, l.Grown("api"))
	now, _ := written.Nodes[0].Value.Cost(50, 0, written.Grown("api"))
	if math.Abs(reckoned-now) > 1e-9*now {
		t.Errorf("as written it costs $%g a month, as simulated $%g", now, reckoned)
	}
	if again := written.Prices(); len(again) != 0 {
		t.Errorf("what is written needs no other price: %v", again)
	}
}
