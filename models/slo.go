package models

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"headroom/internal/units"
	"headroom/sim"
)

// Target is one line of the SLO: a quantity that must stay below, or above, a value.
type Target struct {
	Text     string
	Of       string      // request class, source or node; empty: the whole
	Done     bool        // of the time until background work is done
	Quantity string      // mean, pNN, errors, goodput, server_errors, an outcome, or cpu, servers, network, disk and age_p99 of a node
	Quantile float64     // of a pNN, 0 to 1
	Outcome  sim.Outcome // of an outcome's share
	Above    bool        // > rather than <
	Value    float64     // seconds, share or per second
	Unit     string      // seconds, share or per_second
}

var targetForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(?:([\pL\pN_-]+)\.)?(done\.)?([a-z][a-z_]*(?:\(?\d+(?:\.\d+)?\)?)?)\s*([<>])\s*(\S.*?)\s*$`)
})

// UnmarshalText reads a line such as p99 < 250ms.
func (t *Target) UnmarshalText(text []byte) error {
	m := targetForm().FindStringSubmatch(string(text))
	if m == nil {
		return fmt.Errorf("`%s` is not a target: expected QUANTITY < VALUE or QUANTITY > VALUE, such as p99 < 250ms", shortened(string(text)))
	}
	if strings.HasPrefix(m[5], "=") {
		return fmt.Errorf("`%s=` is not a comparison here: write %s, such as p99 < 250ms", m[4], m[4])
	}
	*t = Target{Text: strings.TrimSpace(string(text)), Of: m[1], Done: m[2] != "" || m[1] == "done", Quantity: m[3], Above: m[4] == ">"}
	if err := t.read(m[5]); err != nil || !t.Done || t.Quantity == "p" || t.Quantity == "mean" {
		return err
	}
	return fmt.Errorf("`done` is a time: write it with mean or a percentile, such as invite.done.p99 < 1m")
}

// Describe says what a target looks like.
func (*Target) Describe() string { return "a target such as p99 < 250ms" }

func (t *Target) read(value string) error {
	if q, ok := percentile(t.Quantity); ok {
		t.Quantile, t.Quantity, t.Unit = q, "p", "seconds"
		return t.seconds(value)
	}
	switch t.Quantity {
	case "mean", "age_p99":
		t.Unit = "seconds"
		return t.seconds(value)
	case "goodput":
		t.Unit = "per_second"
		if !strings.Contains(value, "/") {
			return fmt.Errorf("`%s` needs a unit: a rate such as 9k/s", value)
		}
		var r units.Rate
		err := r.UnmarshalText([]byte(value))
		t.Value = float64(r)
		return err
	case "errors", "server_errors", "cpu", "servers", "network", "disk":
		t.Unit = "share"
		return t.share(value)
	}
	for o := sim.RateLimited; o < sim.Outcomes; o++ {
		if o.String() == t.Quantity {
			t.Outcome, t.Quantity, t.Unit = o, "outcome", "share"
			return t.share(value)
		}
	}
	if strings.HasPrefix(t.Quantity, "p") && strings.ContainsAny(t.Quantity, "0123456789") {
		return fmt.Errorf("`%s` is not kept: the percentiles are p50, p90, p95, p99 and p99.9", t.Quantity)
	}
	return unknown("quantity", t.Quantity, quantities(), "expected one of: "+strings.Join(quantities(), ", "))
}

// quantities are the words that a target may begin with.
func quantities() []string {
	all := []string{"p50", "p90", "p95", "p99", "p99.9", "mean", "errors", "goodput", "server_errors", "cpu", "servers", "network", "disk", "age_p99"}
	for o := sim.RateLimited; o < sim.Outcomes; o++ {
		all = append(all, o.String())
	}
	return all
}

// percentile reads p99, p99.9 and p(99).
func percentile(text string) (float64, bool) {
	digits, ok := strings.CutPrefix(text, "p")
	if !ok {
		return 0, false
	}
	p, err := strconv.ParseFloat(strings.Trim(digits, "()"), 64)
	switch p {
	case 50, 90, 95, 99, 99.9: // those that a result holds
		return p / 100, err == nil
	}
	return 0, false
}

func (t *Target) seconds(value string) error {
	var d units.Duration
	err := d.UnmarshalText([]byte(value))
	t.Value = d.Seconds()
	return err
}

func (t *Target) share(value string) error {
	if !strings.HasSuffix(value, "%") {
		return fmt.Errorf("`%s` needs a unit: a share such as 0.1%%", value)
	}
	var s units.Share
	err := s.UnmarshalText([]byte(value))
	t.Value = float64(s)
	return err
}

// DefaultSLO is what "works" means where the scenario does not say.
func DefaultSLO() []Target {
	var p99, errors Target
	if p99.UnmarshalText([]byte("p99 < 1s")) != nil || errors.UnmarshalText([]byte("errors < 1%")) != nil {
		panic("models: the default SLO does not read")
	}
	return []Target{p99, errors}
}
