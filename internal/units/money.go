package units

import (
	"slices"
	"strings"
)

// Money is a price in dollars per something.
type Money struct {
	Amount float64 // dollars, finite and not negative
	Per    string  // h (instance-hour), s (second), GB (gigabyte), GB-s (gigabyte-second) or M (million requests); "" when zero
}

// Describe says what a price looks like.
func (Money) Describe() string { return "a price such as $0.17/h" }

// UnmarshalText reads a price such as $0.17/h, $0.08/GB or $0.40/M. Both the dollar sign and
// what the price is for are required.
func (m *Money) UnmarshalText(text []byte) error {
	refused := refuse(string(text), "a", "price", "$0.17/h, $0.08/GB or $0.40/M")
	written, dollars := strings.CutPrefix(strings.TrimSpace(string(text)), "$")
	amount, unit, err := split(written)
	per, divided := strings.CutPrefix(unit, "/")
	per = strings.TrimSpace(per)
	if !dollars || err != nil || !divided || !slices.Contains([]string{"h", "s", "GB", "GB-s", "M"}, per) {
		return refused
	}
	value, err := decimal(amount)
	if err != nil {
		return refused
	}
	*m = Money{Amount: value, Per: per}
	return nil
}

// String prints the price exactly: $0.17/h.
func (m Money) String() string {
	if m.Per == "" {
		return "$" + plain(m.Amount)
	}
	return "$" + plain(m.Amount) + "/" + m.Per
}

// Pattern implements strict.Patterned.
func (Money) Pattern() string { return `^\s*\$\s*` + amounts + `\s*/\s*(h|s|GB|GB-s|M)\s*$` }
