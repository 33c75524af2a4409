package aggregator

import (
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestWhatStaysWithABreakdown: the areas above, and twins: where both count the same in the country only, its row is told by every area
// of the other; where they do in every area, only there. With nothing below that stays, everything does.
func TestWhatStaysWithABreakdown(t *testing.T) {
	a := protecting(t)
	r := &revision{published: publishedRows{}}
	for _, area := range []string{"SSS", "HVA17", "HVA02", "MK17", "KU305", "KU208", "KU853"} {
		r.published[pubKey{slot: slot{area: area}}] = publication{}
	}
	const culture = "resident_visits[activity_type=culture]"
	for _, of := range []struct {
		name         string
		first        breakdown
		stays, moves []breakdown
	}{
		{
			"an age group of the participants",
			breakdown{"participants", "persons", "KU305"},
			[]breakdown{{"participants", "persons", "MK17"}, {"participants", "persons", "HVA17"}, {"participants", "persons", "SSS"}, {"residents", "persons", "KU853"}},
			[]breakdown{{"participants", "persons", "KU208"}, {"participants", "provider", "KU305"}, {"participants", ofTotals, "SSS"}, {"residents", ofTotals, "KU853"}},
		},
		{
			"an activity among visits",
			breakdown{"resident_visits", "activity_type", "KU305"},
			[]breakdown{{"resident_visits", "activity_type", "SSS"}, {culture, ofTotals, "KU305"}, {culture, "persons", "HVA17"}},
			[]breakdown{{culture, ofTotals, "KU208"}, {"resident_visits", "persons", "KU305"}, {"resident_visits", ofTotals, "SSS"}},
		},
		{
			"a total",
			breakdown{culture, ofTotals, "KU305"},
			[]breakdown{{culture, "persons", "KU305"}, {culture, "persons", "SSS"}, {"resident_visits", "activity_type", "KU305"}},
			[]breakdown{{culture, "persons", "KU853"}, {"resident_visits", "activity_type", "KU208"}},
		},
		{
			"a county alone",
			breakdown{"referrals", "provider", "HVA17"},
			[]breakdown{{"referrals", "provider", "KU305"}, {"referrals", "provider", "KU208"}, {"referrals", "provider", "MK17"}},
			[]breakdown{{"referrals", "provider", "HVA02"}, {"referrals", "provider", "KU853"}},
		},
	} {
		held := a.spread([]breakdown{of.first}, r)
		for _, b := range of.stays {
			if !held.has(b) {
				t.Errorf("%s: %v is revised", of.name, b)
			}
		}
		for _, b := range of.moves {
			if held.has(b) {
				t.Errorf("%s: %v stays", of.name, b)
			}
		}
	}
}

// TestOneAgeGroupLeavesOtherAreas: a few participants of an age who came late to one municipality withhold the ages of it and of what it
// belongs to, and none of the municipalities beside it, though residents are twins of participants in the country.
func TestOneAgeGroupLeavesOtherAreas(t *testing.T) {
	a := protecting(t)
	p := indicator.Period{Type: indicator.Month, Start: on(t, "2025-01-01")}
	published, rows := publishedRows{}, []publication{}
	for _, area := range []string{"SSS", "HVA17", "HVA02", "MK17", "KU305", "KU208", "KU853"} {
		for _, id := range []string{"unique-participants", "participation-reach"} {
			for _, group := range []string{everyone, "65+"} {
				row := publication{pubKey: pubKey{period: p, slot: slot{indicator: id, area: area, scheme: "eviva3", group: group, sex: everyone}}, revision: 1}
				if group == everyone {
					row.scheme = ""
				}
				published[row.pubKey] = row
				row.protected = area == "KU305" && group != everyone && id == "unique-participants"
				rows = append(rows, row)
			}
		}
	}
	stays, _ := a.withheld(published, rows, nil)
	for i := range rows {
		of := rows[i].slot
		if of.indicator == "unique-participants" && stays(of) != (of.group != everyone && (of.area == "KU305" || of.area == "MK17" || of.area == "HVA17" || of.area == "SSS")) {
			t.Errorf("%v stays: %t", of, stays(of))
		}
	}
}
