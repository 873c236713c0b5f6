package main

import (
	"bytes"
	"strings"
	"testing"

	"headroom/experiments"
)

// TestScreenIsDrawnInPlace: a second drawing takes the place of the first, also where it has fewer lines, and in the end nothing is left.
func TestScreenIsDrawnInPlace(t *testing.T) {
	var out bytes.Buffer
	s := screen{out: &out, size: func() (columns, lines int) { return 80, 24 }}
	long := experiments.Snapshot{Share: .5, Replications: 2, Seconds: 3, Nodes: []experiments.NodeSnapshot{{Name: "api", Resource: "cpu", Utilization: .7, Lately: .8}}}
	s.show(long)
	s.show(experiments.Snapshot{Share: .9, Replications: 2})
	if text := strings.Join(shownOn(out.String()), "\n"); !strings.HasPrefix(text, "Simulating") || !strings.Contains(text, "90%") || strings.Contains(text, "api") {
		t.Errorf("after two drawings the terminal shows\n%s", text)
	}
	s.clear()
	if left := strings.TrimSpace(strings.Join(shownOn(out.String()), "")); left != "" {
		t.Errorf("%q is left", left)
	}
	if strings.Contains(out.String(), "\x1b[?25l") || strings.Count(out.String(), "\x1b[?7l") != strings.Count(out.String(), "\x1b[?7h") {
		t.Error("the terminal is left as it should not be")
	}
}

// shownOn is what a terminal shows that was sent a text, of the control sequences that a screen uses.
func shownOn(text string) []string {
	var lines []string
	row := 0
	for text != "" {
		for row >= len(lines) {
			lines = append(lines, "")
		}
		switch {
		case strings.HasPrefix(text, "\x1b["):
			end := strings.IndexAny(text, "AJKhlm")
			switch text[end] {
			case 'A':
				n := 0
				for _, digit := range text[2:end] {
					n = 10*n + int(digit-'0')
				}
				row -= n
			case 'J':
				lines = append(lines[:row:row], "")
			}
			text = text[end+1:]
			continue
		case text[0] == '\r':
		case text[0] == '\n':
			row++
		default:
			end := strings.IndexAny(text, "\r\n\x1b")
			lines[row] = text[:end]
			text = text[end:]
			continue
		}
		text = text[1:]
	}
	return lines
}
