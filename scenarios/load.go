package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

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
	var s models.Scenario
	strict.Decode(doc.Root(), &s)
	a := models.NewArchitecture(s, doc)
	if doc.Failed() {
		return nil, doc.Problems().Errors()
	}
	source := doc.YAML()
	sum := sha256.Sum256(source)
	return &Loaded{a, file, string(source), hex.EncodeToString(sum[:]), doc.Problems().Warnings()}, nil
}

// Variants returns the names of a file's variants in its order, also where other things in the file are wrong.
func Variants(file string, text []byte) []string {
	var names []string
	for _, e := range strict.Parse(file, text).Root().Get("variants").Entries() {
		names = append(names, e.Key)
	}
	return names
}

func applyVariant(doc *strict.Document, name string) {
	all := doc.Root().Get("variants")
	v := all.Get(name)
	if v == nil {
		var names []string
		for _, e := range all.Entries() {
			names = append(names, e.Key)
		}
		slices.Sort(names)
		doc.Unknown("variants", name, "variant", names)
		return
	}
	for _, e := range v.Entries() {
		doc.SetValue(e.Key, e.Value, "variant "+name)
	}
}
