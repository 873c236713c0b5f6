package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"headroom/reports"
	"headroom/scenarios/reference"
)

func explainCommand() *cobra.Command {
	var output string
	formats := []string{"table", "json", "markdown"}
	c := &cobra.Command{
		Use: "explain [TOPIC]", Short: "Say what a kind of node does, or how a part of the format is written",
		Long: `Explains a kind of node (server, cache, …) or a part of the scenario format (traffic, slo, values, …): what it does, an example, its
keys with their defaults, and the laws that its figures obey. Without a TOPIC, lists what can be explained.`,
		Example: `  headroom explain cache
  headroom explain values`,
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) > 1 {
				return misusef("explain takes one TOPIC, and here are %d", len(words))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return reference.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			topics := reference.Topics()
			if len(args) == 1 {
				t, ok := reference.Lookup(args[0])
				if !ok {
					return unknown("topic", args[0], reference.Names())
				}
				topics = []reference.Topic{t}
			}
			return explain(topics, len(args) == 0, output, formats)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", formats[0], "`FORMAT`: "+either(formats))
	complete(c, "output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func explain(topics []reference.Topic, all bool, output string, formats []string) error {
	switch output {
	case "json":
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if all {
			return encoder.Encode(topics)
		}
		return encoder.Encode(topics[0])
	case "markdown":
		if all {
			fmt.Print(reference.Page())
			return nil
		}
		fmt.Print(reference.Markdown(topics[0]))
		return nil
	case "table":
		if !all {
			fmt.Print(reference.Text(topics[0], reports.DefaultWidth))
			return nil
		}
		for _, t := range topics {
			fmt.Printf("%-14s %s\n", t.Name, firstSentence(t.About))
		}
		return nil
	}
	return unknown("output", output, formats)
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the scenario format, for editors",
		Long: `Prints the JSON Schema of the scenario format. An editor with a YAML language server then completes keys, shows what they mean, and
marks what is wrong. headroom init writes a scenario that names its schema.`,
		Example: "  headroom schema > headroom.schema.json",
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) > 0 {
				return misusef("schema takes no arguments")
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			_, err := os.Stdout.Write(reference.Schema())
			return err
		},
	}
}
