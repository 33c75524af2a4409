package aggregator

import (
	"maps"
	"testing"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// TestReferralsCountAtTheirOrigin: a visit counts where the session was that the person was referred from, at its type and
// provider; where none is known, at its own.
func TestReferralsCountAtTheirOrigin(t *testing.T) {
	p := testPlan(t)
	person := uuid.UUID{1}
	visits := []visit{
		{person: person, session: "a", day: 19_800, area: "KU305", activity: "culture", provider: "ORG1", referral: "S"},
		{person: person, session: "b", day: 19_801, area: "KU305", activity: "culture", provider: "ORG1", referral: "S"},
		{person: person, session: "c", day: 19_802, area: "KU853", activity: "sport", provider: "ORG3", referral: "elsewhere"},
		{person: person, session: "d", day: 19_803, area: "KU853", activity: "sport", provider: "ORG3"},
	}
	for i := range visits {
		visits[i].resolve(map[string]*session{"S": {area: "KU208", activity: "nature", provider: "ORG2"}}[visits[i].referral])
	}
	d := p.newDeltas()
	p.addPerson(d, p.trace(visits, 0, past{}), func(indicator.Period) bool { return true }, +1)
	got := map[string]int64{}
	for k, n := range d.all() {
		f := p.facetOf(k)
		if indicator.PeriodTypes[k.period] != indicator.Year {
			continue
		}
		switch name := p.names.values[k.area] + " " + p.names.values[f.member]; p.measures[k.measure] {
		case indicator.Referrals:
			got[name] += n
		case indicator.ReferralSquares:
			got[name+" squares"] += n
		}
	}
	want := map[string]int64{
		"KU208 ": 2, "KU208 nature": 2, "KU208 ORG2": 2, "KU853 ": 1, "KU853 sport": 1, "KU853 ORG3": 1,
		"SSS ": 3, "SSS nature": 2, "SSS ORG2": 2, "SSS sport": 1, "SSS ORG3": 1,
		"SSS  squares": 9, "KU208  squares": 4, "KU208 nature squares": 4, "KU853  squares": 1,
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %d, want %d", name, got[name], n)
		}
	}
	for name := range maps.Keys(got) {
		if len(name) > 5 && name[:5] == "KU305" {
			t.Errorf("%s is not where anybody was referred from", name)
		}
	}
}

// TestAudience: a session is for each group that has an age within its limits.
func TestAudience(t *testing.T) {
	a := testAges(t)
	for _, of := range []audience{{-1, -1}, {0, 12}, {13, 28}, {18, -1}, {-1, 17}, {65, -1}, {29, 64}, {30, 30}} {
		want := map[string]bool{}
		for _, s := range a.Published() {
			for _, g := range s.Groups {
				for age := range int32(130) {
					if g.Has(int(age)) && (of.from < 0 || of.from <= age) && (of.to < 0 || age <= of.to) {
						want[s.ID+"/"+g.ID] = true
					}
				}
			}
		}
		got := map[string]bool{}
		for _, member := range a.audience(of) {
			got[member] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("%v: %v, want %v", of, got, want)
		}
	}
	if of := a.residents(audienceDimension, "finsote/75+"); of.scheme != "finsote" || of.group != "75+" || of.sex != everyone {
		t.Errorf("the residents of an audience are %+v", of)
	}
}
