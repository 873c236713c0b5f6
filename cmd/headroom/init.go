package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"headroom/reports"
	"headroom/scenarios"
	"headroom/scenarios/reference"
)

// schemaFile is what init calls the schema that it writes beside a scenario.
const schemaFile = "headroom.schema.json"

func initCommand() *cobra.Command {
	var from string
	var force, noSchema bool
	c := &cobra.Command{
		Use: "init [NAME]", Short: "Write a starter scenario",
		Long: `Writes NAME.yaml (scenario.yaml without a NAME), a small scenario to change into your own, or a copy of a built-in one, and
` + schemaFile + ` beside it, which lets an editor with a YAML language server complete keys and values, show what they mean, and mark what
is wrong. Neither file is written over.`,
		Example: `  headroom init shop
  headroom init shop --from caching`,
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) > 1 {
				return misusef("init writes one scenario, and here are %d names", len(words))
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			name := "scenario"
			if len(args) == 1 {
				name = args[0]
			}
			return writeStarter(name, from, force, noSchema)
		},
	}
	c.Flags().StringVar(&from, "from", "starter", "the built-in `SCENARIO` to begin from")
	c.Flags().BoolVar(&force, "force", false, "write over a file")
	c.Flags().BoolVar(&noSchema, "no-schema", false, "write the scenario alone")
	complete(c, "from", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return scenarios.Names(), cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

// writeStarter writes the scenario and its schema, or neither.
func writeStarter(name, from string, force, noSchema bool) error {
	b, ok := scenarios.Lookup(from)
	if !ok {
		return unknown("scenario", from, scenarios.Names())
	}
	file := strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml") + ".yaml"
	if base := filepath.Base(file); base == ".yaml" {
		return misusef("`%s` is no name for a file", name)
	}
	if _, err := os.Stat(file); err == nil && !force {
		return misusef("%s exists: --force writes over it", file)
	}
	text := renamed(b, file)
	if !noSchema {
		schema := filepath.Join(filepath.Dir(file), schemaFile)
		if there, err := os.ReadFile(schema); err == nil && !bytes.Equal(there, reference.Schema()) && !force {
			return misusef("%s exists and is another: --force writes over it, --no-schema leaves it", schema)
		}
		if err := os.WriteFile(schema, reference.Schema(), 0o644); err != nil {
			return failure{err}
		}
		text = append([]byte("# yaml-language-server: $schema="+schemaFile+"\n"), text...)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return failure{err}
	}
	written := file
	if !noSchema {
		written += ", and " + schemaFile + " for editors with a YAML language server"
	}
	fmt.Fprintf(os.Stderr, "wrote %s. Next:\n  headroom simulate %s\n", written, reports.Quoted(file))
	return nil
}

// renamed is the text of a built-in scenario in which the commands to try are about the file.
func renamed(b scenarios.Builtin, file string) []byte {
	command := regexp.MustCompile(`(headroom [a-z]+ )` + regexp.QuoteMeta(b.Name) + `\b`)
	return command.ReplaceAll(b.Text, []byte("${1}"+strings.ReplaceAll(reports.Quoted(filepath.Base(file)), "$", "$$")))
}
