package sim

import "testing"

// TestEveryVisitIsCounted: the visits of a request to each node have the numbers 0, 1, 2, ... whether the request has a counter for the node or
// not, beyond what the counter holds as well, and the next request in the same record starts anew.
func TestEveryVisitIsCounted(t *testing.T) {
	s := New(Config{Classes: 1, Sources: 1})
	s.AddSource(nil, Never, nil)
	var again []uint32
	for _, name := range []string{"a", "b", "c", "d"} {
		again = append(again, s.AddNode(name, true))
	}
	for request := range uint64(2) {
		r := s.NewRequest(0, 0, 0, 1000+request, request)
		for i := range uint64(countless + 3) {
			for _, id := range again {
				if got := s.nth(r, s.nodes[id]); got != i {
					t.Fatalf("request %d, %s: visit %d has number %d", request, string('a'+rune(id-again[0])), i, got)
				}
			}
		}
		s.retire(r)
	}
}
