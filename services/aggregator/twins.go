package aggregator

import (
	"maps"
	"slices"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// twins are two measures that count the same in some rows, or nearly so: what one of them shows there tells the other. So
// each hides there what the other hides.
type twins struct {
	first, second indicator.Measure
	rows          func(a *Aggregator, area string) [][2]slot // a row of the first, and the same of the second
	near          bool                                       // only where the numbers hardly differ: see [Aggregator.areNear]
	derivable     bool                                       // and what is published of others tells that they do
	in            func(indicator.Period) bool                // the periods in which they do; nil: all
	members       bool                                       // and all rows by member of areas where the totals are the same
	part          indicator.Measure                          // a part of the second, which no entry shows without the other: see [Aggregator.leavesFew]
}

// knownTwins are the twins by what is counted. Of a measure with a condition and the same without it the value of the
// condition is a member: see [masks.twins].
var knownTwins = []twins{
	{first: indicator.Visits, second: indicator.AnonymousVisits, rows: anonymousRows},
	{first: indicator.Visits, second: indicator.AnonymousVisits, rows: totalRows, members: true, near: true}, // where hardly anybody has a card
	{first: indicator.Visits, second: indicator.VisitsOfPersons, rows: knownRows},                            // of whom age or sex is known has a card; of others it is told how many have none
	{first: indicator.Participants, second: indicator.ResidentParticipants, rows: rowsOfTheCountry},          // all live somewhere
	{first: indicator.FirstTimers, second: indicator.Newcomers, rows: rowsOfTheCountry},
	{first: indicator.Participants, second: indicator.ActiveCardHolders, rows: groupsOfTheCountry},
	{first: indicator.ActiveCardHolders, second: indicator.ResidentParticipants, rows: totalRows, near: true}, // where all cards are known
	{first: indicator.Participants, second: indicator.Recent, rows: rowsOfSeasons, in: season},
	{first: indicator.Participants, second: indicator.Recent, rows: rowsOfSeasons, in: quarter, near: true, part: indicator.Regulars}, // hardly anybody came before
	{first: indicator.Participants, second: indicator.Recent, rows: rowsOfSeasons, in: year, near: true, derivable: true, part: indicator.Regulars},
}

// twinsLast puts the first of twins, whose masks cost most, behind all others: a mask takes over what is hidden by those before
// it, so it is one of the others that has to be made anew.
func twinsLast(ms []indicator.Measure) []indicator.Measure {
	first := func(m indicator.Measure) bool {
		return slices.ContainsFunc(knownTwins, func(t twins) bool { return t.first == m })
	}
	return append(slices.DeleteFunc(slices.Clone(ms), first), slices.DeleteFunc(slices.Clone(ms), func(m indicator.Measure) bool { return !first(m) })...)
}

// twins returns those among the measures that have masks.
func (ms masks) twins(c indicator.Catalogue, p indicator.Period) []twins {
	return twinsOf(c, p, func(m indicator.Measure) bool { return ms[m] != nil })
}

// known reports whether two measures are twins in a period.
func (t *twins) known(p indicator.Period) bool { return t.in == nil || t.in(p) }

// twinsOf returns those among some measures, in a period.
func twinsOf(c indicator.Catalogue, p indicator.Period, have func(indicator.Measure) bool) (list []twins) {
	for _, t := range knownTwins {
		if have(t.first) && have(t.second) && t.known(p) {
			list = append(list, t)
		}
	}
	seen := map[indicator.Measure]bool{}
	for _, e := range c {
		for _, m := range e.Protect {
			base, attribute, value := m.Condition()
			if attribute == "" || seen[m] || !have(m) || !have(base) {
				continue
			}
			seen[m] = true
			list = append(list, twins{first: m, second: base, rows: func(_ *Aggregator, area string) [][2]slot {
				whole := totalOf(area)
				member := whole
				member.dimension, member.member = attribute, value
				return [][2]slot{{whole, member}}
			}})
		}
	}
	return list
}

// rowsOfTheCountry are all rows by age and sex, where the area is the country.
func rowsOfTheCountry(a *Aggregator, area string) (rows [][2]slot) {
	if a.places.nodes[area].level != "country" {
		return nil
	}
	for _, sex := range sexes {
		s := slot{area: area, group: everyone, sex: sex}
		rows = append(rows, [2]slot{s, s})
		for g := range a.ages.index {
			s.scheme, s.group = g.scheme, g.group
			rows = append(rows, [2]slot{s, s})
		}
	}
	return rows
}

// season reports whether the last 90 days of a period are all of it.
func season(p indicator.Period) bool {
	return p.Type == indicator.Quarter && p.End()-p.Start == recentDays
}

// quarter reports whether a period is a quarter of a day or two more.
func quarter(p indicator.Period) bool { return p.Type == indicator.Quarter && !season(p) }

func year(p indicator.Period) bool { return p.Type == indicator.Year }

// rowsOfSeasons are all rows that both unique participants and regular ones are shown in.
func rowsOfSeasons(a *Aggregator, area string) (rows [][2]slot) {
	all := totalOf(area)
	rows = append(rows, [2]slot{all, all})
	for g := range a.ages.index {
		of := all
		of.scheme, of.group = g.scheme, g.group
		rows = append(rows, [2]slot{of, of})
	}
	return slices.Concat(rows, memberRows(area, "activity_type", event.ActivityTypes()), groupRows(area))
}

// groupRows are the target groups, and those in none.
func groupRows(area string) [][2]slot {
	return memberRows(area, groupDimension, append(event.TargetGroups(), ""))
}

func memberRows(area, dimension string, members []string) (rows [][2]slot) {
	for _, member := range members {
		s := slot{area: area, group: everyone, sex: everyone, dimension: dimension, member: member}
		rows = append(rows, [2]slot{s, s})
	}
	return rows
}

func totalRows(_ *Aggregator, area string) [][2]slot {
	s := totalOf(area)
	return [][2]slot{{s, s}}
}

// groupsOfTheCountry are the target groups of those who came, where the area is the country.
func groupsOfTheCountry(a *Aggregator, area string) [][2]slot {
	if a.places.nodes[area].level != "country" {
		return nil
	}
	return groupRows(area)
}

// knownRows are those of them of which age or sex is known, and that of unknown age: anonymous visits, which are shown, are what the
// numbers differ by.
func knownRows(a *Aggregator, area string) [][2]slot {
	either := func(of string) bool { return of == everyone || of == unknown }
	return slices.DeleteFunc(rowsOfTheCountry(a, area), func(r [2]slot) bool {
		ofUnknownAge := r[0].group == unknown && r[0].sex == everyone
		return either(r[0].group) && either(r[0].sex) && !ofUnknownAge
	})
}

// rowOf is a row of a measure.
type rowOf struct {
	m indicator.Measure
	s slot
}

// eachDifference calls for each row that one of two twins shows and the other hides, or a part of the other that leaves few.
func (a *Aggregator) eachDifference(ms masks, of []twins, call func(t *twins, shown, hidden rowOf)) {
	for i := range of {
		t := &of[i]
		first, second := ms[t.first], ms[t.second]
		for area := range first.areas {
			rows := t.rows(a, area)
			if t.members && first.total(area) == second.total(area) {
				for _, s := range first.rowsOf(area) {
					rows = append(rows, [2]slot{s, s})
				}
			}
			for _, r := range rows {
				x, known := first.cell(r[0])
				y, too := second.cell(r[1])
				if !known || !too {
					continue
				}
				one, other := rowOf{t.first, r[0]}, rowOf{t.second, r[1]}
				switch {
				case t.part != "" && a.leavesFew(t, ms, one, other):
					call(t, one, rowOf{t.part, r[1]})
				case first.mask[x] == second.mask[y], t.near && !a.areNear(t, ms, r):
				case first.mask[x]:
					call(t, other, one)
				default:
					call(t, one, other)
				}
			}
		}
	}
}

// hiddenByTwins returns the rows of a measure that twins with masks hide in a period, so that most masks are made once.
func (a *Aggregator) hiddenByTwins(ms masks, p indicator.Period, m indicator.Measure) (rows []slot) {
	for _, t := range knownTwins {
		own, other, mask := 0, 1, ms[t.second]
		if t.second == m {
			own, other, mask = 1, 0, ms[t.first]
		}
		if mask == nil || t.near || !t.known(p) || t.first != m && t.second != m {
			continue
		}
		for area := range mask.areas {
			for _, r := range t.rows(a, area) {
				if mask.hides(r[other]) {
					rows = append(rows, r[own])
				}
			}
		}
	}
	return rows
}

// roundsOfTwins is how often masks of twins are made anew for each other. What one shows since it is told lets the other show more,
// and hide something else.
const roundsOfTwins = 2 * rebuildsOfMask

// alike makes the masks of twins agree, by making those anew of which a row must be hidden besides. A row that cannot be hidden, since
// shorter periods tell it, is shown by both, and its neighbours are protected from who knows it; of twins that are only near what is
// beside it tells it, as it does that nobody came later, and is hidden, too. What still differs after some rounds is hidden as it is.
func (a *Aggregator) alike(ms masks, p indicator.Period, renew func(m indicator.Measure, hide, show []slot) error) error {
	pairs, asked, show := ms.twins(a.cfg.Catalogue, p), map[rowOf]bool{}, map[indicator.Measure][]slot{}
	for range roundsOfTwins {
		hide, again := map[rowOf]bool{}, map[indicator.Measure]bool{}
		a.eachDifference(ms, pairs, func(t *twins, shown, hidden rowOf) {
			switch {
			case !asked[shown]:
				hide[shown] = true
			case t.near && ms.number(shown) != ms.number(hidden):
				for _, s := range ms[shown.m].beside(shown.s) {
					hide[rowOf{shown.m, s}] = true
				}
			default:
				show[hidden.m], again[hidden.m] = append(show[hidden.m], hidden.s), true
			}
		})
		maps.Copy(asked, hide)
		for r := range hide {
			again[r.m] = true
		}
		if len(again) == 0 {
			break
		}
		for _, m := range slices.Sorted(maps.Keys(again)) { // in one order: a mask made anew takes over what its twins hide by now
			if err := renew(m, askedOf(asked, m), show[m]); err != nil {
				return err
			}
		}
	}
	for {
		var rest []rowOf
		a.eachDifference(ms, pairs, func(_ *twins, shown, _ rowOf) { rest = append(rest, shown) })
		if len(rest) == 0 {
			return nil
		}
		for _, r := range rest {
			cell, _ := ms[r.m].cell(r.s)
			ms[r.m].mask[cell] = true
		}
	}
}

// askedOf returns the rows of one measure.
func askedOf(rows map[rowOf]bool, m indicator.Measure) (of []slot) {
	for r := range rows {
		if r.m == m {
			of = append(of, r.s)
		}
	}
	return of
}
