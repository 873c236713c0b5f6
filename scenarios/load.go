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

// Change is a value to set before the file is judged, as --set does.
type Change struct{ Path, Value string }

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
		doc.Set(c.Path, c.Value, fmt.Sprintf("--set %s=%s", c.Path, c.Value))
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
