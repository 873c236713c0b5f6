//go:build !linux

package memory

// InLargePages returns the table: this system is not asked for large pages.
func InLargePages[T any](table []T) []T { return table }
