package models

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/sim"
)

// columns are where a trace says what; -1: nowhere.
type columns struct{ time, request, client, key, region int }

// traceColumns are the columns of a trace, and those that are not built yet.
var traceColumns, laterColumns = []string{"time", "request", "client", "key", "region"}, []string{"bytes"}

// traceReader reads a trace line by line.
type traceReader struct {
	name    string
	file    *os.File
	csv     *csv.Reader
	columns columns
	speed   float64
	classes []string
	regions []string
	before  string // the time of the line before
	last    sim.Time
}

// arrival is a line of a trace.
type arrival struct {
	at          sim.Time
	class       int    // -1: the line does not say
	region      int    // likewise
	client, key string // empty: likewise
}

// beside returns the path of a file that is named in another, in the folder dir.
func beside(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// readable tells why a file cannot be read. What is no file of a disk, as a pipe is, cannot be read more than once.
func readable(path string) error {
	info, err := os.Stat(path)
	var why *os.PathError
	switch {
	case errors.As(err, &why):
		return why.Err
	case err == nil && !info.Mode().IsRegular():
		return errors.New("it is not a file")
	}
	return err
}

// open opens the trace and reads its header.
func (t *Trace) open(speed float64, classes, regions []string) (*traceReader, error) {
	file, err := os.Open(t.path)
	if err != nil {
		return nil, fmt.Errorf("the trace `%s` cannot be read: %w", t.Name, err)
	}
	in := bufio.NewReaderSize(file, 1<<16)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" { // some programs begin files with it
		in.Discard(3)
	}
	r := &traceReader{name: t.Name, file: file, csv: csv.NewReader(in), speed: speed, classes: classes, regions: regions}
	r.csv.ReuseRecord, r.csv.TrimLeadingSpace, r.csv.Comment = true, true, '#'
	if err := r.header(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *traceReader) close() { r.file.Close() }

// header reads the names of the columns.
func (r *traceReader) header() error {
	names, err := r.csv.Read()
	if err != nil && err != io.EOF {
		return r.broken(err)
	}
	at := map[string]int{}
	for i, name := range names {
		name = strings.TrimSpace(name)
		_, again := at[name]
		switch near := strict.Nearest(name, traceColumns); {
		case again:
			return r.errorf(i, "there are two columns `%s`", shortened(name))
		case slices.Contains(laterColumns, name):
			return r.errorf(i, "the column `%s` is not built yet", name)
		case slices.Contains(traceColumns, name):
		case near != "":
			return r.errorf(i, "unknown column `%s`; did you mean `%s`?", shortened(name), near)
		default:
			return r.errorf(i, "unknown column `%s`; expected a header that names the columns, separated by commas: %s", shortened(name),
				strings.Join(traceColumns, ", "))
		}
		at[name] = i
	}
	place := func(name string) int {
		if i, ok := at[name]; ok {
			return i
		}
		return -1
	}
	if r.columns = (columns{place("time"), place("request"), place("client"), place("key"), place("region")}); r.columns.time < 0 {
		return fmt.Errorf("%s:1: there is no column `time`: expected a header such as time,request,client,key", r.name)
	}
	return nil
}

// next reads a request; the error is io.EOF after the last.
func (r *traceReader) next() (arrival, error) {
	a := arrival{class: -1, region: -1}
	line, err := r.csv.Read()
	if err != nil {
		return a, r.broken(err)
	}
	text := strings.TrimSpace(line[r.columns.time])
	after, err := seconds(text, r.speed)
	if err != nil {
		return a, r.errorf(r.columns.time, "%v", err)
	}
	if a.at = sim.Nanoseconds(after * 1e9); a.at < r.last {
		return a, r.errorf(r.columns.time, "%s comes after %s: expected the lines in the order of time", shortened(text), shortened(r.before))
	}
	r.before, r.last = text, a.at
	if i := r.columns.request; i >= 0 {
		name := strings.TrimSpace(line[i])
		if a.class = slices.Index(r.classes, name); a.class < 0 {
			return a, r.errorf(i, "unknown request class `%s`; expected one of: %s", shortened(name), strings.Join(r.classes, ", "))
		}
	}
	if i := r.columns.region; i >= 0 {
		if a.region, err = r.place(strings.TrimSpace(line[i])); err != nil {
			return a, r.errorf(i, "%v", err)
		}
	}
	if i := r.columns.client; i >= 0 {
		a.client = strings.TrimSpace(line[i])
	}
	if i := r.columns.key; i >= 0 {
		a.key = strings.TrimSpace(line[i])
	}
	return a, nil
}

// place reads where the client of a request is.
func (r *traceReader) place(name string) (int, error) {
	if len(r.regions) == 0 {
		return -1, errors.New("the column `region` names places, and the scenario has no `regions`")
	}
	i := slices.Index(r.regions, name)
	if i < 0 {
		return i, fmt.Errorf("unknown region `%s`; expected one of: %s", shortened(name), strings.Join(r.regions, ", "))
	}
	return i, nil
}

// errorf tells what is wrong with a field of the line that was read last.
func (r *traceReader) errorf(field int, format string, args ...any) error {
	line, _ := r.csv.FieldPos(field)
	return fmt.Errorf("%s:%d: %s", r.name, line, fmt.Sprintf(format, args...))
}

// broken tells what is wrong with a line that could not be read.
func (r *traceReader) broken(err error) error {
	var parse *csv.ParseError
	switch {
	case !errors.As(err, &parse):
		return err
	case parse.Err == csv.ErrFieldCount:
		return fmt.Errorf("%s:%d: expected %d fields, as many as the header has", r.name, parse.Line, r.csv.FieldsPerRecord)
	}
	return fmt.Errorf("%s:%d: %w", r.name, parse.Line, parse.Err)
}
