package main

import (
	"path/filepath"
	"slices"
	"strings"

	"headroom/experiments"
	"headroom/scenarios"
)

// changeForm is a --variant of compare that says itself what it changes.
const changeForm = "NAME:PATH=VALUE, such as bigger:nodes.api.cores=8"

// cases are the architectures to compare: several files, or one with its variants. The first is the baseline.
func (f *compareFlags) cases(files []string) ([]experiments.Case, error) {
	if len(files) > 1 {
		return f.fileCases(files)
	}
	text, err := read(files[0])
	if err != nil {
		return nil, err
	}
	base, err := f.scenario.loadText(files[0], text, "", nil)
	if err != nil {
		return nil, err
	}
	all := []experiments.Case{{Name: shortName(files[0]), Loaded: base}}
	own := scenarios.Variants(files[0], text)
	named, changes, err := f.wanted(own)
	if err != nil {
		return nil, err
	}
	if len(named) == 0 {
		return nil, misusef("%s has no variants to compare it with: name another FILE, or --variant %s", files[0], changeForm)
	}
	for _, name := range named {
		variant := name
		if changes[name] != nil {
			variant = ""
		}
		l, err := f.scenario.loadText(files[0], text, variant, changes[name])
		if err != nil {
			return nil, err
		}
		all = append(all, experiments.Case{Name: unused(name, all), Loaded: l})
	}
	return all, nil
}

// wanted are the names of the variants to compare, in their order: those of the file, unless some are asked for. Those that --variant makes
// have changes.
func (f *compareFlags) wanted(own []string) (named []string, changes map[string][]scenarios.Change, err error) {
	if len(f.variants) == 0 {
		return own, nil, nil
	}
	changes = map[string][]scenarios.Change{}
	for _, v := range f.variants {
		name, change, made := strings.Cut(v, ":")
		path, value, ok := strings.Cut(change, "=")
		switch {
		case made && (!ok || name == "" || path == ""):
			return nil, nil, misusef("--variant %s: expected a variant of the file, or %s", v, changeForm)
		case made && slices.Contains(own, name):
			return nil, nil, misusef("--variant %s: the file has a variant %s; give the change another name", v, name)
		case made:
			changes[name] = append(changes[name], scenarios.Change{Path: path, Value: value, Origin: "--variant " + v})
		}
		if !slices.Contains(named, name) {
			named = append(named, name)
		}
	}
	return named, changes, nil
}

// fileCases reads several files. Each is named after its file, and by its whole path where that leaves two alike.
func (f *compareFlags) fileCases(files []string) ([]experiments.Case, error) {
	if len(f.variants) > 0 {
		return nil, misusef("--variant compares one FILE with its variants, and here are %d: %s", len(files), strings.Join(files, " "))
	}
	var all []experiments.Case
	taken := map[string]int{}
	for _, file := range files {
		taken[shortName(file)]++
	}
	for _, file := range files {
		l, err := f.scenario.load(file)
		if err != nil {
			return nil, err
		}
		name := shortName(file)
		if taken[name] > 1 {
			name = file
		}
		all = append(all, experiments.Case{Name: unused(name, all), Loaded: l})
	}
	return all, nil
}

// unused returns a name that no case has yet: a file may be compared with itself.
func unused(name string, cases []experiments.Case) string {
	has := func(name string) bool {
		return slices.ContainsFunc(cases, func(k experiments.Case) bool { return k.Name == name })
	}
	if !has(name) {
		return name
	}
	for again := name + " again"; ; again += " again" {
		if !has(again) {
			return again
		}
	}
}

// shortName is a file's name without folders and extension.
func shortName(file string) string {
	name := filepath.Base(file)
	if short := strings.TrimSuffix(name, filepath.Ext(name)); short != "" {
		return short
	}
	return name
}
