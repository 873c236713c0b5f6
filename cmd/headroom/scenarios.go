package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"headroom/scenarios"
)

func scenariosCommand() *cobra.Command {
	var output string
	formats := []string{"table", "json"}
	c := &cobra.Command{
		Use: "scenarios [NAME]", Short: "List the built-in scenarios, or print one",
		Long: `Lists the built-in scenarios, in the order in which they are worth reading. With a NAME, prints that scenario's file, which
is a good beginning for your own. Wherever a command takes a FILE, the name of a built-in scenario serves as well.`,
		Example: `  headroom scenarios
  headroom scenarios horizontal-scaling > mine.yaml`,
		Args: func(_ *cobra.Command, names []string) error {
			if len(names) > 1 {
				return misusef("scenarios prints one scenario, and here are %d: %s", len(names), strings.Join(names, " "))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return scenarios.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 1 && c.Flags().Changed("output"):
				return misusef("--output is for the list: a scenario is printed as its file is")
			case len(args) == 1:
				return printScenario(args[0])
			case output == "json":
				encoder := json.NewEncoder(os.Stdout)
				encoder.SetEscapeHTML(false)
				encoder.SetIndent("", "  ")
				return encoder.Encode(scenarios.Builtins())
			case output == "table":
				listScenarios()
				return nil
			}
			return unknown("output", output, formats)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", formats[0], "`FORMAT` of the list: "+either(formats))
	complete(c, "output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func printScenario(name string) error {
	b, ok := scenarios.Lookup(name)
	if !ok {
		return unknown("scenario", name, scenarios.Names())
	}
	_, err := os.Stdout.Write(b.Text)
	return err
}

// listScenarios prints a line for each: its name, and the first sentence of what it is about.
func listScenarios() {
	all := scenarios.Builtins()
	longest := 0
	for _, b := range all {
		longest = max(longest, len(b.Name))
	}
	for _, b := range all {
		about := firstSentence(b.About)
		if about == "" {
			about = b.Title
		}
		fmt.Printf("%-*s  %s\n", longest, b.Name, about)
	}
}

// firstSentence is a text up to its first full stop that ends a word, on one line.
func firstSentence(text string) string {
	line := strings.Join(strings.Fields(text), " ")
	if sentence, _, more := strings.Cut(line, ". "); more {
		return sentence + "."
	}
	return line
}
