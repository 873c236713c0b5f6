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
	Replaces    string // the path of a value that means something else in its place, and is removed; may be ""; with an empty Path it is only removed
}

func (c Change) apply(doc *strict.Document) {
	if c.Replaces != "" {
		doc.Remove(c.Replaces)
		if c.Path == "" {
			return
		}
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
	names := variantNames(doc) // before a change takes some away
	a := judge(doc, variant, changes)
	problems := doc.Problems()
	others := judgeOthers(file, text, variant, names, changes)
	if variant == "" && len(changes) == 0 {
		problems = append(problems, onlyInVariants(names, others, problems)...)
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
	return &Loaded{a, file, string(source), hex.EncodeToString(sum[:]), inAll(problems.Warnings(), others)}, nil
}

// Variants returns the names of a file's variants in its order, also where other things in the file are wrong.
func Variants(file string, text []byte) []string {
	return variantNames(strict.Parse(file, text))
}

func variantNames(doc *strict.Document) []string {
	var names []string
	for _, e := range doc.Root().Get("variants").Entries() {
		names = append(names, e.Key)
	}
	return names
}

// judge changes a document, decodes and checks it.
func judge(doc *strict.Document, variant string, changes []Change) *models.Architecture {
	if variant != "" {
		applyVariant(doc, variant)
	}
	for _, c := range changes {
		c.apply(doc)
	}
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

// mostVariants bounds how often a file is judged, and mostJudged how many bytes that may be in all.
const (
	mostVariants = 100
	mostJudged   = 2_000_000
)

// judgeOthers judges the file with its other variants, and without any, and returns the problems of each by its name.
func judgeOthers(file string, text []byte, variant string, names []string, changes []Change) map[string]strict.Problems {
	others := map[string]strict.Problems{}
	if len(names) > mostVariants || len(names)*len(text) > mostJudged {
		return others // an error of the file, or only the variant that is asked for is judged
	}
	for _, name := range append([]string{""}, names...) {
		if name == variant {
			continue
		}
		doc := strict.Parse(file, text)
		judge(doc, name, changes)
		others[name] = doc.Problems()
	}
	return others
}

// onlyInVariants returns the errors of the variants that the file itself has not.
func onlyInVariants(names []string, others map[string]strict.Problems, known strict.Problems) strict.Problems {
	var all strict.Problems
	for _, name := range names {
		for _, p := range others[name].Errors() {
			if has(known, p) {
				continue
			}
			if with := "variant " + name; !strings.Contains(p.Message, with) {
				p.Message += " (in " + with + ")"
			}
			all = append(all, p)
		}
	}
	return all
}

// inAll returns the warnings that hold for every variant of a file: what has an effect in one of them is there for a reason.
func inAll(warnings strict.Problems, others map[string]strict.Problems) strict.Problems {
	return slices.DeleteFunc(warnings, func(w strict.Problem) bool {
		for _, o := range others {
			if len(o.Errors()) == 0 && !has(o, w) {
				return true
			}
		}
		return false
	})
}

// has tells whether a problem is among others.
func has(ps strict.Problems, p strict.Problem) bool {
	return slices.ContainsFunc(ps, func(q strict.Problem) bool { return q.Line == p.Line && q.Column == p.Column && q.Message == p.Message })
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
