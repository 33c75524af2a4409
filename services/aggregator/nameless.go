package aggregator

import (
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
			return disclosure.Small(a.withCard(c, slot{group: group, sex: sex}), a.cfg.Threshold)
		}
		switch {
		case m == indicator.Visits && leaves(unknown, unknown):
			few = append(few, a.unknownRow(area))
		case m == indicator.AnonymousVisits && (leaves(unknown, everyone) || leaves(everyone, unknown)):
			few = append(few, slot{area: area, group: everyone, sex: everyone})
		}
	}
	return few
}

// allAnonymous returns the rows of visits of unknown age, sex, or both, that the anonymous visits of an area tell: where a larger area
// has no others, it has none either. Hiding them would hide nothing, there nor in the larger area.
func (a *Aggregator) allAnonymous(g *grid, m indicator.Measure, ms masks) (told []slot) {
	anonymous := ms[indicator.AnonymousVisits]
	if m != indicator.Visits || anonymous == nil || !g.period.Type.Detailed() {
		return nil
	}
	shown := func(area string) bool {
		return g.areas[area] != nil && !anonymous.hides(slot{area: area, group: everyone, sex: everyone})
	}
	for area := range g.areas {
		for _, above := range a.places.path(area)[1:] {
			if !shown(area) || !shown(above) {
				continue
			}
			for _, row := range []slot{a.unknownRow(""), {scheme: a.ages.Published()[0].ID, group: unknown, sex: everyone}, {group: everyone, sex: unknown}} {
				if a.withCard(g.areas[above], row) == 0 {
					of, in := row, row
					of.area, in.area = above, area
					told = append(told, of, in)
				}
			}
		}
	}
	return told
}

// withCard returns how many of the visits of a row of unknown age or sex are not anonymous.
func (a *Aggregator) withCard(c *areaGrid, of slot) int64 {
	return a.ages.unknowns(of.group, of.sex).sum(c.groups[indicator.Visits]) - a.ages.everybody().sum(c.groups[indicator.AnonymousVisits])
}

// unknownRow is the row of visits of unknown age and sex.
func (a *Aggregator) unknownRow(area string) slot {
	return slot{area: area, scheme: a.ages.Published()[0].ID, group: unknown, sex: unknown}
}

// forgetHidden takes back that anonymous visits are known where they are hidden, in the period or in layers below it, and hides there those
// of unknown age and sex.
func (a *Aggregator) forgetHidden(mm *measureMask, marked []slot, below [][]slot) []slot {
	for _, s := range marked {
		if i, ok := mm.areas[s.area]; ok && s.scheme == anonymous {
			marked = append(marked, a.unknownRow(s.area))
			mm.grid.Forget(i)
		}
	}
	for j, rows := range below {
		for _, s := range rows {
			if i, ok := mm.areas[s.area]; ok && s.total() {
				mm.grid.Forget(j*len(mm.areas) + i)
			}
		}
	}
	return marked
}
