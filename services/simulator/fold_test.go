package simulator_test

import (
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

var helsinki = func() *time.Location {
	location, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return location
}()

// state is what the events of a history amount to: of each entity, the event that the fold lets count.
type state struct {
	truth      simulator.Truth
	total      int
	types      map[event.Type]int
	checkins   map[event.Key]*event.Event
	sessions   map[event.Key]*event.Event
	heads      map[event.Key]*event.Event
	responses  []*event.Response
	uses       []*event.ServiceUse
	costs      map[event.Key]*event.Event
	population map[populationKey]int
	late, all  int // check-ins, as published; duplicates are not counted again
	latest     time.Time
}

type populationKey struct {
	area string
	year int
}

// fold reads a history.
func fold(t testing.TB, cfg simulator.Config) *state {
	t.Helper()
	s := newSimulator(t, cfg)
	f := newState(s.Truth())
	for e, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		f.add(e)
	}
	return f
}

func newState(truth simulator.Truth) *state {
	return &state{
		truth: truth, types: map[event.Type]int{}, checkins: map[event.Key]*event.Event{},
		sessions: map[event.Key]*event.Event{}, heads: map[event.Key]*event.Event{}, costs: map[event.Key]*event.Event{},
		population: map[populationKey]int{},
	}
}

func (f *state) add(e *event.Event) {
	f.total++
	f.types[e.Type]++
	switch p := e.Payload.(type) {
	case *event.Response:
		f.responses = append(f.responses, p)
	case *event.ServiceUse:
		f.uses = append(f.uses, p)
	case *event.Population:
		f.population[populationKey{p.Area, p.Year}] += p.Count
	case *event.Checkin:
		if f.checkins[e.Chain()] == nil {
			f.time(e.Time)
		}
	}
	switch e.Family() {
	case event.CheckinFamily:
		keep(f.checkins, e)
	case event.CalendarFamily:
		keep(f.sessions, e)
	case event.HeadcountFamily:
		keep(f.heads, e)
	case event.CostFamily:
		keep(f.costs, e)
	}
}

// time notes when a check-in happened that is published now.
func (f *state) time(at time.Time) {
	f.all++
	if f.latest.Sub(at) > 20*time.Hour {
		f.late++
	}
	if at.After(f.latest) {
		f.latest = at
	}
}

func keep(m map[event.Key]*event.Event, e *event.Event) {
	key := e.Chain()
	if e.Family() == event.CalendarFamily {
		key = e.Key()
	}
	if old := m[key]; old == nil || event.Less(old.Order(), e.Order()) {
		m[key] = e
	}
}

// visits calls do for every check-in that counts.
func (f *state) visits(do func(e *event.Event, c *event.Checkin)) {
	for _, e := range f.checkins {
		if c, ok := e.Payload.(*event.Checkin); ok {
			do(e, c)
		}
	}
}
