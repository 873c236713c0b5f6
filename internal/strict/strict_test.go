package strict

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The types that the tests decode into: a small scenario.

type scenario struct {
	Name   string            `key:"name" doc:"what it is called"`
	Run    run               `key:"run"`
	Nodes  Ordered[node]     `key:"nodes" required:"true"`
	Edges  []string          `key:"edges" enum:"us|eu|asia"`
	Limits map[string]int    `key:"limits"`
	Warm   bool              `key:"warm" default:"true"`
	Ratio  float64           `key:"ratio" default:"0.5"`
	Small  uint8             `key:"small"`
	Pause  *pause            `key:"pause"`
	Steps  []step            `key:"steps"`
	Raw    *Value            `key:"raw"`
	Labels map[string]string `key:"labels"`
	Events [][]int           `key:"events"`
	_      struct{}          `key:"variants" later:"true" doc:"named changes"`
}

type run struct {
	Seed         int64    `key:"seed" default:"1"`
	Replications int      `key:"replications" default:"4"`
	Warmup       interval `key:"warmup" default:"10s"`
}

type pause struct {
	For   interval `key:"for" default:"200ms"`
	Every interval `key:"every" required:"true"`
}

// machine is embedded in nodes.
type machine struct {
	Cores int      `key:"cores" default:"2" doc:"cores per instance"`
	Speed float64  `key:"speed"`
	_     struct{} `key:"autoscale" later:"true" doc:"instances as needed"`
}

func (m *machine) SetDefaults() { m.Speed = 1 }

type node struct {
	machine
	Kind      string   `key:"kind" enum:"server|database|load-balancer" required:"true"`
	Algorithm string   `key:"algorithm" enum:"round-robin|least-connections" default:"round-robin"`
	Work      interval `key:"work"`
	Calls     []string `key:"calls" default:"[]"`
	total     int
}

func (n *node) SetDefaults() { n.total = 10 * n.Cores }

// interval is a text type.
type interval time.Duration

func (i *interval) UnmarshalText(text []byte) error {
	if strings.HasPrefix(string(text), "normal(") || strings.HasPrefix(string(text), "mix(") {
		return nil
	}
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration: expected one such as 4ms", text)
	}
	if d < 0 {
		return errors.New("a duration is not negative")
	}
	*i = interval(d)
	return nil
}

func (interval) Describe() string { return "a duration such as 4ms" }

// step decodes itself: `respond`, or a map.
type step struct {
	Do     string
	CPU    interval `key:"cpu"`
	Chance string   `key:"chance" default:"100%"`
}

func (s *step) DecodeStrict(v *Value) {
	if v.Kind() != Scalar {
		DecodeFields(v, s)
		return
	}
	if s.Do = v.Text(); s.Do != "respond" {
		v.Unknown(s.Do, "step", []string{"cpu", "respond"})
	}
}

func (s *step) Describe() string { return "a step such as `cpu: 4ms`" }

// read parses and decodes a text.
func read(text string) (*Document, scenario) {
	d := Parse("shop.yaml", []byte(text))
	var s scenario
	Decode(d.Root(), &s)
	return d, s
}
