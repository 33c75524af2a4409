package event

import (
	"strconv"
	"strings"
)

const notEuros = "must be an amount such as \"330.00\": a string, not negative, at most two decimals"

// euros is an amount of money that is always written.
func euros[T any](name string, at func(*T) *int64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.euros(); ok {
				*at(p) = v
			}
		},
		write: func(b []byte, p *T) []byte { return appendEuros(b, *at(p)) },
	}
}

// maybeEuros is an amount of money; nil is absent.
func maybeEuros[T any](name string, at func(*T) **int64) field[T] {
	return field[T]{
		name: name,
		read: func(r *reader, p *T) {
			if v, ok := r.euros(); ok {
				*at(p) = &v
			}
		},
		write: func(b []byte, p *T) []byte {
			if v := *at(p); v != nil {
				return appendEuros(b, *v)
			}
			return b
		},
	}
}

func (r *reader) euros() (cents int64, ok bool) {
	s, ok := r.text()
	if !ok {
		return 0, false
	}
	if cents, ok = parseEuros(s); !ok {
		r.fault(notEuros)
	}
	return cents, ok
}

// parseEuros reads "330", "330.5" or "330.50": up to ten digits, no leading zero, up to two decimals.
func parseEuros(s string) (cents int64, ok bool) {
	whole, decimals, point := strings.Cut(s, ".")
	if whole == "" || len(whole) > 10 || len(whole) > 1 && whole[0] == '0' || point && decimals == "" || len(decimals) > 2 {
		return 0, false
	}
	cents, ok = plainNumber(whole + decimals + "00"[len(decimals):])
	return cents, ok
}

func appendEuros(b []byte, cents int64) []byte {
	b = append(b, '"')
	if cents < 0 {
		b, cents = append(b, '-'), -cents
	}
	b = strconv.AppendInt(b, cents/100, 10)
	b = append(b, '.', byte('0'+cents/10%10), byte('0'+cents%10))
	return append(b, '"')
}
