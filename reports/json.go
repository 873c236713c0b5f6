package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"headroom/experiments"
)

// formatVersion is the version of the result format that this package reads and writes.
const formatVersion = 1

// JSON writes the whole result as one object, indented, with an array of numbers on one line. The points of the series, which are
// there to be plotted, keep five digits; every other number is exact.
func JSON() Reporter {
	return func(w io.Writer, r *experiments.Result) error {
		return writeJSON(w, "result", forSaving(r))
	}
}

// ReadJSON reads a result that JSON wrote. Fields that it does not know are ignored: later versions add some.
func ReadJSON(in io.Reader) (*experiments.Result, error) {
	text, kind, err := readSaved(in)
	switch {
	case err != nil:
		return nil, err
	case kind != "":
		return nil, fmt.Errorf("the saved result is a %s, and not the result of one simulation", kind)
	}
	r := new(experiments.Result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, unreadable(text, err)
	}
	return r, nil
}

// readSaved reads the text of something that was saved, and of which kind it is: empty for the result of one simulation.
func readSaved(in io.Reader) (text []byte, kind string, err error) {
	if text, err = io.ReadAll(in); err != nil {
		return nil, "", fmt.Errorf("reading a saved result: %w", err)
	}
	var head struct {
		Headroom *int   `json:"headroom"`
		Kind     string `json:"kind"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, "", unreadable(text, err)
	}
	switch {
	case head.Headroom == nil:
		return nil, "", errors.New(`not a saved result: it has no "headroom" field; save one with headroom simulate FILE -o json`)
	case *head.Headroom != formatVersion:
		return nil, "", fmt.Errorf("the saved result has format version %d, and this program reads version %d", *head.Headroom, formatVersion)
	}
	return text, head.Kind, nil
}

// ReadBaseline reads the result of a simulation, or that of the baseline of a comparison at one load.
func ReadBaseline(in io.Reader) (*experiments.Result, error) {
	text, kind, err := readSaved(in)
	if err != nil {
		return nil, err
	}
	if kind != "comparison" {
		return ReadJSON(bytes.NewReader(text))
	}
	var c experiments.Comparison
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, unreadable(text, err)
	}
	if c.Compared == nil || len(c.Cases) == 0 || c.Cases[0].Result == nil {
		return nil, errors.New("the saved comparison is one of several rates: save one of a single load")
	}
	return c.Cases[0].Result, nil
}

// unreadable says in which line the JSON goes wrong.
func unreadable(text []byte, err error) error {
	at := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(text)) {
		return fmt.Errorf("not a saved result: %w", err)
	}
	return fmt.Errorf("not a saved result: line %d: %w", 1+bytes.Count(text[:at], []byte("\n")), err)
}

// forSaving is the result with empty lists where there are none, so that who reads them need not ask for null, and with series whose
// numbers are as long as a plot can show.
func forSaving(r *experiments.Result) *experiments.Result {
	s := *r
	s.Assumptions = append([]string{}, r.Assumptions...)
	s.Warnings = append([]string{}, r.Warnings...)
	s.NodeOrder = append([]string{}, r.NodeOrder...)
	s.Edges = append([]experiments.Edge{}, r.Edges...)
	s.SLO = append([]experiments.Target{}, r.SLO...)
	s.WhereTime = append([]experiments.TimeShare{}, r.WhereTime...)
	in := r.Series
	s.Series = experiments.Series{
		BucketSeconds: in.BucketSeconds, T: rounded(in.T, 9), // a time of day in milliseconds has as many
		Offered: rounded(in.Offered, 5), Goodput: rounded(in.Goodput, 5), Errors: rounded(in.Errors, 5),
		P50: rounded(in.P50, 5), P99: rounded(in.P99, 5),
		Nodes: make(map[string]experiments.NodeSeries, len(in.Nodes)),
	}
	for name, n := range in.Nodes {
		short := experiments.NodeSeries{CPU: rounded(n.CPU, 5), Queue: rounded(n.Queue, 5)}
		if n.Instances != nil {
			short.Instances = rounded(n.Instances, 5)
		}
		s.Series.Nodes[name] = short
	}
	return &s
}

func rounded(points []experiments.Num, digits int) []experiments.Num {
	short := make([]experiments.Num, len(points))
	for i, p := range points {
		short[i] = p
		if p.Known() {
			// The text has a few digits and an exponent, which always reads back.
			f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(p), 'g', digits, 64), 64)
			short[i] = experiments.Num(f)
		}
	}
	return short
}

// laidOut indents compact JSON by two blanks a level, and leaves arrays that hold only numbers in one line.
func laidOut(compact []byte) []byte {
	var out bytes.Buffer
	depth := 0
	newline := func() {
		out.WriteByte('\n')
		for range depth {
			out.WriteString("  ")
		}
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := stringEnd(compact, i)
			out.Write(compact[i:end])
			i = end - 1
		case '[', '{':
			if end, flat := flatEnd(compact, i); flat {
				out.Write(bytes.ReplaceAll(compact[i:end], []byte(","), []byte(", ")))
				i = end - 1
				continue
			}
			out.WriteByte(c)
			depth++
			newline()
		case ']', '}':
			depth--
			newline()
			out.WriteByte(c)
		case ',':
			out.WriteByte(c)
			newline()
		case ':':
			out.WriteString(": ")
		default:
			out.WriteByte(c)
		}
	}
	return out.Bytes()
}

// stringEnd finds where the string that begins at start is over.
func stringEnd(compact []byte, start int) int {
	for i := start + 1; i < len(compact); i++ {
		switch compact[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(compact)
}

// flatEnd tells whether the array or object at start is empty or an array of nothing but numbers, and where it ends.
func flatEnd(compact []byte, start int) (end int, flat bool) {
	for i := start + 1; i < len(compact); i++ {
		switch compact[i] {
		case ']', '}':
			return i + 1, true
		case '[', '{', '"':
			return 0, false
		}
	}
	return 0, false
}

// writeJSON writes what a document is of. Targets read `p99 < 250ms`: nothing is escaped for HTML.
func writeJSON(w io.Writer, what string, of any) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(of); err != nil {
		return fmt.Errorf("writing the %s as JSON: %w", what, err)
	}
	_, err := w.Write(laidOut(out.Bytes()))
	return err
}
