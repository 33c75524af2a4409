package ingester

import (
	"time"

	"vointi.fi/pkg/event"
)

// targetRows is facts_target; the scope is the target.
type targetRows struct {
	facts
	indicator  *values[string]
	targetArea *values[string]
	ageScheme  *values[string]
	ageGroup   *values[string]
	year       *values[uint16]
	starts     *values[time.Time]
	value      *values[float64]
	setBy      *values[string]
	setAt      *values[time.Time]
	retrieved  *values[time.Time]
	licence    *values[string]
}

func newTargetRows() *targetRows {
	r := &targetRows{facts: newFacts("target")}
	t := &r.facts.table
	r.indicator = column[string](t, "indicator")
	r.targetArea = column[string](t, "target_area")
	r.ageScheme = column[string](t, "age_scheme")
	r.ageGroup = column[string](t, "age_group")
	r.year = column[uint16](t, "year")
	r.starts = column[time.Time](t, "starts")
	r.value = column[float64](t, "value")
	r.setBy = column[string](t, "set_by")
	r.setAt = column[time.Time](t, "set_at")
	r.retrieved = column[time.Time](t, "retrieved_at")
	r.licence = column[string](t, "licence")
	return r
}

func (r *targetRows) table() *facts { return &r.facts }

func (r *targetRows) add(e *event.Event) string {
	p := e.Payload.(*event.Target)
	f := &r.facts
	r.indicator.add(p.Indicator)
	r.targetArea.add(p.Area)
	r.ageScheme.add(p.AgeScheme)
	r.ageGroup.add(p.AgeGroup)
	r.year.add(narrow[uint16](f, "year", p.Year))
	r.starts.add(f.instant("starts", p.Starts))
	r.value.add(p.Value)
	r.setBy.add(p.Source)
	r.setAt.add(f.instant("set_at", p.SetAt))
	r.retrieved.add(f.instant("retrieved_at", p.RetrievedAt))
	r.licence.add(p.Licence)
	return p.TargetID
}
