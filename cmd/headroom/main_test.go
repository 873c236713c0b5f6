package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"headroom": main})
}

// TestScripts runs the stories of testdata/script: commands as they are typed, and what they answer.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("VERSION", version())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "json": isJSON, "same": same},
	})
}

// exits CODE COMMAND... runs a command that must end with that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := args[0]; strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// json FILE [PATH VALUE]... checks that a file is one JSON value, and what stands at the paths in it.
func isJSON(ts *testscript.TestScript, _ bool, args []string) {
	var root any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &root); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	for i := 1; i+1 < len(args); i += 2 {
		at := root
		for _, key := range strings.Split(args[i], ".") {
			switch in := at.(type) {
			case map[string]any:
				at = in[key]
			case []any:
				index, err := strconv.Atoi(key)
				ts.Check(err)
				at = in[index]
			}
		}
		if got := fmt.Sprint(at); got != args[i+1] {
			ts.Fatalf("%s: %s is %s, want %s", args[0], args[i], got, args[i+1])
		}
	}
}

var wallSeconds = regexp.MustCompile(`"wall_seconds": [^,\n]*`)

// same A B checks that two saved results are the same bytes, but for the time that they took; ! same, that they are not.
func same(ts *testscript.TestScript, not bool, args []string) {
	a := wallSeconds.ReplaceAllString(ts.ReadFile(args[0]), "")
	b := wallSeconds.ReplaceAllString(ts.ReadFile(args[1]), "")
	if (a == b) == not {
		ts.Fatalf("%s and %s are the same: %v", args[0], args[1], !not)
	}
}
