package simulator

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Config says which world is simulated. The same Config gives the same events, byte by byte.
type Config struct {
	// Seed chooses one world of many with the same truth.
	Seed uint64
	// First and Last are the first and the last day of the history, as local midnights. First begins a quarter. Events that
	// would be published after Last are left out, so a later Last only appends.
	First, Last time.Time
	// Since leaves out what is published before it, to continue a history that was published up to then. Zero: leave out
	// nothing.
	Since time.Time
	// Pilot is the first day of the pilot: it begins a quarter.
	Pilot time.Time
	// Municipalities are the codes of those simulated; reference data always covers all areas.
	Municipalities []string
	// ServiceAreas tells whether residents and sessions of Turku name their service area; otherwise they name Turku.
	ServiceAreas bool
	// Scale multiplies the numbers of residents, and with them visits and sessions. Truth does not depend on it, except
	// that a series with its fixed number of places stays emptier where there are too few people to fill it.
	Scale float64
	// PopulationYears is for how many years back the population is published.
	PopulationYears int
	// Respondents is how many answer a survey wave in each group of municipalities.
	Respondents int
	// Late, Duplicates, Corrections and Voids are shares of the check-ins: published a day or more afterwards; published
	// twice; corrected; recorded by mistake and voided.
	Late, Duplicates, Corrections, Voids float64
}

// Default is the demo: three years and a part of a quarter up to and including yesterday, about a million events.
func Default(now time.Time) Config {
	last := midnight(now).AddDate(0, 0, -1)
	return Config{
		Seed:            1,
		First:           quarterOf(last.AddDate(-3, 0, 0)).first(),
		Last:            last,
		Pilot:           quarterOf(last.AddDate(0, -18, 0)).first(),
		Municipalities:  municipalities(),
		ServiceAreas:    true,
		Scale:           1,
		PopulationYears: 5,
		Respondents:     400,
		Late:            0.02,
		Duplicates:      0.01,
		Corrections:     0.005,
		Voids:           0.003,
	}
}

// Small is a fast world of about 25 000 events for tests: four municipalities, two years, one resident in forty.
func Small(now time.Time) Config {
	cfg := Default(now)
	cfg.First = quarterOf(cfg.Last.AddDate(-2, 0, 0)).first()
	cfg.Pilot = quarterOf(cfg.Last.AddDate(-1, 0, 0)).first()
	cfg.Municipalities = []string{"KU208", "KU305", "KU316", "KU853"}
	cfg.Scale = 1. / 40
	cfg.PopulationYears = 2
	cfg.Respondents = 60
	return cfg
}

// Large is the world of [Default] with ten times the residents: about ten million events, to measure with.
func Large(now time.Time) Config {
	cfg := Default(now)
	cfg.Scale = 10
	return cfg
}

// Continue is the world of c, up to yesterday: what was not published yet when c ended. It is empty, and not valid, on the
// day of c itself.
func (c Config) Continue(now time.Time) Config {
	c.Since = midnight(c.Last).AddDate(0, 0, 1)
	c.Last = midnight(now).AddDate(0, 0, -1)
	return c
}

// local returns c with its days in the local zone, which decides where a day ends.
func (c Config) local() Config {
	c.First, c.Last, c.Pilot = c.First.In(helsinki), c.Last.In(helsinki), c.Pilot.In(helsinki)
	return c
}

// Validate returns all faults, joined.
func (c Config) Validate() error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf("simulator: "+format, args...))
		}
	}
	beginsQuarter := func(day time.Time) bool { return day.Equal(quarterOf(day.In(helsinki)).first()) }
	fault(!beginsQuarter(c.First), "first %s: does not begin a quarter", c.First)
	fault(!beginsQuarter(c.Pilot), "pilot %s: does not begin a quarter", c.Pilot)
	fault(!c.Last.Equal(midnight(c.Last)), "last %s: is not a local midnight", c.Last)
	fault(!c.First.Before(c.Last), "last %s: is not after first", c.Last)
	fault(c.Since.After(c.Last), "since %s: is after last", c.Since)
	fault(c.First.Year() < 2000 || c.Last.Year() > 2100, "first, last: outside of 2000 to 2100")
	fault(len(c.Municipalities) == 0, "municipalities: none")
	for i, code := range c.Municipalities {
		fault(!slices.Contains(municipalities(), code), "municipality %s: unknown", code)
		fault(slices.Contains(c.Municipalities[:i], code), "municipality %s: given twice", code)
	}
	fault(!(c.Scale > 0 && c.Scale <= 10), "scale %v: outside of (0, 10]", c.Scale)
	fault(c.PopulationYears < 1 || c.PopulationYears > 20, "population years %d: outside of 1 to 20", c.PopulationYears)
	fault(c.Respondents < 1 || c.Respondents > 1_000_000, "respondents %d: outside of 1 to 1 000 000", c.Respondents)
	for _, share := range []struct {
		name  string
		value float64
	}{{"late", c.Late}, {"duplicates", c.Duplicates}, {"corrections", c.Corrections}, {"voids", c.Voids}} {
		fault(!(share.value >= 0 && share.value <= 0.5), "%s %v: outside of [0, 0.5]", share.name, share.value)
	}
	return errors.Join(faults...)
}
