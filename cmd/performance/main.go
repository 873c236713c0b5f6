// Performance measures how fast the simulation is, and writes it into a document:
//
//	go run -pgo cmd/headroom/default.pgo ./cmd/performance [flags] docs/performance.md [SECTION...]
//
// Without names it measures the sections models and runs. The section peers, which needs SimPy and simgo, is measured where it is named. Each run is a
// process of its own, one at a time, since the most memory that it held is known of a process only; rounds go through all models, so that
// what disturbs a shared machine disturbs all alike.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"headroom/internal/document"
)

// settings are how much is measured, and with what.
type settings struct {
	rounds   int
	requests int64  // of each replication in place of what the model says; 0: what it says
	headroom string // the program whose start is timed
	python   string // the interpreter that has SimPy
	simgo    string // the program that has simgo
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == child {
		if err := json.NewEncoder(os.Stdout).Encode(measureHere(os.Args[2:])); err != nil {
			fail(err)
		}
		return
	}
	var s settings
	flag.IntVar(&s.rounds, "rounds", 5, "how often each figure is measured; the median counts")
	flag.Int64Var(&s.requests, "requests", 0, "of each replication, to see that everything works; the figures of short runs are too low")
	flag.StringVar(&s.headroom, "headroom", "bin/headroom", "the program whose start is timed")
	flag.StringVar(&s.python, "python", "python3", "the interpreter that has SimPy")
	flag.StringVar(&s.simgo, "simgo", "bin/simgo", "the program that has simgo, built in peers/simgo")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: performance [flags] FILE [models|runs|peers...]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() < 1 || s.rounds < 1 {
		flag.Usage()
		os.Exit(2)
	}
	names := flag.Args()[1:]
	if len(names) == 0 {
		names = []string{"models", "runs"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := document.Write(ctx, flag.Arg(0), s.sections(), names); err != nil {
		fail(err)
	}
}

// sections are the parts of the document that are measured.
func (s settings) sections() []document.Section {
	return []document.Section{
		{Name: "models", Measure: s.models},
		{Name: "runs", Measure: s.runs},
		{Name: "peers", Measure: s.peers},
	}
}

// often says of how many runs the figures are.
func (s settings) often() string {
	if s.rounds == 1 {
		return "a single run"
	}
	return fmt.Sprintf("the median of %d runs", s.rounds)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "performance:", err)
	os.Exit(1)
}
