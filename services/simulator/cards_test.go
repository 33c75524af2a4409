package simulator_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"vointi.fi/pkg/event"
	"vointi.fi/services/simulator"
)

// TestCards: whoever is in the register has one card, from before the first visit; a fifth of those who come are, and beside them some
// who never do, who are passive more often.
func TestCards(t *testing.T) {
	t.Parallel()
	cards, came := map[string]*event.Card{}, map[string]time.Time{}
	for _, e := range smallHistory(t) {
		switch p := e.Payload.(type) {
		case *event.Card:
			if cards[p.PersonPseudonym] != nil {
				t.Errorf("%s has two cards", p.PersonPseudonym)
			}
			cards[p.PersonPseudonym] = p
			if (p.Kind == "family") != (p.Household != "") || p.Household != "" && !slices.Contains(p.TargetGroups, "families") {
				t.Errorf("card of kind %s, household %q, groups %v", p.Kind, p.Household, p.TargetGroups)
			}
		case *event.Checkin:
			if at, known := came[p.PersonPseudonym]; !known || p.CheckedInAt.Before(at) {
				came[p.PersonPseudonym] = p.CheckedInAt
			}
		}
	}
	var registered, passive, idle, idlePassive, families float64
	for person, c := range cards {
		first, comes := came[person]
		if comes && !c.IssuedAt.Before(first) {
			t.Errorf("%s came on %s, before the card of %s", person, first, c.IssuedAt)
		}
		one := 0.
		if slices.Contains(c.TargetGroups, "passive") {
			one = 1
		}
		if comes {
			registered, passive = registered+1, passive+one
		} else {
			idle, idlePassive = idle+1, idlePassive+one
		}
		if c.Kind == "family" {
			families++
		}
	}
	near := func(what string, got, n, want float64) {
		if math.Abs(got/n-want) > 4*math.Sqrt(want*(1-want)/n)+0.01 {
			t.Errorf("%s: %.3f of %v, want %.3f", what, got/n, n, want)
		}
	}
	near("in the register", registered, float64(len(came)), simulator.RegisteredShare)
	near("passive", passive, registered, simulator.PassiveShare[0])
	if idle == 0 || families == 0 || idlePassive/idle < passive/registered {
		t.Errorf("%v never come, %v of them passive; %v are of families", idle, idlePassive, families)
	}
}
