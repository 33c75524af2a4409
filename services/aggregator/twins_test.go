package aggregator

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

// TestTwinsHideTheSame: visits to culture are a measure of their own, and a member of all visits. Where few visits are to
// sport, all members are hidden, so visits to culture are hidden as a measure, too.
func TestTwinsHideTheSame(t *testing.T) {
	a := protecting(t)
	culture := indicator.Measure("resident_visits[activity_type=culture]")
	g := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for area, sport := range map[string]int64{"KU305": 40, "KU208": 2} {
		c := newAreaGrid()
		adults := a.ages.atom("29-54", "2")
		c.group(a.ages, culture)[adults], c.group(a.ages, indicator.ResidentVisits)[adults] = 60, 60+sport
		c.members[indicator.ResidentVisits] = map[memberKey]int64{{"activity_type", "culture"}: 60, {"activity_type", "sport"}: sport}
		g.areas[area] = c
	}
	ms := a.masksOf(t, g, layers{})
	for area, want := range map[string]bool{"KU305": false, "KU208": true} {
		member := slot{area: area, group: everyone, sex: everyone, dimension: "activity_type", member: "culture"}
		whole := slot{area: area, group: everyone, sex: everyone}
		if ms[indicator.ResidentVisits].hides(member) != want || ms[culture].hides(whole) != want {
			t.Errorf("%s: hidden %t as a member, %t as a measure, want %t", area, ms[indicator.ResidentVisits].hides(member), ms[culture].hides(whole), want)
		}
	}
}

// TestTwinsOfTheCountry: there all who take part somewhere live somewhere, so both hide what one of them hides.
func TestTwinsOfTheCountry(t *testing.T) {
	a := protecting(t)
	g := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for area, n := range map[string]int64{"SSS": 100, "HVA17": 50, "HVA02": 50} {
		g.areas[area] = newAreaGrid()
		for _, m := range []indicator.Measure{indicator.Participants, indicator.ResidentParticipants} {
			for _, band := range []string{"20-28", "29-54", "65-74"} {
				g.areas[area].group(a.ages, m)[a.ages.atom(band, "2")] = n
			}
		}
	}
	for _, area := range []string{"HVA17", "HVA02", "SSS"} {
		ms := masks{}
		renew := func(m indicator.Measure, marked, told []slot) (err error) {
			ms[m], err = a.mask(g, m, dimensionNames, 5, slices.Concat(marked, a.hiddenByTwins(ms, g.period, m)), told, nil)
			return err
		}
		row := slot{area: area, scheme: "eviva3", group: "18-64", sex: everyone}
		if err := errors.Join(renew(indicator.ResidentParticipants, nil, nil), renew(indicator.Participants, []slot{row}, nil), a.alike(ms, g.period, renew)); err != nil {
			t.Fatal(err)
		}
		if !ms[indicator.Participants].hides(row) || ms[indicator.ResidentParticipants].hides(row) != (area == "SSS") {
			t.Errorf("%s: hidden %t of participants, %t of residents", area, ms[indicator.Participants].hides(row), ms[indicator.ResidentParticipants].hides(row))
		}
	}
}

// TestTwinsOfASeason: who came in a quarter of 90 days came in the last 90 days of it. In others some came before, and where those are
// fewer than the threshold, who knows one number knows nearly the other.
func TestTwinsOfASeason(t *testing.T) {
	a := protecting(t)
	for _, c := range []struct {
		start  string
		before int64 // of each age, and each member
		same   bool
	}{{"2025-01-01", 0, true}, {"2025-04-01", 1, true}, {"2025-04-01", 5, false}} {
		start, same := c.start, c.same
		g := &grid{period: indicator.Period{Type: indicator.Quarter, Start: on(t, start)}, areas: map[string]*areaGrid{}}
		for area, times := range map[string]int64{"SSS": 2, "HVA17": 1, "HVA02": 1} {
			counts := newAreaGrid()
			g.areas[area] = counts
			for m, before := range map[indicator.Measure]int64{indicator.Participants: c.before, indicator.Recent: 0} {
				n := times * (50 + before)
				for _, band := range []string{"20-28", "29-54", "65-74"} {
					counts.group(a.ages, m)[a.ages.atom(band, "2")] = n
				}
				counts.members[m] = map[memberKey]int64{{"activity_type", "sport"}: 3 * n, {groupDimension, "passive"}: n, {groupDimension, ""}: 2 * n}
			}
		}
		all := slot{area: "HVA17", group: everyone, sex: everyone}
		age, sport, passive := all, all, all
		age.scheme, age.group = "eviva3", "18-64"
		sport.dimension, sport.member = "activity_type", "sport"
		passive.dimension, passive.member = groupDimension, "passive"
		for _, row := range []slot{all, age, sport, passive} {
			ms := a.masksOf(t, g, layers{}, rowOf{indicator.Participants, row})
			if !ms[indicator.Participants].hides(row) || ms[indicator.Recent].hides(row) != same {
				t.Errorf("%s %v: hidden %t of participants, %t of recent ones", start, row, ms[indicator.Participants].hides(row), ms[indicator.Recent].hides(row))
			}
		}
	}
}

// TestTwinsLeaveFew: three came regularly, so their share is hidden. Of the seven who came at all in that row, as the quarter shows, no more
// than three can have come before the last 90 days, as the totals show; so it would be told that four to seven came then.
func TestTwinsLeaveFew(t *testing.T) {
	a := protecting(t)
	row := slot{area: "KU305", scheme: "eviva3", group: unknown, sex: everyone}
	for _, c := range []struct {
		start         string
		came, regular int64
		hidden        bool
	}{{"2025-04-01", 7, 3, true}, {"2025-01-01", 7, 3, false}, {"2025-04-01", 7, 6, false}, {"2025-04-01", 15, 3, false}} {
		g := &grid{period: indicator.Period{Type: indicator.Quarter, Start: on(t, c.start)}, areas: map[string]*areaGrid{"KU305": newAreaGrid()}}
		for m, counts := range map[indicator.Measure][2]int64{indicator.Participants: {60, c.came}, indicator.Recent: {57, c.came}, indicator.Regulars: {40, c.regular}} {
			of := g.areas["KU305"].group(a.ages, m)
			for _, band := range []string{"20-28", "29-54", "65-74"} {
				of[a.ages.atom(band, "2")] = counts[0]
			}
			of[a.ages.atom(unknown, "2")] = counts[1]
		}
		if c.start == "2025-01-01" {
			maps.Copy(g.areas["KU305"].groups, map[indicator.Measure][]int64{indicator.Participants: g.areas["KU305"].groups[indicator.Recent]})
		}
		if ms := a.masksOf(t, g, layers{}); ms[indicator.Participants].hides(row) != c.hidden {
			t.Errorf("%s: %d came, %d regularly: the former hidden %t", c.start, c.came, c.regular, !c.hidden)
		}
	}
}

// TestTwinsOfWhomNobodyCameLater: one of unknown age came on the first day of the quarter, and not in the last 90 days. That nobody did is told
// by the other ages, and that hardly anybody is missing by the total; so the other ages are hidden with it.
func TestTwinsOfWhomNobodyCameLater(t *testing.T) {
	a := protecting(t)
	for _, p := range []indicator.Period{{Type: indicator.Quarter, Start: on(t, "2025-04-01")}, {Type: indicator.Year, Start: on(t, "2025-01-01")}} {
		g := &grid{period: p, areas: map[string]*areaGrid{"KU305": newAreaGrid()}}
		for m, unknowns := range map[indicator.Measure]int64{indicator.Participants: 1, indicator.Recent: 0} {
			of := g.areas["KU305"].group(a.ages, m)
			for _, band := range []string{"20-28", "29-54", "65-74"} {
				of[a.ages.atom(band, "2")] = 60
			}
			of[a.ages.atom(unknown, "2")] = unknowns
		}
		ms := a.masksOf(t, g, layers{})
		for _, m := range []indicator.Measure{indicator.Participants, indicator.Recent} {
			row, others := slot{area: "KU305", scheme: "eviva3", group: unknown, sex: everyone}, 0
			for _, group := range []string{"0-17", "18-64", "65+"} {
				other := row
				if other.group = group; ms[m].hides(other) {
					others++
				}
			}
			if !ms[m].hides(row) || others == 0 {
				t.Errorf("%s, %s: unknown age hidden %t, with %d others", p.Type, m, ms[m].hides(row), others)
			}
		}
	}
}

// TestTwinsOfUnknownAge: in the country visits of unknown age are anonymous ones, which are shown, and those of persons with a card. So
// these are hidden with them; elsewhere persons count in one area and their visits in several.
func TestTwinsOfUnknownAge(t *testing.T) {
	a := protecting(t)
	g := &grid{period: indicator.Period{Type: indicator.Year, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for area, n := range map[string]int64{"SSS": 100, "HVA17": 50, "HVA02": 50} {
		g.areas[area] = newAreaGrid()
		nameless := a.ages.atom(unknown, unknown)
		for _, band := range []string{"20-28", "29-54", "65-74", unknown} {
			for _, m := range []indicator.Measure{indicator.Visits, indicator.VisitsOfPersons} {
				g.areas[area].group(a.ages, m)[a.ages.atom(band, "2")] = n
			}
		}
		g.areas[area].group(a.ages, indicator.AnonymousVisits)[nameless] = n
		g.areas[area].group(a.ages, indicator.Visits)[nameless] = n
	}
	for _, area := range []string{"HVA17", "SSS"} {
		row := slot{area: area, scheme: "eviva3", group: unknown, sex: everyone}
		ms := a.masksOf(t, g, layers{}, rowOf{indicator.Visits, row})
		if !ms[indicator.Visits].hides(row) || ms[indicator.VisitsOfPersons].hides(row) != (area == "SSS") {
			t.Errorf("%s: hidden %t of all visits, %t of visits with a card", area, ms[indicator.Visits].hides(row), ms[indicator.VisitsOfPersons].hides(row))
		}
	}
}

// protecting is an aggregator that can make masks, and nothing else.
func protecting(t testing.TB) *Aggregator {
	t.Helper()
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	return &Aggregator{cfg: Config{Catalogue: catalogue, Threshold: 5}, ages: testAges(t), places: testPlaces(), plan: testPlan(t), turns: make(chan struct{}, 2)}
}

// masksOf makes the masks of a period, with these rows hidden besides.
func (a *Aggregator) masksOf(t testing.TB, g *grid, within layers, more ...rowOf) masks {
	t.Helper()
	p, err := a.protect(g, nil, within, a.protected(g.period.Type))
	for _, r := range more {
		err = errors.Join(err, p.hide(r.m, r.s), a.alike(p.masks, g.period, p.renew))
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.masks
}

// TestTwinsToldByQuarters: visits to culture of a year follow from those of its quarters, which are shown. So they are shown among
// all visits, too, and the few to sport are hidden together with another activity rather than with these.
func TestTwinsToldByQuarters(t *testing.T) {
	a := protecting(t)
	culture := indicator.Measure("resident_visits[activity_type=culture]")
	visits := func(typ indicator.PeriodType, start string, to map[string]int64) *grid {
		c := newAreaGrid()
		adults := a.ages.atom("29-54", "2")
		c.members[indicator.ResidentVisits] = map[memberKey]int64{}
		c.group(a.ages, culture)[adults] = to["culture"]
		for activity, n := range to {
			c.group(a.ages, indicator.ResidentVisits)[adults] += n
			c.members[indicator.ResidentVisits][memberKey{"activity_type", activity}] = n
		}
		return &grid{period: indicator.Period{Type: typ, Start: on(t, start)}, areas: map[string]*areaGrid{"KU305": c}}
	}
	within := layers{}
	for _, start := range []string{"2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"} {
		within[indicator.Quarter] = append(within[indicator.Quarter], &layer{grid: visits(indicator.Quarter, start, map[string]int64{"culture": 15, "art": 10})})
	}
	ms := a.masksOf(t, visits(indicator.Year, "2025-01-01", map[string]int64{"culture": 60, "art": 40, "sport": 2}), within)
	whole := slot{area: "KU305", group: everyone, sex: everyone}
	if ms[culture].hides(whole) {
		t.Error("what the quarters tell is hidden as a measure")
	}
	for member, want := range map[string]bool{"culture": false, "art": true, "sport": true} {
		s := whole
		s.dimension, s.member = "activity_type", member
		if ms[indicator.ResidentVisits].hides(s) != want {
			t.Errorf("%s: hidden %t, want %t", member, !want, want)
		}
	}
}

// TestTwinsThatAreNear: residents who took part are hidden with the card holders among them only where these are nearly all.
func TestTwinsThatAreNear(t *testing.T) {
	a := protecting(t)
	g := &grid{period: indicator.Period{Type: indicator.Rolling12M, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
	for area, came := range map[string]int64{"KU305": 40, "KU208": 7} {
		c := newAreaGrid()
		c.group(a.ages, indicator.ResidentParticipants)[a.ages.atom("29-54", "2")] = came
		everybody := a.ages.atom(everyone, everyone)
		c.group(a.ages, indicator.ActiveCardHolders)[everybody], c.group(a.ages, indicator.CardHolders)[everybody] = 3, 60
		g.areas[area] = c
	}
	ms := a.masksOf(t, g, layers{})
	for area, want := range map[string]bool{"KU305": false, "KU208": true} {
		whole := slot{area: area, group: everyone, sex: everyone}
		if holders, residents := ms[indicator.ActiveCardHolders].hides(whole), ms[indicator.ResidentParticipants].hides(whole); !holders || residents != want {
			t.Errorf("%s: card holders hidden %t, residents %t, want true and %t", area, holders, residents, want)
		}
	}
}
