package event

import (
	"math"
	"strconv"
)

// quantity is any number up to 10¹² in size that is always written; maybeQuantity one that is absent if nil.
func quantity[T any](name string, at func(*T) *float64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.quantity(); ok {
				*at(p) = v
			}
		},
		write: func(b []byte, p *T) []byte { return appendQuantity(b, *at(p)) },
	}
}

func maybeQuantity[T any](name string, at func(*T) **float64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.quantity(); ok {
				*at(p) = &v
			}
		},
		write: func(b []byte, p *T) []byte {
			if v := *at(p); v != nil {
				return appendQuantity(b, *v)
			}
			return b
		},
	}
}

func (r *reader) quantity() (v float64, ok bool) {
	s, ok := r.number("must be a number")
	if !ok {
		return 0, false
	}
	_, digits, exp := decimal(s)
	if size := len(digits) + exp; digits != "" && (size > 13 || size == 13 && digits != "1") {
		r.fault("must be between -1000000000000 and 1000000000000")
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v + 0, err == nil // no negative zero
}

func appendQuantity(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v+0, 'g', -1, 64)
}

// fixedPoint is a number with at most the given decimals, held as a whole number of its last decimal; nil is absent. The
// limits are in that unit too.
func fixedPoint[T any](name string, at func(*T) **int64, decimals int, low, high int64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.fixedPoint(decimals, low, high); ok {
				*at(p) = &v
			}
		},
		write: func(b []byte, p *T) []byte {
			if v := *at(p); v != nil {
				return appendFixedPoint(b, *v, decimals)
			}
			return b
		},
	}
}

func (r *reader) fixedPoint(decimals int, low, high int64) (v int64, ok bool) {
	s, ok := r.number("must be a number")
	if !ok {
		return 0, false
	}
	neg, digits, exp := decimal(s)
	if digits == "" {
		return 0, r.within(0, decimals, low, high)
	}
	if exp += decimals; exp < 0 {
		r.fault("must have at most " + itoa(decimals) + " decimals")
		return 0, false
	}
	if len(digits)+exp > 18 {
		return 0, r.within(math.MaxInt64, decimals, low, high)
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	for range exp {
		v *= 10
	}
	if neg {
		v = -v
	}
	return v, err == nil && r.within(v, decimals, low, high)
}

func (r *reader) within(v int64, decimals int, low, high int64) bool {
	if low <= v && v <= high {
		return true
	}
	r.fault("must be between " + string(appendFixedPoint(nil, low, decimals)) + " and " + string(appendFixedPoint(nil, high, decimals)))
	return false
}

// appendFixedPoint writes the shortest decimal of v·10^−decimals.
func appendFixedPoint(b []byte, v int64, decimals int) []byte {
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	for ; decimals > 0 && v%10 == 0; decimals-- {
		v /= 10
	}
	digits := strconv.FormatInt(v, 10)
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	whole := len(digits) - decimals
	if b = append(b, digits[:whole]...); decimals > 0 {
		b = append(append(b, '.'), digits[whole:]...)
	}
	return b
}
