package indicator_test

import (
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
)

var builtIn = sync.OnceValues(func() (indicator.Catalogue, error) { return indicator.Load(schemas.FS, "indicators") })

func catalogue(t testing.TB) indicator.Catalogue {
	t.Helper()
	c, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func entry(t testing.TB, id string) *indicator.Entry {
	t.Helper()
	e := catalogue(t).Find(id)
	if e == nil {
		t.Fatalf("no indicator %s", id)
	}
	return e
}

func sums(m map[indicator.Measure]int64) indicator.Sums {
	return func(x indicator.Measure) int64 { return m[x] }
}

// TestEvaluate holds each method of one cell against the published vectors, by way of the catalogue.
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
		"more than everybody":    {"participation-reach", map[indicator.Measure]int64{"residents": 65}, 60, 108.333333, nan, nan, "numerator_above_denominator", false},
		"nobody lives there":     {"participation-reach", map[indicator.Measure]int64{"residents": 0}, nan, nan, nan, nan, "", true},
		"no visits":              {"anonymous-share", nil, 0, nan, nan, nan, "", true},
		"fact without interval":  {"sessions-held", map[indicator.Measure]int64{"sessions_held": 12}, 0, 12, nan, nan, "", false},
		"fact of a class":        {"network-meetings", map[indicator.Measure]int64{"sessions_held": 12, "sessions_held[class=network]": 3}, 0, 3, nan, nan, "", false},
		"fact by another":        {"external-funding-share", map[indicator.Measure]int64{"cost_cents[funded=yes,kind=actual]": 20_000_000, "cost_cents[kind=actual]": 25_353_300}, 0, 78.885194, nan, nan, "", false},
		"fact by nothing":        {"external-funding-share", nil, 0, nan, nan, nan, "", true},
		"hundredths into hours":  {"volunteer-hours", map[indicator.Measure]int64{"volunteer_hours": 150}, 0, 1.5, nan, nan, "", false},
		"rate, repeated visits":  {"culture-visit-rate", map[indicator.Measure]int64{"resident_visits[activity_type=culture]": 56, "resident_squares[activity_type=culture]": 296}, 1_000, 56, 24.500759, 94.445044, "", false},
		"rate of nobody":         {"culture-visit-rate", nil, nan, nan, nan, nan, "", true},
		"rate":                   {"offering-density", map[indicator.Measure]int64{"sessions_held": 65}, 2_000, 32.5, 25.081594, 41.424569, "", false},
		"ratio":                  {"cost-per-visit", ratio("cost", 33_000, 5, 6, 4, 8, 3, 5, 7, 6, 4, 4), 0, 63.461538, 49.94, 76.99, "", false},
		"ratio of one":           {"cost-per-visit", ratio("cost", 33_000, 5), 0, 66, nan, nan, "interval_not_calculable", false},
		"costs without sessions": {"cost-per-visit", map[indicator.Measure]int64{"unallocated_cents": 5}, 0, nan, nan, nan, "unallocated", true},
		"a session of 3 hours":   {"cost-per-participant-hour", ratio("cost_hours", 33_000, 5*180), 0, 22, nan, nan, "interval_not_calculable", false},
		"hours":                  {"cost-per-participant-hour", ratio("cost_hours", 33_000, 900, 1080, 720, 1440, 540, 900, 1260, 1080, 720, 720), 0, 21.153846, 16.645, 25.662, "", false},
		"fixed sum over a count": {"cost-per-participant", map[indicator.Measure]int64{"cost.c": 330_000, "participants": 65, "unallocated_cents": 1}, 0, 50.769231, 39.831434, 65.785293, "unallocated", false},
		"fixed sum over nobody":  {"cost-per-newly-active", map[indicator.Measure]int64{"cost_cents[kind=actual]": 25_353_300}, 0, nan, nan, nan, "", true},
		"mean": {"visits-per-participant", meanOf(
			3_309_375, 4_838_596, 6_483_495, 6_798_475, 2_293_556, 7_123_587, 3_878_465, 8_237_927), 0, 5_370_434.5, 3_616_832.524, 7_124_036.476, "", false},
		"mean of one":      {"visits-per-participant", meanOf(4), 0, 4, nan, nan, "interval_not_calculable", false},
		"feedback":         {"feedback-mean", map[indicator.Measure]int64{"answered[item=FEEDBACK]": 2, "answers[item=FEEDBACK]": 8, "answer_squares[item=FEEDBACK]": 34}, 0, 4, -8.706205, 16.706205, "", false},
		"transformed":      {"volunteer-hour-value", map[indicator.Measure]int64{"volunteer_hours": 1000, "volunteer_hour_cents": 1244}, 0, 124.4, nan, nan, "", false},
		"progress":         {"newly-active-progress", map[indicator.Measure]int64{"newly_active_to_date": 2_500, "target": 10_000}, 0, 25, nan, nan, "", false},
		"progress to none": {"newly-active-progress", map[indicator.Measure]int64{"newly_active_to_date": 2_500}, 0, nan, nan, nan, "", true},
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

var nan = math.NaN()

// TestPublishedElsewhere: what is imported is shown as it was published, without limits.
func TestPublishedElsewhere(t *testing.T) {
	imported := *entry(t, "sessions-held")
	imported.Method = indicator.Reference
	v, err := imported.Evaluate(sums(map[indicator.Measure]int64{"sessions_held": 7}), nan)
	if err != nil || v.Value != 7 || v.I95.Defined() || v.Method != "REF" || v.NoData || len(v.Flags) > 0 {
		t.Errorf("%+v %v", v, err)
	}
}

// TestMethodsAreExplained: each has a name and a formula; and each that an entry can ask for is asked for, but the one for
// figures of others.
func TestMethodsAreExplained(t *testing.T) {
	used := map[indicator.Method]bool{indicator.Reference: true}
	for _, e := range catalogue(t) {
		used[e.Method] = true
	}
	for _, m := range indicator.Methods() {
		if m.Name() == "" || m.Formula() == "" || !used[m] {
			t.Errorf("%s: %q, %q, used: %v", m, m.Name(), m.Formula(), used[m])
		}
	}
	if indicator.FallbackProportion.Name() != "" {
		t.Error("the fallback can be asked for")
	}
}

// meanOf sums numbers as visits of one participant each.
func meanOf(xs ...int64) map[indicator.Measure]int64 {
	m := map[indicator.Measure]int64{}
	for _, x := range xs {
		m["participants"]++
		m["participant_visits"] += x
		m["participant_squares"] += x * x
	}
	return m
}

// TestEvaluateCells holds the methods of several cells against the vectors.
func TestEvaluateCells(t *testing.T) {
	for name, c := range map[string]struct {
		entry               *indicator.Entry
		cells               []indicator.Cell
		value, lower, upper float64
		crude               float64
		flag                string
		noData              bool
	}{
		"standardised rate": {entry(t, "visit-rate-dsr"), bandsOfVisits(), 104.30247991, 95.329498, 113.730748, 1000 * 895. / 8970, "", false},
		"standardised share": {indicator.WithWeights(entry(t, "participation-reach-std"), 46_500, 23_000, 9_000), []indicator.Cell{
			cell("residents@esp2013", 120, 400), cell("residents@esp2013", 90, 300), cell("residents@esp2013", 30, 150),
		}, 28.8535, 25.8110, 32.0995, 28.2353, "", false},
		"an empty band": {indicator.WithWeights(entry(t, "participation-reach-std"), 1, 1), []indicator.Cell{
			cell("residents@esp2013", 12, 40), cell("residents@esp2013", 0, 0),
		}, nan, nan, nan, 30, "interval_not_calculable", true},
		"a band of unknown size": {indicator.WithWeights(entry(t, "participation-reach-std"), 1, 1), []indicator.Cell{
			cell("residents@esp2013", 12, 40), cell("residents@esp2013", 0, nan),
		}, nan, nan, nan, nan, "", true},
		"more than everybody in a band": {indicator.WithWeights(entry(t, "participation-reach-std"), 1, 1), []indicator.Cell{
			cell("residents@esp2013", 12, 40), cell("residents@esp2013", 6, 5),
		}, nan, nan, nan, 40, "numerator_above_denominator", true},
		"risk ratio":                {entry(t, "target-reach-ratio"), []indicator.Cell{reach(30, 120), reach(100, 1000)}, 2.5, 1.741752, 3.588342, nan, "", false},
		"nobody in the rest":        {entry(t, "target-reach-ratio"), []indicator.Cell{reach(30, 120), reach(0, 0)}, nan, nan, nan, nan, "", true},
		"nobody in the group":       {entry(t, "target-reach-ratio"), []indicator.Cell{reach(0, 120), reach(100, 1000)}, 0, nan, nan, nan, "interval_not_calculable", false},
		"more than card holders":    {entry(t, "target-reach-ratio"), []indicator.Cell{reach(130, 120), reach(100, 1000)}, nan, nan, nan, nan, "numerator_above_denominator", true},
		"difference in differences": {entry(t, "service-need-change"), contacts(0), -0.25, -0.440530, -0.059470, nan, "poisson_assumed", false},
		"price of it":               {entry(t, "avoided-service-cost"), contacts(10_000), 25_000, 5_947, 44_053, nan, "poisson_assumed", false},
		"unknown price":             {entry(t, "avoided-service-cost"), contacts(0), nan, nan, nan, nan, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := c.entry.EvaluateCells(c.cells...)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "value", v.Value, c.value)
			close := 0.0005
			if c.value > 1000 {
				close = 0.5
			}
			for what, x := range map[string][2]float64{"lower": {v.I95.Lower, c.lower}, "upper": {v.I95.Upper, c.upper}, "crude": {v.Crude, c.crude}} {
				if math.IsNaN(x[0]) != math.IsNaN(x[1]) || math.Abs(x[0]-x[1]) > close {
					t.Errorf("%s %v, want %v", what, x[0], x[1])
				}
			}
			if v.NoData != c.noData || c.flag != "" && !slices.Contains(v.Flags, c.flag) {
				t.Errorf("no data %v, flags %v", v.NoData, v.Flags)
			}
		})
	}
	if _, err := entry(t, "target-reach-ratio").Evaluate(sums(nil), 0); !errors.Is(err, indicator.ErrCells) {
		t.Errorf("one cell instead of two: %v", err)
	}
}

func cell(m indicator.Measure, n int64, population float64) indicator.Cell {
	return indicator.Cell{Sums: sums(map[indicator.Measure]int64{m: n}), Population: population}
}

func reach(n, of int64) indicator.Cell {
	return indicator.Cell{Sums: sums(map[indicator.Measure]int64{"active_card_holders": n, "card_holders": of})}
}

// contacts is the worked example of a pilot and its comparison.
func contacts(unitCost int64) []indicator.Cell {
	var cells []indicator.Cell
	for _, n := range []int64{2_100, 2_400, 2_450, 2_500} {
		cells = append(cells, indicator.Cell{Sums: sums(map[indicator.Measure]int64{"contacts": n, "unit_cost_cents": unitCost}), Population: 1_000})
	}
	return cells
}

// bandsOfVisits is the published example of a standardised rate of repeated events: people by how often they came.
func bandsOfVisits() []indicator.Cell {
	population := []float64{636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207}
	people := [][]int64{
		{75, 16, 11, 12, 8, 18, 26, 18, 18, 21, 21, 23, 23, 39, 25, 40, 46, 49, 56},
		{16, 3, 2, 3, 0, 3, 6, 3, 4, 4, 4, 4, 6, 8, 5, 9, 9, 10, 11},
		{4, 1, 1, 1, 0, 1, 2, 1, 1, 1, 1, 1, 2, 2, 1, 2, 2, 3, 3},
		{2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1},
	}
	cells := make([]indicator.Cell, len(population))
	for band := range population {
		m := map[indicator.Measure]int64{}
		for i := range people {
			f := int64(i + 1)
			m["resident_visits@esp2013"] += f * people[i][band]
			m["resident_squares@esp2013"] += f * f * people[i][band]
		}
		cells[band] = indicator.Cell{Sums: sums(m), Population: population[band]}
	}
	return cells
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

// TestDatesAgreeWithTheLibrary over eight centuries, on every day.
func TestDatesAgreeWithTheLibrary(t *testing.T) {
	for d := indicator.Date(-150_000); d < 150_000; d++ {
		at := d.Time()
		if indicator.DateOf(at) != d || d.Year() != at.Year() {
			t.Fatalf("%s is day %d, in %d", at, indicator.DateOf(at), d.Year())
		}
		if later := d.AddMonths(14); later.Time() != at.AddDate(1, 2, 0) {
			t.Fatalf("%s and 14 months is %s", d, later)
		}
		if before := d.AddMonths(-5); before.Time() != at.AddDate(0, -5, 0) {
			t.Fatalf("%s less 5 months is %s", d, before)
		}
		if monday := indicator.Week.First(d).Time(); monday.Weekday() != time.Monday || at.Sub(monday) < 0 || at.Sub(monday) > 6*24*time.Hour {
			t.Fatalf("the week of %s begins on %s", d, monday)
		}
	}
}
