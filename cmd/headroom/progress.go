package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// patience is how long a run may take without a sign of progress.
const patience = time.Second

// progress is a bar for runs that take longer than a while.
type progress struct{ bar *progressbar.ProgressBar }

const barSteps = 1000

// watch lets a terminal show how far a run is, unless nothing is to be said. The function that it returns takes the bar away.
func (q quietFlag) watch(tell *func(share float64)) (end func()) {
	if bool(q) || !term.IsTerminal(int(os.Stderr.Fd())) {
		return func() {}
	}
	p := newProgress(os.Stderr, patience)
	*tell = p.at
	return p.end
}

// newProgress begins a bar that is seen only after a time.
func newProgress(out io.Writer, hidden time.Duration) progress {
	return progress{progressbar.NewOptions(barSteps,
		progressbar.OptionSetWriter(late{out, time.Now().Add(hidden)}), progressbar.OptionSetDescription("simulating"),
		progressbar.OptionSetWidth(40), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

// at draws the share of the run that is done. A terminal that cannot be written to is no reason to end the run.
func (p progress) at(share float64) { _ = p.bar.Set(int(share * barSteps)) }

// end takes the bar away.
func (p progress) end() { _ = p.bar.Clear() }

// late loses what is written before a time.
type late struct {
	out  io.Writer
	from time.Time
}

func (l late) Write(b []byte) (int, error) {
	if time.Now().Before(l.from) {
		return len(b), nil
	}
	return l.out.Write(b)
}
