package units

import (
	"encoding"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the text, reading never panics, and what was read prints and reads back as the
// very same value.
func TestExactRoundTrip(t *testing.T) {
	texts := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[0-9_.]{1,8}(e[+-]?[0-9]{1,3})?[ ]?(us|ms|s|m|h|k|M|G|T|B|KB|GiB|Mbps|%|x)?(/[smh])?`),
		rapid.StringMatching(`\$[0-9]{1,5}(\.[0-9]{1,8})?/(h|s|GB|M)`),
	)
	for kind, make := range fresh() {
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			first, second := make(), make()
			text := texts.Draw(t, "text")
			if first.UnmarshalText([]byte(text)) != nil {
				return
			}
			if err := second.UnmarshalText([]byte(first.String())); err != nil {
				t.Fatalf("%q prints as %q, which is refused: %v", text, first, err)
			}
			if second.String() != first.String() {
				t.Fatalf("%q prints as %q, which reads as %q", text, first, second)
			}
		}))
	}
}

func TestFloatsPrintExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Float64Range(0, 1e15).Draw(t, "value")
		var rate Rate
		if err := rate.UnmarshalText([]byte(Rate(want).String())); err != nil || float64(rate) != want {
			t.Fatalf("rate %v prints as %q and reads as %v (%v)", want, Rate(want), float64(rate), err)
		}
		var share Share
		part := rapid.Float64Range(0, 1).Draw(t, "share")
		if err := share.UnmarshalText([]byte(Share(part).String())); err != nil || float64(share) != part {
			t.Fatalf("share %v prints as %q and reads as %v (%v)", part, Share(part), float64(share), err)
		}
	})
}

// What people see is within the rounding of three digits.
func TestFormattedIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := math.Pow(10, rapid.Float64Range(-5, 9).Draw(t, "magnitude"))
		var d Duration
		if err := d.UnmarshalText([]byte(FormatSeconds(value))); err != nil || !near(d.Seconds(), value, 0.01) {
			t.Fatalf("%v s prints as %q and reads as %v (%v)", value, FormatSeconds(value), d.Seconds(), err)
		}
		var r Rate
		if err := r.UnmarshalText([]byte(FormatRate(value))); err != nil || !near(float64(r), value, 0.0051) {
			t.Fatalf("%v/s prints as %q and reads as %v (%v)", value, FormatRate(value), float64(r), err)
		}
		size := int64(value) + 1
		var s Size
		if err := s.UnmarshalText([]byte(FormatSize(size))); err != nil || !near(float64(s), float64(size), 0.0051) {
			t.Fatalf("%v bytes print as %q and read as %v (%v)", size, FormatSize(size), int64(s), err)
		}
		part := min(value, 1)
		var share Share
		if err := share.UnmarshalText([]byte(FormatShare(part))); err != nil || !near(float64(share), part, 0.051) {
			t.Fatalf("share %v prints as %q and reads as %v (%v)", part, FormatShare(part), share, err)
		}
	})
}

func near(got, want, relative float64) bool { return math.Abs(got-want) <= relative*math.Abs(want) }

// TestPatternsTakeWhatIsRead: an editor that goes by them marks nothing that is right.
func TestPatternsTakeWhatIsRead(t *testing.T) {
	pieces := []string{"1", "0", "42", "1.5", ".5", "5.", "1_000", "e3", "e-3", "k", "M", "G", "T", "KB", "kB", "GiB", "B", "%", "/", "s", "m", "h", "ms", "us", "µs", "ns", "$", "GB", " ", "+", "-", "unlimited", "\t"}
	for _, value := range []interface {
		encoding.TextUnmarshaler
		Pattern() string
	}{new(Duration), new(Rate), new(Count), new(Size), new(Share), new(Number), new(Money)} {
		form, taken := regexp.MustCompile(value.Pattern()), 0
		read := func(t rapid.TB, text string) {
			if value.UnmarshalText([]byte(text)) != nil {
				return
			}
			taken++
			if !form.MatchString(text) {
				t.Fatalf("%T takes %q, and its pattern does not", value, text)
			}
		}
		for _, text := range []string{"4ms", "10k/s", "42", "10KB", "80%", "1.5", "$0.17/h"} {
			read(t, text) // one of them is its own
		}
		rapid.Check(t, func(t *rapid.T) {
			read(t, rapid.OneOf(
				rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 5), func(s []string) string { return strings.Join(s, "") }),
				rapid.StringMatching(`\$ ?[0-9]{1,3}(\.[0-9]{0,3})? ?/ ?(h|s|GB|M)`),
			).Draw(t, "text"))
		})
		if taken == 0 {
			t.Errorf("%T took none", value)
		}
	}
}
