package strict

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// exercise does everything with a text that a caller may do, and checks what must hold
// for every text.
func exercise(t interface{ Fatalf(string, ...any) }, text string) {
	d, _ := read(text)
	if d.Root() == nil != (len(d.Problems()) > 0 && d.Root() == nil) {
		t.Fatalf("%q has no root and no problem", text)
	}
	d.Set("nodes.api.cores", text, "--set")
	d.Set(text, "4", "--set")
	d.SetValue("run", d.At("nodes"), "variant x")
	d.Errorf(text, "%s", text)
	d.Unknown("nodes", text, "node", []string{text, "api"})
	var again scenario
	Decode(d.Root(), &again)
	for _, p := range d.Problems() {
		check(t, d, p)
	}
	if d.Root() == nil {
		return
	}
	if back := Parse("shop.yaml", d.YAML()); back.Root() == nil || !same(d.Root(), back.Root()) {
		t.Fatalf("%q is written as\n%s\nwhich reads differently: %v", text, d.YAML(), back.Problems())
	}
}

// check is what holds for every problem: a place in the file, and a rendering of few lines.
func check(t interface{ Fatalf(string, ...any) }, d *Document, p Problem) {
	out := p.String()
	if strings.Count(out, "\n") > 3 || !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\x1b\t\r") {
		t.Fatalf("badly rendered: %q", out)
	}
	src := newSource("", d.original)
	if p.Line < 0 || p.Line > len(src.lines) || p.Line > 0 && (p.Column < 1 || p.Column > utf8.RuneCountInString(src.line(p.Line))+1) {
		t.Fatalf("no such place: %d:%d in %q", p.Line, p.Column, d.original)
	}
}

// yamlish draws texts of the pieces that YAML and scenarios are made of.
var yamlish = rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{
	"\n", "\n  ", "\n    ", "- ", ": ", "name", "nodes", "api", "kind", "server", "cores", "steps", "edges", "{", "}", "[", "]", ", ", "(", ")", "normal(mean=4ms", "sd=1ms)",
	"&a ", "*a", "<<", "'", "\"", "|\n", ">-\n", "#", " # x", "!x ", "? ", "---\n", "...\n", "\t", "~", "null", "4", "4ms", "é", "日", "\u0085", "\u2028", "\ufeff", "\r", "\x00", "\xff", "%", "@", "$",
}), 0, 30), func(pieces []string) string { return strings.Join(pieces, "") })

func TestNothingPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exercise(t, rapid.OneOf(yamlish, rapid.String()).Draw(t, "text"))
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		shop, "", "a: [1", "a: &a [*a]", "nodes: {api: {kind: server, work: normal(mean=4ms, sd=1ms)}}", "{a: f(x, b: [c)}", "<<: {a: 1}", "? [a]\n: b",
		"a: 1\n---\nb: 2", "a: |\n x\n", "x: !!str 5", "\ufeffa: 'b", "a: \xff", "- - - a", "nodes:\n  lb: {algorithm: x}\n# c\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { exercise(t, text) })
}
