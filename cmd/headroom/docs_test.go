package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "put what the commands of the documents print now into them")

// shown is a command with its output in a document; lines may be piped into it.
var shown = regexp.MustCompile("(?s)```console\n\\$ (?:printf '([^'\n]*)' \\| )?headroom ([^\n]*)\n(.*?)```\n")

// plot is a link to one; the commands of the document write it under the same name.
var plot = regexp.MustCompile(`!\[[^\]]*\]\(docs/(plots/[^)]*)\)`)

// took is the line of a page that is another one whenever, and wherever, the same is run.
var took = regexp.MustCompile(`(?m)^headroom \S+ · \S+ events in \S+$`)

// TestDocumentsShowWhatCommandsPrint: what stands below a command in README and docs is what it prints, and the plots are those that it
// draws.
func TestDocumentsShowWhatCommandsPrint(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the documents were printed on amd64; where processors fuse multiplications with additions the last digits differ")
	}
	for _, file := range []string{"README.md", "docs/concepts.md", "docs/exploring.md", "docs/interview.md"} {
		t.Run(file, func(t *testing.T) { showsWhatCommandsPrint(t, "../../"+file) })
	}
}

func showsWhatCommandsPrint(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found, dir := 0, t.TempDir()
	now := shown.ReplaceAllFunc(text, func(block []byte) []byte {
		found++
		parts := shown.FindSubmatch(block)
		lines, command, was := string(parts[1]), string(parts[2]), parts[3]
		prints := output(t, dir, lines, command)
		if !bytes.Equal(took.ReplaceAll(prints, nil), took.ReplaceAll(was, nil)) && !*update {
			t.Errorf("%s: `headroom %s` prints\n%s\nwhere the document shows\n%s", file, command, prints, was)
		}
		typed, _, _ := bytes.Cut(block, []byte("headroom "))
		return []byte(string(typed) + "headroom " + command + "\n" + string(prints) + "```\n")
	})
	for _, link := range plot.FindAllSubmatch(text, -1) {
		comparePicture(t, filepath.Join(dir, string(link[1])), filepath.Join("../../docs", string(link[1])))
	}
	if found == 0 && !strings.HasSuffix(file, "concepts.md") {
		t.Errorf("%s shows no command with its output", file)
	}
	if *update {
		if err := os.WriteFile(file, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// comparePicture holds a picture of a document to what a command drew.
func comparePicture(t *testing.T, now, shown string) {
	t.Helper()
	draws, err := os.ReadFile(now)
	if err != nil {
		t.Fatalf("no command of the document draws %s: %v", shown, err)
	}
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(shown), 0o777), os.WriteFile(shown, draws, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(shown); err != nil || !bytes.Equal(was, draws) {
		t.Errorf("%s is not what the command draws (%v): make docs draws it anew", shown, err)
	}
}

// output runs the program in a folder and returns what it prints, standard error included, without colours.
func output(t *testing.T, dir, lines, command string) []byte {
	t.Helper()
	headroom, err := exec.LookPath("headroom") // this test itself, see TestMain
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(headroom, strings.Fields(command)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "NO_COLOR=1")
	c.Stdin = strings.NewReader(strings.ReplaceAll(lines, `\n`, "\n"))
	prints, err := c.CombinedOutput()
	if ended, ok := err.(*exec.ExitError); err != nil && !(ok && ended.ExitCode() == exitSLO) {
		t.Errorf("headroom %s: %v\n%s", command, err, prints)
	}
	return prints
}

// pictured is a command in the README that draws a picture of the documents, perhaps of what another one writes.
var pictured = regexp.MustCompile(`(?m)^    headroom (.*--out) (docs/[^ \n]+\.svg)$`)

// TestDocumentsShowPictures: the pictures in docs are what the commands in the README draw.
func TestDocumentsShowPictures(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the pictures were drawn on amd64; where processors fuse multiplications with additions the last digits differ")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := pictured.FindAllStringSubmatch(string(readme), -1)
	if len(all) == 0 {
		t.Error("the README draws no picture")
	}
	for _, of := range all {
		file := filepath.Join("../..", of[2])
		drawn := filepath.Join(t.TempDir(), "picture.svg")
		var piped []byte
		for _, command := range strings.Split(of[1]+" "+drawn, " | headroom ") {
			c := exec.Command("headroom", strings.Fields(command)...)
			c.Stdin = bytes.NewReader(piped)
			if piped, err = c.Output(); err != nil {
				t.Fatalf("headroom %s: %v", command, err)
			}
		}
		now, err := os.ReadFile(drawn)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, now, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if was, err := os.ReadFile(file); err != nil || !bytes.Equal(was, now) {
			t.Errorf("%s is not what `headroom %s %s` draws now; make docs writes it anew (%v)", of[2], of[1], of[2], err)
		}
	}
}
