package scenarios_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// fuzzing tells that inputs are being looked for, rather than known ones tried: only then a slow one is a fault.
func fuzzing() bool {
	f := flag.Lookup("test.fuzz")
	return f != nil && f.Value.String() != ""
}

// small tells that the caches of a scenario do not take long to fill.
func small(l *scenarios.Loaded) bool {
	keys := units.Count(0)
	for _, d := range l.Data {
		keys = max(keys, d.Value.Keys)
	}
	return keys <= 10_000
}

// FuzzLoad: whatever the text, it is read or refused without a panic, within a second, and what is accepted can be built, and read
// again from what the result keeps as its source.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "testdata/*/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		begun := time.Now()
		l, err := load("testdata/good/fuzzed.yaml", text)
		if err != nil {
			if message := err.Error(); message == "" || strings.ContainsRune(message, 0) {
				t.Errorf("refused with the message %q", message)
			}
		}
		if spent := time.Since(begun); fuzzing() && spent > 2*time.Second { // a second, on a machine that is busy with others
			t.Errorf("it took %v", spent)
		}
		if err == nil {
			if small(l) {
				l.Build(models.Options{Seed: 1, SampleEvery: 16})
			}
			if _, err := scenarios.Load("testdata/good/again.yaml", []byte(l.Source), "", nil); err != nil {
				t.Errorf("what is kept of it is refused:\n%v\n%s", err, l.Source)
			}
		}
	})
}
