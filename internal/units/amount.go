package units

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// longestText bounds what is read as a quantity: nobody writes longer ones, and
// exact arithmetic on a megabyte of digits would take forever.
const longestText = 100

// largestExponent bounds the exponent of exactly read amounts, for the same reason.
const largestExponent = 40

// prefixes are the decimal multiples that counts and rates are written with.
var prefixes = []multiple{{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}}

// multiple is a suffix and what it multiplies by.
type multiple struct {
	suffix string
	factor int64
}

// refuse makes the error of a text that is not a quantity: "`4x` is not a
// duration: expected one such as 150us, 4ms or 1m30s".
func refuse(text, article, what, examples string) error {
	return fmt.Errorf("%s is not %s %s: expected one such as %s", quote(text), article, what, examples)
}

// quote shows a text in an error, on one line and not too long.
func quote(text string) string {
	const longest = 40
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return "`" + strings.Map(printable, text) + "`"
}

// printable leaves nothing in a text that would move a terminal's cursor.
func printable(r rune) rune {
	if !strconv.IsPrint(r) {
		return '·'
	}
	return r
}

// errAmount is returned for texts that do not begin with an amount; the caller
// replaces it with an error that says what was expected.
var errAmount = errors.New("not an amount")

// split cuts a text such as "1.5KB" into its amount, "1.5" without underscores,
// and its unit, "KB".
func split(text string) (amount, unit string, err error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > longestText {
		return "", "", errAmount
	}
	end := amountEnd(text)
	amount = text[:end]
	if !wellFormed(amount) {
		return "", "", errAmount
	}
	return strings.ReplaceAll(amount, "_", ""), strings.TrimSpace(text[end:]), nil
}

// amountEnd finds where the digits (with point, underscores and exponent) end.
func amountEnd(text string) int {
	end := 0
	for end < len(text) && (isDigit(text[end]) || text[end] == '.' || text[end] == '_') {
		end++
	}
	// An exponent counts only if digits follow.
	if end == 0 || end == len(text) || (text[end] != 'e' && text[end] != 'E') {
		return end
	}
	next := end + 1
	if next < len(text) && (text[next] == '+' || text[next] == '-') {
		next++
	}
	if next == len(text) || !isDigit(text[next]) {
		return end
	}
	for next < len(text) && isDigit(text[next]) {
		next++
	}
	return next
}

// wellFormed tells whether an amount begins with a digit or a point before a digit, has at
// most one point, and underscores only between digits.
func wellFormed(amount string) bool {
	digits, points := 0, 0
	for i := 0; i < len(amount); i++ {
		switch c := amount[i]; {
		case isDigit(c):
			digits++
		case c == '.':
			points++
		case c == '_':
			if i == 0 || i+1 == len(amount) || !isDigit(amount[i-1]) || !isDigit(amount[i+1]) {
				return false
			}
		}
	}
	return digits > 0 && points <= 1 && !strings.HasSuffix(amount, ".")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// decimal reads a text that split returned as a finite float64.
func decimal(amount string) (float64, error) {
	value, err := strconv.ParseFloat(amount, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return 0, errAmount
	}
	return value, nil
}

// scaled reads an amount and multiplies it by factor. The text is read together with the
// factor where it is a power of ten, so that 0.3k is exactly 300.
func scaled(amount string, factor int64) (float64, error) {
	if exact, err := rational(amount); err == nil {
		value, _ := exact.Mul(exact, new(big.Rat).SetInt64(factor)).Float64()
		if !math.IsInf(value, 0) {
			return value, nil
		}
		return 0, errAmount
	}
	value, err := decimal(amount)
	if err != nil || math.IsInf(value*float64(factor), 0) {
		return 0, errAmount
	}
	return value * float64(factor), nil
}

// rational reads an amount exactly; it refuses exponents that would make a huge number.
func rational(amount string) (*big.Rat, error) {
	if at := strings.IndexAny(amount, "eE"); at >= 0 {
		exponent, err := strconv.Atoi(amount[at+1:])
		if err != nil || exponent > largestExponent || exponent < -largestExponent {
			return nil, errAmount
		}
	}
	exact, ok := new(big.Rat).SetString(amount)
	if !ok {
		return nil, errAmount
	}
	return exact, nil
}

// find returns the factor of a suffix.
func find(units []multiple, suffix string) (int64, bool) {
	for _, unit := range units {
		if unit.suffix == suffix {
			return unit.factor, true
		}
	}
	return 0, false
}

// exactly prints a value with the prefix that makes the text shortest and still reads back
// as the very same value.
func exactly(value float64, units []multiple, none string) string {
	best := plain(value) + none
	for _, unit := range units {
		amount := plain(value / float64(unit.factor))
		text := amount + unit.suffix
		if value < float64(unit.factor) || len(text) >= len(best) {
			continue
		}
		if back, err := scaled(amount, unit.factor); err == nil && back == value {
			best = text
		}
	}
	return best
}

// amounts matches how an amount is written, for patterns.
const amounts = `([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][+-]?[0-9]+)?`

// pattern matches an amount with one of some units behind it, which are a regular expression.
func pattern(units string) string { return `^\s*` + amounts + `\s*(` + units + `)\s*$` }
