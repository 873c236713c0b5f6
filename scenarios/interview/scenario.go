package interview

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"

	"headroom/internal/units"
)

// Scenario is the text of a scenario file of the answers: `observed` has the figures that were reported, and the times are guesses by the
// utilization law from which experiments.Calibrate begins. Delayed: the requests also take a time that keeps no resource busy, of which the
// measured p99 tells how long it is.
func (i *Interview) Scenario(delayed bool) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s, as it was described to headroom bottleneck.", i.text("name"))
	line("#")
	for _, a := range i.Assumptions(delayed) {
		for _, l := range wrapped(a, 130) {
			line("# %s", l)
		}
	}
	line("name: %s", scalar(i.text("name")))
	line("")
	line("slo: [p99 < %s, errors < 1%%]", i.text("target"))
	line("")
	line("# What was reported, all of the same time.")
	line("observed: {%s}", strings.Join(i.observed(delayed), ", "))
	line("")
	data := ""
	if i.full() { // of data that no one looks for by its keys nothing is to be said
		data = "data: rows, "
		line("data:")
		line("  rows: {keys: 100k, popularity: zipf(0.9), size: 1KB}")
		line("")
	}
	i.requests(line, data)
	i.nodes(line, delayed)
	return []byte(b.String())
}

func (i *Interview) observed(delayed bool) []string {
	all := []string{"rate: " + i.text("rate"), "api.cpu: " + i.text("cpu"), "api.network: " + i.text("network")}
	if hasDatabase(i) {
		all = append(all, "db.cpu: "+i.text("db_cpu"))
	}
	if i.full() {
		all = append(all, "db.disk: "+i.text("disk"))
	}
	if delayed {
		all = append(all, "p99: "+i.text("p99"))
	}
	return all
}

// requests writes who asks for what.
func (i *Interview) requests(line func(string, ...any), data string) {
	enters, response := "api", i.text("response")
	if i.count("servers") > 1 {
		enters = "lb"
	}
	line("requests:")
	mix := "page: 100%"
	if hasDatabase(i) {
		var shares []string
		writes := i.share("writes")
		if i.reads() {
			line("  read: {%srequest: 500B, response: %s}", data, response)
			line("  row: {%srequest: 500B, response: 1KB}   # what a read asks the database for", data)
			shares = append(shares, "read: "+units.Share(1-writes).String())
		}
		if i.writes() {
			line("  write: {%swrite: true, request: 1KB, response: %s}", data, response)
			line("  change: {%swrite: true, request: 1KB, response: 100B}   # what a write asks it for", data)
			shares = append(shares, "write: "+units.Share(writes).String())
		}
		mix = strings.Join(shares, ", ")
	} else {
		line("  page: {request: 500B, response: %s}", response)
	}
	line("")
	line("traffic:")
	line("  users: {enters: %s, rate: %s, mix: {%s}}", enters, i.text("rate"), mix)
	line("")
}

// nodes writes what the requests pass through.
func (i *Interview) nodes(line func(string, ...any), delayed bool) {
	line("nodes:")
	if i.count("servers") > 1 {
		line("  lb: {kind: load-balancer, algorithm: least-connections, to: api}")
		line("")
	}
	cpu := "cpu: " + exponential(i.demand("cpu", "cores", i.count("servers"), i.rate()))
	if p99, measured := i.P99(); delayed && measured {
		cpu += ", delay: " + exponential(p99/5) // of an exponential distribution the p99 is ln(100) = 4.6 means
	}
	line("  api:")
	line("    kind: server")
	line("    instances: %s", i.text("servers"))
	line("    cores: %s", i.text("cores"))
	line("    bandwidth: %s", i.bandwidth())
	if !hasDatabase(i) {
		line("    handles: {page: [%s]}", cpu)
		return
	}
	first, times := "db", ""
	if n := i.perRead(); n > 1 {
		times = fmt.Sprintf(", times: %.0f", n)
	}
	if i.cached() {
		first = "redis"
	}
	line("    handles:")
	if i.reads() {
		line("      read: [%s, {read: %s, as: row%s}]", cpu, first, times)
	}
	if i.writes() {
		line("      write: [%s, {write: db, as: change}]", cpu)
	}
	line("")
	if i.cached() {
		line("  redis: {kind: cache, hit_ratio: %s, get: 0.2ms, set: 0.2ms, cores: unlimited, origin: db}", i.text("hit_ratio"))
		line("")
	}
	reads, writes := i.queries()
	all := i.demand("db_cpu", "db_cores", 1, reads+2*writes) // of a request that reads
	line("  db:")
	line("    kind: database")
	line("    cores: %s", i.text("db_cores"))
	line("    read: %s", exponential(all/i.perRead()))
	line("    write: %s", exponential(2*all))
	if i.full() {
		perSecond := max(math.Round(reads*i.perRead()*fromDisk/i.share("disk")), 1)
		line("    data_size: 96GB")
		line("    memory: 32GB")
		line("    disk: {iops: %s, latency: %s}", units.Count(perSecond), units.Duration(max(2e9/perSecond, 1e6)))
	}
}

const (
	fromDisk   = .2 // of the reads, about, with a third of the data in memory
	enoughIOPS = 60 // of which a whole number is near enough to every share
)

// perRead is how often a request that reads asks the database: once, or more often where its disk would else do only a few reads per second,
// which are a whole number.
func (i *Interview) perRead() float64 {
	if !i.full() {
		return 1
	}
	reads, _ := i.queries()
	return min(max(math.Ceil(enoughIOPS*i.share("disk")/fromDisk/max(reads, 1)), 1), 20)
}

// queries are the requests per second that come to the database.
func (i *Interview) queries() (reads, writes float64) {
	writes = i.rate() * i.share("writes")
	return (i.rate() - writes) * (1 - i.share("hit_ratio")), writes
}

// demand is the service time in seconds by the utilization law, S = U·c/X.
func (i *Interview) demand(utilization, cores string, machines, perSecond float64) float64 {
	if perSecond <= 0 {
		return .001
	}
	return i.share(utilization) * i.count(cores) * machines / perSecond
}

// bandwidth is that of a server's interface, of which the responses take the reported share.
func (i *Interview) bandwidth() string {
	perServer := i.rate() * (i.bytes() + 500) * 8 / i.count("servers") / i.share("network")
	digits := math.Pow(10, math.Floor(math.Log10(perServer))-3)
	return units.Bandwidth(min(max(math.Round(perServer/digits)*digits, 1000), 1e15)).String()
}

// Assumptions are what the scenario has beside the answers, one sentence each.
func (i *Interview) Assumptions(delayed bool) []string {
	all := []string{
		fmt.Sprintf("Requests come at random (Poisson) at %s, and all times vary exponentially around their means.", i.text("rate")),
		fmt.Sprintf("A server sends %s for each request; its bandwidth is that of which this takes %s.", i.text("response"), i.text("network")),
	}
	if i.count("servers") > 1 {
		all = append(all, "A load balancer sends each request to the server with the fewest, and takes no time.")
	}
	if hasDatabase(i) {
		asks := "once"
		if n := i.perRead(); n > 1 {
			asks = fmt.Sprintf("%.0f times", n)
		}
		all = append(all, "A request that reads asks the database "+asks+"; one that writes takes it twice as long in all.")
	}
	switch {
	case i.full():
		all = append(all, "A third of the data is in the database's memory: 32GB of 96GB, in 100k pages of which some are asked for more often than others, zipf(0.9). Reads of the others go to its disk.")
	case hasDatabase(i):
		all = append(all, fmt.Sprintf("%s of the database's memory is in use: all data that is asked for is there, and no read goes to a disk.", i.text("memory")))
	}
	if i.cached() {
		all = append(all, fmt.Sprintf("The cache answers %s of the reads, in 0.2 ms, and has cores enough.", i.text("hit_ratio")))
	}
	if delayed {
		all = append(all, "What the measured p99 has beside the work and its queues is a time in which the servers wait for others and no resource is busy.")
	}
	return all
}

// exponential writes a distribution around a mean in seconds.
func exponential(seconds float64) string {
	ns := max(math.Round(seconds*1e9), 1)
	digits := math.Pow(10, max(math.Floor(math.Log10(ns))-3, 0))
	return "exp(" + units.Duration(math.Round(ns/digits)*digits).String() + ")"
}

var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ._-]*$`)

// scalar quotes a text that YAML would read otherwise.
func scalar(text string) string {
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if plainText.MatchString(text) {
			return text
		}
	}
	quoted, _ := json.Marshal(text) // of a text there always is one
	return string(quoted)
}

// wrapped breaks a text into lines.
func wrapped(text string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+1+len(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
