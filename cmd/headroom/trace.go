package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/reports"
	"headroom/scenarios"
)

// traceFlags are what trace may be told.
type traceFlags struct {
	scenario         scenarioFlags
	output           outputFlags
	quiet            quietFlag
	request, slowest ordinal
}

func traceCommand() *cobra.Command {
	var f traceFlags
	c := &cobra.Command{
		Use: "trace FILE", Short: "Follow one request, hop by hop: waiting, service, network, outcome",
		Long: `Simulates one scenario and shows what became of single requests, hop by hop: when each visit to a node begins, how long it waits and is
worked on, how it ends, and what the node says of it: what is left of a limit, a hit or a miss, when a message was delivered. Calls stand below
their caller; what is done after the answer is marked so.

Requests are counted as they arrive after the warm-up, from all sources together: 1 is the first. They are those of the first replication
that headroom simulate measures with the same FILE and flags.

-o html writes one page that needs nothing beside itself. -o otlp writes the OpenTelemetry protocol's JSON, which Jaeger, Tempo and collectors
read: a trace for each request, a span for each hop, and in it one for each time that it waits, works or is on the way. There the measured time
begins at 2000-01-01T00:00:00Z, and the same request has the same identifiers every time.`,
		Example: `  headroom trace rate-limiting --request 4
  headroom trace caching --slowest 3
  headroom trace shop.yaml --rate 10k --slowest 1 -o json
  headroom trace caching --slowest 5 -o html --out slowest.html
  headroom trace caching --slowest 5 -o otlp --out slowest.json`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.trace(c, args[0]) },
	}
	c.Flags().SortFlags = false
	c.Flags().Var(&f.request, "request", "trace request `N`, counted from the end of the warm-up (default 1)")
	c.Flags().Var(&f.slowest, "slowest", "trace the `N` slowest of the requests measured, whatever their outcome")
	complete(c, "request", cobra.NoFileCompletions)
	complete(c, "slowest", cobra.NoFileCompletions)
	f.scenario.register(c, "replications") // it is always the first
	f.output.register(c, "html", "otlp")
	f.quiet.register(c)
	return c
}

func (f *traceFlags) trace(c *cobra.Command, file string) error {
	if f.request > 0 && f.slowest > 0 {
		return misusef("--request and --slowest both say what to trace: give one")
	}
	if f.slowest > mostSlowest {
		return misusef("--slowest %d: expected at most %d", f.slowest, mostSlowest)
	}
	if err := f.output.check(); err != nil {
		return err
	}
	l, err := f.scenario.load(file)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	t, err := f.run(l, commandLine(c, []string{file}))
	var none experiments.NoSuchRequest
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before the request was traced")
		return exit(exitInterrupted)
	case errors.As(err, &none):
		return misusef("%s", none)
	case err != nil:
		return failure{err}
	}
	report, _ := reports.NamedTrace(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, t) }); err != nil {
		return failure{err}
	}
	return nil
}

func (f *traceFlags) run(l *scenarios.Loaded, command string) (*experiments.Traces, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.TraceOptions{Request: int64(f.request), Slowest: int(f.slowest), Command: command, Version: version()}
	if o.Slowest == 0 {
		o.Request = max(o.Request, 1)
	}
	defer f.quiet.watch(&o.Progress)()
	return experiments.Trace(ctx, l, o)
}

// mostSlowest is how many requests one would care to read of.
const mostSlowest = 1000

// ordinal is a number counted from 1, 0 where nobody said.
type ordinal int64

func (n *ordinal) String() string {
	if *n == 0 {
		return "" // no default to print
	}
	return strconv.FormatInt(int64(*n), 10)
}

func (n *ordinal) Type() string { return "N" }

func (n *ordinal) Set(text string) error {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 1 {
		return errors.New("expected a whole number from 1")
	}
	*n = ordinal(v)
	return nil
}
