package interview

import (
	"errors"
	"fmt"
	"strings"

	"headroom/internal/units"
)

const (
	unknown    = "unknown" // the answer of who did not measure
	fullMemory = .95       // from here on memory does not hold all that is asked for
	mostRate   = 10e6      // requests per second
)

// questions are those of the interview, in their order.
var questions = []asking{
	{Question{"name", "What is it called?", "My API", "A name, for the report and for the file that the answers are saved in."}, aName, nil},
	{Question{"rate", "How many requests come per second, when it is busy?", "100/s",
		"The rate at which the figures below were measured: 120/s, 1.2k/s, 6k/m. All of them must be of the same time, best of the busiest hour."}, aRate, nil},
	{Question{"servers", "How many application servers are there?", "1",
		"Machines, containers or pods that handle those requests, together. With two or more, a load balancer shares the requests out among them."}, aCount(10_000), nil},
	{Question{"cores", "How many cores has each of them?", "2", "Cores, or vCPUs, of one server: what nproc prints."}, aCount(1024), nil},
	{Question{"cpu", "How busy are their cores?", "50%",
		"The mean CPU utilization of the servers at that time, all cores together: 85%. 100% says that they could do no more."}, aUtilization, nil},
	{Question{"database", "Is there a database behind them?", "yes", "One that the servers ask for each request, unless a cache answers."}, aYes, nil},
	{Question{"db_cores", "How many cores has the database?", "4", "Cores, or vCPUs, of its machine. Replicas are not counted: say what the primary has."}, aCount(1024), hasDatabase},
	{Question{"db_cpu", "How busy are the database's cores?", "40%", "The mean CPU utilization of the database at that time. A slow database is one that is nearly always busy."}, aUtilization, hasDatabase},
	{Question{"writes", "What share of the requests writes?", "10%", "Requests that change something: 10%. They go to the database past every cache."}, aShare, hasDatabase},
	{Question{"cache", "Is there a cache between servers and database?", "no", "Redis, Memcached and the like, which the servers ask before the database."}, aYes, (*Interview).reads},
	{Question{"hit_ratio", "What share of the reads does it answer?", "80%", "Its hit ratio, hits / (hits + misses): of a Redis, keyspace_hits and keyspace_misses of its INFO."}, aShare, (*Interview).cached},
	{Question{"memory", "How full is the database's memory?", "50%",
		"The part of its page cache, or buffer pool, that is in use. Below 95% all data that is asked for is in memory, and no read goes to the disk; from there on it is not."},
		aUtilization, hasDatabase},
	{Question{"disk", "How busy is the database's disk?", "90%", "What iostat calls %util, or the IOPS used as a share of those paid for: reads go there for want of memory."},
		aUtilization, (*Interview).full},
	{Question{"response", "How large is a response?", "10KB", "Mean size as it is sent, compressed where it is: 800B, 10KB, 1MB. The network's total divided by the requests will do."}, aSize, nil},
	{Question{"network", "How busy is the servers' network?", "5%",
		"What they send as a share of what their interface, or their plan, allows. Together with the size of the responses it tells the bandwidth."}, aUtilization, nil},
	{Question{"p99", "What is the p99 of the latency?", unknown,
		"The time within which 99 of 100 requests are answered, measured at the servers: 180ms. unknown: the answer then rests on the utilizations alone."}, aMeasured, nil},
	{Question{"target", "What should the p99 be?", "500ms", "The latency that is still good enough for 99 of 100 requests. Whether it is met decides how the answer is judged."}, aTime, nil},
}

func hasDatabase(i *Interview) bool { return i.yes("database") }

// reads and writes tell whether there are such requests for the database.
func (i *Interview) reads() bool  { return hasDatabase(i) && i.share("writes") < 1 }
func (i *Interview) writes() bool { return hasDatabase(i) && i.share("writes") > 0 }

func (i *Interview) cached() bool { return i.yes("cache") }

// full tells whether the database's memory does not hold all that is read.
func (i *Interview) full() bool { return i.reads() && i.share("memory") >= fullMemory }

func expected(text, what string) error {
	return fmt.Errorf("`%s` is no answer: expected %s", text, what)
}

func aName(text string) (string, error) {
	if len(text) > 100 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("expected a name of at most 100 characters")
	}
	return text, nil
}

func aYes(text string) (string, error) {
	switch strings.ToLower(text) {
	case "yes", "y":
		return "yes", nil
	case "no", "n":
		return "no", nil
	}
	return "", expected(text, "yes or no")
}

func aRate(text string) (string, error) {
	var r units.Rate
	if err := r.UnmarshalText([]byte(text)); err != nil || r <= 0 || r > mostRate {
		return "", expected(text, "a rate above 0 and up to 10M/s, such as 120/s or 1.2k/s")
	}
	return r.String(), nil
}

func aCount(most float64) func(string) (string, error) {
	return func(text string) (string, error) {
		var n units.Count
		if err := n.UnmarshalText([]byte(text)); err != nil || n.IsUnlimited() || n < 1 || float64(n) > most {
			return "", expected(text, fmt.Sprintf("a whole number from 1 to %s", units.Count(most)))
		}
		return n.String(), nil
	}
}

// aUtilization is a share of which the law makes a demand: not 0.
func aUtilization(text string) (string, error) {
	s, err := aShare(text)
	var u units.Share
	if err != nil || u.UnmarshalText([]byte(s)) != nil || u < .001 {
		return "", expected(text, "a share from 0.1% to 100%, such as 85%")
	}
	return s, nil
}

func aShare(text string) (string, error) {
	var s units.Share
	if err := s.UnmarshalText([]byte(text)); err != nil || !strings.HasSuffix(text, "%") || s < 0 || s > 1 {
		return "", expected(text, "a share from 0% to 100%, such as 85%")
	}
	return s.String(), nil
}

func aSize(text string) (string, error) {
	var s units.Size
	if err := s.UnmarshalText([]byte(text)); err != nil || s < 1 || s > 1e9 {
		return "", expected(text, "a size from 1B to 1GB, such as 10KB")
	}
	return s.String(), nil
}

func aTime(text string) (string, error) {
	var d units.Duration
	if err := d.UnmarshalText([]byte(text)); err != nil || d <= 0 {
		return "", expected(text, "a time above 0, such as 180ms")
	}
	return d.String(), nil
}

func aMeasured(text string) (string, error) {
	if strings.EqualFold(text, unknown) {
		return unknown, nil
	}
	kept, err := aTime(text)
	if err != nil {
		return "", expected(text, "a time above 0, such as 180ms, or unknown")
	}
	return kept, nil
}
