package reports

import (
	"fmt"
	"strconv"

	"headroom/experiments"
)

// sizedFor says what the number of a node's instances was chosen for.
func sizedFor(r *experiments.Result, node string) []line {
	n := r.Nodes[node]
	if n.Sized == nil {
		return nil
	}
	text := fmt.Sprintf("%s: %s, sized for %s at %s", clean(node), plural(n.Sized.Instances, "instance", "instances"), share(n.Sized.Target), rate(n.Sized.Rate))
	if n.Sized.Short {
		return []line{{paragraph, in(warning, text+", and more would be needed than can be simulated.")}}
	}
	return []line{{paragraph, say(text + ".")}}
}

// sizedNodes lists the nodes whose instances follow the rate of a sweep, in the order of the file.
func sizedNodes(s *experiments.Sweep) []string {
	var names []string
	r := s.Points[0].Result
	for _, name := range r.NodeOrder {
		if r.Nodes[name].Sized != nil {
			names = append(names, name)
		}
	}
	return names
}

// addSized adds a column to the table of a sweep for each node whose instances follow the rate: how many there are.
func (t *table) addSized(s *experiments.Sweep) {
	for _, name := range sizedNodes(s) {
		t.columns = append(t.columns, column{title: "×" + clean(name), number: true})
		for i, p := range s.Points {
			t.rows[i] = append(t.rows[i], say(strconv.Itoa(p.Result.Nodes[name].Sized.Instances)))
		}
	}
}

// sizedSentence says what a capacity means where instances follow the rate.
func sizedSentence(s *experiments.Sweep) []line {
	names := sizedNodes(s)
	if len(names) == 0 {
		return nil
	}
	listed := ""
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			listed += " and "
		case i > 0:
			listed += ", "
		}
		listed += clean(name)
	}
	return []line{{paragraph, say("The instances of " + listed + " follow the rate: a limit is that of what does not scale, or of the latency itself.")}}
}
