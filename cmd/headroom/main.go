package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

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

// failure is an error of a run, rather than of what was asked for.
type failure struct{ error }

func main() { os.Exit(tell(rootCommand().Execute())) }

// interruptible returns a context for a run, which an interrupt ends so that what was simulated can be printed. A second interrupt ends
// the program, as every interrupt does outside a run.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// tell prints an error, if nobody did so yet, and returns the exit code for it.
func tell(err error) int {
	var told exit
	var problems strict.Problems
	var failed failure
	switch {
	case err == nil:
		return 0
	case errors.As(err, &told):
		return int(told)
	case errors.As(err, &problems):
		fmt.Fprintln(os.Stderr, problems.Error())
		return exitUsage
	}
	fmt.Fprintln(os.Stderr, "headroom:", err)
	if errors.As(err, &failed) {
		return exitFailed
	}
	return exitUsage
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "headroom", Short: "How far does this architecture scale, and what gives way first?",
		Long: `How far does this architecture scale, what gives way first, and what is the cheapest thing that helps?

FILE is a scenario file, the name of a built-in scenario, or - for standard input.`,
		Example: `  headroom scenarios
  headroom simulate horizontal-scaling
  headroom simulate shop.yaml --rate 10k --set nodes.api.instances=8`,
		Version: version(), SilenceUsage: true, SilenceErrors: true,
	}
	onlyCommands(root)
	root.SetVersionTemplate("headroom {{.Version}}\n")
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(
		simulateCommand(nil), sweepCommand(nil), compareCommand(nil), bottleneckCommand(), growCommand(), sensitivityCommand(),
		calibrateCommand(), traceCommand(), reportCommand(), graphCommand(), mergeCommand(), validateCommand(), initCommand(),
		scenariosCommand(), explainCommand(), schemaCommand(), verifyCommand(),
	)
	root.SetHelpCommand(helpCommand(root))
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.HasSubCommands() {
			onlyCommands(c)
		}
	}
	return root
}

// version is what the Go tool wrote into the program: a tag, or a commit with its time; devel where it had neither.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Say what a command does, and what it may be told", Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return commandNames(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, words []string) error {
			c, rest, err := root.Find(words)
			if err != nil {
				return err
			}
			switch {
			case len(rest) > 0 && !c.HasSubCommands():
				return misusef("%s has no commands of its own, such as `%s`", c.Name(), rest[0])
			case len(rest) > 0:
				return unknown("command", rest[0], commandNames(c))
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}
