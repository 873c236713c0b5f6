package page

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A sight is what a browser shows of a page at one position of the slider.
type sight struct {
	Rate           string
	Figures        []string
	Colours, Words []string // of the nodes
	Markers        []float64
	Shown          []bool
	Row, Points    []string
}

// findings are what testdata/browser.html saw in one frame.
type findings struct {
	Width           int
	Complaints      []string
	Wide, WideAfter []string // elements that do not fit
	Slider, Tables  bool     // can be seen
	Markers         int
	Points          []string
	First           sight
	Label           string
	Steps           []sight
	Sorted          []struct {
		Order string
		Rates []string
	}
	Nodes []struct {
		Name, Label, Said string
		Focused           bool
	}
	Escaped bool
}

// opened opens a page in a browser, in frames of 1400 and 400 pixels, and in one of 400 pixels where no script runs.
func opened(t *testing.T, text string) (wide, narrow, still findings) {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("there is no chromium to open the page in")
	}
	probe, err := os.ReadFile("testdata/probe.js")
	if err != nil {
		t.Fatal(err)
	}
	probed := strings.Replace(text, "<head>", "<head><script>"+string(probe)+"</script>", 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(probed)) // a browser that goes away finds nothing, which is seen below
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/browser.html") })
	server := httptest.NewServer(mux)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
		"--user-data-dir="+t.TempDir(), "--window-size=1600,1000", "--virtual-time-budget=20000", "--enable-logging=stderr", "--dump-dom", server.URL+"/")
	var log strings.Builder
	c.Stderr = &log
	dom, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, log.String())
	}
	for line := range strings.Lines(log.String()) {
		// Of the frame without scripts the browser says that there are some.
		if strings.Contains(line, ":CONSOLE") && !strings.Contains(line, "Blocked script execution") {
			t.Errorf("on the console: %s", line)
		}
	}
	written := regexp.MustCompile(`(?s)<pre id="findings">(.*?)</pre>`).FindSubmatch(dom)
	if written == nil {
		t.Fatalf("nothing was found:\n%s", log.String())
	}
	var found struct {
		Failed string
		Frames []findings
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(written[1]))), &found); err != nil || found.Failed != "" || len(found.Frames) != 3 {
		t.Fatalf("%v: %s\n%s", err, found.Failed, written[1])
	}
	return found.Frames[0], found.Frames[1], found.Frames[2]
}

// TestPageInABrowser does with the page what a reader would do.
func TestPageInABrowser(t *testing.T) {
	first := shop(t)
	first.Scenario.Name = "A shop & its <database>, in " + strings.Repeat("oneverylongword", 12)
	first.Scenario.Source += "# " + strings.Repeat("x", 400) + "\n"
	others := every(t)
	wide, narrow, still := opened(t, drawn(t, first, others["result"], others["rates"], others["diagnosis"], others["sensitivity"], others["saturated"]))
	for _, f := range []findings{wide, narrow} {
		if len(f.Complaints) > 0 {
			t.Errorf("at %d pixels the page complains: %q", f.Width, f.Complaints)
		}
		if len(f.Wide)+len(f.WideAfter) > 0 {
			t.Errorf("at %d pixels these do not fit:\n%s", f.Width, strings.Join(slices.Concat(f.Wide, f.WideAfter), "\n"))
		}
		slides(t, f)
		if f.Sorted[0].Order != "ascending" || f.Sorted[1].Order != "descending" || !slices.Equal(f.Sorted[0].Rates, []string{"400/s", "600/s", "100/s"}) ||
			!slices.Equal(f.Sorted[1].Rates, []string{"100/s", "400/s", "600/s"}) {
			t.Errorf("at %d pixels the rates sort by the busiest resource as %+v", f.Width, f.Sorted)
		}
	}
	pointsAt(t, wide)
	if len(still.Wide) > 0 {
		t.Errorf("without scripts these do not fit:\n%s", strings.Join(still.Wide, "\n"))
	}
	if still.Slider || still.Markers > 0 || !still.Tables || !slices.Equal(still.Points, []string{"At 100/s", "At 400/s", "At 600/s"}) {
		t.Errorf("without scripts there is a slider: %t, markers: %d, all tables: %t, rates: %q", still.Slider, still.Markers, still.Tables, still.Points)
	}
}

// slides checks what the slider does.
func slides(t *testing.T, f findings) {
	t.Helper()
	if !f.Slider || f.Label != "Rate" || f.First.Rate != "400/s" {
		t.Errorf("at %d pixels the slider can be seen: %t, says %q and stands at %q", f.Width, f.Slider, f.Label, f.First.Rate)
	}
	rates := []string{"100/s", "400/s", "600/s"}
	if len(f.Steps) != len(rates) {
		t.Fatalf("at %d pixels the slider has %d steps", f.Width, len(f.Steps))
	}
	for i, rate := range rates {
		s := f.Steps[i]
		if s.Rate != rate || !slices.Equal(s.Row, []string{rate}) || !slices.Equal(s.Points, []string{"At " + rate}) {
			t.Errorf("at %d pixels, step %d: it is %s, the row is %q, the point is %q", f.Width, i, s.Rate, s.Row, s.Points)
		}
		if len(s.Markers) == 0 || slices.Contains(s.Shown, false) {
			t.Errorf("at %d pixels, step %d: the markers are %v, shown: %v", f.Width, i, s.Markers, s.Shown)
		}
		if i > 0 && (slices.Equal(s.Colours, f.Steps[i-1].Colours) || slices.Equal(s.Words, f.Steps[i-1].Words)) {
			t.Errorf("at %d pixels the nodes look alike at %s and %s: %q %q", f.Width, rates[i-1], rate, s.Colours, s.Words)
		}
		for k := range s.Markers {
			if i > 0 && !(s.Markers[k] > f.Steps[i-1].Markers[k]) {
				t.Errorf("at %d pixels, marker %d does not move to the right from step %d to %d", f.Width, k, i-1, i)
			}
		}
	}
}

// pointsAt checks what is said of the node that has the focus: api is full at the last rate, where the slider was left.
func pointsAt(t *testing.T, f findings) {
	t.Helper()
	var names []string
	for _, n := range f.Nodes {
		names = append(names, n.Name)
		if !n.Focused || !strings.HasPrefix(n.Said, n.Name) || n.Name == "api" && (!strings.Contains(n.Said, "used100%") || !strings.Contains(n.Label, "used 100%")) {
			t.Errorf("of node %s, focused: %t, the page says %q, and to those who listen %q", n.Name, n.Focused, n.Said, n.Label)
		}
	}
	if !slices.Equal(names, []string{"lb", "api", "db"}) || !f.Escaped {
		t.Errorf("the nodes are %q; Escape hides the numbers: %t", names, f.Escaped)
	}
	if last := f.Steps[len(f.Steps)-1]; !slices.Contains(last.Words, "cpu 100%") || !slices.Contains(last.Colours, "rgb(222, 104, 24)") {
		t.Errorf("at the last rate the nodes have the colours %q and say %q", last.Colours, last.Words)
	}
	if first := f.Steps[0]; !slices.Contains(first.Figures, "p9942.4ms ±4.03ms") {
		t.Errorf("at the first rate it says %q", first.Figures)
	}
}
