package aggregator

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

func days(t interface{ Fatal(...any) }, dates ...string) []visit {
	var visits []visit
	for i, d := range dates {
		day, err := indicator.ParseDate(d)
		if err != nil {
			t.Fatal(err)
		}
		visits = append(visits, visit{session: string(rune('a' + i)), day: day})
	}
	sortVisits(visits)
	return visits
}

// TestNewlyActive is the worked example of the rule: four visits in four weeks, and one before them.
func TestNewlyActive(t *testing.T) {
	long := days(t, "2020-01-01")[0].day
	for name, c := range map[string]struct {
		dates   []string
		history indicator.Date
		on      string
		newly   bool
	}{
		"a year of quiet before":    {[]string{"2022-12-20", "2024-01-09", "2024-01-16", "2024-01-30", "2024-02-06"}, long, "2024-02-06", true},
		"a visit 222 days before":   {[]string{"2023-06-01", "2024-01-09", "2024-01-16", "2024-01-30", "2024-02-06"}, long, "2024-02-06", false},
		"four visits in two weeks":  {[]string{"2024-01-08", "2024-01-09", "2024-01-15", "2024-01-16"}, long, "", false},
		"three visits":              {[]string{"2024-01-09", "2024-01-16", "2024-01-30"}, long, "", false},
		"history begins too late":   {[]string{"2024-01-09", "2024-01-16", "2024-01-30", "2024-02-06"}, days(t, "2023-06-01")[0].day, "2024-02-06", false},
		"the fourth after 90 days":  {[]string{"2024-01-09", "2024-01-16", "2024-01-30", "2024-04-08"}, long, "", false},
		"the fourth within 90 days": {[]string{"2024-01-09", "2024-01-16", "2024-01-30", "2024-04-07"}, long, "2024-04-07", true},
	} {
		t.Run(name, func(t *testing.T) {
			day, newly := DefaultActivityRule.newlyActive(days(t, c.dates...), c.history)
			if newly != c.newly || newly && day.String() != c.on {
				t.Errorf("%v on %v, want %v on %s", newly, day, c.newly, c.on)
			}
		})
	}
}

// TestNewlyActiveAgreesWithTheDefinition compares the two pointers with the definition read literally.
func TestNewlyActiveAgreesWithTheDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var visits []visit
		for i, d := range rapid.SliceOfN(rapid.IntRange(0, 900), 0, 30).Draw(rt, "days") {
			visits = append(visits, visit{session: string(rune('a' + i)), day: indicator.Date(19_000 + d)})
		}
		sortVisits(visits)
		history := indicator.Date(19_000 - rapid.IntRange(0, 400).Draw(rt, "history"))
		day, newly := DefaultActivityRule.newlyActive(visits, history)
		wantDay, want := literally(visits, history)
		if newly != want || newly && day != wantDay {
			rt.Fatalf("%v on %v, want %v on %v", newly, day, want, wantDay)
		}
	})
}

func literally(visits []visit, history indicator.Date) (indicator.Date, bool) {
	for _, end := range visits {
		var window []visit
		weeks := map[indicator.Date]bool{}
		for _, v := range visits {
			if v.day > end.day-90 && v.day <= end.day && !slices.ContainsFunc(window, func(w visit) bool { return w.session == v.session }) {
				window = append(window, v)
				weeks[indicator.Week.Starts(v.day)[0]] = true
			}
		}
		if len(window) < 4 || len(weeks) < 3 {
			continue
		}
		first := window[0].day
		for _, v := range visits {
			if v.day >= first-365 && v.day < first {
				return end.day, false
			}
		}
		return end.day, history <= first-365
	}
	return 0, false
}

func TestChangedDays(t *testing.T) {
	before := days(t, "2024-01-01", "2024-01-02", "2024-01-03")
	after := slices.Clone(before[1:])
	after[1].sex = "2"
	got := changedDays(before, after)
	if len(got) != 2 || !got[before[0].day] || !got[before[2].day] {
		t.Errorf("changed days %v", got)
	}
	moved := slices.Clone(before)
	moved[0].day += 10
	if got := changedDays(before, moved); len(got) != 2 || !got[before[0].day+10] {
		t.Errorf("a moved visit changes both days: %v", got)
	}
}

// TestPersonsAddUp: within a period persons and visits add up over areas, ages and sexes, and the total of each county
// and of the country counts each person once.
func TestPersonsAddUp(t *testing.T) {
	p := testPlan(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := p.newDeltas()
		people := rapid.IntRange(1, 6).Draw(rt, "people")
		visits := 0
		for i := range people {
			var of []visit
			for j, day := range rapid.SliceOfN(rapid.IntRange(0, 80), 1, 10).Draw(rt, "days") {
				of = append(of, visit{
					person: uuid.UUID{byte(i)}, session: string(rune('a' + j)), day: indicator.Date(19_723 + day), birthYear: 1950 + 7*j,
					area: rapid.SampledFrom([]string{"KU305", "KU208", "KU853-01", "KU853"}).Draw(rt, "area"),
					home: "KU305", sex: "1", activity: "culture",
				})
			}
			visits += len(of)
			sortVisits(of)
			p.addPerson(d, p.trace(of, 0, past{}), func(indicator.Period) bool { return true }, +1)
		}
		sum := func(m indicator.Measure, area string) (n int64) {
			for k, v := range d.all() {
				if indicator.PeriodTypes[k.period] == indicator.Year && p.measures[k.measure] == m && p.names.values[k.area] == area && p.facetOf(k).dimension == 0 {
					n += v
				}
			}
			return n
		}
		if n := sum(indicator.Participants, country); n != int64(people) {
			rt.Fatalf("%d participants in the country, want %d", n, people)
		}
		if n := sum(indicator.Visits, country); n != int64(visits) {
			rt.Fatalf("%d visits in the country, want %d", n, visits)
		}
		for _, m := range []indicator.Measure{indicator.Participants, indicator.Visits} {
			if parts := sum(m, "HVA17") + sum(m, "HVA02"); parts != sum(m, country) {
				rt.Fatalf("%s: counties have %d, the country %d", m, parts, sum(m, country))
			}
		}
	})
}
