package strict

import (
	"strings"
	"testing"
)

// rewritten is a text with changes `PATH=VALUE`, or `PATH` to remove it, written into it.
func rewritten(text string, changes ...string) (string, Problems) {
	doc := Parse("f.yaml", []byte(text))
	for _, c := range changes {
		if path, value, set := strings.Cut(c, "="); set {
			doc.Set(path, value, "--set "+c)
		} else {
			doc.Remove(path)
		}
	}
	out, problems := doc.Rewrite()
	return string(out), problems
}

// TestRewriteChangesNothingButTheValues: comments, quotes, line ends, a byte order mark and what stands before in other scripts stay.
func TestRewriteChangesNothingButTheValues(t *testing.T) {
	const text = "\ufeff# the shop: work: 1ms\r\nnames: {café ☕: x, work: 1ms}  # work: 1ms\r\nlist:\r\n  - cpu: 'exp(4ms)' # a guess\r\n  - cpu: \"4ms\"\r\nlast:   4ms"
	got, problems := rewritten(text, "names.café ☕=y", "names.work=22ms", "list.0.cpu=exp(5ms)", "list.1.cpu=mix(95% 4ms | 5% 1s)", "last=3ms")
	if problems != nil {
		t.Fatal(problems)
	}
	want := strings.NewReplacer("☕: x", "☕: y", "x, work: 1ms}", "y, work: 22ms}", "exp(4ms)", "exp(5ms)", `"4ms"`, `"mix(95% 4ms | 5% 1s)"`, "last:   4ms", "last:   3ms").Replace(text)
	want = strings.Replace(want, "☕: y, work: 1ms}", "☕: y, work: 22ms}", 1)
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestRewriteOfNothingIsTheFile: byte by byte.
func TestRewriteOfNothingIsTheFile(t *testing.T) {
	if got, problems := rewritten(shop); problems != nil || got != shop {
		t.Errorf("got\n%s\n%v", got, problems)
	}
}

// TestRewriteKeepsTheLayout: what is new stands as its neighbours do.
func TestRewriteKeepsTheLayout(t *testing.T) {
	const block = "# top\nnodes:   # all\n  api:  # first\n    cores: 2  # few\n    # work: 3ms\n\n  # the store\n  db: {kind: database}\n\nslo: [a, b] # two\n"
	for _, k := range []struct{ what, text, change, from, to string }{
		{"a key in lines, after the comments of its map", block, "nodes.api.work=4ms", "    # work: 3ms\n", "    # work: 3ms\n    work: 4ms\n"},
		{"a key in braces", block, "nodes.db.cores=4", "database}", "database, cores: 4}"},
		{"a node, after a blank line as before the last", block, "nodes.cdn={kind: cdn, to: [api]}", "database}\n", "database}\n\n  cdn: {kind: cdn, to: [api]}\n"},
		{"a key of the file", block, "name=Shop", "two\n", "two\n\nname: Shop\n"},
		{"a text that needs quotes", block, "name='a: b'", "two\n", "two\n\nname: 'a: b'\n"},
		{"keys below a new one", block, "run.duration=5s", "two\n", "two\n\nrun: {duration: 5s}\n"},
		{"a list", block, "slo=[a, b, c]", "[a, b]", "[a, b, c]"},
		{"an element", block, "slo.1=p99 < 1s", "[a, b]", "[a, p99 < 1s]"},
		{"a map in lines for a text", block, "nodes.api=gone", "  api:  # first\n    cores: 2  # few\n    # work: 3ms\n", "  api: gone  # first\n    # work: 3ms\n"},
		{"a map of which parts stay", block, "nodes.api={cores: 8, work: 4ms}", "2  # few\n    # work: 3ms\n", "8  # few\n    # work: 3ms\n    work: 4ms\n"},
		{"a text for a map", block, "nodes.db=x", "{kind: database}", "x"},
		{"a removed line", block, "nodes.api", "\n  api:  # first\n    cores: 2  # few", ""},
		{"the removed end of braces", "a: {x: 1, y: 2, z: 3}\n", "a.z", ", z: 3", ""},
		{"the removed begin of braces", "a: {x: 1, y: 2, z: 3}\n", "a.x", "x: 1, ", ""},
		{"the removed begin of an element", "a:\n  - x: 1\n    y: 2\n", "a.0.x", "x: 1\n    y", "y"},
		{"the removed first line", "x: 1\ny: 2\n", "x", "x: 1\n", ""},
		{"nothing", "run:  # later\nx: 1\n", "run.duration=5s", "run:", "run: {duration: 5s}"},
		{"null", "run: ~\nx: 1\n", "run.duration=5s", "~", "{duration: 5s}"},
		{"no braces' content", "a: {}\n", "a.x=1", "{}", "{x: 1}"},
		{"a name without a value in braces", "a: {x, y: 1}\n", "a.x=2", "{x,", "{x: 2,"},
		{"a comma at the end of braces", "a: {x: 1, }\n", "a.y=2", "1, }", "1, y: 2, }"},
		{"braces with a key in a line", "a: {\n  x: 1, # one\n  y: 2 # two\n}\n", "a.z=3", "y: 2", "y: 2,\n  z: 3"},
		{"an element's map", "a:\n  - x: 1\n  - x: 2 # two\nb: 1\n", "a.1.y=3", "two\n", "two\n    y: 3\n"},
		{"lines of a folded text", "a: >  # long\n  exp(\n  4ms)\nb: 1\n", "a=2ms", ">  # long\n  exp(\n  4ms)", "2ms"},
		{"a text over two lines", "a: one\n  two # c\nb: 1\n", "a=three", "one\n  two", "three"},
		{"quotes over two lines", "a: \"one\n  \\\"two\" # c\nb: 1\n", "a=three", "one\n  \\\"two", "three"},
		{"a text that its quotes cannot hold", "a: 'x' # c\n", `a=it's`, "'x'", "it's"},
		{"a comma in braces", "a: {x: 1}\n", "a.y=1, 2", "1}", "1, y: '1, 2'}"},
		{"an alias", "a: &m 1ms\nb: *m\n", "b=2ms", "*m", "2ms"},
		{"an anchor without an alias", "a: &m 1ms\n", "a=2ms", "1ms", "2ms"},
		{"no line break at the end", "a: 1", "b=2", "1", "1\nb: 2"},
		{"line breaks of two characters", "a:\r\n  x: 1\r\nb: 2\r\n", "a.y=2", "x: 1\r\n", "x: 1\r\n  y: 2\r\n"},
	} {
		want := strings.Replace(k.text, k.from, k.to, 1)
		if got, problems := rewritten(k.text, k.change); got != want {
			t.Errorf("%s: %s\ngot\n%s%v\nwant\n%s", k.what, k.change, got, problems, want)
		}
	}
}

// TestRewriteWrapsWhatIsLong: in lines of at most 120 characters, within the block.
func TestRewriteWrapsWhatIsLong(t *testing.T) {
	const text = "nodes:\n  db: {kind: database, cores: 4}\n"
	node := "{kind: server, instances: 3, cores: 8, handles: {read: [cpu: lognormal(mean=4ms cv=1), {read: redis, as: record}, call: bank], save: [cpu: exp(6ms), write: db]}, price: $0.34/h}"
	got, problems := rewritten(text, "nodes.api="+node, "nodes.db.about=a database that is described here by a sentence with many words so that no line takes it")
	want := `nodes:
  db: {kind: database, cores: 4,
       about: a database that is described here by a sentence with many words so that no line takes it}
  api: {kind: server, instances: 3, cores: 8,
    handles: {read: [cpu: lognormal(mean=4ms cv=1), {read: redis, as: record}, call: bank],
      save: [cpu: exp(6ms), write: db]}, price: $0.34/h}
`
	if got != want {
		t.Errorf("got\n%s%v\nwant\n%s", got, problems, want)
	}
}

// TestRewriteMakesManyChangesAtOnce: also where they meet.
func TestRewriteMakesManyChangesAtOnce(t *testing.T) {
	got, problems := rewritten("a:\n  x: {p: 1}\n  y:\n    q: 1\n    r: 2\nb: 1\n",
		"a.x.s=3", "a.y.q", "a.y.t=4", "a.z={u: 5}", "b", "c=6", "a.x.p=7")
	want := "a:\n  x: {p: 7, s: 3}\n  y:\n    r: 2\n    t: 4\n  z: {u: 5}\nc: 6\n"
	if got != want {
		t.Errorf("got\n%s%v\nwant\n%s", got, problems, want)
	}
}

// TestRewriteRefusesWhatItCannotChange: what would change another value too, or has no place.
func TestRewriteRefusesWhatItCannotChange(t *testing.T) {
	for _, k := range []struct{ what, text, change, want string }{
		{"a shared map", "a: &m {x: 1ms}\nb: *m\n", "b.x=2ms", "f.yaml:2:1: this value cannot be changed in place"},
		{"an anchor", "a: &m 1ms\nb: *m\n", "a=2ms", "f.yaml:1:4: this value cannot be changed in place"},
		{"a merged key", "a: &m {x: 1ms}\nb: {<<: *m, y: 2}\n", "b.x=2ms", "f.yaml:1:11: this value cannot be changed in place"},
		{"no such element", "a: [x]\n", "a.1=2ms", "a has 1 element"},
		{"no such map", "nodes:\n  a: {x: 1}\n", "nodes.b.x=2ms", "unknown key `b` in nodes"},
	} {
		got, problems := rewritten(k.text, k.change)
		if problems == nil || !strings.Contains(problems.Error(), k.want) {
			t.Errorf("%s: got %q and %v; want %q", k.what, got, problems, k.want)
		}
	}
	both, problems := rewritten("a: &m {x: 1ms}\nb: *m\n", "a.x=2ms", "b.x=2ms")
	if want := "a: &m {x: 2ms}\nb: *m\n"; both != want || problems != nil {
		t.Errorf("both that share a value changed alike: got %q, %v", both, problems)
	}
}
