package interview

import (
	"fmt"
	"strings"

	"headroom/internal/units"
)

// A Question is one of the interview.
type Question struct {
	Key     string // a word for it: rate
	Text    string // the question itself
	Default string // what an empty answer means
	Why     string // what is meant by it, where the figure is found, and what it is for
}

// Interview is the state of one: what was answered so far. The zero value is ready.
type Interview struct {
	asked   int // questions that are done with, those left out included
	answers map[string]string
}

// asking is a question with what it takes.
type asking struct {
	Question
	read func(text string) (string, error) // the answer as it is kept; the error says what was expected
	when func(i *Interview) bool           // nil: always
}

// Next returns the next question; not ok: there are no more.
func (i *Interview) Next() (q Question, ok bool) {
	for ; i.asked < len(questions); i.asked++ {
		if a := questions[i.asked]; a.when == nil || a.when(i) {
			return a.Question, true
		}
	}
	return Question{}, false
}

// Answer takes the answer to the question that is next. An empty one is the default. The error says what was expected, and the question stays.
func (i *Interview) Answer(text string) error {
	q, ok := i.Next()
	if !ok {
		return fmt.Errorf("there is no question left")
	}
	if text = strings.TrimSpace(text); text == "" {
		text = q.Default
	}
	kept, err := questions[i.asked].read(text)
	if err != nil {
		return err
	}
	if i.answers == nil {
		i.answers = map[string]string{}
	}
	i.answers[q.Key] = kept
	i.asked++
	return nil
}

// text is an answer as it is kept; "" if there was no such question.
func (i *Interview) text(key string) string { return i.answers[key] }

func (i *Interview) yes(key string) bool { return i.answers[key] == "yes" }

// share and count are 0 where there was no such question.
func (i *Interview) share(key string) float64 {
	var s units.Share
	_ = s.UnmarshalText([]byte(i.answers[key])) // it was read before, or there is none
	return float64(s)
}

func (i *Interview) count(key string) float64 {
	var n units.Count
	_ = n.UnmarshalText([]byte(i.answers[key]))
	return float64(n)
}

func (i *Interview) seconds(key string) float64 {
	var d units.Duration
	_ = d.UnmarshalText([]byte(i.answers[key]))
	return d.Seconds()
}

func (i *Interview) rate() float64 {
	var r units.Rate
	_ = r.UnmarshalText([]byte(i.answers["rate"]))
	return float64(r)
}

func (i *Interview) bytes() float64 {
	var s units.Size
	_ = s.UnmarshalText([]byte(i.answers["response"]))
	return float64(s)
}

// P99 is the measured p99 in seconds; false where nobody measured it.
func (i *Interview) P99() (seconds float64, measured bool) {
	return i.seconds("p99"), i.text("p99") != unknown
}

// File is a name for the scenario's file, made of the system's.
func (i *Interview) File() string {
	var name []rune
	for _, r := range strings.ToLower(i.text("name")) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			name = append(name, r)
		} else if len(name) > 0 && name[len(name)-1] != '-' {
			name = append(name, '-')
		}
	}
	if trimmed := strings.Trim(string(name), "-"); trimmed != "" {
		return trimmed + ".yaml"
	}
	return "system.yaml"
}
