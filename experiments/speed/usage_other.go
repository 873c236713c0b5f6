//go:build !unix

package speed

import "errors"

// usage is not known here.
func usage() (processor float64, peak int64, err error) {
	return 0, 0, errors.ErrUnsupported
}
