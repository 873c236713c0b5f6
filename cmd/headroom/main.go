// Headroom simulates how far an architecture scales.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"headroom/internal/strict"
)

// Exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitSLO         = 99
	exitInterrupted = 130
)

// exit is an error that has been told already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := &cobra.Command{
		Use: "headroom", Short: "How far does this architecture scale, and what gives way first?",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(simulateCommand(), validateCommand())
	err := root.ExecuteContext(ctx)
	var code exit
	var problems strict.Problems
	var failed runError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &problems):
		fmt.Fprintln(os.Stderr, problems.Error())
		return exitUsage
	case errors.As(err, &failed):
		fmt.Fprintln(os.Stderr, "headroom:", err)
		return exitFailed
	}
	fmt.Fprintln(os.Stderr, "headroom:", err)
	return exitUsage
}

// runError is a failure of a run rather than of what was asked for.
type runError struct{ error }
