// Accuracy measures how far the simulation can be trusted, and writes it into a document: go run ./cmd/accuracy docs/accuracy.md [SECTION...].
//
// What it writes stands between lines <!-- begin SECTION --> and <!-- end SECTION -->; what is around them is written by hand. Without names it
// measures all sections, which takes some minutes.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"headroom/experiments"
	"headroom/experiments/truth"
	"headroom/internal/document"
	"headroom/reports"
)

// sections are the parts of the document that are measured.
var sections = []document.Section{
	{Name: "models", Measure: models},
	{Name: "coverage", Measure: coverage},
	{Name: "paired", Measure: paired},
	{Name: "common", Measure: common},
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: accuracy FILE [SECTION...]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := document.Write(ctx, os.Args[1], sections, os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

// models simulates every model with a known answer. The error says that one is off, after it is written down.
func models(ctx context.Context, w io.Writer) error {
	v, err := truth.Verify(ctx, truth.Choose(truth.Cases(), nil, true, true), experiments.Options{})
	if err != nil {
		return err
	}
	if err := reports.Accuracy(w, v); err != nil {
		return err
	}
	if v.Off > 0 {
		return fmt.Errorf("%d of %d figures are beyond their tolerance", v.Off, v.Figures)
	}
	return nil
}
