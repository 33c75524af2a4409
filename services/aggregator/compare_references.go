package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/warehouse"
)

// references is what comparisons depend on beside the published figures.
type references struct {
	day     indicator.Date // periods that end by it are over
	areas   map[string]area
	parts   map[string][]string // of an area, those by which its inequality is measured
	peers   *reference.Peers
	targets map[targetKey]float64
	waves   map[string]waveInfo
	covered coverage
}

// coverage is the first month that an area has figures of. What began before it is not known whole, and a part of a year
// held beside a whole one would seem a change.
type coverage map[string]indicator.Date

// whole reports whether an area's figures cover a period from its beginning. A survey's do.
func (c coverage) whole(area string, t indicator.PeriodType, start indicator.Date) bool {
	return t == indicator.Wave || start >= c[area]
}

// covered reads from when on each area has figures.
func (a *Aggregator) covered(ctx context.Context) (coverage, error) {
	c := coverage{}
	err := warehouse.Each(ctx, a.db, a.state.statement("compare_covered"), func(row func(...any) error) error {
		var area string
		var first int32
		err := row(&area, &first)
		c[area] = indicator.Date(first)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the first months: %w", err)
	}
	return c, nil
}

// waveInfo is what is known of a survey wave.
type waveInfo struct {
	id                  string
	starts, ends        indicator.Date
	instrument, version string
}

func (w waveInfo) when() when { return when{w.starts, w.id} }

// references reads what comparisons of a day depend on.
func (a *Aggregator) references(ctx context.Context, day indicator.Date) (*references, error) {
	r := &references{
		day: day, areas: a.areas, parts: map[string][]string{}, peers: a.cfg.Peers, targets: map[targetKey]float64{}, waves: map[string]waveInfo{},
	}
	for id, x := range a.areas {
		if a.places.now(id) != id {
			continue
		}
		for _, above := range a.places.path(id)[1:] {
			if r.partLevel(above) == x.level {
				r.parts[above] = append(r.parts[above], id)
			}
		}
	}
	for _, ids := range r.parts {
		slices.Sort(ids)
	}
	err := warehouse.Each(ctx, a.db, statement("compare_targets"), func(row func(...any) error) error {
		var k targetKey
		var year uint16
		var value float64
		err := row(&k.indicator, &k.area, &k.scheme, &k.group, &year, &value)
		k.year = int(year)
		r.targets[k] = value
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	err = warehouse.Each(ctx, a.db, statement("compare_waves"), func(row func(...any) error) error {
		var w waveInfo
		var starts, ends int32
		err := row(&w.id, &starts, &ends, &w.instrument, &w.version)
		w.starts, w.ends = indicator.Date(starts), indicator.Date(ends)
		r.waves[w.id] = w
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read waves: %w", err)
	}
	return r, nil
}

// over reports whether a period has ended. A running one holds fewer days than any other, and is not compared.
func (r *references) over(t indicator.PeriodType, w when) bool {
	if t == indicator.Wave {
		wave, known := r.waves[w.wave]
		return known && wave.ends < r.day
	}
	return t.End(w.start) <= r.day
}

// waveBefore returns the wave before one of the same questionnaire.
func (r *references) waveBefore(id string) (before waveInfo, ok bool) {
	this := r.waves[id]
	for _, w := range r.waves {
		earlier := w.instrument == this.instrument && w.starts < this.starts
		if earlier && (!ok || cmp.Or(cmp.Compare(before.starts, w.starts), cmp.Compare(before.id, w.id)) < 0) {
			before, ok = w, true
		}
	}
	return before, ok
}

// mothers is the order in which the area is chosen that another is held against as its parent: its wellbeing services
// county, else its region, else the smallest that it lies in.
var mothers = []string{"county", "region", "service_area", "municipality", "subregion", "country"}

// mother returns the area's parent; "" if it has none.
func (r *references) mother(id string) string {
	for _, hierarchy := range mothers {
		if m := r.areas[id].parents[hierarchy]; m != "" && m != id {
			return m
		}
	}
	return ""
}

// partLevel is the level of the areas by which an area's inequality is measured.
func (r *references) partLevel(area string) string {
	switch r.areas[area].level {
	case "municipality":
		return "service_area"
	case "county", "region", "country":
		return "municipality"
	}
	return ""
}
