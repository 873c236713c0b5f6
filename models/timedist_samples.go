package models

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"headroom/internal/units"
	"headroom/sim"
)

// readSamples reads recorded times from the first column of a file.
func readSamples(inside, dir string) (sim.Dist, error) {
	name := strings.Trim(strings.TrimSpace(inside), `"'`)
	if name == "" {
		return sim.Dist{}, errors.New("samples: the file is missing (such as samples(file.csv))")
	}
	path := beside(dir, name)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for
		return sim.Dist{}, fmt.Errorf("samples: %s is not a file of times", name)
	}
	file, err := os.Open(path)
	if err != nil {
		return sim.Dist{}, fmt.Errorf("samples: %w", err)
	}
	defer file.Close()
	values, err := scanSamples(file)
	if err != nil {
		return sim.Dist{}, fmt.Errorf("samples: %s: %w", name, err)
	}
	d, err := sim.Samples(values)
	if err != nil {
		return sim.Dist{}, fmt.Errorf("samples: %s: %w", name, err)
	}
	return d, nil
}

// scanSamples reads one time per line, in nanoseconds. The first line may be a header.
func scanSamples(r io.Reader) ([]float64, error) {
	var values []float64
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		column := lines.Text()
		if number == 1 {
			column = strings.TrimPrefix(column, "\ufeff") // the mark some programs begin files with
		}
		if strings.TrimSpace(column) == "" {
			continue
		}
		if at := strings.IndexAny(column, ",;\t"); at >= 0 {
			column = column[:at]
		}
		column = strings.Trim(column, ` "`)
		v, ok := sampleTime(column)
		switch {
		case ok && len(values) == mostSamples:
			return nil, fmt.Errorf("more than %d samples", mostSamples)
		case ok:
			values = append(values, v)
		case number > 1 || column != "" && strings.ContainsAny(column[:1], "-+.0123456789"):
			return nil, fmt.Errorf("line %d: `%s` is not a time: expected a duration such as 4ms or a number of seconds such as 0.004", number, shortened(column))
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, errors.New("there are no samples in it: expected one time per line, such as 4ms or 0.004 (seconds)")
	}
	return values, nil
}

// sampleTime reads a duration, or a number of seconds, as nanoseconds.
func sampleTime(text string) (float64, bool) {
	var seconds units.Number
	if seconds.UnmarshalText([]byte(text)) == nil {
		return float64(seconds) * 1e9, true
	}
	var d units.Duration
	err := d.UnmarshalText([]byte(text))
	return float64(d), err == nil
}
