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
		without := a.ages.everybody().sum(c.groups[indicator.AnonymousVisits])
		leaves := func(group, sex string) bool {
			return disclosure.Small(a.ages.unknowns(group, sex).sum(c.groups[indicator.Visits])-without, a.cfg.Threshold)
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
