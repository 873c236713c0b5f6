//go:build !amd64 && !arm64

package memory

import "unsafe"

// Fetch does nothing on this processor.
func Fetch(unsafe.Pointer) {}

// FetchPair does nothing on this processor.
func FetchPair(unsafe.Pointer) {}
