package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"headroom/internal/strict"
	"headroom/scenarios"
)

// read returns the text of a FILE: - is standard input, then comes what exists under that path, then the built-in scenarios.
func read(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(os.Stdin)
	}
	builtin, known := scenarios.Lookup(file)
	info, err := os.Stat(file)
	if known && (err != nil || info.IsDir()) {
		return builtin.Text, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, cause(err))
	}
	return text, nil
}

// cause is what a file's error says beside the name of what was done, and to which file.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// notFound looks for what was meant: a built-in scenario, or a file beside it.
func notFound(file string) error {
	names := scenarios.Names()
	near := strict.Nearest(strings.TrimSuffix(filepath.Base(file), ".yaml"), names)
	dir, _ := filepath.Split(file)
	if beside := strict.Nearest(file, scenarioFiles(dir)); beside != "" {
		near = beside
	}
	return misuse{file + ": no such file, and no built-in scenario has that name; headroom scenarios lists those", near}
}

// scenarioFiles are the paths that begin with a prefix and may be scenarios, and the folders, which end in a slash.
func scenarioFiles(prefix string) []string {
	dir, begin := filepath.Split(prefix)
	entries, err := os.ReadDir(filepath.Join(dir, "."))
	if err != nil {
		return nil
	}
	var found []string
	for _, e := range entries {
		name := e.Name()
		switch extension := filepath.Ext(name); {
		case !strings.HasPrefix(name, begin) || begin == "" && name[0] == '.':
		case e.IsDir():
			found = append(found, dir+name+"/")
		case extension == ".yaml" || extension == ".yml":
			found = append(found, dir+name)
		}
	}
	return found
}
