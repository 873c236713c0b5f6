package strict

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const shop = `# the shop
name: Shop   # a name
nodes:
  api: {kind: server, cores: 4, calls: [db, "404"]}
  db:
    kind: database
labels: {p99.9: 10ms, api.cpu: 63%, p99: 1s}
`

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	d, s := read(shop)
	if d.Failed() {
		t.Fatal(d.Problems())
	}
	api, _ := s.Nodes.Get("api")
	db, ok := s.Nodes.Get("db")
	if api.Cores != 4 || db.Cores != 2 || api.Algorithm != "round-robin" || api.Speed != 1 || !ok {
		t.Errorf("api %+v, db %+v", api, db)
	}
	// SetDefaults of the outer struct comes after the tags and before the keys.
	if api.total != 20 || db.total != 20 {
		t.Errorf("totals %d and %d, want 20", api.total, db.total)
	}
	if s.Run.Seed != 1 || s.Run.Replications != 4 || s.Run.Warmup != interval(10*time.Second) || !s.Warm || s.Ratio != 0.5 || s.Pause != nil {
		t.Errorf("run %+v of %+v", s.Run, s)
	}
	if got := s.Nodes.Keys(); !slices.Equal(got, []string{"api", "db"}) || s.Nodes[1].At != "nodes.db" {
		t.Errorf("nodes %v at %q", got, s.Nodes[1].At)
	}
	if !slices.Equal(api.Calls, []string{"db", "404"}) {
		t.Errorf("calls %v", api.Calls)
	}
	var alone node
	Decode(nil, &alone)
	if alone.Cores != 2 || alone.Speed != 1 || alone.total != 20 {
		t.Errorf("a node of defaults is %+v", alone)
	}
	if _, ok := s.Nodes.Get("none"); ok {
		t.Error("found a node that is not there")
	}
}

func TestTextIsKept(t *testing.T) {
	d := Parse("a.yaml", []byte("a: 404\nb: 010\nc: 10_000\nd: 2024-01-01\ne: yes\nf: \"q\"\ng: ~\nh: 1e3\ni: |\n  x\n"))
	for key, want := range map[string]string{"a": "404", "b": "010", "c": "10_000", "d": "2024-01-01", "e": "yes", "f": "q", "g": "", "h": "1e3", "i": "x\n"} {
		if got := d.At(key).Text(); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if d.At("g").Kind() != Null || d.At("a").Kind() != Scalar || d.Root().Kind() != Map || d.At("zzz").Kind() != Null {
		t.Error("wrong kinds")
	}
}

func TestReportsByPath(t *testing.T) {
	d := Parse("shop.yaml", []byte(shop))
	d.Errorf("nodes.api.cores", "too many: %d", 4)
	d.Errorf("nodes.db.memory.size", "no memory")
	d.Warnf("nodes.db", "no traffic reaches it")
	d.Errorf("nodes.api.calls.1", "no such thing")
	d.Errorf("labels.p99.9", "that is short")
	d.Errorf("zzz", "is missing")
	d.Errorf("nodes.api.cores", "too many: %d", 4)
	wantText(t, d.Problems().Error(), `
shop.yaml:2:1: is missing
   2 | name: Shop   # a name
     | ^^^^^^^^^^

shop.yaml:4:30: too many: 4
   4 |   api: {kind: server, cores: 4, calls: [db, "404"]}
     |                              ^

shop.yaml:4:45: no such thing
   4 |   api: {kind: server, cores: 4, calls: [db, "404"]}
     |                                             ^^^^^

shop.yaml:5:3: no memory
   5 |   db:
     |   ^^

shop.yaml:5:3: warning: no traffic reaches it
   5 |   db:
     |   ^^

shop.yaml:7:17: that is short
   7 | labels: {p99.9: 10ms, api.cpu: 63%, p99: 1s}
     |                 ^^^^
`)
	if got := d.Problems(); len(got.Errors()) != 5 || len(got.Warnings()) != 1 || got.Warnings()[0].Path != "nodes.db" {
		t.Errorf("%d errors, %d warnings", len(got.Errors()), len(got.Warnings()))
	}
}

func TestUnknownWords(t *testing.T) {
	d := Parse("shop.yaml", []byte(shop))
	nodes := []string{"api", "db"}
	d.Unknown("nodes.api.calls.0", "db", "table", []string{"users"})
	d.Unknown("nodes.api.kind", "server", "thing", nil)
	d.Unknown("labels.api.cpu", "api.cpu", "quantity", []string{"api.cores", "api.cpus"})
	d.Unknown("labels", "p99", "quantile", []string{"p50", "p95"})
	d.Unknown("nodes.zzz", "zzz", "node", nodes)
	d.At("name").Unknown("hop", "word", nodes) // no word of its own in `Shop`
	wantText(t, d.Problems().Error(), "shop.yaml:2:7: unknown word `hop`; expected one of: api, db\n"+
		"   2 | name: Shop   # a name\n     |       ^^^^\n\n"+
		"shop.yaml:3:1: unknown node `zzz`; expected one of: api, db\n   3 | nodes:\n     | ^^^^^\n\n"+
		"shop.yaml:4:15: unknown thing `server`; there is none\n"+
		"   4 |   api: {kind: server, cores: 4, calls: [db, \"404\"]}\n     |               ^^^^^^\n\n"+
		"shop.yaml:4:41: unknown table `db`; expected users\n"+
		"   4 |   api: {kind: server, cores: 4, calls: [db, \"404\"]}\n     |                                         ^^\n\n"+
		"shop.yaml:7:23: unknown quantity `api.cpu`; expected one of: api.cores, api.cpus\n"+
		"   7 | labels: {p99.9: 10ms, api.cpu: 63%, p99: 1s}\n     |                       ^^^^^^^\n  did you mean `api.cpus`?\n\n"+
		"shop.yaml:7:37: unknown quantile `p99`; expected one of: p50, p95\n"+
		"   7 | labels: {p99.9: 10ms, api.cpu: 63%, p99: 1s}\n     |                                     ^^^\n  did you mean `p95`?")
}

func TestUnknownMarksTheWordInAText(t *testing.T) {
	d := Parse("", []byte("é: pod apis api\n"))
	d.At("é").Unknown("api", "node", []string{"apj"})
	wantText(t, d.Problems().Error(), "line:1:13: unknown node `api`; expected apj\n   1 | é: pod apis api\n     |             ^^^\n  did you mean `apj`?")
}

func TestGivenAndDir(t *testing.T) {
	d := Parse("scenarios/shop.yaml", []byte(shop))
	for path, want := range map[string]bool{
		"": true, "nodes": true, "nodes.api.cores": true, "nodes.api.calls.1": true, "nodes.api.calls.2": false, "labels.api.cpu": true,
		"labels.p99.9": true, "nodes.api.coresx": false, "nodes.api.cores.x": false, "nodes.": false, "nodes.api.calls.01": false,
	} {
		if d.Given(path) != want {
			t.Errorf("Given(%q) is %v", path, !want)
		}
	}
	if got := d.At("nodes").Dir(); got != "scenarios" {
		t.Errorf("Dir is %q", got)
	}
	if got := Parse("-", []byte("a: 1")).Root().Dir(); got != "" {
		t.Errorf("Dir of standard input is %q", got)
	}
}

func TestYAMLAfterSet(t *testing.T) {
	d := Parse("shop.yaml", []byte(shop))
	if string(d.YAML()) != shop {
		t.Error("the text of an untouched document changed")
	}
	d.Set("nodes.api.cores", "8", "--set")
	d.Set("nodes.db.work", "normal(mean=4ms, sd=1ms)", "--set")
	d.Set("run.seed", "7", "--set")
	wantText(t, string(d.YAML()), `
# the shop
name: Shop # a name
nodes:
  api: {kind: server, cores: 8, calls: [db, "404"]}
  db:
    kind: database
    work: normal(mean=4ms, sd=1ms)
labels: {p99.9: 10ms, api.cpu: 63%, p99: 1s}
run:
  seed: 7`)
	back := Parse("shop.yaml", d.YAML())
	if back.Failed() || !same(back.Root(), d.Root()) {
		t.Errorf("it reads back as something else: %v", back.Problems())
	}
}

func TestRemove(t *testing.T) {
	d, _ := read(shop)
	for _, path := range []string{"nodes.api.cores", "labels.api.cpu", "nodes.none.cores", "name.x", "nodes.api.calls.0"} {
		d.Remove(path)
	}
	wantText(t, string(d.YAML()), `# the shop
name: Shop # a name
nodes:
  api: {kind: server, calls: [db, "404"]}
  db:
    kind: database
labels: {p99.9: 10ms, p99: 1s}`)
	d.Set("nodes.api.cores", "7", "--set nodes.api.cores=7")
	if got := d.At("nodes.api.cores").Text(); got != "7" {
		t.Errorf("set after removal: %q, want 7", got)
	}
}

func TestSetValueCopies(t *testing.T) {
	d := Parse("shop.yaml", []byte(shop+"wider: {nodes.db.calls: [{a: x}]}\n"))
	for _, entry := range d.At("wider").Entries() {
		d.SetValue(entry.Key, entry.Value, "variant wider")
	}
	d.Set("nodes.db.calls.0.a", "y", "--set nodes.db.calls.0.a=y")
	if got := d.At("wider").Get("nodes.db.calls").Items()[0].Get("a").Text(); got != "x" {
		t.Errorf("the variant became %q", got)
	}
	moved := d.At("nodes.db.calls.0.a")
	if moved.Text() != "y" || moved.Path() != "nodes.db.calls.0.a" {
		t.Errorf("set %q at %q", moved.Text(), moved.Path())
	}
}

func TestSetOnBrokenFile(t *testing.T) {
	d := Parse("shop.yaml", []byte("a: [1"))
	d.Set("a", "2", "--set a=2")
	d.SetValue("a", nil, "variant")
	d.Errorf("a.b", "beyond")
	if d.Root() != nil || !d.Failed() || len(d.Problems()) != 2 || string(d.YAML()) != "a: [1" {
		t.Errorf("%v", d.Problems())
	}
}

func TestLimits(t *testing.T) {
	d := Parse("big.yaml", make([]byte, largestFile+1))
	wantText(t, d.Problems().Error(), "big.yaml: the file has 1000001 bytes; at most 1000000 are read")
	many := Parse("many.yaml", []byte("a: ["+strings.Repeat("x, ", 5000)+"]"))
	var into struct {
		A []int `key:"a"`
	}
	Decode(many.Root(), &into)
	if got := len(many.Problems()); got != mostProblems+1 {
		t.Errorf("%d problems are kept", got)
	}
	if deep := Parse("deep.yaml", []byte(strings.Repeat("[", 20000))); !deep.Failed() || deep.Root() != nil {
		t.Error("20000 brackets were read")
	}
}

// A thousand problems in one line of a hundred kilobytes take no time that is felt: were it quadratic, the
// test would run into its deadline.
func TestLongLines(t *testing.T) {
	for name, text := range map[string]string{
		"values":      "limits: [" + strings.Repeat("x, ", 30_000) + "]",
		"parentheses": "edges: [" + strings.Repeat("f(, ", 30_000) + "]",
		"one word":    "name: [" + strings.Repeat("x", 200_000),
	} {
		d, _ := read(text)
		if out := d.Problems().Error(); !d.Failed() || len(out) > 100_000 {
			t.Errorf("%s: %d bytes of problems", name, len(out))
		}
	}
}

func TestFields(t *testing.T) {
	fields := Fields(&node{})
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.Key)
	}
	if got := strings.Join(keys, " "); got != "cores speed autoscale kind algorithm work calls" {
		t.Errorf("keys %q", got)
	}
	cores, later, kind := fields[0], fields[2], fields[3]
	if cores.Default != "2" || cores.Doc != "cores per instance" || cores.Type != reflect.TypeFor[int]() || cores.Required {
		t.Errorf("cores %+v", cores)
	}
	if !later.Later || later.Doc == "" || !kind.Required || len(kind.Enum) != 3 {
		t.Errorf("autoscale %+v, kind %+v", later, kind)
	}
	if len(Fields(reflect.TypeFor[*node]())) != len(fields) {
		t.Error("a type has other fields than a pointer")
	}
}

type outer struct {
	machine
	Cores int `key:"cores" default:"8"`
}

func TestOuterFieldHidesEmbedded(t *testing.T) {
	var o outer
	d := Parse("o.yaml", []byte("cores: 3"))
	Decode(d.Root(), &o)
	if o.Cores != 3 || o.machine.Cores != 0 || len(Fields(o)) != 3 || d.Failed() {
		t.Errorf("%+v %v", o, d.Problems())
	}
}

// keeper keeps its value, to report on it later.
type keeper struct{ v *Value }

func (k *keeper) DecodeStrict(v *Value) { k.v = v }

func TestLaterReportsOnDefaults(t *testing.T) {
	d := Parse("k.yaml", []byte("list:\n  - x: {}\n"))
	var into struct {
		List []struct {
			X struct {
				K keeper `key:"k" default:"[1, 2]"`
			} `key:"x"`
		} `key:"list"`
	}
	Decode(d.Root(), &into)
	into.List[0].X.K.v.Items()[1].Errorf("2 is bad")
	wantText(t, d.Problems().Error(), "k.yaml:2:5: 2 is bad\n   2 |   - x: {}\n     |     ^")
	if path := d.Problems()[0].Path; path != "list.0.x.k.1" {
		t.Errorf("path %q", path)
	}
}

func TestProgrammingErrorsPanic(t *testing.T) {
	v := Parse("a.yaml", []byte("a: 1")).Root()
	for name, into := range map[string]any{
		"no pointer":  node{},
		"nil pointer": (*node)(nil),
		"bad default": &struct {
			A int `key:"a" default:"x"`
		}{},
		"default not YAML": &struct {
			A int `key:"a" default:"[1"`
		}{},
		"unknown type": &struct {
			A chan int `key:"a"`
		}{},
		"interface": &struct {
			A any `key:"a"`
		}{},
		"unexported": &struct {
			a int `key:"a"`
		}{},
		"twice": &struct {
			A, B int `key:"a"`
		}{},
		"blank, but not later": &struct {
			_ int `key:"a"`
		}{},
		"keys not strings": &struct {
			A map[int]int `key:"a"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			Decode(v, into)
		}()
	}
}

func TestNearest(t *testing.T) {
	valid := []string{"least-connections", "round-robin", "algorithm", "cores", "connections", "us", "eu", "db", "api", "p99", "read_user", "API2"}
	for word, want := range map[string]string{
		"least-conections": "least-connections", "Round-Robin": "round-robin", "algorithem": "algorithm", "coers": "cores", "core": "cores",
		"conn": "connections", "ue": "eu", "bd": "db", "apj": "api", "apii": "api", "p95": "p99", "zebra": "", "": "", "x": "", "uk": "",
		"algo": "algorithm", "readuser": "read_user", "api2": "API2", "DB": "db", strings.Repeat("x", 100): "",
	} {
		if got := Nearest(word, valid); got != want {
			t.Errorf("Nearest(%q) is %q, want %q", word, got, want)
		}
	}
	if Nearest("x", []string{"", "X"}) != "X" || Nearest("x", nil) != "" {
		t.Error("one letter, or no words")
	}
}

func TestProblemWithoutFile(t *testing.T) {
	for want, p := range map[string]Problem{
		"wrong":                           {Message: "wrong"},
		"warning: wrong":                  {Message: "wrong", Warning: true},
		"--set a=1: w\n  x y":             {File: "--set a=1", Message: "w", Excerpt: "x\ny"},
		"f:3:1: w\n   3 |\n     | ^":      {File: "f", Line: 3, Message: "w"},
		"f:3:9: w\n   3 | ab\n     |   ^": {File: "f", Line: 3, Column: 9, Width: 4, Message: "w", Excerpt: "ab"},
		"variant wider: a·b (at x.y)":     {File: "variant wider", Excerpt: "variant wider", Message: "a\x1bb", Path: "x.y"},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestOneErrorForOneValue: what checks say of a value that could not be read is not said, and Wrong tells where there is an error.
func TestOneErrorForOneValue(t *testing.T) {
	d := Parse("shop.yaml", []byte("nodes:\n  api: {kind: server, cores: two}\n  db: {kind: server}\n"))
	var s scenario
	Decode(d.Root(), &s)
	d.Errorf("nodes.api.cores", "must be at least 1")
	d.Warnf("nodes.db.kind", "has no effect")
	d.Warnf("nodes.db.kind", "has no effect, for another reason")
	if got := len(d.Problems()); got != 2 {
		t.Errorf("%d problems, want an error and a warning:\n%v", got, d.Problems())
	}
	for path, want := range map[string]bool{"nodes": true, "nodes.api": true, "nodes.api.cores": true, "nodes.ap": false, "nodes.db": false, "": false} {
		if d.Wrong(path) != want {
			t.Errorf("Wrong(%q) is %v", path, !want)
		}
	}
	d.Refuse("--variant wide", "there is no such thing")
	wantText(t, d.Problems()[2].String(), "--variant wide: there is no such thing")
}
