package interview

import (
	"strings"
	"testing"

	"headroom/scenarios"
)

// answered is an interview with answers by the keys of the questions; the others have their defaults.
func answered(t *testing.T, answers map[string]string) (i *Interview, asked []string) {
	t.Helper()
	i = &Interview{}
	for {
		q, more := i.Next()
		if !more {
			return i, asked
		}
		asked = append(asked, q.Key)
		if err := i.Answer(answers[q.Key]); err != nil {
			t.Fatalf("%s %v", q.Text, err)
		}
	}
}

// TestOnlyWhatAppliesIsAsked: no more of a database, a cache or a disk that is not there.
func TestOnlyWhatAppliesIsAsked(t *testing.T) {
	for _, k := range []struct {
		answers     map[string]string
		with, never string
	}{
		{nil, "name rate servers cores cpu database db_cores db_cpu writes cache memory response network p99 target", ""},
		{map[string]string{"database": "no"}, "database response", "db_ memory disk writes cache hit"},
		{map[string]string{"cache": "y"}, "cache hit_ratio memory", "disk"},
		{map[string]string{"writes": "100%", "memory": "100%"}, "writes memory response", "cache hit disk"},
		{map[string]string{"memory": "95%"}, "memory disk response", "hit"},
	} {
		_, asked := answered(t, k.answers)
		all := strings.Join(asked, " ")
		if !strings.Contains(all, k.with) {
			t.Errorf("%v: asked for %s, want %s in it", k.answers, all, k.with)
		}
		for _, word := range strings.Fields(k.never) {
			if strings.Contains(all, word) {
				t.Errorf("%v: asked for %s, want no %s", k.answers, all, word)
			}
		}
	}
}

// TestEveryQuestionExplainsItself: it has a default that is an answer, and says more than its text.
func TestEveryQuestionExplainsItself(t *testing.T) {
	for _, q := range questions {
		if _, err := q.read(q.Default); err != nil {
			t.Errorf("%s: the default is no answer: %v", q.Key, err)
		}
		if !strings.HasSuffix(q.Text, "?") || len(q.Why) < 40 {
			t.Errorf("%s: %q, explained by %q", q.Key, q.Text, q.Why)
		}
	}
}

// TestWrongAnswersSayWhatWasExpected: and the question stays.
func TestWrongAnswersSayWhatWasExpected(t *testing.T) {
	for key, wrong := range map[string][]string{
		"name": {strings.Repeat("a", 101), "a\nb"}, "rate": {"0", "-1/s", "fast", "1G/s"}, "servers": {"0", "1.5", "unlimited", "1M"},
		"cpu": {"85", "0%", "101%", "0.85", "-5%"}, "database": {"maybe", "1"}, "writes": {"-1%", "half"}, "response": {"0B", "10", "2GB"},
		"p99": {"0s", "180", "-1ms", "fast"}, "target": {"unknown", "0s"},
	} {
		for _, text := range wrong {
			i := &Interview{}
			q, _ := i.Next()
			for ; q.Key != key; q, _ = i.Next() {
				if err := i.Answer(""); err != nil {
					t.Fatal(err)
				}
			}
			err := i.Answer(text)
			if err == nil || !strings.Contains(err.Error(), "expected ") {
				t.Errorf("%s: %q is answered with %v", key, text, err)
			}
			if stays, _ := i.Next(); stays != q {
				t.Errorf("%s: after %q comes %q", key, text, stays.Key)
			}
		}
	}
}

// TestScenarioLoadsWithoutWarnings: of every kind of answers, at the smallest and the largest rates, whatever the name.
func TestScenarioLoadsWithoutWarnings(t *testing.T) {
	for _, name := range []string{"Shop", "a: b # c", "null", `"quoted" \ {x}`, "Läden ☕", "- x", "1e3"} {
		for _, rate := range []string{"0.01/s", "100/s", "10M/s"} {
			for _, rest := range []map[string]string{
				{}, {"database": "no", "p99": "1s"}, {"cache": "yes", "servers": "3", "p99": "2s", "writes": "100%"},
				{"memory": "100%", "disk": "0.1%", "writes": "0%", "hit_ratio": "100%", "cache": "yes"}, {"memory": "99%", "network": "0.1%", "response": "1GB"},
			} {
				answers := map[string]string{"name": name, "rate": rate}
				for key, text := range rest {
					answers[key] = text
				}
				i, _ := answered(t, answers)
				for _, delayed := range []bool{false, true} {
					if _, measured := i.P99(); delayed && !measured {
						continue
					}
					text := i.Scenario(delayed)
					l, err := scenarios.Load(i.File(), text, "", nil)
					if err != nil {
						t.Fatalf("%v: %v\n%s", answers, err, text)
					}
					if len(l.Warnings) > 0 || l.Name != name {
						t.Errorf("%v: is called %q, with the warnings %v\n%s", answers, l.Name, l.Warnings, text)
					}
				}
			}
		}
	}
}

// TestFileIsNamedAfterTheSystem: with nothing in its name that a shell or another file system takes otherwise.
func TestFileIsNamedAfterTheSystem(t *testing.T) {
	for name, want := range map[string]string{"My API": "my-api.yaml", "  ../Shop: 2 (EU)  ": "shop-2-eu.yaml", "☕": "system.yaml", "a.yaml": "a-yaml.yaml"} {
		i, _ := answered(t, map[string]string{"name": name})
		if got := i.File(); got != want {
			t.Errorf("%q is saved in %s, want %s", name, got, want)
		}
	}
}
