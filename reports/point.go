package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// ReadPoint reads the result of a simulation, or that of a sweep at one of its rates, in requests per second. With rate 0 it is the only
// point of a sweep that has one.
func ReadPoint(in io.Reader, rate float64) (*experiments.Result, error) {
	text, kind, err := readSaved(in)
	switch {
	case err != nil:
		return nil, err
	case kind != "sweep" && rate > 0:
		return nil, errors.New("the saved result is not a sweep: it has no rates to choose from")
	case kind != "sweep":
		return ReadJSON(bytes.NewReader(text))
	}
	var s experiments.Sweep
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, unreadable(text, err)
	}
	var rates []string
	for _, p := range s.Points {
		if p.Result == nil {
			return nil, errors.New("a point of the saved sweep has no result")
		}
		if float64(p.Rate) == rate || rate == 0 && len(s.Points) == 1 {
			return p.Result, nil
		}
		rates = append(rates, units.FormatRate(p.Rate))
	}
	return nil, fmt.Errorf("which rate of the saved sweep? Name one of %s, such as --at %s", strings.Join(rates, ", "),
		strings.TrimSuffix(units.FormatRate(s.Points[0].Rate), "/s"))
}
