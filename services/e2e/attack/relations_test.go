package attack

import (
	"slices"
	"testing"

	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

// of is a published world of a country alone.
func of(t *testing.T, at place, rows map[string]map[key]figure) *published {
	t.Helper()
	ages, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	p := &published{
		areas: []area{{Area: country}}, ages: ages, rows: rows, members: map[string]map[place]map[string][]string{},
		periods: map[string]map[place]bool{}, told: map[string]map[key]string{},
	}
	for id := range rows {
		p.periods[id] = map[place]bool{{period: at.period, start: at.start}: true}
	}
	return p
}

func named(name string) *family {
	return &families[slices.IndexFunc(families, func(f family) bool { return f.name == name })]
}

// TestRelations: what is protected in one indicator and shown in another that counts the same people is known, and only where
// they are the same.
func TestRelations(t *testing.T) {
	for name, c := range map[string]struct {
		period, start, hidden, shown string
		want                         bool
	}{
		"residents of the country took part in it":   {"quarter", "2025-04-01", "unique-participants", "participation-reach", true},
		"and the other way round":                    {"year", "2025-01-01", "participation-reach", "unique-participants", true},
		"who came first is new":                      {"quarter", "2025-04-01", "first-time-share", "retention-90d", true},
		"a quarter of 90 days":                       {"quarter", "2025-01-01", "regular-share", "unique-participants", true},
		"a quarter of 91 days":                       {"quarter", "2025-04-01", "regular-share", "unique-participants", false},
		"visits of residents are those of partakers": {"year", "2025-01-01", "visit-rate-dsr", "visits-per-participant", true},
	} {
		at := place{country, c.period, c.start}
		p := of(t, at, map[string]map[key]figure{c.hidden: {}, c.shown: {}})
		(&block{published: p}).people(&measure{ages: true, sexes: true}, at, func(k key, _, _ []int) {
			p.rows[c.hidden][k], p.rows[c.shown][k] = figure{protected: true}, figure{protected: true}
		})
		eight := 8.0
		p.rows[c.shown][at.total()] = figure{numbers: [3]*float64{&eight, &eight, &eight}}
		f := named("persons")
		b := blocks(f, p)[0]
		b.build()
		_, known, err := b.reduce()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := slices.ContainsFunc(b.targets, func(t target) bool { return known[t.column] == 8 })
		if len(b.targets) == 0 || got != c.want {
			t.Errorf("%s: %d targets, known: %v", name, len(b.targets), got)
		}
	}
}

// TestMoved: months that are all shown need not add up to a quarter where who moved counts where they live at its end; where one is
// hidden, it is taken to be what is left.
func TestMoved(t *testing.T) {
	const id = "newly-active-residents"
	for name, c := range map[string]struct {
		quarter, last float64 // 0: hidden
		want          []float64
	}{
		"all stayed":            {551, 264, nil},
		"two moved here":        {553, 264, nil},
		"a month is hidden":     {551, 0, []float64{264}},
		"the quarter is hidden": {0, 264, []float64{551}},
	} {
		rows := map[key]figure{}
		quarter := place{country, "quarter", "2025-01-01"}
		p := of(t, quarter, map[string]map[key]figure{id: rows})
		for at, n := range map[place]float64{quarter: c.quarter, {country, "month", "2025-01-01"}: 48, {country, "month", "2025-02-01"}: 239, {country, "month", "2025-03-01"}: c.last} {
			p.periods[id][place{period: at.period, start: at.start}] = true
			rows[at.total()] = figure{protected: n == 0}
			if n > 0 {
				rows[at.total()] = figure{numbers: [3]*float64{&n}}
			}
		}
		f := named("newly active")
		all := blocks(f, p)
		b := all[slices.IndexFunc(all, func(b *block) bool { return b.totals })]
		b.build()
		_, known, err := b.reduce()
		var got []float64
		for _, t := range b.targets {
			if err == nil {
				got = append(got, known[t.column])
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// TestReference: which row a comparison tells of besides its own.
func TestReference(t *testing.T) {
	p := &published{areas: []area{{Area: "KU305", Parents: map[string]string{"county": "HVA19", "region": "MK17"}}, {Area: "HVA19", Parents: map[string]string{"country": country}}}}
	here := key{Area: "KU305", Group: "65+", Period: "quarter", Start: "2025-01-01"}
	for comparator, want := range map[string]key{
		"previous":              {Area: "KU305", Group: "65+", Period: "quarter", Start: "2024-10-01"},
		"same_period_last_year": {Area: "KU305", Group: "65+", Period: "quarter", Start: "2024-01-01"},
		"parent":                {Area: "HVA19", Group: "65+", Period: "quarter", Start: "2025-01-01"},
		"country":               {Area: country, Group: "65+", Period: "quarter", Start: "2025-01-01"},
	} {
		if got, ok := p.reference(here, comparator); !ok || got != want {
			t.Errorf("%s: %v, %v", comparator, got, ok)
		}
	}
	for _, comparator := range []string{"gap_abs", "trend5", "target"} {
		if _, ok := p.reference(here, comparator); ok {
			t.Errorf("%s rests on one row", comparator)
		}
	}
}

// TestNameless: what anonymous visits leave of those of unknown age is known, and few; no row says so.
func TestNameless(t *testing.T) {
	at := place{country, "month", "2025-04-01"}
	of100 := 100.0
	count := func(n float64) figure { return figure{numbers: [3]*float64{&n, &of100}} }
	few := key{Area: country, Scheme: "eviva3", Group: "unknown", Sex: "all", Member: "all", Period: at.period, Start: at.start}
	p := of(t, at, map[string]map[key]figure{"participation-visits": {at.total(): count(100), few: count(43)}, "anonymous-share": {at.total(): count(40)}})
	(&block{published: p}).people(&measure{ages: true, sexes: true}, at, func(k key, _, _ []int) {
		if _, shown := p.rows["participation-visits"][k]; !shown {
			p.rows["participation-visits"][k] = figure{protected: true}
		}
	})
	f := named("visits")
	all2025 := blocks(f, p)
	b := all2025[slices.IndexFunc(all2025, func(b *block) bool { return !b.totals })]
	b.build()
	_, known, err := b.reduce()
	if err != nil || !slices.ContainsFunc(b.targets, func(t target) bool { return t.nobody && known[t.column] == 3 }) {
		t.Errorf("the few are not known: %v", err)
	}
}
