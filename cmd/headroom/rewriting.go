package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// checkRewriting refuses what could not be written, before anything is simulated: a result where the flags for that want it, and with --write
// the changed scenario file.
func checkRewriting(c *cobra.Command, report outputFlags, write string) error {
	force := report.force
	report.force = force && (report.out != "" || write == "") // it is for --write as well
	if err := report.check(); err != nil {
		if report.force && report.out == "" {
			return misusef("--force has no effect without --write or --out")
		}
		return err
	}
	if write == "" {
		return nil
	}
	for _, name := range []string{"set", "variant"} {
		if c.Flags().Changed(name) {
			return misusef("--write with --%s: the file that is written would not have that change; make it in the file first", name)
		}
	}
	switch info, err := os.Stat(write); {
	case err != nil:
	case !info.Mode().IsRegular():
		return misusef("--write %s: this is not a file that could be replaced", write)
	case !force:
		return misusef("--write %s: the file exists; --force writes over it", write)
	}
	beside, err := createBeside(write)
	if err != nil {
		return fmt.Errorf("--write %s: %w", write, cause(err))
	}
	return errors.Join(beside.Close(), os.Remove(beside.Name()))
}
