package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestProgressIsDrawnOnlyAfterAWhile: a short run leaves no trace on the terminal, a long one shows how far it is and then takes the
// bar away.
func TestProgressIsDrawnOnlyAfterAWhile(t *testing.T) {
	for _, c := range []struct {
		hidden time.Duration
		seen   bool
	}{{time.Hour, false}, {0, true}} {
		var out bytes.Buffer
		p := newProgress(&out, c.hidden)
		p.at(0.5)
		p.end()
		if seen := strings.Contains(out.String(), "simulating  50%"); seen != c.seen {
			t.Errorf("hidden for %v: bar seen: %v, in %q", c.hidden, seen, out.String())
		}
		if left := out.String()[strings.LastIndex(out.String(), "\r")+1:]; left != "" {
			t.Errorf("hidden for %v: %q is left on the line", c.hidden, left)
		}
	}
}
