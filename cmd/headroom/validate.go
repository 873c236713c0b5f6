package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func validateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "validate FILE...", Short: "Check scenarios without running them", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			var all error
			for _, file := range files {
				l, err := load(file, "", nil)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					all = errors.Join(all, err)
					continue
				}
				for _, w := range l.Warnings {
					fmt.Fprintln(os.Stderr, "warning:", w)
				}
				fmt.Println(file + ": ok")
			}
			if all != nil {
				return exit(exitUsage)
			}
			return nil
		},
	}
}
