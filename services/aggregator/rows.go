package aggregator

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
)

// publisher makes the rows of one period from its cells.
type publisher struct {
	a       *Aggregator
	grid    *grid
	entries indicator.Catalogue
	masks   masks
	details bool // breakdowns too, not only area totals
	rows    []publication
}

// rowsOf returns the rows of the period: of every area with cells, every one of the indicators with this period type. Rows are
// protected by the masks, but have neither status nor revision yet.
func (a *Aggregator) rowsOf(g *grid, of indicator.Catalogue, details bool, ms masks) ([]publication, error) {
	p := &publisher{a: a, grid: g, entries: of, masks: ms, details: details}
	for i, area := range slices.Sorted(maps.Keys(g.areas)) {
		if i == 1 { // of the others there will be about as many
			p.rows = slices.Grow(p.rows, len(p.rows)*len(g.areas))
		}
		silent := g.areas[area].silent()
		for _, e := range p.entries {
			if silent && e.Missing() == "" || derived(e) || !slices.Contains(e.Periods, g.period.Type) || !a.complete(e, g.period) || !e.Has("area") && area != country {
				continue
			}
			if err := p.entry(e, area); err != nil {
				return nil, err
			}
		}
	}
	return p.rows, nil
}

// complete reports whether the entry can be told of the period yet: some wait for what happens after its end.
func (a *Aggregator) complete(e *indicator.Entry, p indicator.Period) bool {
	return e.LagDays == 0 || p.End()+indicator.Date(e.LagDays) <= a.today()
}

// entry adds the rows of one indicator and area: the total; by age group and sex; by each dimension.
func (p *publisher) entry(e *indicator.Entry, area string) error {
	cells := p.grid.areas[area]
	if e.Numerator.Measure == indicator.MeetingMunicipalities && !p.meets(area) {
		return nil
	}
	total := slot{indicator: e.ID, area: area, member: everyone}
	details := p.details && p.grid.period.Type.Detailed()
	for i := range p.a.ages.people {
		of := &p.a.ages.people[i]
		whole := of == p.a.ages.everybody()
		if !whole && (!details || !shows(e, of)) {
			continue
		}
		s := total
		s.scheme, s.group, s.sex = of.scheme, of.group, of.sex
		if err := p.row(e, s, cells.sums(of), of); err != nil {
			return err
		}
	}
	if !details {
		return nil
	}
	for _, d := range e.Dimensions() {
		for _, m := range cells.membersOf(e, d) {
			s := total
			s.group, s.sex, s.dimension, s.member = everyone, everyone, d, m
			if err := p.row(e, s, cells.memberSums(memberKey{d, m}), p.a.ages.residents(d, m)); err != nil {
				return err
			}
		}
	}
	return nil
}

// shows reports whether the entry is broken down this far, and has something to divide by: nobody knows how many
// residents are of unknown age or sex.
func shows(e *indicator.Entry, of *people) bool {
	if e.Denominator.Measure == indicator.Population && (of.sex == unknown || of.group == unknown) {
		return false
	}
	return (of.sex == everyone || e.Has("sex")) && (of.group == everyone || e.Has("age_group"))
}

// membersOf returns the members that any measure of the entry has in this area.
func (c *areaGrid) membersOf(e *indicator.Entry, dimension string) []string {
	seen := map[string]bool{}
	for _, m := range e.Stored() {
		for k := range c.members[m] {
			if k.dimension == dimension && k.member != "" {
				seen[k.member] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// row evaluates one row, and protects it if the mask says so.
func (p *publisher) row(e *indicator.Entry, s slot, sums indicator.Sums, of *people) error {
	residents, kind := math.NaN(), ""
	if e.Denominator.Measure == indicator.Population { // a member is shown against all residents
		residents, kind = p.a.population.at(s.area, p.grid.period, of)
	}
	v, err := p.evaluate(e, s, indicator.Cell{Sums: p.completed(s.area, sums), Population: residents})
	if err != nil {
		return fmt.Errorf("%s, area %s, %s: %w", p.grid.period, s.area, s.group, err)
	}
	if v.Numerator == 0 && !p.a.fed.counted(e, p.grid.period) {
		v = uncounted(v)
	}
	if p.a.shortHistory(e, p.grid.period) {
		v = incomplete(e, v)
	}
	if p.lacks(e, s) {
		v = e.Gapped(v)
	}
	row := newPublication(e, pubKey{period: p.grid.period, slot: s}, v)
	row.denominatorKind = kind
	if p.masks.hides(e, s) {
		row.protect()
	}
	p.rows = append(p.rows, row)
	return nil
}

// evaluate makes the value of one row; of standardised entries from the cells of each band.
func (p *publisher) evaluate(e *indicator.Entry, s slot, all indicator.Cell) (indicator.Value, error) {
	if e.Method == indicator.RiskRatio {
		return p.ratio(e, s, all)
	}
	if e.Standard == "" {
		return e.EvaluateCells(all)
	}
	area, member := p.grid.areas[s.area], memberKey{}
	if s.dimension != "" {
		member = memberKey{s.dimension, s.member}
	}
	cells := make([]indicator.Cell, len(e.Cells()))
	for band := range cells {
		cells[band] = indicator.Cell{
			Sums:       area.bandSums(p.a.ages.standardPeople(band, s.sex, 0), member),
			Population: p.a.population.ofBand(p.a.ages, s.area, p.grid.period, band, s.sex),
		}
	}
	return e.EvaluateStandard(all, cells...)
}

// flagShortHistory marks figures of periods before which too little is known.
const flagShortHistory = "short_history"

// shortHistory reports whether the entry asks what persons did before, and the period is too early to know of everybody.
func (a *Aggregator) shortHistory(e *indicator.Entry, p indicator.Period) bool {
	back := 0
	for _, m := range []indicator.Measure{e.Numerator.Measure, e.Denominator.Measure} {
		switch m {
		case indicator.NewlyActive:
			back = max(back, a.cfg.Rule.Before+a.cfg.Rule.Window)
		case indicator.FirstTimers, indicator.Newcomers, indicator.Retained:
			back = max(back, a.cfg.Rule.Before)
		}
	}
	return back > 0 && p.Start < a.history()+indicator.Date(back)
}

// incomplete turns a figure of such a period into no data, since those who are missing would count as of the other kind. A
// mere count stays, as provisional: it is a lower bound.
func incomplete(e *indicator.Entry, v indicator.Value) indicator.Value {
	if e.Numerator.Measure != indicator.NewlyActive {
		v = uncounted(v)
	}
	v.Flags = append(v.Flags, flagShortHistory)
	return v
}

func newPublication(e *indicator.Entry, key pubKey, v indicator.Value) publication {
	p := publication{
		pubKey: key, value: v.Value, lower95: v.I95.Lower, upper95: v.I95.Upper, lower998: v.I998.Lower, upper998: v.I998.Upper,
		numerator: v.Numerator, denominator: v.Denominator, crude: v.Crude, effective: v.EffectiveSize, respondents: -1,
		unit: e.Unit, direction: e.Direction, method: string(v.Method), flags: v.Flags, status: statusProvisional,
	}
	if e.Survey != nil {
		p.respondents = v.Respondents
	}
	if v.NoData {
		p.status = statusNoData
	}
	return p
}
