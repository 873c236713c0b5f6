package models

import (
	"encoding"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/internal/strict"
)

// TestPatternsTakeWhatTheReaderTakes: an editor that goes by them marks nothing that is right.
func TestPatternsTakeWhatTheReaderTakes(t *testing.T) {
	for _, value := range []interface {
		encoding.TextUnmarshaler
		strict.Patterned
		strict.Exemplified
	}{new(Time), new(Arrivals), new(Popularity), new(Warmup), new(Target), new(Shed), new(Aim)} {
		form := regexp.MustCompile(value.Pattern())
		near := append([]string{"zipf", "hot", "s", "1%", "0.9", "k=4", "mean=4ms", "<", ">", ".", "api", "errors", "goodput", "/s", "1.0", "99"}, pieces...)
		for _, example := range value.Examples() {
			if !strings.HasPrefix(example, "samples") && value.UnmarshalText([]byte(example)) != nil {
				t.Errorf("%T: the example %s is refused", value, example)
			}
			near = append(near, example)
		}
		taken := 0
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.OneOf(
				rapid.SampledFrom(value.Examples()),
				rapid.Map(rapid.SliceOfN(rapid.SampledFrom(near), 1, 5), func(s []string) string { return strings.Join(s, "") }),
				wellFormed(2),
			).Draw(t, "text")
			if value.UnmarshalText([]byte(text)) != nil {
				return
			}
			taken++
			if !form.MatchString(text) {
				t.Fatalf("%T takes %q, and its pattern does not", value, text)
			}
		})
		if taken < 10 {
			t.Errorf("%T took only %d texts", value, taken)
		}
	}
}
