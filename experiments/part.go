package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// A Part is what one of several machines found: its cells, and all that another needs to give the command again.
type Part struct {
	Headroom  int      `json:"headroom"` // version of the format: 1
	Kind      string   `json:"kind"`     // part
	Version   string   `json:"version"`
	Command   string   `json:"command"` // of the whole
	Part      int      `json:"part"`    // from 1
	Parts     int      `json:"parts"`
	Arguments []string `json:"arguments"` // of the command, word by word
	Files     []Input  `json:"files"`
	*Cells
}

// Input is a file that a command has read.
type Input struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

// NewInput notes a file.
func NewInput(name string, text []byte) Input { return Input{name, sumOf(string(text)), string(text)} }

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Mismatch says why parts do not make a whole.
type Mismatch string

func (m Mismatch) Error() string { return string(m) }

// Join puts the parts of one command together. Each has a name for errors: that of its file. The error is a Mismatch where they do not belong
// together, or one of them is missing or there twice.
func Join(names []string, parts []*Part, version string) (*Part, error) {
	first := parts[0]
	if first.Parts < 1 || first.Parts > mostParts {
		return nil, Mismatch(fmt.Sprintf("%s is one of %d parts, which cannot be", names[0], first.Parts))
	}
	whole := &Part{Headroom: first.Headroom, Version: version, Command: first.Command, Arguments: first.Arguments, Files: first.Files, Cells: new(Cells)}
	from := make([]string, first.Parts+1)
	for i, p := range parts {
		if err := p.fits(names[i], first, names[0], version); err != nil {
			return nil, err
		}
		if other := from[p.Part]; other != "" {
			return nil, Mismatch(fmt.Sprintf("%s and %s are both part %d/%d", other, names[i], p.Part, p.Parts))
		}
		from[p.Part] = names[i]
		whole.Add(p.Cells)
	}
	var missing []string
	for i, name := range from[1:] {
		if name == "" {
			missing = append(missing, Portion{i + 1, first.Parts}.String())
		}
	}
	switch len(missing) {
	case 0:
		return whole, nil
	case 1:
		return nil, Mismatch(fmt.Sprintf("part %s is missing: %s --shard %s makes it", missing[0], first.Command, missing[0]))
	}
	return nil, Mismatch(fmt.Sprintf("parts %s are missing: %s --shard %s makes the first of them", strings.Join(missing, ", "), first.Command, missing[0]))
}

// fits tells whether a part belongs to the same whole as another.
func (p *Part) fits(name string, first *Part, firstName, version string) error {
	changed := func(a, b Input) bool { return a.Name != b.Name || a.SHA256 != b.SHA256 }
	switch {
	case p.Version != version:
		return Mismatch(fmt.Sprintf("%s was made by headroom %s, and this is %s: another version may simulate something else", name, p.Version, version))
	case p.Command != first.Command || !slices.Equal(p.Arguments, first.Arguments):
		return Mismatch(fmt.Sprintf("%s is a part of `%s`, and %s of `%s`", name, p.Command, firstName, first.Command))
	case p.Parts != first.Parts:
		return Mismatch(fmt.Sprintf("%s is one of %d parts, and %s one of %d", name, p.Parts, firstName, first.Parts))
	case p.Part < 1 || p.Part > p.Parts || p.Cells == nil || len(p.Arguments) == 0:
		return Mismatch(fmt.Sprintf("%s is part %d of %d, without cells or a command: it is not sound", name, p.Part, p.Parts))
	case !slices.EqualFunc(p.Files, first.Files, func(a, b Input) bool { return !changed(a, b) }):
		for i := range min(len(p.Files), len(first.Files)) {
			if changed(p.Files[i], first.Files[i]) {
				return Mismatch(fmt.Sprintf("%s and %s are of different files: %s has the SHA-256 %.12s… in one, and %.12s… in the other",
					name, firstName, p.Files[i].Name, p.Files[i].SHA256, first.Files[i].SHA256))
			}
		}
		return Mismatch(fmt.Sprintf("%s and %s are of different files", name, firstName))
	}
	for _, f := range p.Files {
		if sumOf(f.Text) != f.SHA256 {
			return Mismatch(fmt.Sprintf("%s: the text of %s in it is not the one that was simulated: its SHA-256 is another", name, f.Name))
		}
	}
	return nil
}
