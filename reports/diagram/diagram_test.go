package diagram

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"
	"pgregory.net/rapid"

	"headroom/experiments"
	"headroom/models"
	"headroom/scenarios"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t rapid.TB, file string) Graph {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := scenarios.Load(file, text, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return Of(l.Architecture)
}

func builtin(t rapid.TB, name, variant string) Graph {
	t.Helper()
	b, _ := scenarios.Lookup(name)
	l, err := scenarios.Load(name, b.Text, variant, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Of(l.Architecture)
}

// loaded gives a graph a result: the nodes are busier from the first to the last.
func loaded(g Graph) Graph {
	r := &experiments.Result{Load: experiments.Load{Offered: 12345}, Nodes: map[string]experiments.NodeResult{}}
	for i, n := range g.Nodes {
		if n.Source {
			continue
		}
		r.NodeOrder = append(r.NodeOrder, n.Name)
		u := experiments.Num(float64(i+1) / float64(len(g.Nodes)))
		resources := map[string]experiments.Resource{"cpu": {Utilization: u}, "connections": {Utilization: u / 2}, "threads": {Utilization: experiments.None}}
		if n.Kind == "external" || n.Kind == "queue" {
			resources = nil
		}
		r.Nodes[n.Name] = experiments.NodeResult{Kind: n.Kind, Instances: n.Count, Resources: resources}
		r.Bottleneck.Node = n.Name
	}
	for i, e := range g.Edges {
		r.Edges = append(r.Edges, experiments.Edge{From: e.From, To: e.To, Rate: experiments.Num(123.4 * float64(i*i))})
	}
	return g.Loaded(r)
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
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
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -update accepts this:\n%s", path, got)
	}
}

func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPicturesLookAsTheyDid: each of these was looked at.
func TestPicturesLookAsTheyDid(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the pictures were drawn on amd64; where processors fuse multiplications with additions places differ by a pixel")
	}
	for name, g := range map[string]Graph{
		"before-scaling":   builtin(t, "before-scaling", ""),
		"caching":          builtin(t, "caching", ""),
		"complete-picture": loaded(builtin(t, "complete-picture", "million")),
		"worldwide":        load(t, "testdata/worldwide.yaml"),
	} {
		golden(t, name+".svg", draw(t, g, Style{}))
		golden(t, name+".mmd", written(t, func(b *bytes.Buffer) error { return g.Mermaid(b) }))
		golden(t, name+".dot", written(t, func(b *bytes.Buffer) error { return g.DOT(b) }))
	}
	golden(t, "caching-dark.svg", draw(t, loaded(builtin(t, "caching", "")), Style{Theme: "dark"}))
	golden(t, "caching-bare.svg", draw(t, loaded(builtin(t, "caching", "")), Style{Theme: "light", Bare: true}))
}

// TestNothingOverlaps: in pictures of every built-in scenario and of larger ones, no node, text, edge or group is where another is.
func TestNothingOverlaps(t *testing.T) {
	all := map[string]Graph{"worldwide": load(t, "testdata/worldwide.yaml"), "forty": load(t, "testdata/forty.yaml"), "loops": load(t, "testdata/loops.yaml")}
	for _, name := range scenarios.Names() {
		all[name] = builtin(t, name, "")
	}
	if n := len(all["forty"].Nodes); n < 40 {
		t.Fatalf("the large scenario has %d nodes", n)
	}
	for name, g := range all {
		for _, g := range []Graph{g, loaded(g)} {
			for _, wrong := range wrongIn(g, readBack(t, draw(t, g, Style{}))) {
				t.Errorf("%s: %s", name, wrong)
			}
		}
	}
}

// TestNothingOverlapsInAnyGraph: the same for graphs of any shape, with cycles, loops, unreached nodes, long names and any groups.
func TestNothingOverlapsInAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyGraph().Draw(t, "graph")
		if rapid.Bool().Draw(t, "loaded") {
			g = loaded(g)
		}
		var out bytes.Buffer
		if err := g.SVG(&out, Style{Bare: rapid.Bool().Draw(t, "bare")}); err != nil {
			t.Fatal(err)
		}
		if wrong := wrongIn(g, readBack(t, out.Bytes())); len(wrong) > 0 {
			t.Fatalf("%s\n%s", strings.Join(wrong, "\n"), out.Bytes())
		}
		parseDOT(t, g)
	})
}

func anyGraph() *rapid.Generator[Graph] {
	return rapid.Custom(func(t *rapid.T) Graph {
		g := Graph{Title: rapid.SampledFrom([]string{"", "Shop", "Now \"with\" \\ and\nlines", "<&>", "\x00"}).Draw(t, "title")}
		kinds := append(models.Kinds(), "source")
		n := rapid.IntRange(1, 24).Draw(t, "nodes")
		for i := range n {
			kind := rapid.SampledFrom(kinds).Draw(t, "kind")
			name := fmt.Sprintf("%s%d", rapid.SampledFrom([]string{"a", "db", "service-with-a-long-name-", "Kasse ", "<&\"'>", "日本語の名前", strings.Repeat("x", 40)}).Draw(t, "name"), i)
			g.Nodes = append(g.Nodes, Node{Name: name, Kind: kind, Source: kind == "source", Count: rapid.SampledFrom([]int{1, 2, 3, 4000}).Draw(t, "count"),
				Details: rapid.SliceOfN(rapid.SampledFrom([]string{"10k/s", "database, 16 cores", "us 1, eu 4"}), 0, 3).Draw(t, "details")})
		}
		edges := map[[2]int]bool{}
		for range rapid.IntRange(0, 2*n).Draw(t, "edges") {
			from, to := rapid.IntRange(0, n-1).Draw(t, "from"), rapid.IntRange(0, n-1).Draw(t, "to")
			if edges[[2]int{from, to}] || g.Nodes[to].Source {
				continue
			}
			edges[[2]int{from, to}] = true
			e := Edge{From: g.Nodes[from].Name, To: g.Nodes[to].Name, Rate: math.NaN(), All: rapid.Bool().Draw(t, "all")}
			e.Ops = rapid.SampledFrom([][]string{nil, {"call"}, {"read", "write"}, {"publish"}}).Draw(t, "ops")
			e.Classes = rapid.SampledFrom([][]string{nil, {"page"}, {"page", "a class with a long name", "order", "account", "save", "another", "last"}}).Draw(t, "classes")
			g.Edges = append(g.Edges, e)
		}
		groups := make([]Group, rapid.IntRange(0, 4).Draw(t, "groups"))
		for i, node := range g.Nodes {
			if k := rapid.IntRange(0, len(groups)).Draw(t, "group"); k > 0 && !node.Source {
				groups[k-1].Nodes = append(groups[k-1].Nodes, g.Nodes[i].Name)
			}
		}
		for k, group := range groups {
			if group.Name = []string{"Data", "region us", "region of a long name", "x"}[k]; len(group.Nodes) > 0 {
				g.Groups = append(g.Groups, group)
			}
		}
		return g
	})
}

// parseDOT reads what was written as DOT with another's parser and compares nodes and edges.
func parseDOT(t rapid.TB, g Graph) {
	t.Helper()
	var out bytes.Buffer
	if err := g.DOT(&out); err != nil {
		t.Fatal(err)
	}
	file, err := dot.ParseBytes(out.Bytes())
	if err != nil {
		t.Fatalf("not DOT: %v\n%s", err, out.Bytes())
	}
	nodes, edges := 0, 0
	var count func(all []ast.Stmt)
	count = func(all []ast.Stmt) {
		for _, s := range all {
			switch s := s.(type) {
			case *ast.NodeStmt:
				nodes++
			case *ast.EdgeStmt:
				edges++
			case *ast.Subgraph:
				count(s.Stmts)
			}
		}
	}
	count(file.Graphs[0].Stmts)
	if nodes != len(g.Nodes) || edges != len(g.Edges) {
		t.Errorf("%d nodes and %d edges of %d and %d are in\n%s", nodes, edges, len(g.Nodes), len(g.Edges), out.Bytes())
	}
}

// TestMermaidNamesNodesApart: also where their names are words of the language, or differ only in what it does not allow.
func TestMermaidNamesNodesApart(t *testing.T) {
	g := Graph{}
	for _, name := range []string{"end", "Graph", "a-b", "a_b", "a b", "1st", "日本", "style", "group1", `say "hi"`} {
		g.Nodes = append(g.Nodes, Node{Name: name, Kind: "server", Count: 1})
	}
	var ids []string
	for _, n := range g.Nodes {
		ids = append(ids, g.ids()[n.Name])
	}
	if want := []string{"n_end", "n_Graph", "a_b", "a_b_", "a_b__", "n1st", "n__", "n_style", "n_group1", "say__hi_"}; !slices.Equal(ids, want) {
		t.Errorf("%q, want %q", ids, want)
	}
	if text := written(t, func(b *bytes.Buffer) error { return g.Mermaid(b) }); !bytes.Contains(text, []byte(`say__hi_["say #34;hi#34;"]`)) {
		t.Errorf("quotes are not escaped:\n%s", text)
	}
}

// TestColours: black can be read on every colour of the scale (a contrast of 4.5, WCAG 2.1, 1.4.3), which gets darker all the way, and texts on
// the other colours of both themes.
func TestColours(t *testing.T) {
	before := 1.0
	for u := 0.0; u <= 1; u += 1. / 256 {
		l := luminance(t, Colour(u))
		if c := contrast(l, luminance(t, onLoad)); c < 4.5 {
			t.Errorf("%g: a contrast of %g", u, c)
		}
		if l > before+0.01 { // colours have 8 bits a part
			t.Errorf("%g: a luminance of %g after %g", u, l, before)
		}
		before = l
	}
	for _, u := range []struct {
		of float64
		as string
	}{{-1, Colour(0)}, {math.NaN(), Colour(0)}, {1.7, Colour(1)}} {
		if got := Colour(u.of); got != u.as {
			t.Errorf("Colour(%g) is %s, want %s", u.of, got, u.as)
		}
	}
	for _, c := range []colours{light, dark} {
		for _, pair := range [][2]string{{c.ink, c.ground}, {c.quiet, c.ground}, {c.quiet, c.group}, {c.quiet, c.node}, {c.ink, c.node}, {c.onSource, c.source}} {
			if k := contrast(luminance(t, pair[0]), luminance(t, pair[1])); k < 4.5 {
				t.Errorf("%s on %s: a contrast of %g", pair[0], pair[1], k)
			}
		}
	}
}

// luminance is the relative one of WCAG 2.1.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 {
		t.Fatalf("%q is no colour", colour)
	}
	sum := 0.0
	for k, weight := range []float64{.2126, .7152, .0722} {
		c := float64(v>>(16-8*k)&0xff) / 255
		if c <= .03928 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(a, b float64) float64 { return (max(a, b) + .05) / (min(a, b) + .05) }

// TestStyleSheetHoldsForThePictureOnly: it may stand in a page whose own things have the same classes.
func TestStyleSheetHoldsForThePictureOnly(t *testing.T) {
	for _, theme := range []string{"", "light", "dark"} {
		for line := range strings.Lines(Style{Theme: theme}.sheet()) {
			selectors, _, rule := strings.Cut(line, "{")
			if !rule || strings.HasPrefix(line, "@media") {
				continue
			}
			for selector := range strings.SplitSeq(selectors, ",") {
				if !strings.HasPrefix(selector, ".headroom-graph") {
					t.Errorf("theme %q: the rule of %q holds everywhere", theme, selector)
				}
			}
		}
	}
}
