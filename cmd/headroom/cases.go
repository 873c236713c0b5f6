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

// A source is a FILE and its text: standard input can be read only once.
type source struct {
	file string
	text []byte
}

func (in *inputs) sources(files []string) ([]source, error) {
	var all []source
	for _, file := range files {
		if i := slices.IndexFunc(all, func(s source) bool { return s.file == file }); i >= 0 {
			all = append(all, all[i])
			continue
		}
		text, err := in.scenario(file)
		if err != nil {
			return nil, err
		}
		all = append(all, source{file, text})
	}
	return all, nil
}

// cases are the architectures to compare: several files, or one with its variants. The first is the baseline, and that is the saved one
// where there is one: then it is enough for a file to be compared with that.
func (f *compareFlags) cases(from []source) ([]experiments.Case, error) {
	changes, err := f.scenario.changes()
	if err != nil {
		return nil, err
	}
	var all []experiments.Case
	if f.saved != nil {
		base, err := f.savedCase()
		if err != nil {
			return nil, err
		}
		all = append(all, base)
	}
	add := func(s source, name, variant string, further []scenarios.Change) error {
		l, err := f.scenario.loadText(s.file, s.text, variant, slices.Concat(changes, further))
		if err == nil {
			all = append(all, experiments.Case{Name: unused(name, all), Loaded: l})
		}
		return err
	}
	if len(from) > 1 && len(f.variants) > 0 {
		return nil, misusef("--variant compares one FILE with its variants, and here are %d", len(from))
	}
	if f.saved == nil || len(f.variants) == 0 {
		for i, name := range caseNames(from) {
			if err := add(from[i], name, "", nil); err != nil {
				return nil, err
			}
		}
	}
	if len(from) > 1 || f.saved != nil && len(f.variants) == 0 {
		return all, nil
	}
	own := scenarios.Variants(from[0].file, from[0].text)
	named, made, err := f.wanted(own)
	if err != nil {
		return nil, err
	}
	if len(named) == 0 {
		return nil, misusef("%s has no variants to compare it with: name another FILE, or --variant %s", from[0].file, changeForm)
	}
	for _, name := range named {
		variant := name
		if made[name] != nil {
			variant = ""
		}
		if err := add(from[0], name, variant, made[name]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// wanted are the names of the variants to compare, in their order: those of the file, unless some are asked for. Those that --variant makes
// have changes.
func (f *compareFlags) wanted(own []string) (named []string, made map[string][]scenarios.Change, err error) {
	if len(f.variants) == 0 {
		return own, nil, nil
	}
	made = map[string][]scenarios.Change{}
	for _, v := range f.variants {
		name, change, has := strings.Cut(v, ":")
		path, value, ok := strings.Cut(change, "=")
		switch {
		case has && (!ok || name == "" || path == ""):
			return nil, nil, misusef("--variant %s: expected a variant of the file, or %s", v, changeForm)
		case has && slices.Contains(own, name):
			return nil, nil, misusef("--variant %s: the file has a variant %s; give the change another name", v, name)
		case has:
			made[name] = append(made[name], scenarios.Change{Path: path, Value: value, Origin: "--variant " + v})
		}
		if !slices.Contains(named, name) {
			named = append(named, name)
		}
	}
	return named, made, nil
}

// caseNames names each case after its file, and by the whole path where that leaves two alike.
func caseNames(from []source) []string {
	taken := map[string]int{}
	for _, s := range from {
		taken[shortName(s.file)]++
	}
	var names []string
	for _, s := range from {
		name := shortName(s.file)
		if taken[name] > 1 {
			name = s.file
		}
		names = append(names, name)
	}
	return names
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
