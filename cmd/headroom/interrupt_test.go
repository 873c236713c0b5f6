//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// interrupted starts a run that would take days, interrupts it when it has begun to measure, and returns it with its output, of which
// the first byte is read. When that is, nobody knows: until then an interrupt only ends the run, and the next try waits longer.
func interrupted(t *testing.T) (run *exec.Cmd, first []byte, rest io.Reader) {
	t.Helper()
	dir := t.TempDir()
	scenario := "run: {duration: 100000h, warmup: 0s}\ntraffic: {u: {enters: s0, rate: 75/s}}\nnodes:\n"
	for i := range 100 { // the result is longer than a pipe holds
		scenario += fmt.Sprintf("  s%d: {kind: station, service: exp(1ms), next: {s%d: 10%%}}\n", i, (i+1)%100)
	}
	file, program := filepath.Join(dir, "endless.yaml"), filepath.Join(dir, "headroom") // by that name, the test is the program
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(scenario), 0o666); err != nil {
		t.Fatal(err)
	}
	for wait := 200 * time.Millisecond; wait < time.Minute; wait *= 2 {
		run = exec.Command(program, "simulate", file, "-o", "json")
		run.Stderr = new(strings.Builder)
		out, err := run.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = run.Process.Kill() })
		time.Sleep(wait)
		interrupt(t, run)
		first = make([]byte, 1)
		if n, _ := out.Read(first); n == 1 {
			return run, first, out
		}
		_ = run.Wait()
		if !killed(run) && run.ProcessState.ExitCode() != exitInterrupted {
			t.Fatalf("exit code %d, want 130; %s", run.ProcessState.ExitCode(), run.Stderr)
		}
	}
	t.Fatal("nothing was ever measured")
	return nil, nil, nil
}

func interrupt(t *testing.T, run *exec.Cmd) {
	t.Helper()
	if err := run.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

// killed tells whether the interrupt ended the program, and not the program itself.
func killed(run *exec.Cmd) bool {
	status, ok := run.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGINT
}

// TestInterruptPrintsWhatWasSimulated: after an interrupt the result is printed, marked partial, and the exit code is 130.
func TestInterruptPrintsWhatWasSimulated(t *testing.T) {
	run, first, out := interrupted(t)
	rest, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_ = run.Wait()
	var r struct {
		Partial bool
		Run     struct{ Requests int }
	}
	if err := json.Unmarshal(append(first, rest...), &r); err != nil {
		t.Fatal(err)
	}
	if run.ProcessState.ExitCode() != exitInterrupted || !r.Partial || r.Run.Requests == 0 {
		t.Errorf("exit code %d, result %+v; %s", run.ProcessState.ExitCode(), r, run.Stderr)
	}
}

// TestSecondInterruptKills: a program that is busy with what it has, here with printing what nobody reads, ends at a second interrupt.
func TestSecondInterruptKills(t *testing.T) {
	run, _, _ := interrupted(t)
	ended := make(chan struct{})
	go func() {
		_, _ = run.Process.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		t.Fatal("it ended before the second interrupt")
	case <-time.After(50 * time.Millisecond):
	}
	interrupt(t, run)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("it goes on after the second interrupt")
	}
}

// TestInterruptPrintsWhatWasVerified: after an interrupt the models that are done are printed, marked partial, and the exit code is 130.
func TestInterruptPrintsWhatWasVerified(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "headroom")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	for wait := 200 * time.Millisecond; wait < time.Minute; wait *= 2 {
		run := exec.Command(program, "verify", "M04", "M05", "--long", "--parallel", "8") // one takes a minute, one no time
		var out strings.Builder
		run.Stdout = &out
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait)
		interrupt(t, run)
		_ = run.Wait()
		if !killed(run) && run.ProcessState.ExitCode() != exitInterrupted {
			t.Fatalf("exit code %d, want 130", run.ProcessState.ExitCode())
		}
		if out.Len() == 0 {
			continue // it was interrupted before a model was done
		}
		if !strings.Contains(out.String(), "! Partial: it was interrupted after ") || !strings.Contains(out.String(), "M05 A circuit breaker") {
			t.Errorf("it prints\n%s", out.String())
		}
		return
	}
	t.Fatal("no model was ever done")
}
