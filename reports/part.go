package reports

import (
	"encoding/json"
	"fmt"
	"io"

	"headroom/experiments"
)

// WritePart writes the part of a result that one of several machines found, as JSON.
func WritePart(w io.Writer, p *experiments.Part) error {
	return writeJSON(w, "part", p)
}

// ReadPart reads what WritePart wrote.
func ReadPart(in io.Reader) (*experiments.Part, error) {
	text, kind, err := readSaved(in)
	switch {
	case err != nil:
		return nil, err
	case kind != "part":
		return nil, fmt.Errorf("this is %s, and not a part of one: headroom simulate FILE --shard 1/3 makes such", named(kind))
	}
	p := new(experiments.Part)
	if err := json.Unmarshal(text, p); err != nil {
		return nil, unreadable(text, err)
	}
	return p, nil
}

// named says what was saved.
func named(kind string) string {
	if kind == "" {
		return "a whole result"
	}
	return "a whole " + kind
}
