package aggregator

import (
	"errors"
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
	ms, err := a.protect(g, nil, layers{})
	if err != nil {
		t.Fatal(err)
	}
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
		renew := func(m indicator.Measure, marked []slot) (err error) {
			ms[m], err = a.mask(g, m, dimensionNames, 5, slices.Concat(marked, a.hiddenByTwins(ms, m)), nil)
			return err
		}
		row := slot{area: area, scheme: "eviva3", group: "18-64", sex: everyone}
		if err := errors.Join(renew(indicator.ResidentParticipants, nil), renew(indicator.Participants, []slot{row}), a.alike(ms, renew)); err != nil {
			t.Fatal(err)
		}
		if !ms[indicator.Participants].hides(row) || ms[indicator.ResidentParticipants].hides(row) != (area == "SSS") {
			t.Errorf("%s: hidden %t of participants, %t of residents", area, ms[indicator.Participants].hides(row), ms[indicator.ResidentParticipants].hides(row))
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
	return &Aggregator{cfg: Config{Catalogue: catalogue, Threshold: 5}, ages: testAges(t), places: testPlaces()}
}
