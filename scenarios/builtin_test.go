package scenarios

import (
	"slices"
	"testing"
)

// TestBuiltinsAreValid: every built-in file, and each of its variants, loads without an error or a warning.
func TestBuiltinsAreValid(t *testing.T) {
	if len(Builtins()) == 0 {
		t.Fatal("there are no built-in scenarios")
	}
	for _, b := range Builtins() {
		for _, variant := range append([]string{""}, Variants(b.Name, b.Text)...) {
			l, err := Load(b.Name, b.Text, variant, nil)
			if err != nil {
				t.Errorf("variant %q: %v", variant, err)
				continue
			}
			for _, w := range l.Warnings {
				t.Errorf("variant %q: %v", variant, w)
			}
		}
	}
}

// TestBuiltinsHaveAPlaceAndATitle: the list of the built-in scenarios has an order that somebody chose, and says what each of them is.
func TestBuiltinsHaveAPlaceAndATitle(t *testing.T) {
	for _, b := range Builtins() {
		if !slices.Contains(course, b.Name) {
			t.Errorf("%s.yaml has no place in `course`", b.Name)
		}
		if b.Title == "" {
			t.Errorf("%s.yaml has no `name`", b.Name)
		}
	}
}

// TestFlagReplacesWhatMeansTheSame: a flag for the length of the run takes the place of what the file says of it in another way.
func TestFlagReplacesWhatMeansTheSame(t *testing.T) {
	text := []byte("run: {requests: 5k, seed: 3}\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}")
	l, err := Load("f.yaml", text, "", []Change{{Path: "run.duration", Value: "3s", Origin: "--duration 3s", Replaces: "run.requests"}})
	if err != nil {
		t.Fatal(err)
	}
	if l.Run.Duration.Seconds() != 3 || l.Run.Requests != 0 || l.Run.Seed != 3 {
		t.Errorf("run %+v, want 3s, no requests, and the file's seed", l.Run)
	}
	_, err = Load("f.yaml", text, "", []Change{{Path: "run.seed", Value: "x", Origin: "--seed x"}})
	if want := "--seed x: expected a whole number of 0 or more, found `x`"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}
