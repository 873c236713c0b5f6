package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"headroom/scenarios"
)

func validateCommand() *cobra.Command {
	var quiet quietFlag
	c := &cobra.Command{
		Use: "validate FILE...", Short: "Check scenarios, with all their variants, without running them",
		Args: files(math.MaxInt), ValidArgsFunction: manyFiles,
		RunE: func(_ *cobra.Command, files []string) error {
			wrong := false
			for _, file := range files {
				if err := validate(file, quiet); err != nil {
					wrong = true
					tell(err)
					continue
				}
				fmt.Println(file + ": ok")
			}
			if wrong {
				return exit(exitUsage)
			}
			return nil
		},
	}
	quiet.register(c)
	return c
}

// validate checks a file as it is and with each of its variants.
func validate(file string, quiet quietFlag) error {
	text, err := read(file)
	if err != nil {
		return err
	}
	l, err := scenarios.Load(file, text, "", nil)
	if err == nil {
		quiet.warn(l)
	}
	return err
}
