//go:build linux

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestInterviewOnTerminal: a wrong answer is said, and the question comes again; what was typed can be edited; the end of input and an
// interrupt end it.
func TestInterviewOnTerminal(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "web.yaml"), []byte("name: Another\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	p := onTerminal(t, dir, "bottleneck", "--parallel", "1", "--requests", "2k", "--replications", "2")
	p.wait("What is it called?")
	p.wait("[My API] ")
	p.types("Wed\x7fb\r") // backspace
	p.wait("per second")
	p.types("much\r")
	p.wait("`much` is no answer: expected a rate above 0")
	p.wait("per second")
	p.types("?\r")
	p.wait("The rate at which the figures below were measured")
	for range 14 {
		p.wait("] ")
		p.types("\r")
	}
	p.wait("BOTTLENECK")
	p.wait("[web.yaml] ")
	p.types("\r")
	p.wait("save web.yaml: the file exists")
	p.wait("[web.yaml] ")
	p.types("web.yaml --force\r")
	p.wait("headroom bottleneck web.yaml")
	if err := p.program.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	p = onTerminal(t, dir, "bottleneck")
	p.wait("[My API] ")
	p.types("\x04") // the end of input
	p.wait("the input ended at the question")
	var ended *exec.ExitError
	if err := p.program.Wait(); !errors.As(err, &ended) || ended.ExitCode() != exitUsage {
		t.Errorf("at the end of the input it ends with %v, want exit code %d", err, exitUsage)
	}
}
