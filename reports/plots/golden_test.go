package plots

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/plot/cmpimg"
)

var update = flag.Bool("update", false, "write the golden images anew")

// tolerance is how far colours may be apart in a golden image, where processors round differently.
const tolerance = .1

// TestChartsLookAsTheyDid holds one chart of each kind to the picture that somebody looked at.
func TestChartsLookAsTheyDid(t *testing.T) {
	all := fixtures()
	seen := map[string]bool{}
	for _, name := range []string{"sweep", "result", "comparison", "comparison-of-rates", "sensitivity", "bottleneck", "sweep-of-1"} {
		for _, c := range Of(all[name]) {
			file := name + "-" + c.Name + ".png"
			if seen[c.Name] && !(name == "result" && (c.Name == "utilization" || c.Name == "latency-cdf" || c.Name == "where-time")) && !(name == "sweep-of-1" && c.Name == "latency") {
				continue
			}
			seen[c.Name] = true
			c.Bare = len(seen)%3 > 0
			theme := Light
			if c.Name == "throughput" || c.Name == "shards" {
				theme = Dark
			}
			var got bytes.Buffer
			if err := c.Draw(&got, "png", theme, 280, 190); err != nil {
				t.Fatal(err)
			}
			compareImage(t, file, got.Bytes())
		}
	}
	files, err := filepath.Glob("testdata/*.png")
	if err != nil || len(files) < 25 {
		t.Errorf("there are %d golden images, and error %v", len(files), err)
	}
}

func compareImage(t *testing.T, file string, got []byte) {
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := cmpimg.EqualApprox("png", got, want, tolerance); err != nil || !same {
		t.Errorf("%s differs (%v); go test -update accepts what is drawn now", path, err)
	}
}

// TestSameChartIsSameFile: SVG and PDF are the same bytes each time.
func TestSameChartIsSameFile(t *testing.T) {
	for _, format := range []string{"svg", "pdf"} {
		var first, second bytes.Buffer
		for _, w := range []*bytes.Buffer{&first, &second} {
			if err := Of(swept(12, 4))[0].Draw(w, format, Light, Width, 300); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("the %s differs from one time to the next", format)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Of(swept(3, 2))[0].Draw(new(bytes.Buffer), "gif", Light, Width, 300); err == nil {
		t.Error("gif was drawn")
	}
}

// TestOnlyWhatThereIs: there are no charts of what a result has no numbers for.
func TestOnlyWhatThereIs(t *testing.T) {
	names := func(r any) []string {
		var all []string
		for _, c := range Of(r) {
			all = append(all, c.Name)
		}
		return all
	}
	bare := swept(12, 4)
	for i := range bare.Points {
		r := bare.Points[i].Result
		r.Answered, r.WhereTime, r.Cost.PerMonth, r.Cost.PerMillionRequests = nil, nil, num(none), num(none)
		for name, n := range r.Nodes {
			n.Shards, n.Sized = nil, nil
			r.Nodes[name] = n
		}
	}
	if got, want := names(bare), []string{"latency", "throughput", "utilization", "latency-cdf"}; !slices.Equal(got, want) {
		t.Errorf("the charts are %v, want %v", got, want)
	}
	if got := names(station(1500, 2, 12)); slices.Contains(got, "latency-cdf") || slices.Contains(got, "where-time") {
		t.Errorf("a saturated run has %v", got)
	}
	if got := names("a text"); got != nil {
		t.Errorf("a text has %v", got)
	}
	for name, r := range maps.All(fixtures()) {
		seen := map[string]bool{}
		for _, n := range names(r) {
			if seen[n] {
				t.Errorf("%s has two charts named %s", name, n)
			}
			seen[n] = true
		}
	}
}
