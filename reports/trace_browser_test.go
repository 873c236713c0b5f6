package reports

import (
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// probe looks at the page in frames of several widths. It writes down, for each, how far the page is wider than its frame, and which texts of it lie
// upon each other or leave the frame.
const probe = `<!doctype html><body>%s<pre id="saw"></pre><script>
addEventListener("load", () => {
  const saw = [...document.querySelectorAll("iframe")].map(f => {
    const d = f.contentDocument, wide = f.clientWidth, wrong = [];
    for (const row of d.querySelectorAll(".axis")) {
      const labels = [...row.children].map(e => e.getBoundingClientRect());
      labels.forEach((a, i) => { if (a.left < 0 || a.right > wide || i && a.left < labels[i - 1].right) wrong.push("axis label " + i); });
    }
    for (const e of d.querySelectorAll("h1, h2, p, td, th, li")) {
      const box = e.getBoundingClientRect();
      if (box.width && !e.closest(".tip") && (box.left < 0 || box.right > wide + 1)) wrong.push(e.textContent);
    }
    return wide + ": " + Math.max(d.documentElement.scrollWidth - wide, 0) + " too wide; " + d.querySelectorAll(".hop").length + " hops; wrong: " + wrong.join(", ");
  });
  document.getElementById("saw").textContent = saw.join("\n");
});
</script>`

var sawText = regexp.MustCompile(`(?s)<pre id="saw">(.*?)</pre>`)

// TestTracePageHolds: in a browser the page is as wide as a phone or a desk has room for, and no label lies upon another.
func TestTracePageHolds(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium to open the page in")
	}
	frames := ""
	for _, width := range []int{400, 1400} {
		frames += fmt.Sprintf(`<iframe style="width:%dpx;height:900px;border:0" srcdoc="%s"></iframe>`, width, html.EscapeString(drawTrace(t, "html", Style{})))
	}
	file := filepath.Join(t.TempDir(), "probe.html")
	if err := os.WriteFile(file, fmt.Appendf(nil, probe, frames), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	dom, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--window-size=1600,2000", "--dump-dom", "file://"+file).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := sawText.FindSubmatch(dom)
	if found == nil {
		t.Fatalf("the browser answers %q", dom)
	}
	for _, saw := range strings.Split(string(found[1]), "\n") {
		if !strings.HasSuffix(saw, ": 0 too wide; 12 hops; wrong: ") {
			t.Errorf("at %s", saw)
		}
	}
	if n := strings.Count(string(found[1]), "too wide"); n != 2 {
		t.Errorf("%d frames were looked at", n)
	}
}
