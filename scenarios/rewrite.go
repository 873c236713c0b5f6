package scenarios

import "headroom/internal/strict"

// Rewrite returns the text of a scenario file with changes written into it; comments, order and layout of all the rest stay byte for byte. It
// reads as Load has it with these changes. The error is a strict.Problems: of paths that the file has no place for, and of values that cannot be
// changed where they stand, since others share them by an anchor and aliases. Whether the scenario makes sense is judged by Load.
func Rewrite(file string, text []byte, changes []Change) ([]byte, error) {
	return RewriteVariant(file, text, "", changes)
}

// RewriteVariant is Rewrite with what a variant of the file changes before (unless its name is empty).
func RewriteVariant(file string, text []byte, variant string, changes []Change) ([]byte, error) {
	doc := strict.Parse(file, text)
	if variant != "" {
		applyVariant(doc, variant)
	}
	for _, c := range changes {
		c.apply(doc)
	}
	out, problems := doc.Rewrite()
	if problems != nil {
		return nil, problems.Errors()
	}
	return out, nil
}
