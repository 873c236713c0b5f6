package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// writeMachine says what the figures under it were measured on.
func writeMachine(w io.Writer, more ...string) {
	parts := append([]string{processorModel(), fmt.Sprintf("%d cores", runtime.NumCPU()), runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH}, more...)
	fmt.Fprintf(w, "Measured on: %s.\n\n", strings.Join(parts, ", "))
}

// processorModel is the processor's name and clock where the system tells them in a file, and else only its kind.
func processorModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	told := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		told[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	model := cmp.Or(told["model name"], runtime.GOARCH)
	if mhz, err := strconv.ParseFloat(told["cpu MHz"], 64); err == nil {
		model += fmt.Sprintf(" at %.2f GHz", mhz/1e3)
	}
	return model
}

// writeRow writes a row of a Markdown table.
func writeRow(w io.Writer, cells ...string) {
	fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
}

// writeTitles writes the head of a Markdown table whose first columns are text, and whose others are numbers.
func writeTitles(w io.Writer, text int, titles ...string) {
	writeRow(w, titles...)
	rule := slices.Repeat([]string{"---"}, text)
	writeRow(w, append(rule, slices.Repeat([]string{"---:"}, len(titles)-text)...)...)
}

// median is the middle of the figures, or of the middle two.
func median(figures []float64) float64 {
	s := slices.Sorted(slices.Values(figures))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// medianOf is the median of a figure of each.
func medianOf[T any](all []T, figure func(T) float64) float64 {
	var figures []float64
	for _, x := range all {
		figures = append(figures, figure(x))
	}
	return median(figures)
}

// perSecond writes a rate of requests as its reader would say it.
func perSecond(rate float64) string {
	if rate >= 1e6 {
		return fmt.Sprintf("%.2fM", rate/1e6)
	}
	return fmt.Sprintf("%.0fk", rate/1e3)
}
