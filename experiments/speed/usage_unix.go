//go:build unix

package speed

import (
	"runtime"
	"syscall"
)

// usage is what the process has taken so far: seconds of user and system time on all cores, and the most bytes of memory that it held.
func usage() (processor float64, peak int64, err error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0, err
	}
	peak = int64(u.Maxrss)
	if runtime.GOOS != "darwin" {
		peak *= 1024 // everywhere else it is told in KiB
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9, peak, nil
}
