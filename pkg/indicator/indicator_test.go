package indicator_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

func catalogue(t testing.TB) indicator.Catalogue {
	t.Helper()
	c, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func entry(t testing.TB, id string) *indicator.Entry {
	t.Helper()
	c := catalogue(t)
	i := slices.IndexFunc(c, func(e *indicator.Entry) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("no indicator %s", id)
	}
	return c[i]
}

func TestCatalogue(t *testing.T) {
	c := catalogue(t)
	if len(c) != 12 {
		t.Errorf("%d indicators, want 12", len(c))
	}
	for _, e := range c {
		persons := e.Numerator.Measure != "" && e.Numerator.Measure.Persons()
		if persons && len(e.Protect) == 0 {
			t.Errorf("%s counts persons and protects nothing", e.ID)
		}
	}
}

// TestFaultsOfTheCatalogue: each fault is named with its file, all of them at once.
func TestFaultsOfTheCatalogue(t *testing.T) {
	_, err := indicator.Load(fstest.MapFS{"x/a.yaml": {Data: []byte("id: b\n")}, "x/c.yaml": {Data: []byte(`
id: c
goals: [G1]
name: {fi: a, sv: a, en: a}
description: {fi: a, sv: a}
direction: up
basis: here
breakdowns: [area, shoe_size]
periods: [fortnight]
method: CNT
numerator: {measure: vists}
`)}, "x/d.yaml": {Data: []byte("id: d\nnmae: x\n")}}, "x")
	if err == nil {
		t.Fatal("no fault found")
	}
	for _, want := range []string{"a.yaml", "file's name says", "c.yaml", "shoe_size", "fortnight", "vists", "up", "here", "no description in en", "d.yaml", "nmae"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the faults do not name %q:\n%v", want, err)
		}
	}
}

func sums(m map[indicator.Measure]int64) indicator.Sums {
	return func(x indicator.Measure) int64 { return m[x] }
}

// TestEvaluate holds each method against the published vectors, by way of the catalogue.
func TestEvaluate(t *testing.T) {
	for name, c := range map[string]struct {
		id                  string
		sums                map[indicator.Measure]int64
		population          float64
		value, lower, upper float64
		flag                string
		noData              bool
	}{
		"Byar, repeated visits":  {"participation-visits", map[indicator.Measure]int64{"visits": 56, "visit_squares": 296}, 0, 56, 24.500759, 94.445044, "", false},
		"Byar":                   {"unique-participants", map[indicator.Measure]int64{"participants": 65}, 0, 65, 50.163188, 82.849139, "", false},
		"exact":                  {"newly-active-residents", map[indicator.Measure]int64{"newly_active": 5}, 0, 5, 1.623486, 11.668332, "", false},
		"Wilson":                 {"participation-reach", map[indicator.Measure]int64{"residents": 65}, 100, 65, 55.2544, 73.6358, "", false},
		"more than everybody":    {"participation-reach", map[indicator.Measure]int64{"residents": 65}, 60, 108.333333, math.NaN(), math.NaN(), "numerator_above_denominator", false},
		"nobody lives there":     {"participation-reach", map[indicator.Measure]int64{"residents": 0}, math.NaN(), math.NaN(), math.NaN(), math.NaN(), "", true},
		"no visits":              {"anonymous-share", nil, 0, math.NaN(), math.NaN(), math.NaN(), "", true},
		"fact without interval":  {"sessions-held", map[indicator.Measure]int64{"sessions_held": 12}, 0, 12, math.NaN(), math.NaN(), "", false},
		"ratio":                  {"cost-per-visit", ratio("cost", 33_000, 5, 6, 4, 8, 3, 5, 7, 6, 4, 4), 0, 63.461538, 49.94, 76.99, "", false},
		"ratio of one":           {"cost-per-visit", ratio("cost", 33_000, 5), 0, 66, math.NaN(), math.NaN(), "interval_not_calculable", false},
		"costs without sessions": {"cost-per-visit", map[indicator.Measure]int64{"unallocated_cents": 5}, 0, math.NaN(), math.NaN(), math.NaN(), "unallocated", true},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := entry(t, c.id).Evaluate(sums(c.sums), c.population)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "value", v.Value, c.value)
			near(t, "lower", v.I95.Lower, c.lower)
			near(t, "upper", v.I95.Upper, c.upper)
			if v.NoData != c.noData || c.flag != "" && !slices.Contains(v.Flags, c.flag) {
				t.Errorf("no data %v, flags %v", v.NoData, v.Flags)
			}
			if v.I95.Defined() && (v.I998.Lower > v.I95.Lower || v.I998.Upper < v.I95.Upper) {
				t.Errorf("99.8 %% limits %v lie within the 95 %% ones %v", v.I998, v.I95)
			}
		})
	}
}

// ratio sums sessions that cost the same and had these visits.
func ratio(base indicator.Measure, c int64, visits ...int64) map[indicator.Measure]int64 {
	m := map[indicator.Measure]int64{}
	parts := base.Parts()
	for _, v := range visits {
		for i, x := range []int64{1, c, v, c * c, v * v, c * v} {
			m[parts[i]] += x
		}
	}
	return m
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 0.005 {
		t.Errorf("%s %v, want %v", what, got, want)
	}
}

// TestSurvey: EUROHIS-QOL-8 counts as good from a mean of 4, and only with all eight answers.
func TestSurvey(t *testing.T) {
	answer := func(items ...int32) indicator.Answer {
		a := indicator.Answer{Items: map[string]int32{}, Weight: 1}
		for i, x := range items {
			a.Items["EUROHIS"+string(rune('1'+i))] = x
		}
		return a
	}
	s := entry(t, "qol-good-share").Sample([]indicator.Answer{
		answer(5, 5, 5, 5, 3, 3, 3, 4), answer(5, 5, 5, 5, 3, 3, 3, 2), answer(5, 5, 5, 5, 5, 5, 5),
	})
	v, err := s.Estimate(func(int) bool { return true })
	if err != nil || v.Value != 50 || v.Respondents != 2 || v.Numerator != 1 {
		t.Errorf("%+v %v", v, err)
	}
	nobody, err := s.Estimate(func(int) bool { return false })
	if err != nil || !nobody.NoData {
		t.Errorf("nobody: %+v %v", nobody, err)
	}
}

// TestSurveyOfOtherStrata: respondents of strata that a domain does not reach make no difference to it, to the last bit.
func TestSurveyOfOtherStrata(t *testing.T) {
	e := entry(t, "loneliness-share")
	rapid.Check(t, func(rt *rapid.T) {
		var answers []indicator.Answer
		for i := range 30 {
			answers = append(answers, indicator.Answer{
				Items: map[string]int32{"LONELY": rapid.Int32Range(1, 5).Draw(rt, "answer")}, Stratum: string(rune('a' + i%3)),
				Weight: rapid.Float64Range(0.5, 3).Draw(rt, "weight"),
			})
		}
		in := func(i int) bool { return answers[i].Stratum == "a" && i%2 == 0 }
		all, err := e.Sample(answers).Estimate(in)
		if err != nil {
			rt.Fatal(err)
		}
		var own []indicator.Answer
		var which []int
		for i, a := range answers {
			if a.Stratum == "a" {
				own, which = append(own, a), append(which, i)
			}
		}
		alone, err := e.Sample(own).Estimate(func(i int) bool { return in(which[i]) })
		if err != nil || all.Value != alone.Value || all.I95 != alone.I95 && all.I95.Defined() {
			rt.Fatalf("%+v\n%+v %v", all, alone, err)
		}
	})
}

// TestPeriods: every day lies in each period that it is said to begin in, and nowhere else.
func TestPeriods(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := indicator.Date(rapid.IntRange(-20_000, 60_000).Draw(rt, "day"))
		for _, typ := range indicator.PeriodTypes {
			starts := typ.Starts(d)
			for _, s := range starts {
				p := indicator.Period{Type: typ, Start: s}
				if !p.Contains(d) || !slices.Contains(typ.Starts(s), s) || p.Closes() <= p.End() {
					rt.Fatalf("%s is not in %s", d, p)
				}
			}
			if typ != indicator.Rolling12M && (len(starts) != 1 || slices.Contains(typ.Starts(typ.End(starts[0])), starts[0])) {
				rt.Fatalf("%s of %s: %v", typ, d, starts)
			}
			if typ == indicator.Rolling12M && len(starts) != 12 {
				rt.Fatalf("%d windows hold %s", len(starts), d)
			}
		}
	})
}

func TestWeeksBeginOnMonday(t *testing.T) {
	d, err := indicator.ParseDate("2024-12-31") // a Tuesday, in ISO week 1 of 2025
	if err != nil {
		t.Fatal(err)
	}
	if got := indicator.Week.Starts(d)[0].String(); got != "2024-12-30" {
		t.Errorf("the week begins on %s", got)
	}
}
