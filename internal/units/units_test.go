package units

import (
	"encoding"
	"fmt"
	"math"
	"strings"
	"testing"
)

// quantity is what every type of the package offers.
type quantity interface {
	encoding.TextUnmarshaler
	fmt.Stringer
	Describe() string
}

func fresh() map[string]func() quantity {
	return map[string]func() quantity{
		"duration":  func() quantity { return new(Duration) },
		"rate":      func() quantity { return new(Rate) },
		"size":      func() quantity { return new(Size) },
		"bandwidth": func() quantity { return new(Bandwidth) },
		"count":     func() quantity { return new(Count) },
		"share":     func() quantity { return new(Share) },
		"number":    func() quantity { return new(Number) },
		"factor":    func() quantity { return new(Factor) },
		"money":     func() quantity { return new(Money) },
	}
}

func TestReadAndPrint(t *testing.T) {
	for _, row := range []struct{ kind, text, printed string }{
		{"duration", "150us", "150us"}, {"duration", "150µs", "150us"}, {"duration", "4ms", "4ms"},
		{"duration", "1m30s", "1m30s"}, {"duration", "60s", "1m"}, {"duration", "2h", "2h"},
		{"duration", "0", "0s"}, {"duration", "0s", "0s"}, {"duration", " 0.5ms ", "500us"}, {"duration", "1h10m", "1h10m"},
		{"duration", "1h0m10s", "1h0m10s"}, {"duration", "90m", "1h30m"}, {"duration", "10m", "10m"},
		{"rate", "100/s", "100/s"}, {"rate", "10k/s", "10k/s"}, {"rate", "1M/s", "1M/s"}, {"rate", "600/m", "10/s"},
		{"rate", "9/h", "0.0025/s"}, {"rate", "10k", "10k/s"}, {"rate", "250", "250/s"}, {"rate", "0.3k/s", "300/s"},
		{"rate", "1_000/s", "1k/s"}, {"rate", "2G/s", "2G/s"}, {"rate", "0", "0/s"}, {"rate", "1e3/s", "1k/s"}, {"rate", "12345/s", "12345/s"},
		{"size", "500B", "500B"}, {"size", "10KB", "10KB"}, {"size", "8GB", "8GB"}, {"size", "8GiB", "8GiB"}, {"size", "1.5KB", "1500B"},
		{"size", "1.5KiB", "1536B"}, {"size", "0", "0B"}, {"size", "2TiB", "2TiB"}, {"size", "3TB", "3TB"}, {"size", "1KiB", "1KiB"},
		{"size", "2 MB", "2MB"}, {"size", "0.6B", "1B"}, {"size", "7MiB", "7MiB"},
		{"bandwidth", "100Mbps", "100Mbps"}, {"bandwidth", "10Gbps", "10Gbps"}, {"bandwidth", "9600bps", "9600bps"}, {"bandwidth", "64Kbps", "64Kbps"},
		{"count", "10M", "10M"}, {"count", "100k", "100k"}, {"count", "42", "42"}, {"count", "unlimited", "unlimited"},
		{"count", "10_000", "10k"}, {"count", "1.5k", "1500"}, {"count", "0", "0"}, {"count", "010", "10"}, {"count", "1e6", "1M"}, {"count", "4.0", "4"},
		{"share", "80%", "80%"}, {"share", "0.8", "80%"}, {"share", "0.01%", "0.01%"}, {"share", "0", "0%"}, {"share", "1", "100%"}, {"share", "100%", "100%"},
		{"share", "12.5 %", "12.5%"},
		{"number", "1.5", "1.5"}, {"number", "2", "2"}, {"number", ".5", "0.5"}, {"number", "1e-3", "0.001"},
		{"factor", "5x", "5x"}, {"factor", "0.5", "0.5x"},
		{"money", "$0.17/h", "$0.17/h"}, {"money", "$0.08/GB", "$0.08/GB"}, {"money", "$0.40/M", "$0.4/M"}, {"money", "$0.0000167/s", "$0.0000167/s"}, {"money", "$0.0000166667/GB-s", "$0.0000166667/GB-s"},
	} {
		value := fresh()[row.kind]()
		if err := value.UnmarshalText([]byte(row.text)); err != nil {
			t.Errorf("%s %q: %v", row.kind, row.text, err)
		} else if value.String() != row.printed {
			t.Errorf("%s %q: printed %q, want %q", row.kind, row.text, value.String(), row.printed)
		}
	}
}

func TestRefused(t *testing.T) {
	always := []string{"", " ", "-1", "-1s", "-0.1%", "nan", "NaN", "inf", "+Inf", "x", "4x4", "1e400", "0x10", "1__0", "_1", "1_",
		"1..2", ".", "1.", "--1", "+", "1e", "1 2", strings.Repeat("9", 400), "1e999999999999", "\x00", "１"}
	rows := map[string][]string{
		"duration":  {"4x", "5", "1d", "0.1ns", "1e3ms", "9999999999999h", "1_0s"},
		"rate":      {"10/d", "10K/s", "10/s/s", "/s", "5k//s", "1e308G/s", "10 per second"},
		"size":      {"500", "10Kb", "10K", "0.1B", "9999999TiB", "1e50B"},
		"bandwidth": {"100", "100MBps", "10Gb/s", "Mbps"},
		"count":     {"1.5", "0.0001k", "9223372036854775807", "1e30", "Unlimited", "4.5"},
		"share":     {"101%", "1.1", "80", "80%%", "0.8x"},
		"number":    {"2x", "1k", "5%"},
		"factor":    {"2xx", "5%"},
		"money":     {"0.17/h", "$0.17", "$/h", "$0.17/d", "$-1/h", "$1e999/h", "€1/h"},
	}
	for kind, make := range fresh() {
		for _, text := range append(rows[kind], always...) {
			value := make()
			if err := value.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("%s %q was read as %v", kind, text, value)
			} else if !strings.Contains(err.Error(), "expected one such as") {
				t.Errorf("%s %q: the error has no example: %v", kind, text, err)
			}
			if zero := make(); fmt.Sprint(value) != fmt.Sprint(zero) {
				t.Errorf("%s %q was refused and yet changed the value to %v", kind, text, value)
			}
		}
	}
}

func TestErrorTexts(t *testing.T) {
	for _, row := range []struct{ kind, text, want string }{
		{"duration", "4x", "`4x` is not a duration: expected one such as 150us, 4ms or 1m30s"},
		{"duration", "250", "`250` has no unit: expected one such as 150us, 4ms or 1m30s"},
		{"duration", "0.1ns", "`0.1ns` is not a duration of a nanosecond or more: expected one such as 1ns, 150us or 4ms"},
		{"rate", "x", "`x` is not a rate: expected one such as 100/s, 10k/s, 600/m or 5/h"},
		{"size", "10Kb", "`10Kb` is not a size: expected one such as 500B, 10KB or 8GiB"},
		{"bandwidth", "1MB", "`1MB` is not a bandwidth: expected one such as 100Mbps or 10Gbps (bits per second)"},
		{"count", "1.5", "`1.5` is not a count: expected one such as 42, 100k, 10M or unlimited"},
		{"share", "80", "`80` is not a share from 0% to 100%: expected one such as 80% or 0.8"},
		{"number", "-2", "`-2` is not a number of 0 or more: expected one such as 2 or 1.5"},
		{"factor", "", "`` is not a factor: expected one such as 3x or 0.5x"},
		{"money", "5", "`5` is not a price: expected one such as $0.17/h, $0.08/GB or $0.40/M"},
		{"count", strings.Repeat("é", 50), "`" + strings.Repeat("é", 40) + "…` is not a count: expected one such as 42, 100k, 10M or unlimited"},
	} {
		err := fresh()[row.kind]().UnmarshalText([]byte(row.text))
		if err == nil || err.Error() != row.want {
			t.Errorf("%s %q:\n got %v\nwant %s", row.kind, row.text, err, row.want)
		}
	}
}

func TestParseRateKeepsItsUnit(t *testing.T) {
	for text, want := range map[string]Duration{"600/m": Minute, "5/h": Hour, "1k/s": Second, "7": Second} {
		if _, unit, err := ParseRate(text); err != nil || unit != want {
			t.Errorf("%q: written for %v, want %v (%v)", text, unit, want, err)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, row := range []struct{ got, want string }{
		{FormatSeconds(0), "0s"}, {FormatSeconds(0.0123), "12.3ms"}, {FormatSeconds(0.00000461), "4.61us"}, {FormatSeconds(1.23), "1.23s"},
		{FormatSeconds(123), "2m03s"}, {FormatSeconds(11760), "3h16m"}, {FormatSeconds(59.99), "1m00s"}, {FormatSeconds(59.9), "59.9s"},
		{FormatSeconds(0.9999), "1s"}, {FormatSeconds(3599.9), "1h00m"}, {FormatSeconds(0.001), "1ms"}, {FormatSeconds(5e-9), "5ns"},
		{FormatSeconds(4.6e-10), "0.46ns"}, {FormatSeconds(-0.5), "-500ms"}, {FormatSeconds(math.NaN()), "?s"}, {FormatSeconds(math.Inf(1)), "∞s"},
		{FormatSeconds(1e300), "2.78e+296h"}, {FormatSeconds(0.004), "4ms"}, {FormatSeconds(5e-324), "4.94e-315ns"},
		{FormatRate(9990), "9.99k/s"}, {FormatRate(Rate(0.25)), "0.25/s"}, {FormatRate(999.9), "1k/s"}, {FormatRate(1e6), "1M/s"}, {FormatRate(0), "0/s"},
		{FormatCount(1_050_000), "1.05M"}, {FormatCount(999), "999"}, {FormatCount(12_345), "12.3k"}, {FormatCount(Unlimited), "unlimited"},
		{FormatCount(3.217), "3.22"}, {FormatCount(0.01234), "0.0123"}, {FormatCount(0), "0"}, {FormatCount(int64(-1500)), "-1.5k"}, {FormatCount(1e-7), "1e-07"},
		{FormatShare(0.629), "62.9%"}, {FormatShare(0.00013), "0.013%"}, {FormatShare(0), "0%"}, {FormatShare(1), "100%"}, {FormatShare(0.9996), "99.96%"},
		{FormatShare(0.99999), "99.999%"}, {FormatShare(0.05), "5%"}, {FormatShare(Share(0.8)), "80%"}, {FormatShare(2.5), "250%"}, {FormatShare(1 - 1e-12), "100%"},
		{FormatShare(0.0099), "0.99%"}, {FormatShare(-0.1), "-10%"}, {FormatShare(12.345), "1230%"}, {FormatShare(0.98996), "99%"},
		{FormatSize(8e9), "8GB"}, {FormatSize(1500), "1.5KB"}, {FormatSize(Size(999)), "999B"}, {FormatSize(1 << 30), "1.07GB"}, {FormatSize(0), "0B"},
		{Share(0.1234567890123).String(), "0.1234567890123"}, {Money{Amount: 3}.String(), "$3"}, {Rate(1.0 / 3).String(), "0.3333333333333333/s"},
	} {
		if row.got != row.want {
			t.Errorf("printed %q, want %q", row.got, row.want)
		}
	}
}
