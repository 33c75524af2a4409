package aggregator

import "testing"

// TestWhatStaysWithABreakdown: the areas above, and twins: where both count the same in the country only, its row is told by every area
// of the other; where they do in every area, only there. With nothing below that stays, everything does.
func TestWhatStaysWithABreakdown(t *testing.T) {
	a := protecting(t)
	areas := []string{"SSS", "HVA17", "HVA02", "MK17", "KU305", "KU208", "KU853"}
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
		held := a.spread([]breakdown{of.first}, areas)
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
