package event

import (
	"strconv"
	"strings"
)

// digits reads the number at the cursor and returns it as it is written.
func (r *reader) digits() string {
	s, start := r.s, r.pos
	i := start
	if i < len(s) && s[i] == '-' {
		i++
	}
	ok := true
	if i < len(s) && s[i] == '0' {
		i++
	} else {
		i, ok = run(s, i)
	}
	if ok && i < len(s) && s[i] == '.' {
		i, ok = run(s, i+1)
	}
	if ok && i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		i, ok = run(s, i)
	}
	if !ok {
		r.fail("is not JSON: wrong number")
		return ""
	}
	r.pos = i
	return s[start:i]
}

// run returns the end of the decimal digits at i, and whether there is at least one.
func run(s string, i int) (end int, ok bool) {
	end = i
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	return end, end > i
}

// number reads a number as it is written.
func (r *reader) number(otherwise string) (s string, ok bool) {
	if c := r.peek(); c != '-' && (c < '0' || c > '9') {
		r.mismatch(otherwise)
		return "", false
	}
	s = r.digits()
	return s, !r.broken
}

// integer reads a whole number between min and max; 5.0 and 5e0 are whole numbers too.
func (r *reader) integer(min, max int64) (v int64, ok bool) {
	s, ok := r.number("must be a whole number")
	if !ok {
		return 0, false
	}
	v, whole, fits := wholeNumber(s)
	switch {
	case !whole:
		r.fault("must be a whole number")
	case !fits || v < min || v > max:
		r.fault("must be between " + strconv.FormatInt(min, 10) + " and " + strconv.FormatInt(max, 10))
	default:
		return v, true
	}
	return 0, false
}

// wholeNumber returns the value of a JSON number; fits is false beyond 18 digits.
func wholeNumber(s string) (v int64, whole, fits bool) {
	if v, ok := plainNumber(s); ok {
		return v, true, true
	}
	neg, digits, exp := decimal(s)
	if exp < 0 {
		return 0, false, false
	}
	if len(digits)+exp > 18 {
		return 0, true, false
	}
	for i := range len(digits) + exp {
		v *= 10
		if i < len(digits) {
			v += int64(digits[i] - '0')
		}
	}
	if neg {
		v = -v
	}
	return v, true, true
}

// plainNumber returns the value of up to 18 digits without sign, point and exponent.
func plainNumber(s string) (v int64, ok bool) {
	if len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	return v, true
}

// decimal splits a JSON number into its sign and digits × 10^exp, the digits without zeros at either end; zero has none.
func decimal(s string) (neg bool, digits string, exp int) {
	neg = s[0] == '-'
	if neg {
		s = s[1:]
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exp = clampedExponent(s[i+1:])
		s = s[:i]
	}
	if i := strings.IndexByte(s, '.'); i >= 0 {
		exp -= len(s) - i - 1
		s = s[:i] + s[i+1:]
	}
	s = strings.TrimLeft(s, "0")
	digits = strings.TrimRight(s, "0")
	if digits == "" {
		return neg, "", 0
	}
	return neg, digits, exp + len(s) - len(digits)
}

// clampedExponent reads an exponent; a number has at most MaxSize digits, so beyond 2·MaxSize the value says no more.
func clampedExponent(s string) int {
	v, err := strconv.Atoi(s)
	switch {
	case err != nil && s[0] == '-':
		return -2 * MaxSize
	case err != nil:
		return 2 * MaxSize
	}
	return max(-2*MaxSize, min(v, 2*MaxSize))
}
