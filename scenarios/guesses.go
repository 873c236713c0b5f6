package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
)

// A Guess is a number of a scenario that its author can only have measured or guessed, such as a service time, unlike one that was
// decided, such as how many instances there are or after which time a call is given up.
type Guess struct {
	Path  string // as for a Change; the share of a mix has one of its own, but is changed together with the others
	Value string // as it is written
	// Lower and Higher are the changes that make it 10% less and 10% more; nil where that cannot be.
	Lower, Higher *Change
}

// Of a guess, so much is added or taken away.
const guessedBy = .1

// Guesses finds the numbers that a scenario's author guessed, in the order of the text: service, network and think times, sizes, numbers
// of keys and clients, exponents of popularity, and shares. A time distribution keeps its shape: all its times change. A hit ratio
// changes so that the misses are 10% more or less, since these are the load that it leaves; so does the part of hot keys in hot(1% 90%).
// The other shares of a mix make room in proportion. Numbers that only the defaults know are not among them.
func Guesses(source string) []Guess {
	var all []Guess
	walk(strict.Parse("", []byte(source)).Root(), func(v *strict.Value, around *strict.Value) {
		if g, ok := guess(v, around); ok {
			all = append(all, g)
		}
	})
	return all
}

// walk visits all scalars of a value, each with the map that it is in.
func walk(v *strict.Value, visit func(v, around *strict.Value)) {
	each := func(child *strict.Value) {
		if child.Kind() == strict.Scalar {
			visit(child, v)
		} else {
			walk(child, visit)
		}
	}
	for _, e := range v.Entries() {
		each(e.Value)
	}
	for _, item := range v.Items() {
		each(item)
	}
}

// changing writes a value that is so many times another one, or from which so many times as much is missing; false where it is no such value.
type changing func(text string, factor float64) (string, bool)

// guessedKeys are the last keys of the paths of guesses.
var guessedKeys = map[string]changing{
	"work": times, "service": times, "read": times, "write": times, "get": times, "set": times, "cpu": times, "delay": times, "latency": times,
	"think": times, "rtt": times, "local_rtt": times, "last_mile": times, "replication_lag": times, "cold_start": times,
	"hit_ratio": misses, "chance": shares, "failures": shares, "cross_shard": shares, "sigma": shares, "kappa": shares,
	"keys": counts, "clients": counts, "popularity": popularity, "client_popularity": popularity,
	"size": sizes, "request": sizes, "response": sizes, "data_size": sizes, "base_memory": sizes, "memory_per_request": sizes,
}

// guess tells whether a scalar is a guess, and how it changes.
func guess(v, around *strict.Value) (Guess, bool) {
	keys := strings.Split(v.Path(), ".")
	last := keys[len(keys)-1]
	g := Guess{Path: v.Path(), Value: v.Text()}
	var change changing
	switch {
	case len(keys) < 2 || !slices.Contains([]string{"data", "requests", "traffic", "nodes", "regions"}, keys[0]):
		return g, false
	case keys[0] == "traffic" && len(keys) == 4 && (keys[2] == "mix" || keys[2] == "regions"),
		keys[0] == "nodes" && len(keys) > 3 && keys[2] == "next":
		return weighed(g, around)
	case keys[0] == "nodes" && len(keys) > 3 && slices.Contains([]string{"read", "write", "service"}, keys[2]), keys[0] == "regions" && keys[1] == "rtt":
		change = times // per class, or of a pair of regions
	case keys[0] == "nodes" && last == "failures" && len(keys) > 3, keys[0] == "traffic" && slices.Contains(keys, "batch"):
		return g, false // when a breaker opens, and how much a batch is, was decided
	default:
		change = guessedKeys[last]
	}
	if change == nil {
		return g, false
	}
	for factor, to := range map[float64]**Change{1 - guessedBy: &g.Lower, 1 + guessedBy: &g.Higher} {
		if text, ok := change(g.Value, factor); ok && text != g.Value {
			*to = &Change{Path: g.Path, Value: text}
		}
	}
	if last == "hit_ratio" || aHot.MatchString(g.Value) { // the ratio is lower where the misses are more
		g.Lower, g.Higher = g.Higher, g.Lower
	}
	return g, g.Lower != nil || g.Higher != nil
}

// aDuration is a duration within a text such as lognormal(p50=4ms p99=1m30s).
var aDuration = regexp.MustCompile(`\b(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+`)

// times changes all times of a time distribution.
func times(text string, factor float64) (string, bool) {
	before, err := models.ParseTime(text, "")
	if err != nil || before.Mean() == 0 {
		return "", false
	}
	changed := aDuration.ReplaceAllStringFunc(text, func(d string) string {
		length, err := time.ParseDuration(d)
		if err != nil {
			return d
		}
		return time.Duration(math.Round(float64(length) * factor)).String()
	})
	changed = strings.ReplaceAll(changed, "µ", "u")
	after, err := models.ParseTime(changed, "")
	return changed, err == nil && math.Abs(after.Mean()/before.Mean()/factor-1) < .001
}

// percent writes a share.
func percent(share float64) string { return rounded(100*share) + "%" }

// rounded writes a number with at most six digits.
func rounded(x float64) string {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

func fourPlaces(x float64) float64 { return math.Round(x*1e4) / 1e4 }

func readShare(text string) (float64, bool) {
	var s units.Share
	err := s.UnmarshalText([]byte(text))
	return float64(s), err == nil && s > 0
}

// shares changes a share, up to 100%.
func shares(text string, factor float64) (string, bool) {
	s, ok := readShare(text)
	return percent(min(s*factor, 1)), ok
}

// misses changes what is missing of a share.
func misses(text string, factor float64) (string, bool) {
	s, ok := readShare(text)
	return percent(1 - min((1-s)*factor, 1)), ok && s < 1
}

func counts(text string, factor float64) (string, bool) {
	var n units.Count
	err := n.UnmarshalText([]byte(text))
	return strconv.FormatFloat(math.Round(float64(n)*factor), 'f', -1, 64), err == nil && !n.IsUnlimited()
}

func sizes(text string, factor float64) (string, bool) {
	var n units.Size
	err := n.UnmarshalText([]byte(text))
	return strconv.FormatFloat(math.Round(float64(n)*factor), 'f', -1, 64) + "B", err == nil && n > 0
}

var (
	aZipf = regexp.MustCompile(`^zipf\(([0-9.]+)\)$`)
	aHot  = regexp.MustCompile(`^hot\(([0-9.]+%?)[ ,]+([0-9.]+%?)\)$`)
)

// popularity changes the exponent of a zipf(1.0), or what the keys beside the hot ones get.
func popularity(text string, factor float64) (string, bool) {
	if of := aZipf.FindStringSubmatch(text); of != nil {
		s, err := strconv.ParseFloat(of[1], 64)
		return "zipf(" + rounded(s*factor) + ")", err == nil && s > 0
	}
	if of := aHot.FindStringSubmatch(text); of != nil {
		rest, ok := misses(of[2], factor)
		return "hot(" + of[1] + " " + rest + ")", ok
	}
	return "", false
}

// weighed is a guess of one of several shares, which all change where they add up to all there is.
func weighed(g Guess, around *strict.Value) (Guess, bool) {
	sum, own := 0.0, 0.0
	parts := map[string]float64{}
	for _, e := range around.Entries() {
		s, _ := readShare(e.Value.Text())
		parts[e.Key] = s
		sum += s
		if e.Value.Path() == g.Path {
			own = s
		}
	}
	full := math.Abs(sum-1) < 1e-9
	if own == 0 || full && own == sum { // it is alone: there is nothing to make room
		return g, false
	}
	write := func(factor float64) *Change {
		share := min(own*factor, 1)
		if !full {
			if sum-own+share > 1 {
				return nil
			}
			return &Change{Path: g.Path, Value: percent(share)}
		}
		var texts []string
		rest := 100.
		for i, e := range around.Entries() {
			p := fourPlaces(100 * parts[e.Key] * (1 - share) / (sum - own))
			if e.Value.Path() == g.Path {
				p = fourPlaces(100 * share)
			}
			if rest -= p; i == len(parts)-1 { // rounding must leave nothing over
				p = fourPlaces(p + rest)
			}
			texts = append(texts, fmt.Sprintf("%s: %s%%", e.Key, strconv.FormatFloat(p, 'f', -1, 64)))
		}
		return &Change{Path: around.Path(), Value: "{" + strings.Join(texts, ", ") + "}"}
	}
	g.Lower, g.Higher = write(1-guessedBy), write(1+guessedBy)
	return g, g.Lower != nil || g.Higher != nil
}
