package memory

import (
	"syscall"
	"unsafe"
)

const (
	worthIt = 4 << 20 // bytes; smaller tables are found without large pages
	page    = 4 << 10
)

// InLargePages returns a table that was just made, not written to yet, and lets the system put it into large pages if it can. Small ones stay
// as they are.
func InLargePages[T any](table []T) []T {
	bytes := uintptr(cap(table)) * unsafe.Sizeof(*new(T))
	if bytes < worthIt {
		return table
	}
	first := unsafe.Pointer(unsafe.SliceData(table))
	skip := -uintptr(first) & (page - 1)
	whole := unsafe.Slice((*byte)(unsafe.Add(first, skip)), (bytes-skip)&^(page-1))
	_ = syscall.Madvise(whole, syscall.MADV_HUGEPAGE) // where the system has none the table is as good as before
	return table
}
