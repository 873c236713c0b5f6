package experiments_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// planted is the first line of a file with a planted bottleneck: what is to be found.
var planted = regexp.MustCompile(`^# planted: class (\S+), node (\S+), resource (\S+)\n`)

// TestPlantedBottlenecksAreFound: in three files for each class, of which most are traps, the bottleneck is the one that was put there.
func TestPlantedBottlenecksAreFound(t *testing.T) {
	files, err := filepath.Glob("testdata/planted/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := planted.FindSubmatch(text)
		if want == nil {
			t.Fatalf("%s does not say what is planted", file)
		}
		found[string(want[1])]++
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			l, err := scenarios.Load(file, text, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Warnings) > 0 {
				t.Errorf("the file has warnings: %v", l.Warnings)
			}
			r, err := experiments.Run(context.Background(), l, experiments.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if meets(r) {
				t.Error("the SLO is met: nothing is wrong here")
			}
			if b := r.Bottleneck; b.Class != string(want[1]) || b.Node != string(want[2]) || b.Resource != string(want[3]) {
				t.Errorf("the bottleneck is %s of %s, class %s, want %s of %s, class %s: %s", b.Resource, b.Node, b.Class, want[3], want[2], want[1], b.Evidence)
			}
		})
	}
	for _, class := range []string{"cpu", "memory", "database", "shard", "network", "distance", "pool", "limit", "external", "retries"} {
		if found[class] != 3 {
			t.Errorf("%d files have a bottleneck of class %s, want 3", found[class], class)
		}
	}
}
