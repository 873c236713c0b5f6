package experiments

import (
	"fmt"

	"headroom/internal/units"
	"headroom/models"
)

// inBytes turns a memory that was simulated as places for requests into what it holds: what is taken without any request, and what those
// inside take, time-weighted. None waits for memory.
func (r Resource) inBytes(m models.Memory, instances int) Resource {
	used := func(utilization Num, requests float64) Num {
		return Num((m.Base + m.PerRequest*float64(utilization)*requests) / m.Total)
	}
	fits := float64(r.Capacity) / float64(instances)
	bytes := Resource{Capacity: Num(m.Total * float64(instances)), Utilization: used(r.Utilization, fits), Wait: Wait{None, None}, PWait: None}
	if r.Busiest != nil {
		bytes.Busiest = &Busiest{r.Busiest.Instance, used(r.Busiest.Utilization, fits)}
	}
	return bytes
}

// pages is the memory of a database that does not hold all data: it is full of the pages that were read last. None waits for it.
func pages(perInstance float64, instances int) Resource {
	return Resource{Capacity: Num(perInstance * float64(instances)), Utilization: 1, Wait: Wait{None, None}, PWait: None}
}

// memoryEvidence says how full the memory of a node is.
func memoryEvidence(node string, n NodeResult) string {
	res := n.Resources["memory"]
	each := ""
	if n.Instances > 1 {
		each = fmt.Sprintf(" (%d instances of %s)", n.Instances, units.FormatSize(float64(res.Capacity)/float64(n.Instances)))
	}
	then := "who finds no room is refused."
	if n.Kind == "worker" {
		then = "no message is taken without room for it."
	}
	return fmt.Sprintf("%s of %s's %s of memory%s are taken, and %s", units.FormatShare(float64(res.Utilization)), node,
		units.FormatSize(float64(res.Capacity)), each, then)
}
