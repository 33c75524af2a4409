package ingester

import (
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/event"
)

// register is a fact table that needs no code of its own: its columns are attributes of its payload *P, one line each.
type register[P any] struct {
	facts
	scope      func(*P) string
	attributes []func(*P)
}

// attribute declares a column of a register and returns how a payload fills it.
type attribute[P any] func(*facts) func(*P)

func newRegister[P any](name string, scope func(*P) string, attributes ...attribute[P]) *register[P] {
	r := &register[P]{facts: newFacts(name), scope: scope}
	for _, declare := range attributes {
		r.attributes = append(r.attributes, declare(&r.facts))
	}
	return r
}

func (r *register[P]) table() *facts { return &r.facts }

func (r *register[P]) add(e *event.Event) string {
	p := any(e.Payload).(*P)
	for _, fill := range r.attributes {
		fill(p)
	}
	return r.scope(p)
}

// is a column that holds what the payload holds; its type is V's.
func is[V, P any](name string, of func(*P) V) attribute[P] {
	return func(f *facts) func(*P) {
		c := column[V](&f.table, name)
		return func(p *P) { c.add(of(p)) }
	}
}

// at is a column of times or of days.
func at[P any](name string, of func(*P) time.Time) attribute[P] {
	return func(f *facts) func(*P) {
		c := column[time.Time](&f.table, name)
		return func(p *P) { c.add(f.instant(name, of(p))) }
	}
}

// amount is a column of numbers of N's width.
func amount[N integer, P any](name string, of func(*P) int) attribute[P] {
	return func(f *facts) func(*P) {
		c := column[N](&f.table, name)
		return func(p *P) { c.add(narrow[N](f, name, of(p))) }
	}
}

// maybeAmount is amount for numbers that need not be there.
func maybeAmount[N integer, P any](name string, of func(*P) *int) attribute[P] {
	return func(f *facts) func(*P) {
		c := column[*N](&f.table, name)
		return func(p *P) { c.add(narrowOptional[N](f, name, of(p))) }
	}
}

// person is a column of pseudonyms, zero where there is none.
func person[P any](name string, of func(*P) string) attribute[P] {
	return func(f *facts) func(*P) {
		c := column[uuid.UUID](&f.table, name)
		return func(p *P) { c.add(f.pseudonym(name, of(p))) }
	}
}

// second is the kind of an event of a family with two types, which Enum8 columns number 0 and 1.
func second(is bool) int8 {
	if is {
		return 1
	}
	return 0
}
