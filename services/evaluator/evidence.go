package evaluator

import (
	"context"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/warehouse"
)

// evidence is all that the estimates of a programme rest on, beside its description. Figures are what anybody may read:
// what is protected there is not known here, and of answers of the same persons no more either.
type evidence struct {
	Phases    []phase
	Costs     []cost
	Figures   []figure
	Changes   []change
	Covered   map[string]indicator.Date // the first month of figures, by area
	Uses      []use
	UnitCosts []unitCost
	Parents   map[string][]string
	Today     indicator.Date
}

// phase is what a project is in. ends is its last day; 0: not told.
type phase struct {
	Name            string
	Areas           []string
	ComparisonAreas []string
	Starts, Ends    indicator.Date
}

// cost is the entries of a month of one kind, with or without a funder.
type cost struct {
	Month       indicator.Date
	Kind        string // actual, budget or commitment
	Funded      bool
	Funders     []string // who they are, if Funded
	Cents       int64
	Least       int64 // the smallest entry
	PriceYear   int   // 0 not told
	Unallocated int64 // cents that reached no session
}

// figure is a published row. NaN is NULL.
type figure struct {
	Indicator, Area, Dimension, Member string
	Period                             indicator.Period
	Wave                               string
	Value, Lower, Upper                float64
	Numerator, Denominator             float64
	Status, Suppressed                 string
	Flags                              []string
}

func (f *figure) protected() bool { return f.Suppressed != "" }

func (f *figure) known() bool { return !f.protected() && !math.IsNaN(f.Value) && f.Status != "no_data" }

// shortHistory is the flag of figures before which too little is known.
const shortHistory = "short_history"

// incomplete reports whether it is only a part of what there was.
func (f *figure) incomplete() bool {
	return slices.Contains(f.Flags, indicator.FlagDataGap) || slices.Contains(f.Flags, shortHistory)
}

// use is how often a group used a service. -1 is not told.
type use struct {
	Service, Area, Period, Scheme, Group, Sex string
	Contacts                                  int64
	Persons, Population                       int64
	Suppressed                                bool
}

type unitCost struct {
	Service         string
	Year            int
	Low, Base, High float64
	Source          string
	Placeholder     bool
}

// asked is which published rows a programme needs.
type asked struct {
	indicators, areas, services []string
	surveyed                    []string // indicators of effects between waves
	types                       []string // of periods
	dimension                   string
	members                     []string
}

// ofSessions are the indicators of a programme's sessions.
var ofSessions = []string{
	string(programme.CostPerVisit), string(programme.CostPerHour), string(programme.CapacityUsed), uniqueParticipants,
}

const (
	uniqueParticipants = "unique-participants"
	newlyActive        = "newly-active-residents"
	reach              = "participation-reach" // its denominators are residents
)

func ask(p *programme.Programme, areas []string) asked {
	a := asked{
		indicators: append(slices.Clone(ofSessions), newlyActive, reach), areas: slices.Clone(areas),
		types: []string{string(indicator.Year), string(indicator.Quarter), string(indicator.Month)},
	}
	for _, e := range p.Effects {
		a.indicators, a.types = append(a.indicators, e.Indicator), append(a.types, e.Period)
		if e.Period == string(indicator.Wave) {
			a.surveyed = append(a.surveyed, e.Indicator)
		}
	}
	for _, s := range p.Services {
		a.services = append(a.services, s.Code)
	}
	if s := p.Sessions; s != nil {
		a.areas = append(a.areas, s.Areas...)
		a.dimension, a.members = s.Dimension, s.Members
	}
	return a
}

// gather reads what there is of a programme.
func (v *Evaluator) gather(ctx context.Context, p *programme.Programme) (e *evidence, err error) {
	e = &evidence{Today: v.today(), Covered: map[string]indicator.Date{}, Parents: map[string][]string{}}
	if p.Project != "" {
		project := warehouse.Param("project", p.Project)
		if e.Phases, err = warehouse.Collect(ctx, v.db, statement("phases"), scanPhase, project); err != nil {
			return nil, err
		}
		if e.Costs, err = warehouse.Collect(ctx, v.db, statement("costs"), scanCost, project); err != nil {
			return nil, err
		}
	}
	d := newDesign(p, e)
	a := ask(p, append(slices.Clone(d.areas), d.comparison...))
	areas := list("areas", a.areas)
	err = warehouse.Each(ctx, v.db, statement("parents"), func(scan func(...any) error) error {
		var area string
		var above []string
		err := scan(&area, &above)
		e.Parents[area] = above
		return err
	})
	if err != nil {
		return nil, err
	}
	err = warehouse.Each(ctx, v.db, statement("covered"), func(scan func(...any) error) error {
		var area string
		var first int32
		err := scan(&area, &first)
		e.Covered[area] = indicator.Date(first)
		return err
	}, areas)
	if err != nil {
		return nil, err
	}
	e.Figures, err = warehouse.Collect(ctx, v.db, statement("figures"), scanFigure, list("indicators", a.indicators), areas, list("types", a.types),
		warehouse.Param("dimension", a.dimension), list("members", a.members))
	if err != nil {
		return nil, err
	}
	if len(a.surveyed) > 0 {
		e.Changes, err = warehouse.Collect(ctx, v.db, statement("panel_changes"), scanChange, list("indicators", a.surveyed), areas)
		if err != nil {
			return nil, err
		}
	}
	return e, v.gatherUse(ctx, e, a)
}

// gatherUse reads the use of services and what a contact costs.
func (v *Evaluator) gatherUse(ctx context.Context, e *evidence, a asked) (err error) {
	if len(a.services) == 0 {
		return nil
	}
	services := list("services", a.services)
	if e.Uses, err = warehouse.Collect(ctx, v.db, statement("uses"), scanUse, services, list("areas", a.areas)); err != nil {
		return err
	}
	e.UnitCosts, err = warehouse.Collect(ctx, v.db, statement("unit_costs"), scanUnitCost, services)
	return err
}

func scanPhase(scan func(...any) error) (p phase, err error) {
	var starts, ends int32
	err = scan(&p.Name, &p.Areas, &p.ComparisonAreas, &starts, &ends)
	p.Starts, p.Ends = indicator.Date(starts), indicator.Date(ends)
	return p, err
}

func scanCost(scan func(...any) error) (c cost, err error) {
	var month int32
	var year uint16
	err = scan(&month, &c.Kind, &c.Funded, &c.Funders, &c.Cents, &c.Least, &year, &c.Unallocated)
	c.Month, c.PriceYear = indicator.Date(month), int(year)
	slices.Sort(c.Funders)
	return c, err
}

// funders are who pays for the project beside the municipality, by entries in force.
func (e *evidence) funders() (all []string) {
	for _, c := range e.Costs {
		all = append(all, c.Funders...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func scanFigure(scan func(...any) error) (f figure, err error) {
	var typ string
	var start int32
	var numbers [5]*float64
	err = scan(&f.Indicator, &f.Area, &f.Dimension, &f.Member, &typ, &start, &f.Wave,
		&numbers[0], &numbers[1], &numbers[2], &numbers[3], &numbers[4], &f.Status, &f.Suppressed, &f.Flags)
	f.Period = indicator.Period{Type: indicator.PeriodType(typ), Start: indicator.Date(start)}
	for i, into := range []*float64{&f.Value, &f.Lower, &f.Upper, &f.Numerator, &f.Denominator} {
		*into = orNull(numbers[i])
	}
	return f, err
}

func scanUse(scan func(...any) error) (u use, err error) {
	var contacts uint32
	var persons, population *uint32
	err = scan(&u.Service, &u.Area, &u.Period, &u.Scheme, &u.Group, &u.Sex, &contacts, &persons, &population, &u.Suppressed)
	u.Contacts, u.Persons, u.Population = int64(contacts), told(persons), told(population)
	return u, err
}

func told(n *uint32) int64 {
	if n == nil {
		return -1
	}
	return int64(*n)
}

func scanUnitCost(scan func(...any) error) (u unitCost, err error) {
	var year uint16
	err = scan(&u.Service, &year, &u.Low, &u.Base, &u.High, &u.Source, &u.Placeholder)
	u.Year = int(year)
	return u, err
}
