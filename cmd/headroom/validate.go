package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"headroom/internal/strict"
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

// validate checks a file as it is, and if nothing is wrong, with each of its variants.
func validate(file string, quiet quietFlag) error {
	text, err := read(file)
	if err != nil {
		return err
	}
	l, err := scenarios.Load(file, text, "", nil)
	if err != nil {
		return err
	}
	quiet.warn(l)
	var all strict.Problems
	for _, name := range scenarios.Variants(file, text) {
		var problems strict.Problems
		if _, err := scenarios.Load(file, text, name, nil); errors.As(err, &problems) {
			all = append(all, problems...)
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}
