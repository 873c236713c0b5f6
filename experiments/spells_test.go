package experiments_test

import (
	"fmt"
	"strings"
	"testing"

	"headroom/experiments"
)

// TestSpellsAreWhenItHappened: with constant times it is known beforehand what each piece of a hop's time is spent on.
func TestSpellsAreWhenItHappened(t *testing.T) {
	for _, c := range []struct{ name, trace, nodes, want string }{
		{"threads, cores and connections", "time\n0\n0.001\n", `
  m: {kind: server, cores: 1, concurrency: 1, pools: {db: 1}, handles: {default: [cpu: 4ms, read: db, delay: 1ms]}}
  db: {kind: database, cores: 1, connections: 1, read: {cpu: 2ms, delay: 3ms}}`, `
m: 0-9 wait concurrency, 9-13 service cpu, 18-19 service
db: 13-15 service cpu, 15-18 service
`},
		{"shared cores", "time\n0\n0\n", `
  m: {kind: server, cores: 1, discipline: ps, handles: {default: [cpu: 4ms, delay: 1ms]}}`, `
m: 0-4 wait cpu, 4-8 service cpu, 8-9 service
`},
		{"a pause in the middle of a delay", "time\n0\n", `
  m: {kind: server, cores: 1, handles: {default: [cpu: 4ms, delay: 10ms]}}
events: [{at: 6ms, pause: m, for: 5ms}]`, `
m: 0-4 service cpu, 4-6 service, 6-11 pause, 11-19 service
`},
		{"the way there and back", "time\n0\n", `
  m: {kind: server, cores: 1, handles: {default: [cpu: 1ms, call: x]}}
  x: {kind: server, rtt: 20ms, cores: 1, work: 3ms}`, `
m: 0-1 service cpu
x: 1-11 network, 11-14 service cpu, 14-24 network
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := recorded(t, c.trace, "traffic: {u: {enters: m, replay: trace.csv}}\nnodes:"+c.nodes)
			n := int64(strings.Count(c.trace, "\n") - 1)
			var b strings.Builder
			for _, h := range traced(t, l, experiments.TraceOptions{Request: n}).Requests[0].Hops {
				var spells []string
				for _, s := range h.Spells {
					spells = append(spells, strings.TrimSpace(fmt.Sprintf("%g-%g %s %s", ms(s.Start), ms(s.End), s.Part, s.Resource)))
				}
				fmt.Fprintf(&b, "%s: %s\n", h.Node, strings.Join(spells, ", "))
			}
			if "\n"+b.String() != c.want {
				t.Errorf("got\n%swant%s", b.String(), c.want)
			}
		})
	}
}
