package scenarios

import (
	"slices"
	"testing"
)

// TestTimesNamesEveryTimeOfANode: with its path as --set takes it and the resource that it keeps busy.
func TestTimesNamesEveryTimeOfANode(t *testing.T) {
	const text = `traffic: {t: {enters: lb, rate: 10/s, mix: {a: 50%, b: 50%}}}
requests: {a: {}, b: {write: true}}
nodes:
  lb: {kind: load-balancer, cores: 1, work: 1us, to: api}
  api:
    kind: server
    handles:
      a: [cpu: exp(1ms), delay: 2ms, {chance: 10%, do: [cpu: 3ms]}]
      default:
        - parallel: [[write: db], [cpu: 4ms, call: out]]
        - call: out
          timeout: 1s
          retry: {attempts: 2, backoff: 10ms}
          or_else: [delay: 5ms]
        - lock: {name: l, do: [cpu: 6ms]}
  db: {kind: database, bandwidth: 1Gbps, disk: {iops: 10k, latency: 0.2ms}, data_size: 2GB, memory: 1GB, read: exp(7ms), write: {a: 8ms, b: {cpu: 9ms, delay: 10ms}}}
  out: {kind: external, latency: 11ms}
  s: {kind: station, service: {a: 12ms}}
`
	l, err := Load("t.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []TimeAt{
		{"nodes.lb.work", "1us", "lb", "cpu", false},
		{"nodes.api.handles.a.0.cpu", "exp(1ms)", "api", "cpu", false},
		{"nodes.api.handles.a.1.delay", "2ms", "api", "", false},
		{"nodes.api.handles.a.2.do.0.cpu", "3ms", "api", "cpu", false},
		{"nodes.api.handles.default.0.parallel.1.0.cpu", "4ms", "api", "cpu", false},
		{"nodes.api.handles.default.1.or_else.0.delay", "5ms", "api", "", false},
		{"nodes.api.handles.default.2.lock.do.0.cpu", "6ms", "api", "cpu", false},
		{"nodes.db.bandwidth", "1Gbps", "db", "network", true},
		{"nodes.db.disk.iops", "10k", "db", "disk", true},
		{"nodes.db.disk.latency", "0.2ms", "db", "disk", false},
		{"nodes.db.read", "exp(7ms)", "db", "cpu", false},
		{"nodes.db.write.a", "8ms", "db", "cpu", false},
		{"nodes.db.write.b.cpu", "9ms", "db", "cpu", false},
		{"nodes.db.write.b.delay", "10ms", "db", "", false},
		{"nodes.out.latency", "11ms", "out", "", false},
		{"nodes.s.service.a", "12ms", "s", "servers", false},
	}
	if got := Times(l); !slices.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}
