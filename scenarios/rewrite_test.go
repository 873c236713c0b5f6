package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/internal/strict"
)

// TestRewriteReadsAsChanged: random values of the built-in scenarios replaced, keys added and removed. The text reads as the file does with
// those changes, and of its lines only those are others in which something was changed.
func TestRewriteReadsAsChanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, _ := Lookup(rapid.SampledFrom(Names()).Draw(t, "scenario"))
		doc := strict.Parse(b.Name, b.Text)
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Change { return randomChange(t, doc.Root()) }), 1, 4).Draw(t, "changes")
		expected := strict.Parse(b.Name, b.Text)
		for _, c := range changes {
			c.apply(expected)
		}
		got, err := Rewrite(b.Name, b.Text, changes)
		if expected.Failed() {
			if err == nil {
				t.Fatalf("%v written, though %v", changes, expected.Problems())
			}
			return // one change took away what another is about
		}
		switch shared := strings.Contains(string(b.Text), ": &"); {
		case err != nil && shared && strings.Contains(err.Error(), "others share it"):
			return
		case err != nil:
			t.Fatal(err)
		}
		want, have := flattened(expected.Root()), flattened(strict.Parse(b.Name, got).Root())
		if !slices.Equal(want, have) {
			t.Fatalf("%v reads\n%s\nwant\n%s\nthe file\n%s", changes, strings.Join(have, "\n"), strings.Join(want, "\n"), got)
		}
		touched := touchedLines(string(b.Text), changes)
		lines := strings.Split(string(got), "\n")
		for i, line := range strings.Split(string(b.Text), "\n") {
			if touched[i+1] {
				continue
			}
			at := slices.Index(lines, line)
			if at < 0 {
				t.Fatalf("%v: line %d is lost, or moved: %q in\n%s", changes, i+1, line, got)
			}
			lines = lines[at+1:]
		}
	})
}

// randomChange sets, adds or removes something of a document.
func randomChange(t *rapid.T, root *strict.Value) Change {
	v := root
	for {
		var below []*strict.Value
		for _, e := range v.Entries() {
			if e.Key != "variants" { // whose keys are paths themselves, so that one below them may name two places
				below = append(below, e.Value)
			}
		}
		if below = append(below, v.Items()...); len(below) == 0 || v != root && rapid.IntRange(0, 3).Draw(t, "stop") == 0 {
			break
		}
		v = rapid.SampledFrom(below).Draw(t, "below")
	}
	value := rapid.SampledFrom([]string{"7", "exp(3ms)", "lognormal(mean=4ms cv=1)", "[a, cpu: 2ms]", "{x: 1, y: [b]}", "'a, b'", "'# no'", "null", `"a\nb"`,
		"{kind: server, to: db, handles: {read: [cpu: lognormal(mean=4ms cv=1), read: db], write: [cpu: exp(4ms), write: db]}, backlog: 100}"}).Draw(t, "value")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return Change{Replaces: v.Path()}
	case 1:
		if v.Kind() == strict.Map {
			return Change{Path: v.Path() + ".added_by_test", Value: value}
		}
	}
	return Change{Path: v.Path(), Value: value}
}

// flattened lists the single values of a tree with their paths.
func flattened(v *strict.Value) []string {
	out := []string{v.Path() + " " + v.Kind().String() + " " + v.Text()}
	for _, e := range v.Entries() {
		out = append(out, flattened(e.Value)...)
	}
	for _, item := range v.Items() {
		out = append(out, flattened(item)...)
	}
	return out
}

// touchedLines are the lines of a file, from 1, in which changes may show: those of what is replaced or removed, with the comments in it, and
// those in which what is changed stands in braces. The indentation tells.
func touchedLines(text string, changes []Change) map[int]bool {
	touched := map[int]bool{}
	keyLine := regexp.MustCompile(`^( *)(?:- )?([a-z0-9_.-]+):(.*)$`)
	var path []string
	var indents []int
	items := map[string]int{} // of a list so far
	depth := 0
	for i, line := range strings.Split(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		comment := strings.HasPrefix(line[indent:], "#")
		inside := depth > 0 || strings.TrimSpace(line) == ""
		for !inside && len(indents) > 0 && indents[len(indents)-1] >= indent {
			path, indents = path[:len(path)-1], indents[:len(indents)-1]
		}
		key := keyLine.FindStringSubmatch(line)
		header := comment // or a line with nothing but its key
		if strings.HasPrefix(line[indent:], "- ") && !inside {
			list := strings.Join(path, ".")
			path, indents = append(path, strconv.Itoa(items[list])), append(indents, indent)
			items[list]++
			indent += len("- ")
		}
		if key != nil && !inside && !comment {
			path, indents = append(path, key[2]), append(indents, indent)
			header = strings.TrimSpace(strings.Split(key[3], "#")[0]) == ""
		}
		if !comment {
			code, _, _ := strings.Cut(line, " #")
			depth += strings.Count(code, "{") + strings.Count(code, "[") - strings.Count(code, "}") - strings.Count(code, "]")
		}
		here := strings.Join(path, ".") + "."
		for _, c := range changes {
			to := c.Path + c.Replaces + "."
			last := c.Replaces != "" && path != nil && strings.TrimPrefix(c.Replaces, here) == c.Replaces[strings.LastIndex(c.Replaces, ".")+1:]
			touched[i+1] = touched[i+1] || strings.HasPrefix(here, to) || strings.HasPrefix(to, here) && (!header || last) // {} stands for none
		}
	}
	return touched
}
