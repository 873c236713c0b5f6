package main

import (
	"strings"

	"github.com/spf13/cobra"

	"headroom/scenarios"
)

// complete says how a shell completes a flag's value.
func complete(c *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // there is no such flag, or it was said before
	}
}

// oneFile completes the only argument of a command, and manyFiles each of them.
func oneFile(c *cobra.Command, args []string, begin string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return manyFiles(c, args, begin)
}

func manyFiles(_ *cobra.Command, _ []string, begin string) ([]string, cobra.ShellCompDirective) {
	found := scenarioFiles(begin)
	folders := len(found) > 0
	for _, path := range found {
		folders = folders && strings.HasSuffix(path, "/")
	}
	for _, b := range scenarios.Builtins() {
		if strings.HasPrefix(b.Name, begin) {
			found, folders = append(found, cobra.CompletionWithDesc(b.Name, b.Title)), false
		}
	}
	if folders { // what comes next is in them
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// variantNames completes --variant from the FILE that stands before it.
func variantNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 || args[0] == "-" {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	text, err := read(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return scenarios.Variants(args[0], text), cobra.ShellCompDirectiveNoFileComp
}
