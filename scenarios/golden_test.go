package scenarios_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"headroom/scenarios"
)

var update = flag.Bool("update", false, "write the messages into testdata")

// TestBadFiles: each file of testdata/bad is refused, with the messages beside it.
func TestBadFiles(t *testing.T) {
	everyFile(t, "bad", func(t *testing.T, file, text string) string {
		_, err := load(file, text)
		if err == nil {
			t.Fatal("it is accepted")
		}
		return err.Error()
	})
}

// TestWarnedFiles: each file of testdata/warned can be simulated, and the warnings beside it are given.
func TestWarnedFiles(t *testing.T) {
	everyFile(t, "warned", func(t *testing.T, file, text string) string {
		l, err := load(file, text)
		if err != nil {
			t.Fatalf("it is refused:\n%v", err)
		}
		if len(l.Warnings) == 0 {
			t.Fatal("nothing is warned of")
		}
		return l.Warnings.Error()
	})
}

// TestGoodFiles: each file of testdata/good is accepted without a word.
func TestGoodFiles(t *testing.T) {
	everyFile(t, "good", func(t *testing.T, file, text string) string {
		l, err := load(file, text)
		if err != nil {
			t.Fatalf("it is refused:\n%v", err)
		}
		if len(l.Warnings) > 0 {
			t.Fatalf("it is warned of:\n%v", l.Warnings)
		}
		return ""
	})
}

// everyFile compares what messages says of each file of a folder with the text beside it.
func everyFile(t *testing.T, folder string, messages func(t *testing.T, file, text string) string) {
	files, err := filepath.Glob("testdata/" + folder + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/%s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := messages(t, file, string(text))
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if got == "" {
				return
			}
			if *update {
				if err := os.WriteFile(golden, []byte(got+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || got+"\n" != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// load reads a file with the variant and the changes that its first lines name, such as
//
//	# --variant wide
//	# --set nodes.api.cores=4
func load(file, text string) (*scenarios.Loaded, error) {
	var variant string
	var changes []scenarios.Change
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "# --variant "); ok {
			variant = strings.TrimSpace(name)
		}
		if set, ok := strings.CutPrefix(line, "# --set "); ok {
			path, value, _ := strings.Cut(strings.TrimSpace(set), "=")
			changes = append(changes, scenarios.Change{Path: path, Value: value})
		}
	}
	return scenarios.Load(filepath.ToSlash(file), []byte(text), variant, changes)
}
