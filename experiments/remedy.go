package experiments

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"headroom/scenarios"
)

// A Remedy is a change of the scenario that was simulated: what it does for the SLO, the tail, the capacity and the cost, and what limits then.
type Remedy struct {
	Rank           int        `json:"rank"` // from 1
	Title          string     `json:"title"`
	Kind           string     `json:"kind"` // instances, cache, shards, …; of several changes joined by +
	Change         Changes    `json:"change"`
	Assumes        string     `json:"assumes,omitempty"` // what no run can know
	Ceiling        string     `json:"ceiling,omitempty"` // what ended its sizes before the SLO was met
	SLOMet         bool       `json:"slo_met"`
	Verdict        string     `json:"verdict"` // Meets, Helps, NoHelp or Harms
	Targets        []Moved    `json:"targets"` // of the SLO
	P99            Moved      `json:"p99"`
	ErrorRate      Moved      `json:"error_rate"`
	Goodput        Moved      `json:"goodput"`
	Capacity       Moved      `json:"capacity"`       // the highest rate that meets the SLO; null where it was not searched or there is none
	CostPerMonth   Moved      `json:"cost_per_month"` // null where nothing has a price
	Difference     Difference `json:"difference"`     // of the p99, pair by pair of the replications
	NextBottleneck *Suspect   `json:"next_bottleneck"`
	Saturated      bool       `json:"saturated"`

	result *Result
	loaded *scenarios.Loaded
}

// Verdicts on a remedy.
const (
	Meets  = "meets the SLO"
	Helps  = "helps"
	NoHelp = "no help"
	Harms  = "harms"
)

// Moved is a figure before and after a remedy; null where it does not exist.
type Moved struct {
	Target     string    `json:"target,omitempty"`
	Before     Num       `json:"before"`
	After      Num       `json:"after"`
	CI95       *Interval `json:"ci95,omitempty"` // of the figure after
	BeforeCI95 *Interval `json:"before_ci95,omitempty"`
	Met        bool      `json:"met,omitempty"` // of a target: after
	Unit       string    `json:"unit,omitempty"`
}

// Changes are changes of a file, as scenarios.Rewrite takes them; in JSON an object from path to value, in their order. A key that is replaced
// by one of another name is null.
type Changes []scenarios.Change

// MarshalJSON writes the changes in their order.
func (c Changes) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	seen := map[string]bool{}
	put := func(path string, value any) error {
		if seen[path] {
			return nil
		}
		key, err := json.Marshal(path)
		if err != nil {
			return err
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		if len(seen) > 0 {
			out.WriteByte(',')
		}
		seen[path] = true
		out.Write(key)
		out.WriteByte(':')
		out.Write(text)
		return nil
	}
	out.WriteByte('{')
	for _, each := range c {
		if each.Replaces != "" && !seen[each.Replaces] {
			if err := put(each.Replaces, nil); err != nil {
				return nil, err
			}
		}
		if err := put(each.Path, number(each.Value)); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// number is a whole number as one, and everything else as its text.
func number(text string) any {
	if n, err := strconv.Atoi(text); err == nil && strconv.Itoa(n) == text {
		return n
	}
	return text
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Changes) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("changes are an object from path to value")
	}
	*c = nil
	replaced := ""
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return err
		}
		path, _ := key.(string)
		if value == nil {
			replaced = path
			continue
		}
		text := fmt.Sprint(value)
		if n, ok := value.(float64); ok {
			text = strconv.FormatFloat(n, 'f', -1, 64)
		}
		*c = append(*c, scenarios.Change{Path: path, Value: text, Replaces: replaced})
		replaced = ""
	}
	return nil
}
