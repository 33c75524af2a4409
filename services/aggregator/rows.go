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
	masks   masks
	details bool // breakdowns too, not only area totals
	rows    []publication
}

// rowsOf returns the rows of the period: of every area with cells, every indicator with this period type. Rows are
// protected, but have neither status nor revision yet.
func (a *Aggregator) rowsOf(g *grid, details bool, sticky []slot) ([]publication, error) {
	ms, err := a.protect(g, sticky)
	if err != nil {
		return nil, fmt.Errorf("protect %s: %w", g.period, err)
	}
	p := &publisher{a: a, grid: g, masks: ms, details: details}
	for _, area := range slices.Sorted(maps.Keys(g.areas)) {
		for _, e := range a.cfg.Catalogue {
			if !slices.Contains(e.Periods, g.period.Type) {
				continue
			}
			if err := p.entry(e, area); err != nil {
				return nil, err
			}
		}
	}
	return p.rows, nil
}

// entry adds the rows of one indicator and area: the total; by age group and sex; by each dimension.
func (p *publisher) entry(e *indicator.Entry, area string) error {
	cells := p.grid.areas[area]
	total := slot{indicator: e.ID, area: area, group: everyone, sex: everyone, member: everyone}
	if err := p.row(e, total, cells.groupSums(func(groupKey) bool { return true }), inGroup(nil, everyone)); err != nil {
		return err
	}
	if !p.details || !p.grid.period.Type.Detailed() {
		return nil
	}
	if err := p.groups(e, total, cells); err != nil {
		return err
	}
	for _, d := range e.Dimensions() {
		for _, m := range cells.membersOf(e, d) {
			s := total
			s.dimension, s.member = d, m
			if err := p.row(e, s, cells.memberSums(memberKey{d, m}), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *publisher) groups(e *indicator.Entry, total slot, cells *areaGrid) error {
	bySex := e.Has("sex")
	for _, sex := range sexes {
		if sex != everyone && !bySex {
			continue
		}
		s := total
		s.sex = sex
		if sex != everyone && !p.undefined(e, nil, sex) {
			if err := p.row(e, s, cells.groupSums(inGroup(nil, sex)), inGroup(nil, sex)); err != nil {
				return err
			}
		}
		if !e.Has("age_group") {
			continue
		}
		for i := range p.a.ages.groups {
			g := &p.a.ages.groups[i]
			if p.undefined(e, g, sex) {
				continue
			}
			s.scheme, s.group = g.scheme, g.name
			if err := p.row(e, s, cells.groupSums(inGroup(g, sex)), inGroup(g, sex)); err != nil {
				return err
			}
		}
	}
	return nil
}

// undefined reports whether a group has no residents to divide by, since nobody knows who is of unknown age or sex.
func (p *publisher) undefined(e *indicator.Entry, g *ageGroup, sex string) bool {
	return e.Denominator.Measure == indicator.Population && (sex == unknown || g != nil && g.name == unknown)
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
func (p *publisher) row(e *indicator.Entry, s slot, sums indicator.Sums, in func(groupKey) bool) error {
	residents, kind := math.NaN(), ""
	if e.Denominator.Measure == indicator.Population && in != nil {
		residents, kind = p.a.population.at(s.area, p.grid.period, in)
	}
	v, err := e.Evaluate(sums, residents)
	if err != nil {
		return fmt.Errorf("%s, area %s, %s: %w", p.grid.period, s.area, s.group, err)
	}
	row := newPublication(e, pubKey{period: p.grid.period, slot: s}, v)
	row.denominatorKind = kind
	if p.masks.hides(e, s) {
		row.protect()
	}
	p.rows = append(p.rows, row)
	return nil
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
