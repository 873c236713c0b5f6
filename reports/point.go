package reports

import (
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
	saved, err := Read(in)
	if err != nil {
		return nil, err
	}
	s, sweep := saved.(*experiments.Sweep)
	if r, one := saved.(*experiments.Result); one && rate == 0 {
		return r, nil
	} else if one {
		return nil, errors.New("the saved result is not a sweep: it has no rates to choose from")
	} else if !sweep {
		return nil, errors.New("expected what simulate or sweep saved with -o json")
	}
	var rates []string
	for _, p := range s.Points {
		if float64(p.Rate) == rate || rate == 0 && len(s.Points) == 1 {
			return p.Result, nil
		}
		rates = append(rates, units.FormatRate(p.Rate))
	}
	return nil, fmt.Errorf("which rate of the saved sweep? Name one of %s, such as --at %s", strings.Join(rates, ", "), strings.TrimSuffix(rates[0], "/s"))
}
