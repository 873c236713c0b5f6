package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"headroom/experiments"
	"headroom/reports"
)

// liveFlag lets one look at a run while it goes on.
type liveFlag bool

func (f *liveFlag) register(c *cobra.Command) {
	c.Flags().BoolVar((*bool)(f), "live", false, "redraw utilizations and percentiles on the terminal while the run goes on; the result is the same")
	hide(c.Flags(), "live")
}

// check refuses to draw where nobody would see it, or see it as it is meant.
func (f liveFlag) check(q quietFlag, s *shardFlag) error {
	switch {
	case !bool(f):
		return nil
	case bool(q):
		return misusef("--live and --quiet want opposite things: give one")
	case s.asked():
		return misusef("--live: a part of a run is not drawn, see --shard")
	case !term.IsTerminal(int(os.Stderr.Fd())):
		return misusef("--live: standard error is no terminal to draw on")
	}
	return nil
}

// screen redraws some lines of a terminal in place. It never hides the cursor, nor leaves anything else to be put right, so that the program may end at
// any moment.
type screen struct {
	out   io.Writer
	size  func() (columns, lines int)
	color bool
	drawn int // lines
}

// watch draws a run on standard error. The function that it returns takes the drawing away.
func (f liveFlag) watch(o *experiments.Options, color bool) (end func()) {
	s := &screen{out: os.Stderr, color: color, size: func() (columns, lines int) {
		columns, lines, err := term.GetSize(int(os.Stderr.Fd()))
		if err != nil || columns == 0 || lines == 0 {
			return reports.DefaultWidth, 24
		}
		return columns, lines
	}}
	o.Live = s.show
	return s.clear
}

// show draws a snapshot where the last one was. A terminal that cannot be written to is no reason to end the run.
func (s *screen) show(of experiments.Snapshot) {
	columns, lines := s.size()
	text, err := reports.Live(of, reports.Style{Color: s.color, Width: min(columns, reports.DefaultWidth)}, lines-1)
	if err != nil {
		return
	}
	var b strings.Builder
	b.WriteString(s.top())
	b.WriteString("\x1b[?7l") // what is too long is cut off: another line would not be taken away
	b.WriteString(strings.ReplaceAll(text, "\n", "\x1b[K\n"))
	b.WriteString("\x1b[J\x1b[?7h")
	s.drawn = strings.Count(text, "\n")
	_, _ = io.WriteString(s.out, b.String())
}

// clear takes the drawing away.
func (s *screen) clear() {
	if s.drawn > 0 {
		_, _ = io.WriteString(s.out, s.top()+"\x1b[J")
		s.drawn = 0
	}
}

// top moves to where the drawing begins.
func (s *screen) top() string {
	if s.drawn == 0 {
		return "\r"
	}
	return fmt.Sprintf("\r\x1b[%dA", s.drawn)
}
