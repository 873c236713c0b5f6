package sim

import (
	"testing"
	"unsafe"
)

// TestCallFillsTwoCacheLines: a field more would cost a third line at every hop.
func TestCallFillsTwoCacheLines(t *testing.T) {
	if size := unsafe.Sizeof(Call{}); size != 128 {
		t.Errorf("a Call has %d bytes, want 128", size)
	}
}
