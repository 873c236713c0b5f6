package strict

import (
	"strings"
	"testing"
)

// TestSpliceChangesNothingButTheValues: comments, quotes, line ends, a byte order mark and what stands before in other scripts stay.
func TestSpliceChangesNothingButTheValues(t *testing.T) {
	const text = "\ufeff# the shop: work: 1ms\r\nnames: {café ☕: x, work: 1ms}  # work: 1ms\r\nlist:\r\n  - cpu: 'exp(4ms)' # a guess\r\n  - cpu: \"4ms\"\r\nlast:   4ms"
	got, problems := Parse("f.yaml", []byte(text)).Splice(map[string]string{
		"names.café ☕": "y", "names.work": "22ms", "list.0.cpu": "exp(5ms)", "list.1.cpu": "mix(95% 4ms | 5% 1s)", "last": "3ms",
	})
	if problems != nil {
		t.Fatal(problems)
	}
	want := strings.NewReplacer("☕: x", "☕: y", "x, work: 1ms}", "y, work: 22ms}", "exp(4ms)", "exp(5ms)", `"4ms"`, `"mix(95% 4ms | 5% 1s)"`, "last:   4ms", "last:   3ms").Replace(text)
	want = strings.Replace(want, "☕: y, work: 1ms}", "☕: y, work: 22ms}", 1)
	if string(got) != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestSpliceOfNothingIsTheFile: byte by byte.
func TestSpliceOfNothingIsTheFile(t *testing.T) {
	got, problems := Parse("f.yaml", []byte(shop)).Splice(nil)
	if problems != nil || string(got) != shop {
		t.Errorf("got\n%s\n%v", got, problems)
	}
}

// TestSpliceRefusesWhatItCannotReplace: what would change another value too, or does not stand in one piece.
func TestSpliceRefusesWhatItCannotReplace(t *testing.T) {
	for _, k := range []struct{ what, text, path, want string }{
		{"a shared map", "a: &m {x: 1ms}\nb: *m\n", "b.x", "anchor"},
		{"an alias", "a: &m 1ms\nb: *m\n", "b", "2:4: this value cannot be replaced"},
		{"an anchor", "a: &m 1ms\nb: *m\n", "a", "1:4: this value cannot be replaced"},
		{"several lines", "a: >\n  exp(\n  4ms)\n", "a", "1:4: this value cannot be replaced"},
		{"a map", "a: {x: 1ms}\n", "a", "this value cannot be replaced"},
		{"nothing", "a: {x: 1ms}\n", "a.y", "this value cannot be replaced"},
	} {
		got, problems := Parse("f.yaml", []byte(k.text)).Splice(map[string]string{k.path: "2ms"})
		if problems == nil || !strings.Contains(problems.Error(), k.want) {
			t.Errorf("%s: got %q and %v; want %q", k.what, got, problems, k.want)
		}
	}
	both, problems := Parse("f.yaml", []byte("a: &m {x: 1ms}\nb: *m\n")).Splice(map[string]string{"a.x": "2ms", "b.x": "2ms"})
	if want := "a: &m {x: 2ms}\nb: *m\n"; string(both) != want || problems != nil {
		t.Errorf("both that share a value changed alike: got %q, %v", both, problems)
	}
}
