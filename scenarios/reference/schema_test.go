package reference_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

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

// beyond are the bad files that only the reader refuses: what is wrong is not the form of one value, but a name that nothing has, a
// number that is too large, values that do not fit each other.
var beyond = strings.Fields(`
	cache-without-data call-cycle-beside-a-loop call-cycle-by-class call-cycle-through-station call-cycle calls-itself class-not-handled
	dangling-calls dangling-class dangling-enters dangling-next dangling-slo dangling-steps
	distribution-erlang distribution-gamma distribution-hyperexp distribution-lognormal distribution-mix distribution-normal distribution-pareto
	distribution-quantiles distribution-samples distribution-uniform distribution-weibull
	duration-and-requests names never-leaves no-nodes second-document set short-and-long-form source-without-rate takes-no-time
	too-large too-many-calls too-many-instances too-many-steps too-many-to-choose-from variant-none variant-unknown variant version`)

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
