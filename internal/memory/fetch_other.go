//go:build !amd64 && !arm64

package memory

import "unsafe"

// Line is how many bytes come from memory at once.
const Line = 64

// Fetch does nothing on this processor.
func Fetch(unsafe.Pointer) {}

// FetchPair does nothing on this processor.
func FetchPair(unsafe.Pointer) {}
