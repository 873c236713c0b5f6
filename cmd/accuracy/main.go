// Accuracy measures how far the simulation can be trusted, and writes it into a document: go run ./cmd/accuracy docs/accuracy.md [SECTION...].
//
// What it writes stands between lines <!-- begin SECTION --> and <!-- end SECTION -->; what is around them is written by hand. Without names it
// measures all sections, which takes some minutes.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"

	"headroom/experiments"
	"headroom/experiments/truth"
	"headroom/reports"
)

// sections are the parts of the document that are measured.
var sections = []struct {
	name    string
	measure func(context.Context, io.Writer) error
}{
	{"models", models},
	{"coverage", coverage},
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: accuracy FILE [SECTION...]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := write(ctx, os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

// write measures sections, those that are named if any are, and puts each into the file when it is done.
func write(ctx context.Context, file string, names []string) error {
	for _, s := range sections {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		var measured bytes.Buffer
		failed := s.measure(ctx, &measured)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if text, err = replaced(text, s.name, measured.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

// replaced puts what was measured between the marks of its section.
func replaced(text []byte, section string, measured []byte) ([]byte, error) {
	begin, end := []byte("<!-- begin "+section+" -->\n"), []byte("<!-- end "+section+" -->\n")
	head, rest, begins := bytes.Cut(text, begin)
	_, tail, ends := bytes.Cut(rest, end)
	if !begins || !ends {
		return nil, fmt.Errorf("there is no %s with %s after it", bytes.TrimSpace(begin), bytes.TrimSpace(end))
	}
	return slices.Concat(head, begin, measured, end, tail), nil
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
