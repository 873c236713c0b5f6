package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"headroom/experiments/speed"
	"headroom/scenarios"
)

// child is the first argument of the processes in which models are measured; the others are the model, the cores, and changes to its scenario.
const child = "in-this-process"

// measured is what such a process prints.
type measured struct {
	speed.Cost
	Failure string // empty where there is none
}

// measureHere measures in this process.
func measureHere(args []string) measured {
	m, ok := speed.Lookup(args[0])
	cores, err := strconv.Atoi(args[1])
	if !ok || err != nil {
		return measured{Failure: fmt.Sprintf("not to be measured: %q", args)}
	}
	var changes []scenarios.Change
	for _, a := range args[2:] {
		path, value, _ := strings.Cut(a, "=")
		changes = append(changes, scenarios.Change{Path: path, Value: value})
	}
	cost, err := m.Measure(context.Background(), cores, changes...)
	if err != nil {
		return measured{Failure: err.Error()}
	}
	return measured{Cost: cost}
}

// measure measures in a process of its own.
func measure(ctx context.Context, m speed.Model, cores int, changes ...string) (speed.Cost, error) {
	self, err := os.Executable()
	if err != nil {
		return speed.Cost{}, err
	}
	var r measured
	args := slices.Concat([]string{child, m.Name, strconv.Itoa(cores)}, changes)
	if err := runJSON(ctx, &r, self, args...); err != nil {
		return speed.Cost{}, err
	}
	if r.Failure != "" {
		return speed.Cost{}, fmt.Errorf("%s: %s", m.Name, r.Failure)
	}
	return r.Cost, nil
}

// runJSON runs a program and reads what it prints.
func runJSON(ctx context.Context, into any, program string, args ...string) error {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		lines := strings.Split(strings.TrimSpace(string(failed.Stderr)), "\n")
		return fmt.Errorf("%s: %s", program, lines[len(lines)-1])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return json.Unmarshal(out, into)
}
