package reference_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/scenarios"
	"headroom/scenarios/reference"
)

var update = flag.Bool("update", false, "write docs/reference.md anew")

// TestExamplesAreScenarios: what stands as an example is read without an error or a warning.
func TestExamplesAreScenarios(t *testing.T) {
	for _, topic := range reference.Topics() {
		if topic.Example == "" {
			continue
		}
		l, err := scenarios.Load(topic.Name, []byte(topic.Example), "", nil)
		if err != nil {
			t.Errorf("%s: %v", topic.Name, err)
			continue
		}
		for _, w := range l.Warnings {
			t.Errorf("%s: %v", topic.Name, w)
		}
	}
}

// TestTopicsSayEverything: each has a text, each key a line of documentation, and no line is wider than the terminal.
func TestTopicsSayEverything(t *testing.T) {
	for _, topic := range reference.Topics() {
		if topic.About == "" {
			t.Errorf("%s has no text", topic.Name)
		}
		for _, g := range topic.Keys {
			for _, k := range g.Keys {
				if k.Doc == "" || k.Value == "" {
					t.Errorf("%s: %s says nothing", topic.Name, k.Key)
				}
			}
		}
		for _, line := range strings.Split(reference.Text(topic, 100), "\n") {
			if utf8.RuneCountInString(line) > 100 {
				t.Errorf("%s: a line of %d columns: %s", topic.Name, utf8.RuneCountInString(line), line)
			}
		}
	}
}

// TestReferencePageIsUpToDate: docs/reference.md is what the structs say.
func TestReferencePageIsUpToDate(t *testing.T) {
	const file = "../../docs/reference.md"
	if *update {
		if err := os.WriteFile(file, []byte(reference.Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != reference.Page() {
		t.Error("docs/reference.md is out of date: make docs")
	}
}
