package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
)

// A Section is a part of a document that is measured.
type Section struct {
	Name    string
	Measure func(context.Context, io.Writer) error // what it wrote before an error is kept, unless the context has ended
}

// Write measures sections, those that are named if any are, and puts each into the file as soon as it is done.
func Write(ctx context.Context, file string, sections []Section, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(sections, func(s Section) bool { return s.Name == name }) {
			return fmt.Errorf("there is no section %s", name)
		}
	}
	for _, s := range sections {
		if len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		var measured bytes.Buffer
		failed := s.Measure(ctx, &measured)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if measured.Len() > 0 {
			if err := put(file, s.Name, measured.Bytes()); err != nil {
				return err
			}
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

func put(file, section string, measured []byte) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if text, err = replaced(text, section, measured); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, text, 0o644)
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
