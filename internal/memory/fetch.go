//go:build amd64 || arm64

package memory

import "unsafe"

// Fetch brings the line at an address near. It does not wait for it, and reads nothing: any address will do.
//
//go:noescape
func Fetch(p unsafe.Pointer)

// FetchPair is Fetch for the line at an address and the one after it.
//
//go:noescape
func FetchPair(p unsafe.Pointer)
