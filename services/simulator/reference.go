package simulator

import (
	"strconv"
	"time"

	"vointi.fi/pkg/event"
)

// register is the reference data: areas, and the population at the ends of years.
type register struct {
	world *world
	areas []event.Area
	rows  []populationRow
}

type populationRow struct {
	area     string
	town     *town
	year     int16
	sex, age int8
	count    int32
	out      time.Time
}

// newRegister lists the population of all years that are published within the history.
func newRegister(w *world) *register {
	g := &register{world: w, areas: referenceAreas()}
	latest := publishedYear(w.cfg.Last)
	for year := latest - w.cfg.PopulationYears + 1; year <= latest; year++ {
		for _, t := range w.towns {
			sum := &counts{}
			for _, l := range t.leaves {
				c := l.counts(year)
				sum.add(c)
				if w.cfg.ServiceAreas && l.code != t.code {
					g.list(l.code, t, year, c)
				}
			}
			g.list(t.code, t, year, sum)
		}
	}
	return g
}

func (c *counts) add(other *counts) {
	for sex := range c {
		for age := range c[sex] {
			c[sex][age] += other[sex][age]
		}
	}
}

func (g *register) list(area string, t *town, year int, c *counts) {
	out := populationDay(year)
	for sex := range c {
		for age, count := range c[sex] {
			g.rows = append(g.rows, populationRow{area, t, int16(year), int8(sex), int8(age), count, out})
		}
	}
}

// actions publishes everything first, and when it is continued, what came out since.
func (g *register) actions(add func(action)) {
	first := g.world.cfg.First.UnixMilli()
	for i := range g.areas {
		add(action{first, g, areaDescribed, int32(i)})
	}
	for i := range g.rows {
		at := first
		if since := g.world.cfg.Since; since.After(g.world.cfg.First) && !g.rows[i].out.Before(since) {
			at = g.rows[i].out.UnixMilli()
		}
		add(action{at, g, populationCounted, int32(i)})
	}
	// a year that ended within the history is closed by hand, when its population is out
	cfg := g.world.cfg
	for year := cfg.First.Year(); year < cfg.Last.Year(); year++ {
		add(action{populationDay(year).UnixMilli() + 12*hour, g, periodClosed, int32(year)})
	}
}

const referenceSource = "/demo/reference"

func (g *register) make(what what, index int) (*event.Event, error) {
	switch what {
	case areaDescribed:
		a := g.areas[index]
		return event.Unchecked(event.AreaDescribed, referenceSource, event.NewID("area", a.AreaID), a.ValidFrom, "SSS", a.AreaID, &a)
	case periodClosed:
		p := &event.Period{PeriodType: "year", PeriodStart: time.Date(index, time.January, 1, 0, 0, 0, 0, time.UTC)}
		at := populationDay(index).Add(12 * time.Hour)
		id := event.NewID("period", p.PeriodType, strconv.Itoa(index))
		return event.Unchecked(event.PeriodClosed, referenceSource, id, at, "SSS", "", p)
	}
	row := g.rows[index]
	p := &event.Population{
		Area: row.area, Year: int(row.year), Sex: sexCodes[row.sex], Age: strconv.Itoa(int(row.age)), Count: int(row.count),
		TableID: "demo", RetrievedAt: row.out.UTC(),
	}
	id := event.NewID("population", p.Area, strconv.Itoa(p.Year), p.Sex, p.Age)
	return event.Unchecked(event.PopulationSnapshot, referenceSource, id, row.out, row.town.code, p.Area, p)
}
