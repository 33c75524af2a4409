package ingester

import (
	"strconv"
	"time"

	"vointi.fi/pkg/event"
)

// populationRows is facts_population; the scope is the area and year.
type populationRows struct {
	facts
	homeArea    *values[string]
	year        *values[uint16]
	sex         *values[string]
	age         *values[string]
	count       *values[uint32]
	tableID     *values[string]
	licence     *values[string]
	retrievedAt *values[time.Time]
}

func newPopulationRows() *populationRows {
	r := &populationRows{facts: newFacts("population")}
	t := &r.facts.table
	r.homeArea = column[string](t, "home_area")
	r.year = column[uint16](t, "year")
	r.sex = column[string](t, "sex")
	r.age = column[string](t, "age")
	r.count = column[uint32](t, "count")
	r.tableID = column[string](t, "table_id")
	r.licence = column[string](t, "licence")
	r.retrievedAt = column[time.Time](t, "retrieved_at")
	return r
}

func (r *populationRows) table() *facts { return &r.facts }

func (r *populationRows) add(e *event.Event) string {
	p := e.Payload.(*event.Population)
	f := &r.facts
	r.homeArea.add(p.Area)
	r.year.add(narrow[uint16](f, "year", p.Year))
	r.sex.add(p.Sex)
	r.age.add(p.Age)
	r.count.add(narrow[uint32](f, "count", p.Count))
	r.tableID.add(p.TableID)
	r.licence.add(p.Licence)
	r.retrievedAt.add(f.instant("retrieved_at", p.RetrievedAt))
	return p.Area + "/" + strconv.Itoa(p.Year)
}

// areaRows is facts_area; the scope is the area described.
type areaRows struct {
	facts
	level           *values[string]
	code            *values[string]
	name            *values[sorted[string]]
	parentHierarchy *values[[]string]
	parentArea      *values[[]string]
	validFrom       *values[time.Time]
	validTo         *values[time.Time]
	retrievedAt     *values[time.Time]
	licence         *values[string]
}

func newAreaRows() *areaRows {
	r := &areaRows{facts: newFacts("area")}
	t := &r.facts.table
	r.level = column[string](t, "level")
	r.code = column[string](t, "code")
	r.name = column[sorted[string]](t, "name")
	r.parentHierarchy = column[[]string](t, "parents.hierarchy")
	r.parentArea = column[[]string](t, "parents.area")
	r.validFrom = column[time.Time](t, "valid_from")
	r.validTo = column[time.Time](t, "valid_to")
	r.retrievedAt = column[time.Time](t, "retrieved_at")
	r.licence = column[string](t, "licence")
	return r
}

func (r *areaRows) table() *facts { return &r.facts }

func (r *areaRows) add(e *event.Event) string {
	p := e.Payload.(*event.Area)
	f := &r.facts
	r.level.add(p.Level)
	r.code.add(p.Code)
	r.name.add(p.Name)
	r.parentHierarchy.add(each(p.Parents, func(x event.Parent) string { return x.Hierarchy }))
	r.parentArea.add(each(p.Parents, func(x event.Parent) string { return x.Area }))
	r.validFrom.add(f.instant("valid_from", p.ValidFrom))
	r.validTo.add(f.instant("valid_to", p.ValidTo))
	r.retrievedAt.add(f.instant("retrieved_at", p.RetrievedAt))
	r.licence.add(p.Licence)
	return p.AreaID
}

// periodRows is facts_period; the scope is the period that was closed.
type periodRows struct {
	facts
	periodType  *values[string]
	periodStart *values[time.Time]
	closedScope *values[string]
}

func newPeriodRows() *periodRows {
	r := &periodRows{facts: newFacts("period")}
	t := &r.facts.table
	r.periodType = column[string](t, "period_type")
	r.periodStart = column[time.Time](t, "period_start")
	r.closedScope = column[string](t, "closed_scope")
	return r
}

func (r *periodRows) table() *facts { return &r.facts }

func (r *periodRows) add(e *event.Event) string {
	p := e.Payload.(*event.Period)
	r.periodType.add(p.PeriodType)
	r.periodStart.add(r.instant("period_start", p.PeriodStart))
	r.closedScope.add(p.Scope)
	return p.PeriodType + "/" + p.PeriodStart.Format(time.DateOnly)
}
