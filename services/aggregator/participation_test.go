package aggregator

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// drawVisits makes one person's visits over some two years, at most one a session.
func drawVisits(rt *rapid.T, label string) []visit {
	var of []visit
	for i, day := range rapid.SliceOfN(rapid.IntRange(0, 800), 0, 12).Draw(rt, label) {
		of = append(of, visit{
			person: uuid.UUID{1}, session: fmt.Sprint(label, i), day: indicator.Date(19_400 + day), birthYear: 1950, sex: "2", home: "KU305",
			area:     rapid.SampledFrom([]string{"KU305", "KU208", "KU853-01"}).Draw(rt, "area"),
			activity: rapid.SampledFrom([]string{"culture", "sport"}).Draw(rt, "activity"), provider: "ORG1",
			referral: rapid.SampledFrom([]string{"", "S1"}).Draw(rt, "referral"),
		})
		of[len(of)-1].resolve(rapid.SampledFrom([]*session{nil, {area: "KU208", activity: "nature", provider: "ORG2"}}).Draw(rt, "origin"))
	}
	sortVisits(of)
	return of
}

const testHistory = indicator.Date(19_200) // between nobody and everybody known a year before

func (d *deltas) nonzero() map[cellKey]int64 { return maps.Collect(d.all()) }

// TestPersonChangesAreExact: what a refresh adds to the cells of a person's old visits gives the cells of the new ones, for
// every measure, also those that visits of other periods decide.
func TestPersonChangesAreExact(t *testing.T) {
	p := testPlan(t)
	everything := func(indicator.Period) bool { return true }
	rapid.Check(t, func(rt *rapid.T) {
		stored := drawVisits(rt, "old")
		kept := slices.DeleteFunc(slices.Clone(stored), func(visit) bool { return rapid.Bool().Draw(rt, "gone") })
		fresh := append(kept, drawVisits(rt, "new")...)
		a := &Aggregator{plan: p, head: head{History: testHistory}}
		w := newWork()
		before, after := drawCards(rt, "old cards"), drawCards(rt, "new cards")
		w.carded[uuid.UUID{}], w.cards = true, map[uuid.UUID][]card{{}: after}
		for _, v := range slices.Concat(stored, fresh) {
			w.sessions[v.session] = true
		}
		g := &generation{deltas: p.newDeltas()}
		a.diffPerson(w, uuid.UUID{}, known{visits: slices.Clone(stored), cards: before}, slices.Clone(fresh), g)
		p.addHolders(g.deltas, w.holders, everything, +1)
		p.addFamilies(g.deltas, w.families[uuid.UUID{}].was, everything, -1)
		p.addFamilies(g.deltas, w.families[uuid.UUID{}].is, everything, +1)

		sortVisits(fresh)
		all := func(to *deltas, k known) {
			t, ts, fs := p.traceOf(k, testHistory, firstDay), tenures{}, families{}
			p.addPerson(to, t, everything, +1)
			ts.add(k.cards, +1)
			p.addHolders(to, ts, everything, +1)
			p.addFamily(fs, &t)
			p.addFamilies(to, fs, everything, +1)
		}
		all(g.deltas, known{visits: stored, cards: before})
		want := p.newDeltas()
		all(want, known{visits: fresh, cards: after})
		if got, want := g.deltas.nonzero(), want.nonzero(); !maps.Equal(got, want) {
			for k, n := range want {
				if got[k] != n {
					rt.Errorf("%s %s %s: %d, want %d", p.measures[k.measure], indicator.PeriodTypes[k.period], k.start, got[k], n)
				}
			}
			for k, n := range got {
				if want[k] == 0 {
					rt.Errorf("%s %s %s: %d, want none", p.measures[k.measure], indicator.PeriodTypes[k.period], k.start, n)
				}
			}
		}
	})
}

// TestParticipationMeasures holds each measure of one person's quarters, in the whole country, against its meaning read
// literally.
func TestParticipationMeasures(t *testing.T) {
	p := testPlan(t)
	rapid.Check(t, func(rt *rapid.T) {
		visits := drawVisits(rt, "visits")
		d := p.newDeltas()
		p.addPerson(d, p.trace(visits, testHistory, past{}), func(indicator.Period) bool { return true }, +1)
		got := map[indicator.Measure]map[indicator.Date]int64{}
		for k, n := range d.all() {
			if indicator.PeriodTypes[k.period] == indicator.Quarter && k.area == p.country && p.facetOf(k).dimension == 0 {
				m := p.measures[k.measure]
				if got[m] == nil {
					got[m] = map[indicator.Date]int64{}
				}
				got[m][k.start] += n
			}
		}
		for start := indicator.Quarter.Starts(19_400)[0]; start < 20_300; start = indicator.Quarter.End(start) {
			for m, want := range literalMeasures(visits, start, indicator.Quarter.End(start)) {
				if slices.Contains(p.measures, m) && got[m][start] != want {
					rt.Fatalf("%s of the quarter from %s: %d, want %d", m, start, got[m][start], want)
				}
			}
		}
	})
}

func literalMeasures(visits []visit, start, end indicator.Date) map[indicator.Measure]int64 {
	in := func(from, to indicator.Date) (of []visit) {
		for _, v := range visits {
			if from <= v.day && v.day < to {
				of = append(of, v)
			}
		}
		return of
	}
	is := func(ok bool) int64 {
		if ok {
			return 1
		}
		return 0
	}
	within, recent := in(start, end), in(max(start, end-90), end)
	weeks := map[indicator.Date]bool{}
	for _, v := range recent {
		weeks[indicator.Week.Starts(v.day)[0]] = true
	}
	first := len(visits) > 0 && testHistory <= visits[0].day-365 && start <= visits[0].day && visits[0].day < end
	back := len(visits) > 0 && len(in(visits[0].day+1, visits[0].day+91)) > 0
	n, referred := int64(len(within)), int64(0)
	for _, v := range within {
		referred += is(v.referral != "")
	}
	return map[indicator.Measure]int64{
		indicator.Referrals: referred, indicator.ReferralSquares: referred * referred,
		indicator.Participants: is(n > 0), indicator.VisitsOfPersons: n, indicator.SquaresOfPersons: n * n,
		indicator.FirstTimers: is(first), indicator.Newcomers: is(first), indicator.Retained: is(first && back),
		indicator.Recent: is(len(recent) > 0), indicator.Regulars: is(len(recent) >= 4 && len(weeks) >= 3),
	}
}

// TestShortHistory: where nobody can know who came before, shares are no data and counts a lower bound.
func TestShortHistory(t *testing.T) {
	a := &Aggregator{head: head{History: testHistory}, cfg: Config{Rule: DefaultActivityRule}}
	newly := &indicator.Entry{Numerator: indicator.Term{Measure: indicator.NewlyActive}}
	first := &indicator.Entry{Numerator: indicator.Term{Measure: indicator.FirstTimers}, Denominator: indicator.Term{Measure: indicator.Participants}}
	visits := &indicator.Entry{Numerator: indicator.Term{Measure: indicator.Visits}}
	from := func(days int) indicator.Period {
		return indicator.Period{Type: indicator.Day, Start: testHistory + indicator.Date(days)}
	}
	if !a.shortHistory(newly, from(454)) || a.shortHistory(newly, from(455)) || !a.shortHistory(first, from(364)) || a.shortHistory(first, from(365)) || a.shortHistory(visits, from(0)) {
		t.Error("the wrong periods are too early")
	}
	known := indicator.Value{Value: 3, Numerator: 3}
	if v := incomplete(first, known); !v.NoData || v.Value == 3 || !slices.Contains(v.Flags, flagShortHistory) {
		t.Errorf("a share of a short history is %+v", v)
	}
	if v := incomplete(newly, known); v.NoData || v.Value != 3 || !slices.Contains(v.Flags, flagShortHistory) {
		t.Errorf("a count of a short history is %+v", v)
	}
}

// TestConditions: sessions and visits meet a measure's conditions alike; one of several values is enough.
func TestConditions(t *testing.T) {
	conditions := indicator.Measure("resident_visits[activity_type=culture|nature,provider=ORG1]").Conditions()
	for _, c := range []struct {
		activity, provider string
		want               bool
	}{{"culture", "ORG1", true}, {"nature", "ORG1", true}, {"sport", "ORG1", false}, {"culture", "ORG2", false}} {
		v, s := &visit{activity: c.activity, provider: c.provider}, &session{activity: c.activity, provider: c.provider}
		if meets(v, conditions) != c.want || meets(s, conditions) != c.want {
			t.Errorf("%s by %s: %v and %v, want %v", c.activity, c.provider, meets(v, conditions), meets(s, conditions), c.want)
		}
	}
}

// drawCards draws cards of one person: under two pseudonyms, some closed, some of a family.
func drawCards(t *rapid.T, label string) (cards []card) {
	for i := range rapid.IntRange(0, 3).Draw(t, label) {
		day := indicator.Date(19_000 + rapid.IntRange(0, 900).Draw(t, "from"))
		c := card{
			pseudonym: uuid.UUID{byte(rapid.IntRange(1, 2).Draw(t, "pseudonym"))}, issued: int64(day)*86_400_000 + int64(i), from: day,
			home: rapid.SampledFrom([]string{"KU305", "KU853-01"}).Draw(t, "home"), family: rapid.Bool().Draw(t, "family"),
			groups: rapid.SampledFrom([]string{"", "families", "families,risk"}).Draw(t, "groups"),
		}
		if rapid.Bool().Draw(t, "closed") {
			c.closed, c.closedOn = c.issued+1, day+indicator.Date(rapid.IntRange(0, 200).Draw(t, "until"))
		}
		cards = append(cards, c)
	}
	sortCards(cards)
	return cards
}
