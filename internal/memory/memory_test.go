package memory

import (
	"testing"
	"unsafe"
)

// TestAdviceChangesNothing: what was written stays as it was, and any address may be named.
func TestAdviceChangesNothing(t *testing.T) {
	table := make([]uint32, 1000)
	for i := range table {
		table[i] = uint32(i)
	}
	Fetch(nil)
	FetchPair(nil)
	for i := range table {
		Fetch(unsafe.Pointer(&table[i]))
		FetchPair(unsafe.Pointer(&table[i]))
		if table[i] != uint32(i) {
			t.Fatalf("place %d holds %d", i, table[i])
		}
	}
}
