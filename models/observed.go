package models

import (
	"fmt"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Observation is a figure that was measured on the real system: a rate, a quantity of the SLO's notation, or the utilization of a node's
// resource.
type Observation struct {
	Figure string // as written: rate, p99, api.cpu
	Target        // the same as a quantity, with the value that was measured
}

// Observed are the observations in the order of the file.
type Observed []Observation

// DecodeStrict reads {rate: 1.2k/s, api.cpu: 63%, p99: 180ms}.
func (o *Observed) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Map {
		v.Expected(o.Describe())
		return
	}
	for _, e := range v.Entries() {
		var one Observation
		if err := one.read(e.Key, e.Value.Text()); err != nil {
			e.KeyAt.Errorf("%s", err)
			continue
		}
		*o = append(*o, one)
	}
}

// Describe says what observations look like.
func (*Observed) Describe() string {
	return "figures that were measured such as {rate: 1.2k/s, api.cpu: 63%, p99: 180ms}"
}

func (o *Observation) read(figure, value string) error {
	if figure == "rate" {
		var r units.Rate
		err := r.UnmarshalText([]byte(value))
		*o = Observation{figure, Target{Text: figure, Quantity: "rate", Unit: "per_second", Value: float64(r)}}
		return err
	}
	if err := o.Target.UnmarshalText([]byte(figure + " < " + value)); err != nil {
		if strings.Contains(err.Error(), "is not a target") {
			return fmt.Errorf("`%s: %s` is no figure: expected one such as rate: 1.2k/s, p99: 180ms or api.cpu: 63%%", figure, value)
		}
		return err
	}
	o.Figure = figure
	return nil
}
