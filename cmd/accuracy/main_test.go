package main

import "testing"

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
