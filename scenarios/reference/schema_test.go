package reference_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"headroom/internal/strict"
	"headroom/scenarios"
	"headroom/scenarios/reference"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(reference.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid tells what an editor would say of a file; a text that is no YAML is refused.
func valid(s *jsonschema.Schema, text []byte) error {
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		return err
	}
	return s.Validate(asJSON(v))
}

// asJSON turns what the YAML reader makes of numbers and dates into what JSON has.
func asJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = asJSON(e)
		}
		return v
	case []any:
		for i, e := range v {
			v[i] = asJSON(e)
		}
		return v
	case int:
		return float64(v)
	case nil, bool, string, float64:
		return v
	}
	return "a date" // which the reader takes by its text
}

// TestSchemaAcceptsWhatTheReaderReads: every good file, every file that is only warned of, every built-in scenario.
func TestSchemaAcceptsWhatTheReaderReads(t *testing.T) {
	s := schema(t)
	for _, b := range scenarios.Builtins() {
		if err := valid(s, b.Text); err != nil {
			t.Errorf("%s: %v", b.Name, err)
		}
	}
	for _, folder := range []string{"good", "warned"} {
		for _, file := range files(t, folder) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := valid(s, text); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("..", "testdata", folder, "*.yaml"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	return all
}

// beyond are the bad files that only the reader refuses: what is wrong is not the form of one value or of one map, but a name that nothing
// has, a number that is too large, values that do not fit each other, or what comes from the command line.
var beyond = strings.Fields(`
	balanced-shards balancer-ring cache-without-data call-cycle-beside-a-loop call-cycle-by-class call-cycle-through-station call-cycle calls-itself
	class-not-handled
	dangling-calls dangling-enters dangling-next dangling-slo dangling-steps
	machine-not-listed names never-leaves sizing-replay sizing-where partition-without-regions precision rebalance-balanced rebalance-too-far second-document set shed-gradient takes-no-time
	too-large too-many-calls too-many-instances too-many-steps too-many-to-choose-from queue-cycle queue-users regions replicas-without-regions geo-without-regions variant-none variant-unknown variant version`)

// TestSchemaRefusesWhatTheReaderRefuses: every bad file but those beyond a schema, and of these none that it could refuse.
func TestSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	s := schema(t)
	for _, file := range files(t, "bad") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		accepted := valid(s, text) == nil
		if accepted != slices.Contains(beyond, name) {
			t.Errorf("%s: the schema accepts it: %v", name, accepted)
		}
	}
}

// TestSchemaSpeaksOfWhatTheReaderSpeaksOf: in a bad file the schema finds nothing wrong where the reader finds nothing wrong, so that an
// editor marks no good value because there is a bad one elsewhere.
func TestSchemaSpeaksOfWhatTheReaderSpeaksOf(t *testing.T) {
	s := schema(t)
	checked := 0
	for _, file := range files(t, "bad") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var told strict.Problems
		if _, err := scenarios.Load(file, text, "", nil); !errors.As(err, &told) {
			continue // wrong is what the command line says of it
		}
		var refused *jsonschema.ValidationError
		if !errors.As(valid(s, text), &refused) {
			continue
		}
		for _, at := range places(refused) {
			checked++
			related := func(p strict.Problem) bool { return within(p.Path, at) || within(at, p.Path) }
			if !slices.ContainsFunc(told, related) {
				t.Errorf("%s: the schema refuses %s, of which the reader says nothing", file, at)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d places were refused", checked)
	}
}

// places are the paths of the values that a schema refuses, in the way of strict.
func places(e *jsonschema.ValidationError) []string {
	if len(e.Causes) == 0 {
		return []string{strings.Join(e.InstanceLocation, ".")}
	}
	var all []string
	for _, cause := range e.Causes {
		all = append(all, places(cause)...)
	}
	return all
}

// within tells whether a path is that of a value or of a part of it.
func within(path, of string) bool {
	return of == "" || path == of || strings.HasPrefix(path, of+".")
}

// TestSchemaJudgesValuesAsTheReaderDoes: a key with each of these values is accepted by both or by none.
func TestSchemaJudgesValuesAsTheReaderDoes(t *testing.T) {
	s := schema(t)
	for file, values := range map[string][]string{
		"run: {duration: %s}":           {"4ms", "1m30s", "1.5h", "0.5us", "+4ms", ".5s", "5", "5.5", "-4ms", "4 ms", "4msec", "1h30", "soon", "[4ms]", "{a: 4ms}", "true", "1e3s"},
		"run: {warmup: %s}":             {"auto", "0", "0s", "10s", "10", "automatic", "Auto"},
		"run: {seed: %s}":               {"0", "7", "1_000", "-1", "1.5", "x", "true"},
		"run: {requests: %s}":           {"42", "100k", "10M", "1_000", "1e3", "-1", "10x", "many", "10 k", "k"},
		"name: %s":                      {"a", "4", "true", "2024-01-01", "4.5", "[a]", "{a: b}", "''"},
		"requests: {r: {write: %s}}":    {"true", "false", "'true'", "yes", "1"},
		"requests: {r: {priority: %s}}": {"0", "-1", "+2", "1.5", "high"},
		"requests: {r: {request: %s}}":  {"0", "500B", "10KB", "10kB", "1.5MB", "8GiB", "500", "10K", "10kb", "-1B"},
		"requests: {r: {response: %s}}": {"0", "10KB", "{size: 10KB}", "{}", "10", "{size: 10}", "{sise: 1KB}", "[1KB]"},
		"slo: ['%s']": {"p99 < 250ms", "p99.9<1s", "p(95) < 10ms", "mean < 5ms", "errors < 0.1%", "goodput > 9k/s", "a.cpu < 70%", "request.p99 < 1s", "request.done.p99 < 1s", "request.done.errors < 1%", "a.age_p99 < 1%", "u.errors < 1%",
			"p99 < 250", "p98 < 1s", "p99 <= 1s", "p99 = 1s", "p99", "errors < 0.1", "errors < 1s", "goodput > 9k", "goodput > 9 rps/s", "cpu < 70%", "latency < 1s", "mean < 5%"},
		"data: {d: {keys: 5, popularity: %s}}": {"uniform", "scan", "zipf(1.0)", "zipf(s=1)", "zipf( 0 )", "hot(1% 90%)", "hot(0.01 0.9)", "zipf", "zipf()", "zipf(a)", "zipf(1 2)", "hot(1%)", "zipff(1)", "uniform()"},
	} {
		judge(t, s, file+"\ntraffic: {u: {enters: a, rate: 5}}\nnodes: {a: {kind: server, work: 1ms}}\n", values)
	}
	judge(t, s, "traffic: {u: {enters: a, rate: %s}}\nnodes: {a: {kind: server, work: 1ms}}\n",
		[]string{"100/s", "10k/s", "600/m", "5 / h", "50", "1.5", "1e3/s", "-5/s", "50rps", "50/day", "fast", "k/s", "[5]"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5, arrivals: %s}}\nnodes: {a: {kind: server, work: 1ms}}\n",
		[]string{"poisson", "constant", "erlang(k=4)", "hyperexp(cv=3)", "erlang", "erlang(4)", "poisson()", "hyperexp(k=3)", "bursty"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {a: {kind: server, work: '%s'}}\n",
		[]string{"4ms", "exp(4ms)", "exp(mean=4ms)", "exp( mean = 4ms )", " exp (4ms) ", "uniform(1ms 5ms)", "uniform(1ms, 5ms)", "uniform(max=5ms min=1ms)", "uniform(1ms max=5ms)",
			"lognormal(cv=1 mean=4ms)", "erlang(k=4 mean=4ms)", "quantiles(p0=1ms p50=2ms p99.9=4ms p100=5ms)", "mix(95% 4ms | 5% exp(200ms))", "mix(50% mix(50% 1ms | 50% 2ms) | 50% 3ms)",
			"4", "exp(4)", "exp", "exp()", "exp(4ms 5ms)", "exp(average=4ms)", "exp(4ms", "exp(4ms))", "uniform(5ms)", "normal(4ms 1ms)", "lognormal(mean=4ms p99=5ms)", "expo(4ms)", "mix(4ms | 5ms)", "mix()", "quantiles()", "samples()"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {a: {kind: database, read: %s}}\n",
		[]string{"4ms", "{cpu: 1ms, delay: 2ms}", "{cpu: 1ms}", "{request: 4ms}", "{request: {cpu: 1ms}}", "{cpu: 1ms, dely: 2ms}", "{cpu: 1}", "{request: 1}", "[1ms]", "4"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {a: {kind: station, service: 1ms, next: %s}}\n",
		[]string{"{a: 50%}", "{a: 0.5}", "{request: {a: 50%}}", "{}", "{a: half}", "{request: {a: half}}", "a", "[a]"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {b: {kind: external}, q: {kind: queue, to: w}, w: {kind: worker}, a: {kind: server, handles: {default: [%s]}}}\n",
		[]string{"cpu: 1ms", "call: b", "{call: b, times: 3}", "cpu: 1ms, respond", "{parallel: [[call: b], [cpu: 1ms]]}", "{chance: 10%, do: [call: b]}", "{lock: {name: l, do: [cpu: 1ms]}}",
			"{scatter: {to: b, count: 2}}", "respnd", "{cp: 1ms}", "{cpu: 1ms, call: b}", "{times: 3}", "{lock: {do: [cpu: 1ms]}}", "{lock: {name: l, do: []}}", "{scatter: {to: b}}", "publish: q", "{publish: q, cpu: 1ms}", "[cpu: 1ms]"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {b: {kind: external}, a: {kind: rate-limiter, to: b, limit: %s}}\n",
		[]string{"100/s", "5", "600/m", "100/day", "many", "[5]"})
	judge(t, s, "traffic: {u: {enters: a, rate: 5}}\nnodes: {b: {kind: external}, a: %s}\n",
		[]string{"{kind: station}", "{kind: server, work: 1ms, price: $0.17/h}", "{kind: server, work: 1ms, price: 0.17}", "{kind: server, work: 1ms, price: $5/day}", "{kind: server, work: 1ms, speed: 1.5}",
			"{kind: server, work: 1ms, speed: quick}", "{kind: server, work: 1ms, cores: unlimited}", "{kind: server, work: 1ms, discipline: ps}", "{kind: server, work: 1ms, discipline: fiffo}",
			"{kind: server, work: 1ms, memory: 4GB}", "{kind: servr}", "{work: 1ms}", "{}", "server", "{kind: external, failures: 1%, limit: 5/s}", "{kind: external, failures: some}",
			"{kind: server, work: 1ms, handles: {default: [cpu: 1ms]}}", "{kind: load-balancer, to: b}", "{kind: load-balancer}"})
}

// judge puts each value in the place of %s.
func judge(t *testing.T, s *jsonschema.Schema, file string, values []string) {
	t.Helper()
	verdicts := map[bool]int{}
	for _, value := range values {
		text := []byte(strings.Replace(file, "%s", value, 1))
		_, reader := scenarios.Load("a.yaml", text, "", nil)
		if err := valid(s, text); (err == nil) != (reader == nil) {
			t.Errorf("%s\nthe schema: %v\nthe reader: %v", text, err, reader)
		}
		verdicts[reader == nil]++
	}
	if verdicts[true] == 0 || verdicts[false] == 0 {
		t.Errorf("%s: %d are good and %d bad", file, verdicts[true], verdicts[false])
	}
}
