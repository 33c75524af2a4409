package aggregator

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestMergedAreas: an area counts for itself until the day on which it is no more, and for what it was merged into with all
// of its history from then on; never for both.
func TestMergedAreas(t *testing.T) {
	const merged = indicator.Date(16_801)
	rows := []area{
		{id: "KU532", level: "municipality", parents: map[string]string{"region": "MK07", "municipality": "KU398"}, validTo: merged},
		{id: "KU398", level: "municipality", parents: map[string]string{"region": "MK07", "county": "HVA09"}},
		{id: "KU999", level: "municipality", parents: map[string]string{"region": "MK07"}, validTo: merged},
	}
	at := func(day indicator.Date) *places {
		nodes := map[string]areaNode{}
		for _, r := range rows {
			nodes[r.id] = r.node(day)
		}
		return newPlaces(nodes)
	}
	for name, c := range map[string]struct {
		day  indicator.Date
		area string
		want []string
	}{
		"the day before":        {merged - 1, "KU532", []string{"KU532", "MK07", "SSS"}},
		"merged":                {merged, "KU532", []string{"KU398", "HVA09", "MK07", "SSS"}},
		"what it was merged to": {merged, "KU398", []string{"KU398", "HVA09", "MK07", "SSS"}},
		"no more, nowhere":      {merged, "KU999", []string{"KU999", "MK07", "SSS"}},
	} {
		if got := at(c.day).path(c.area); !slices.Equal(got, c.want) {
			t.Errorf("%s: %s counts for %v, want %v", name, c.area, got, c.want)
		}
	}
	if next := nextMerger(rows, merged-1); next != merged {
		t.Errorf("the next merger is on %s", next)
	}
	if next := nextMerger(rows, merged); next <= merged {
		t.Errorf("a merger is still to come on %s", next)
	}
	if at(merged-1).signature() == at(merged).signature() {
		t.Error("nothing tells that a merger has taken place")
	}
	round := newPlaces(map[string]areaNode{"A": {into: "B"}, "B": {into: "A"}})
	if now := round.now("A"); now != "A" && now != "B" {
		t.Errorf("areas merged into each other are %s", now)
	}
}
