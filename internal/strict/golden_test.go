package strict

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the rendered problems into testdata")

// TestGolden reads the stories of testdata: a text, and every problem that is found in it,
// as it is shown. Where a text has lines such as `--set nodes.api.cores=4` behind a line of dots, these are
// set first.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories in testdata: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, story := range strings.Split(string(text), "=== ")[1:] {
			title, rest, _ := strings.Cut(story, "\n")
			input, want, _ := strings.Cut(rest, "\n--- problems\n")
			got := "none"
			if problems := storyProblems(input); len(problems) > 0 {
				got = problems.Error()
			}
			if want = strings.TrimSpace(want); got != want && !*update {
				t.Errorf("%s: %s\n%s\ngot:\n%s\nwant:\n%s", file, title, input, got, want)
			}
			out.WriteString("=== " + title + "\n" + strings.TrimRight(input, "\n") + "\n--- problems\n" + got + "\n\n")
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func storyProblems(input string) Problems {
	text, sets, _ := strings.Cut(input, "\n....\n")
	d := Parse("shop.yaml", []byte(strings.NewReplacer("<TAB>", "\t", "<ESC>", "\x1b", "<BAD>", "\xff").Replace(text)+"\n"))
	for _, line := range strings.Split(strings.TrimSpace(sets), "\n") {
		if setting, ok := strings.CutPrefix(line, "--set "); ok {
			path, value, _ := strings.Cut(setting, "=")
			d.Set(path, value, line)
		}
		if variant, ok := strings.CutPrefix(line, "variant "); ok {
			for _, entry := range d.At(variant).Entries() {
				d.SetValue(entry.Key, entry.Value, line)
			}
		}
	}
	var s scenario
	if strings.Contains(text, "variants:") {
		s.decodeWithVariants(d.Root())
	} else {
		Decode(d.Root(), &s)
	}
	return d.Problems()
}

// decodeWithVariants decodes nodes only, as the key `variants` is one that is not built.
func (s *scenario) decodeWithVariants(v *Value) {
	Decode(v.Get("nodes"), &s.Nodes)
}
