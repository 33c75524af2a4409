package aggregator

import (
	"maps"
	"slices"

	"vointi.fi/pkg/disclosure"
	"vointi.fi/pkg/indicator"
)

// Of anonymous visits neither age nor sex is known, so what they leave of the visits of unknown age, or of unknown sex, are those of
// persons with a card of whom it is not known: often few. Where anonymous visits are shown, everybody knows that so many of unknown
// age and sex are there at least, and visits are protected from somebody who does. Where that is not enough they are hidden.

// anonymous is the scheme of a row that no entry shows: the anonymous ones among visits.
const anonymous = "anonymous"

func anonymousRows(_ *Aggregator, area string) [][2]slot {
	return [][2]slot{{{area: area, scheme: anonymous}, {area: area, group: everyone, sex: everyone}}}
}

// fewNameless returns the rows of anonymous visits that leave few of unknown age, or of unknown sex; and those of visits of which they
// leave few of both.
func (a *Aggregator) fewNameless(g *grid, m indicator.Measure) (few []slot) {
	if m != indicator.AnonymousVisits && m != indicator.Visits || !g.period.Type.Detailed() {
		return nil
	}
	for area, c := range g.areas {
		leaves := func(group, sex string) bool {
			return disclosure.Small(a.withCard(c, group, sex), a.cfg.Threshold)
		}
		switch {
		case m == indicator.Visits && leaves(unknown, unknown):
			few = append(few, a.unknownRow(area))
		case m == indicator.AnonymousVisits && (leaves(unknown, everyone) || leaves(everyone, unknown)):
			few = append(few, totalOf(area))
		}
	}
	return few
}

// allAnonymous returns the rows of visits of unknown age, sex, or both, that the anonymous visits of an area tell: where a larger area
// has no others, it has none either. Hiding such a row hides nothing, and what is beside it is to be protected from who knows it. Where
// all visits are anonymous nothing is told: a total that is hidden would be, by these rows.
func (a *Aggregator) allAnonymous(g *grid, m indicator.Measure, ms masks) (told []slot) {
	if m != indicator.Visits || ms[indicator.AnonymousVisits] == nil || !g.period.Type.Detailed() {
		return nil
	}
	shown := func(area string) bool {
		return g.areas[area] != nil && !ms[indicator.AnonymousVisits].hides(totalOf(area))
	}
	for area, c := range g.areas {
		if a.withCard(c, everyone, everyone) == 0 {
			continue
		}
		for _, row := range []slot{a.unknownRow(area), {area: area, scheme: a.ages.Published()[0].ID, group: unknown, sex: everyone}, {area: area, group: everyone, sex: unknown}} {
			if shown(area) && slices.ContainsFunc(a.places.path(area)[1:], func(above string) bool {
				return shown(above) && a.withCard(g.areas[above], row.group, row.sex) == 0
			}) {
				told = append(told, row)
			}
		}
	}
	return told
}

// withCard returns how many of the visits of unknown age, of unknown sex, of both or of everybody are not anonymous.
func (a *Aggregator) withCard(c *areaGrid, group, sex string) int64 {
	return a.ages.unknowns(group, sex).sum(c.groups[indicator.Visits]) - a.ages.everybody().sum(c.groups[indicator.AnonymousVisits])
}

// unknownRow is the row of visits of unknown age and sex.
func (a *Aggregator) unknownRow(area string) slot {
	return slot{area: area, scheme: a.ages.Published()[0].ID, group: unknown, sex: unknown}
}

// hiddenWithVisits returns the rows of anonymous visits of areas where hardly anybody has a card, and whose visits would tell of shorter
// periods: one tells the other.
func (a *Aggregator) hiddenWithVisits(g *grid, within layers) (rows []slot, err error) {
	within = within.of(indicator.Visits, a.cfg.Catalogue)
	hardly := map[string]bool{}
	for area, c := range g.areas {
		if a.ages.everybody().sum(c.groups[indicator.Visits]) > 0 && a.withCard(c, everyone, everyone) < a.cfg.Threshold {
			hardly[area] = true
		}
	}
	if len(hardly) == 0 || len(within) == 0 || !g.period.Type.Detailed() {
		return nil, nil
	}
	times, split, err := a.times(g, indicator.Visits, within)
	if err != nil {
		return nil, err
	}
	visits := &measureMask{groups: a.ages.index}
	if err := a.maskOfTotals(visits, times, indicator.Visits, a.cfg.Threshold, append(split, a.fewPersons(g, indicator.Visits)...), nil); err != nil {
		return nil, err
	}
	for _, s := range visits.totals() {
		if hardly[s.area] {
			rows = append(rows, s)
		}
	}
	return rows, nil
}

// hiddenAnonymous returns for visits the rows by member of anonymous visits that are hidden.
func (a *Aggregator) hiddenAnonymous(ms masks, m indicator.Measure) (rows []slot) {
	mm := ms[indicator.AnonymousVisits]
	if m != indicator.Visits || mm == nil {
		return nil
	}
	for area := range mm.areas {
		for _, s := range mm.rowsOf(area) {
			if s.dimension != "" && mm.hides(s) {
				s.scheme = anonymous
				rows = append(rows, s)
			}
		}
	}
	return rows
}

// unknownRows are the rows of visits of unknown age and sex of areas that hide their anonymous visits.
func (a *Aggregator) unknownRows(marked []slot) (rows []slot) {
	for _, s := range marked {
		if s.scheme == anonymous && s.dimension == "" {
			rows = append(rows, a.unknownRow(s.area))
		}
	}
	return rows
}

// boundByVisits says that no row has more anonymous visits than visits, where these are shown: where all are anonymous in a year, they are
// in its months. Of the period itself all visits but small ones are taken for shown, since their mask is made after this.
func (a *Aggregator) boundByVisits(mm *measureMask, s stack) {
	mm.grid.Ceilings = slices.Repeat([]int64{-1}, len(mm.grid.Values))
	bound := func(cell int, visits int64) {
		if !disclosure.Small(visits, a.cfg.Threshold) {
			mm.grid.Ceilings[cell] = visits
		}
	}
	for i, c := range a.countsOf(s, s.areasOf(), indicator.Visits, &measureMask{along: mm.along, members: mm.members}) {
		bound(mm.grid.Total(i), c.Total)
		for d, of := range c.Members {
			for n, v := range of {
				bound(mm.grid.Member(i, d, n), v)
			}
		}
	}
	for j, rows := range s.hidden(a.cfg.Catalogue, indicator.Visits) {
		for _, row := range rows {
			if cell, ok := mm.cell(row); ok {
				mm.grid.Ceilings[j*len(mm.areas)*mm.grid.Cells()+cell] = -1
			}
		}
	}
}

// leaveUnknown says what hidden anonymous visits of shorter periods leave of the visits of unknown age there, and of unknown sex, where these
// are shown: a longer period would tell what those of its months leave together, and so what few there are in each.
func (a *Aggregator) leaveUnknown(mm *measureMask, s stack, areas []string) {
	visits, own := s.hidden(a.cfg.Catalogue, indicator.Visits), s.hidden(a.cfg.Catalogue, indicator.AnonymousVisits)
	for j := 1; j < len(s.layers); j++ {
		l := s.layers[j]
		if !a.tellsUnknown(l.period.Type) {
			continue
		}
		hidden, anonymous := rowsIn(visits[j]), rowsIn(own[j])
		for i, area := range areas {
			if l.areas[area] == nil || !anonymous[totalOf(area)] {
				continue
			}
			counts := l.areas[area].groups[indicator.Visits]
			for _, of := range []slot{{area: area, group: unknown, sex: everyone}, {area: area, group: everyone, sex: unknown}} {
				if !hidden[of] {
					cell := mm.grid.Total(j*len(mm.areas) + i)
					mm.grid.Leaves(cell, a.ages.unknowns(of.group, of.sex).sum(counts), a.withCardAtLeast(counts, hidden, of))
				}
			}
		}
	}
}

// tellsUnknown reports whether periods of a type show visits by age and sex.
func (a *Aggregator) tellsUnknown(t indicator.PeriodType) bool {
	return slices.ContainsFunc(a.cfg.Catalogue, func(e *indicator.Entry) bool {
		return slices.Contains(e.Protect, indicator.Visits) && slices.Contains(e.Periods, t) && shows(e, &people{group: unknown, sex: unknown})
	})
}

// rowsIn are those of some rows of a measure that are of no member, as [rowOfPeople] names them.
func rowsIn(rows []slot) map[slot]bool {
	set := make(map[slot]bool, len(rows))
	for _, s := range rows {
		if s.dimension == "" {
			set[rowOfPeople(s.area, s.scheme, s.group, s.sex)] = true
		}
	}
	return set
}

// rowOfPeople names a row of a measure, whichever entry shows it: those of unknown age are the same in each scheme.
func rowOfPeople(area, scheme, group, sex string) slot {
	if group == everyone || group == unknown {
		scheme = ""
	}
	return slot{area: area, scheme: scheme, group: group, sex: sex}
}

// withCardAtLeast returns how many visits of unknown age, or of unknown sex, everybody knows to be with a card: those of which the other is
// known, where they are shown, and one where they are not.
func (a *Aggregator) withCardAtLeast(counts []int64, hidden map[slot]bool, of slot) int64 {
	isKnown := func(attribute string) bool { return attribute != everyone && attribute != unknown }
	known := map[string]int64{} // by scheme
	for i := range a.ages.people {
		p := &a.ages.people[i]
		ofKnownSex := of.group == unknown && p.group == unknown && isKnown(p.sex)
		ofKnownAge := of.sex == unknown && p.sex == unknown && isKnown(p.group)
		if !ofKnownSex && !ofKnownAge {
			continue
		}
		n := p.sum(counts)
		if hidden[rowOfPeople(of.area, p.scheme, p.group, p.sex)] {
			n = min(n, 1)
		}
		known[p.scheme] += n
	}
	return slices.Max(slices.Collect(maps.Values(known)))
}

// setApart adds the anonymous visits of all layers to the table of visits, hidden where they are.
func (a *Aggregator) setApart(mm *measureMask, s stack, of disclosure.Shape, marked []slot) error {
	own := &measureMask{along: mm.along, members: mm.members, areas: mm.areas}
	shape := disclosure.Shape{Areas: of.Areas, Partitions: of.Partitions, Dimensions: of.Dimensions}
	part, err := shape.Table(a.countsOf(s, s.areasOf(), indicator.AnonymousVisits, own))
	if err != nil {
		return err
	}
	part.Marked, own.grid = make([]bool, len(part.Values)), part
	for j, rows := range s.hidden(a.cfg.Catalogue, indicator.AnonymousVisits) {
		if j == 0 {
			rows = slices.DeleteFunc(slices.Clone(marked), func(s slot) bool { return s.scheme != anonymous })
		}
		for _, row := range rows {
			row.scheme, row.group, row.sex = "", everyone, everyone
			if cell, ok := own.cell(row); ok {
				part.Marked[j*len(mm.areas)*part.Cells()+cell] = true
			}
		}
	}
	return mm.grid.Apart(part)
}

// hideTelling hides anonymous visits where visits could not be protected from who reads them, and protects visits anew.
func (a *Aggregator) hideTelling(ms masks, renew func(m indicator.Measure, hide, show []slot) error) error {
	rows := ms.telling()
	if len(rows) == 0 {
		return nil
	}
	if err := renew(indicator.AnonymousVisits, rows, nil); err != nil {
		return err
	}
	delete(ms, indicator.Visits)
	return renew(indicator.Visits, nil, nil)
}

// telling returns the rows of anonymous visits that are shown in areas in which few visits have no proof.
func (ms masks) telling() (rows []slot) {
	visits, apart := ms[indicator.Visits], ms[indicator.AnonymousVisits]
	if visits == nil || apart == nil || !visits.cards {
		return nil
	}
	exposed := map[int]bool{}
	for _, c := range visits.exposed {
		if area, ok := visits.grid.Area(c); ok {
			exposed[area%len(visits.areas)] = true
		}
	}
	for area, i := range visits.areas {
		if exposed[i] {
			rows = append(rows, apart.shown(apart.rowsOf(area))...)
		}
	}
	return rows
}

// rowsOf returns the rows of an area that are not 0, without ages and sexes.
func (m *measureMask) rowsOf(area string) (rows []slot) {
	all := totalOf(area)
	list := []slot{all}
	for d, members := range m.members {
		for member := range members {
			of := all
			of.dimension, of.member = m.along[d], member
			list = append(list, of)
		}
	}
	for _, s := range list {
		if c, ok := m.cell(s); ok && m.grid.Values[c] > 0 {
			rows = append(rows, s)
		}
	}
	return rows
}
