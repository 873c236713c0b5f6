package memory

import (
	"testing"
	"unsafe"
)

// TestAdviceChangesNothing: what was written stays as it was, and any address may be named.
func TestAdviceChangesNothing(t *testing.T) {
	table := InLargePages(make([]uint32, 3<<20, 4<<20))
	if len(table) != 3<<20 || cap(table) != 4<<20 {
		t.Fatalf("the table has %d of %d places, want %d of %d", len(table), cap(table), 3<<20, 4<<20)
	}
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
	if small := InLargePages([]uint32{7}); small[0] != 7 {
		t.Error("a small table is another one now")
	}
}
