package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "put what the commands of the documents print now into them")

// shown is a command with its output in a document.
var shown = regexp.MustCompile("(?s)```console\n\\$ headroom ([^\n]*)\n(.*?)```\n")

// took is the line of a page that is another one whenever, and wherever, the same is run.
var took = regexp.MustCompile(`(?m)^headroom \S+ · \S+ events in \S+$`)

// TestDocumentsShowWhatCommandsPrint: what stands below a command in README and docs is what it prints.
func TestDocumentsShowWhatCommandsPrint(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the documents were printed on amd64; where processors fuse multiplications with additions the last digits differ")
	}
	for _, file := range []string{"../../README.md", "../../docs/concepts.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		now := shown.ReplaceAllFunc(text, func(block []byte) []byte {
			found++
			parts := shown.FindSubmatch(block)
			command, was := string(parts[1]), parts[2]
			prints := output(t, command)
			if !bytes.Equal(took.ReplaceAll(prints, nil), took.ReplaceAll(was, nil)) && !*update {
				t.Errorf("%s: `headroom %s` prints\n%s\nwhere the document shows\n%s", file, command, prints, was)
			}
			return []byte("```console\n$ headroom " + command + "\n" + string(prints) + "```\n")
		})
		if file == "../../README.md" && found == 0 {
			t.Errorf("%s shows no command with its output", file)
		}
		if *update {
			if err := os.WriteFile(file, now, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// output runs the program and returns what it prints, standard error included, without colours.
func output(t *testing.T, command string) []byte {
	t.Helper()
	headroom, err := exec.LookPath("headroom") // this test itself, see TestMain
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(headroom, strings.Fields(command)...)
	c.Env = append(os.Environ(), "NO_COLOR=1")
	prints, err := c.CombinedOutput()
	if ended, ok := err.(*exec.ExitError); err != nil && !(ok && ended.ExitCode() == exitSLO) {
		t.Errorf("headroom %s: %v\n%s", command, err, prints)
	}
	return prints
}
