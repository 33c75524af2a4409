package aggregator

import (
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestAnonymousVisitsLeaveFew: where anonymous visits leave few of those of unknown age or sex they are hidden, and so is another area's,
// which would tell them; few of both are hidden by hiding visits of which neither is known. What leaves enough is shown, whatever
// else of visits is hidden for being small.
func TestAnonymousVisitsLeaveFew(t *testing.T) {
	a := protecting(t)
	for name, c := range map[string]struct {
		ageless, sexless, both   int64 // visits with a card in KU208: of unknown age and sex 1, of age 29-54 and unknown sex, of neither known
		hidden, nameless, rather bool  // anonymous visits, visits of unknown age and sex, anonymous visits of another area
	}{
		"nobody":                 {0, 0, 0, false, false, false},
		"many":                   {20, 30, 0, false, false, false},
		"few of unknown age":     {3, 30, 0, true, true, true},
		"few of unknown sex":     {30, 2, 0, true, true, true},
		"few of neither":         {30, 30, 3, false, true, false},
		"a few of a small group": {30, 30, 0, false, false, false},
	} {
		g := &grid{period: indicator.Period{Type: indicator.Month, Start: on(t, "2025-01-01")}, areas: map[string]*areaGrid{}}
		for area, of := range map[string][3]int64{"KU208": {c.ageless, c.sexless, c.both}, "KU305": {40, 40, 20}, "HVA17": {c.ageless + 40, c.sexless + 40, c.both + 20}} {
			counts := newAreaGrid()
			g.areas[area] = counts
			times := int64(1)
			if area == "HVA17" {
				times = 2
			}
			visits := counts.group(a.ages, indicator.Visits)
			for _, band := range []string{"13-17", "29-54", "65-74"} {
				for _, sex := range []string{"1", "2"} {
					visits[a.ages.atom(band, sex)] = 60 * times
				}
			}
			if name == "a few of a small group" {
				visits[a.ages.atom("13-17", "1")] = 3 * times
			}
			visits[a.ages.atom(unknown, "1")], visits[a.ages.atom("29-54", unknown)], visits[a.ages.atom(unknown, unknown)] = of[0], of[1], 100*times+of[2]
			counts.group(a.ages, indicator.AnonymousVisits)[a.ages.atom(unknown, unknown)] = 100 * times
		}
		ms, err := a.protect(g, nil, nil, layers{})
		if err != nil {
			t.Fatal(name, err)
		}
		total := slot{area: "KU208", group: everyone, sex: everyone}
		other := slot{area: "KU305", group: everyone, sex: everyone}
		if got := ms[indicator.AnonymousVisits].hides(total); got != c.hidden {
			t.Errorf("%s: anonymous visits hidden %t", name, got)
		}
		if got := ms[indicator.Visits].hides(a.unknownRow("KU208")); got != c.nameless {
			t.Errorf("%s: visits of unknown age and sex hidden %t", name, got)
		}
		if got := ms[indicator.AnonymousVisits].hides(other); got != c.rather {
			t.Errorf("%s: anonymous visits of another area hidden %t", name, got)
		}
	}
}
