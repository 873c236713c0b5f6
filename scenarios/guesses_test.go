package scenarios

import (
	"testing"

	"headroom/internal/strict"
)

// What was guessed changes by 10% and keeps its form; what was decided, and the load, does not change.
func TestGuessesChangeByATenth(t *testing.T) {
	const text = `
data:
  a: {keys: 1k, popularity: zipf(1.0), size: 2KB}
  b: {keys: 5, popularity: hot(1% 90%)}
requests: {get: {data: a, response: {size: 10KB, fields: 50%}}, put: {data: b, write: true}}
traffic:
  u: {enters: api, rate: 10/s, mix: {get: 80%, put: 20%}, browser_cache: {hit_ratio: 20%}, clients: 1k}
  crowd: {enters: api, users: 5, think: 1m30s, mix: {get: 100%}}
nodes:
  api:
    kind: server
    cores: 4
    handles:
      get: [cpu: lognormal(p50=1ms p99=10ms), {read: db, timeout: 1s}, {chance: 95%, do: [cpu: mix(95% 4ms | 5% exp(200us))]}]
      put: [{write: db, breaker: {failures: 50%}}]
  db: {kind: database, read: {cpu: exp(2ms), delay: 0s}, write: {put: 1.5ms}}
  line: {kind: station, service: exp(1ms), next: {line2: 50%}}
  line2: {kind: station}
`
	want := []Guess{
		{"data.a.keys", "1k", set("data.a.keys", "900"), set("data.a.keys", "1100")},
		{"data.a.popularity", "zipf(1.0)", set("data.a.popularity", "zipf(0.9)"), set("data.a.popularity", "zipf(1.1)")},
		{"data.a.size", "2KB", set("data.a.size", "1800B"), set("data.a.size", "2200B")},
		{"data.b.keys", "5", nil, set("data.b.keys", "6")}, // 4.5 and 5.5, rounded
		{"data.b.popularity", "hot(1% 90%)", set("data.b.popularity", "hot(1% 89%)"), set("data.b.popularity", "hot(1% 91%)")},
		{"requests.get.response.size", "10KB", set("requests.get.response.size", "9000B"), set("requests.get.response.size", "11000B")},
		{"traffic.u.mix.get", "80%", set("traffic.u.mix", "{get: 72%, put: 28%}"), set("traffic.u.mix", "{get: 88%, put: 12%}")},
		{"traffic.u.mix.put", "20%", set("traffic.u.mix", "{get: 82%, put: 18%}"), set("traffic.u.mix", "{get: 78%, put: 22%}")},
		{"traffic.u.browser_cache.hit_ratio", "20%", set("traffic.u.browser_cache.hit_ratio", "12%"), set("traffic.u.browser_cache.hit_ratio", "28%")},
		{"traffic.u.clients", "1k", set("traffic.u.clients", "900"), set("traffic.u.clients", "1100")},
		{"traffic.crowd.think", "1m30s", set("traffic.crowd.think", "1m21s"), set("traffic.crowd.think", "1m39s")},
		{"nodes.api.handles.get.0.cpu", "lognormal(p50=1ms p99=10ms)", set("nodes.api.handles.get.0.cpu", "lognormal(p50=900us p99=9ms)"), set("nodes.api.handles.get.0.cpu", "lognormal(p50=1.1ms p99=11ms)")},
		{"nodes.api.handles.get.2.chance", "95%", set("nodes.api.handles.get.2.chance", "85.5%"), set("nodes.api.handles.get.2.chance", "100%")},
		{"nodes.api.handles.get.2.do.0.cpu", "mix(95% 4ms | 5% exp(200us))", set("nodes.api.handles.get.2.do.0.cpu", "mix(95% 3.6ms | 5% exp(180us))"), set("nodes.api.handles.get.2.do.0.cpu", "mix(95% 4.4ms | 5% exp(220us))")},
		{"nodes.db.read.cpu", "exp(2ms)", set("nodes.db.read.cpu", "exp(1.8ms)"), set("nodes.db.read.cpu", "exp(2.2ms)")},
		{"nodes.db.write.put", "1.5ms", set("nodes.db.write.put", "1.35ms"), set("nodes.db.write.put", "1.65ms")},
		{"nodes.line.service", "exp(1ms)", set("nodes.line.service", "exp(900us)"), set("nodes.line.service", "exp(1.1ms)")},
		{"nodes.line.next.line2", "50%", set("nodes.line.next.line2", "45%"), set("nodes.line.next.line2", "55%")},
	}
	got := Guesses(text)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("not found: %+v", want[i])
		case i >= len(want):
			t.Errorf("found as well: %+v", got[i])
		default:
			same := func(a, b *Change) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
			if g, w := got[i], want[i]; g.Path != w.Path || g.Value != w.Value || !same(g.Lower, w.Lower) || !same(g.Higher, w.Higher) {
				t.Errorf("got %s %s: %v, %v\nwant %s %s: %v, %v", g.Path, g.Value, g.Lower, g.Higher, w.Path, w.Value, w.Lower, w.Higher)
			}
		}
	}
}

func set(path, value string) *Change { return &Change{Path: path, Value: value} }

// Every change that is proposed for a built-in scenario loads: a user can type it after --set.
func TestEveryGuessOfEveryScenarioCanBeChanged(t *testing.T) {
	found := 0
	for _, name := range Names() {
		b, _ := Lookup(name)
		l, err := Load(name, b.Text, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range Guesses(l.Source) {
			for _, c := range []*Change{g.Lower, g.Higher} {
				if c == nil {
					continue
				}
				found++
				doc := strict.Parse(name, b.Text)
				if judge(doc, "", []Change{*c}); doc.Failed() {
					t.Errorf("%s: --set %s=%s: %v", name, c.Path, c.Value, doc.Problems())
				}
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d changes", found)
	}
}
