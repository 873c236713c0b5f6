package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestSectionsAreReplaced: only what is between the marks of a section is written anew, and a document without them is refused.
func TestSectionsAreReplaced(t *testing.T) {
	const document = "head\n<!-- begin a -->\nold\n<!-- end a -->\nbetween\n<!-- begin b -->\n<!-- end b -->\n"
	got, err := replaced([]byte(document), "a", []byte("new\n"))
	if want := "head\n<!-- begin a -->\nnew\n<!-- end a -->\nbetween\n<!-- begin b -->\n<!-- end b -->\n"; err != nil || string(got) != want {
		t.Errorf("%s (%v)", got, err)
	}
	for _, broken := range []string{"", "<!-- end a -->\n<!-- begin a -->\n"} {
		if got, err := replaced([]byte(broken), "a", nil); err == nil {
			t.Errorf("%q becomes %q", broken, got)
		}
	}
}

// TestOnlyWhatIsNamedIsMeasured: a name that does not exist is refused before anything is measured, a section that fails leaves what it
// wrote, and one that wrote nothing leaves what was there.
func TestOnlyWhatIsNamedIsMeasured(t *testing.T) {
	file := filepath.Join(t.TempDir(), "document.md")
	if err := os.WriteFile(file, []byte("<!-- begin a -->\n<!-- end a -->\n<!-- begin b -->\nold\n<!-- end b -->\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	off := errors.New("off")
	sections := []Section{
		{"a", func(_ context.Context, w io.Writer) error { fmt.Fprintln(w, "1"); return off }},
		{"b", func(context.Context, io.Writer) error { return off }},
	}
	for _, c := range []struct {
		names []string
		fails string
		want  string
	}{
		{[]string{"a", "c"}, "there is no section c", "<!-- begin a -->\n<!-- end a -->\n<!-- begin b -->\nold\n<!-- end b -->\n"},
		{[]string{"b"}, "off", "<!-- begin a -->\n<!-- end a -->\n<!-- begin b -->\nold\n<!-- end b -->\n"},
		{nil, "off", "<!-- begin a -->\n1\n<!-- end a -->\n<!-- begin b -->\nold\n<!-- end b -->\n"},
	} {
		err := Write(context.Background(), file, sections, c.names)
		if err == nil || err.Error() != c.fails {
			t.Errorf("%v: %v, want %s", c.names, err, c.fails)
		}
		if got, _ := os.ReadFile(file); string(got) != c.want {
			t.Errorf("%v leave\n%s", c.names, got)
		}
	}
}
