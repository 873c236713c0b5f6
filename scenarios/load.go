package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/models"
)

// A Loaded scenario is ready to be simulated.
type Loaded struct {
	*models.Architecture
	File     string
	Source   string // its text after variants and changes
	SHA256   string // of Source
	Warnings strict.Problems
}

// Change is a value to set before the file is judged, as --set and other flags do.
type Change struct {
	Path, Value string
	Origin      string // what errors of the value name in place of file and line, such as "--seed 7"; "" for --set
	Replaces    string // the path of a value that means something else in its place, and is removed; may be ""
}

func (c Change) apply(doc *strict.Document) {
	if c.Replaces != "" {
		doc.Remove(c.Replaces)
	}
	if c.Origin == "" {
		c.Origin = fmt.Sprintf("--set %s=%s", c.Path, c.Value)
	}
	doc.Set(c.Path, c.Value, c.Origin)
}

// Load reads a scenario from the text of a file, applies a variant (unless its name is empty) and then the changes. The error is a
// strict.Problems with every problem of the file.
func Load(file string, text []byte, variant string, changes []Change) (*Loaded, error) {
	doc := strict.Parse(file, text)
	if doc.Failed() {
		return nil, doc.Problems()
	}
	if variant != "" {
		applyVariant(doc, variant)
	}
	for _, c := range changes {
		c.apply(doc)
	}
	a := judge(doc)
	problems := doc.Problems()
	if variant == "" && len(changes) == 0 {
		problems = append(problems, variantProblems(file, text, problems)...)
	}
	if errs := problems.Errors(); len(errs) > 0 {
		return nil, errs
	}
	if variant != "" || len(changes) > 0 {
		var before models.Scenario
		strict.Decode(strict.Parse(file, text).Root(), &before)
		a.GrowFrom(before)
	}
	source := doc.YAML()
	sum := sha256.Sum256(source)
	return &Loaded{a, file, string(source), hex.EncodeToString(sum[:]), problems.Warnings()}, nil
}

// Variants returns the names of a file's variants in its order, also where other things in the file are wrong.
func Variants(file string, text []byte) []string {
	var names []string
	for _, e := range strict.Parse(file, text).Root().Get("variants").Entries() {
		names = append(names, e.Key)
	}
	return names
}

// judge decodes and checks a document.
func judge(doc *strict.Document) *models.Architecture {
	var s models.Scenario
	strict.Decode(doc.Root(), &s)
	for _, v := range s.Variants {
		if v.Value != nil && v.Value.Kind() != strict.Map {
			v.Value.Expected("changes such as {nodes.api.cores: 8}")
		}
	}
	if len(s.Variants) > mostVariants {
		doc.Errorf("variants", "there are %d variants: at most %d are read", len(s.Variants), mostVariants)
	}
	return models.NewArchitecture(s, doc)
}

// mostVariants bounds how often a file is judged.
const mostVariants = 100

// variantProblems returns the errors that the variants of a file have and the file itself has not.
func variantProblems(file string, text []byte, known strict.Problems) strict.Problems {
	var all strict.Problems
	variants := strict.Parse(file, text).Root().Get("variants").Entries()
	for _, e := range variants[:min(len(variants), mostVariants)] {
		if e.Value.Kind() != strict.Map {
			continue // an error of the file
		}
		doc := strict.Parse(file, text)
		applyVariant(doc, e.Key)
		judge(doc)
		for _, p := range doc.Problems().Errors() {
			if slices.ContainsFunc(known, func(k strict.Problem) bool { return k.Line == p.Line && k.Column == p.Column && k.Message == p.Message }) {
				continue
			}
			if with := "variant " + e.Key; !strings.Contains(p.Message, with) {
				p.Message += " (in " + with + ")"
			}
			all = append(all, p)
		}
	}
	return all
}

// applyVariant makes the changes of a variant.
func applyVariant(doc *strict.Document, name string) {
	all := doc.Root().Get("variants")
	v := all.Get(name)
	switch {
	case len(all.Entries()) == 0:
		doc.Refuse("--variant "+name, "the file has no `variants`")
	case v == nil:
		var names []string
		for _, e := range all.Entries() {
			names = append(names, e.Key)
		}
		slices.Sort(names)
		doc.Unknown("variants", name, "variant", names)
	}
	for _, e := range v.Entries() {
		doc.SetEntry(e, "variant "+name)
	}
}
