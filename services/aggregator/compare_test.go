package aggregator

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/stats"
	"vointi.fi/schemas"
)

// exhibit is figures that a test publishes, and what they are compared by.
type exhibit struct {
	testing.TB
	entry    *indicator.Entry
	typ      indicator.PeriodType
	figures  []figure
	sessions []figure
	refs     *references
}

func newExhibit(t testing.TB, id string, typ indicator.PeriodType) *exhibit {
	t.Helper()
	entry := *testEntry(t, id)
	x := &exhibit{TB: t, entry: &entry, typ: typ, refs: &references{
		day: on(t, "2024-07-01"), areas: map[string]area{}, parts: map[string][]string{}, peers: &reference.Peers{},
		targets: map[targetKey]float64{}, waves: map[string]waveInfo{},
	}}
	for id, a := range map[string]area{
		"SSS":   {level: "country"},
		"HVA19": {level: "county", parents: map[string]string{"country": "SSS"}},
		"MK17":  {level: "region", parents: map[string]string{"country": "SSS"}},
		"KU305": {level: "municipality", parents: map[string]string{"region": "MK17", "county": "HVA19"}},
		"KU208": {level: "municipality", parents: map[string]string{"region": "MK17"}},
	} {
		x.refs.areas[id] = a
	}
	return x
}

var testCatalogue = sync.OnceValues(func() (indicator.Catalogue, error) { return indicator.Load(schemas.FS, "indicators") })

func testEntry(t testing.TB, id string) *indicator.Entry {
	t.Helper()
	catalogue, err := testCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range catalogue {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("no indicator %s", id)
	return nil
}

func on(t testing.TB, day string) indicator.Date {
	t.Helper()
	d, err := indicator.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// show publishes a figure of everybody in Kuusamo; change it by the functions below.
func (x *exhibit) show(start string, f figure, as ...func(*figure)) {
	x.Helper()
	f.slot = slot{indicator: x.entry.ID, area: "KU305", group: everyone, sex: everyone, member: everyone}
	f.start, f.unit, f.direction = on(x, start), x.entry.Unit, stats.Direction(x.entry.Direction)
	for _, change := range as {
		change(&f)
	}
	if f.method == "NONE" && f.unit == "n" && x.entry.Method != "NONE" {
		x.sessions = append(x.sessions, f)
		return
	}
	x.figures = append(x.figures, f)
}

func in(area string) func(*figure)   { return func(f *figure) { f.area = area } }
func sex(code string) func(*figure)  { return func(f *figure) { f.sex = code } }
func aged(id string) func(*figure)   { return func(f *figure) { f.scheme, f.group = "eviva3", id } }
func inWave(id string) func(*figure) { return func(f *figure) { f.wave = id } }
func of(d, m string) func(*figure)   { return func(f *figure) { f.dimension, f.member = d, m } }
func protected(f *figure)            { f.hide(); f.protected = true }
func vacant(f *figure)               { f.hide(); f.empty = true }

func (f *figure) hide() {
	f.value, f.numerator, f.denominator, f.i95, f.i998 = nan(), nan(), nan(), stats.Undefined, stats.Undefined
}

// share is x of n in percent, with Wilson's limits, as it would be published.
func share(x, n float64) figure {
	at := func(l stats.Level) stats.Interval {
		i, _ := stats.Wilson(x, n, l)
		return i.Scale(100)
	}
	return figure{value: 100 * x / n, numerator: x, denominator: n, i95: at(stats.Level95), i998: at(stats.Level998), method: indicator.Proportion}
}

// count is o events with the sum of squares v.
func count(o, v float64) figure {
	at := func(l stats.Level) stats.Interval {
		i, _ := stats.CountNonIndependent(o, v, l)
		return i
	}
	return figure{value: o, numerator: o, denominator: nan(), i95: at(stats.Level95), i998: at(stats.Level998), method: indicator.CountNonIndependent}
}

// rate is o events with the sum of squares v per thousand of n.
func rate(o, v, n float64) figure {
	at := func(l stats.Level) stats.Interval {
		e, _ := stats.RateNonIndependent(o, v, n, 1000, l)
		return e.Interval
	}
	return figure{value: 1000 * o / n, numerator: o, denominator: n, i95: at(stats.Level95), i998: at(stats.Level998), method: indicator.RateNonIndependent}
}

func surveyed(value, lower, upper float64) figure {
	return figure{
		value: value, numerator: value, denominator: 100, i95: stats.Interval{Lower: lower, Upper: upper}, i998: stats.Undefined,
		method: indicator.SurveyProportion,
	}
}

func fact(n float64) figure {
	return figure{value: n, numerator: n, denominator: nan(), i95: stats.Undefined, i998: stats.Undefined, method: indicator.NoInterval}
}

func (x *exhibit) compare() []comparison {
	c := &comparer{references: x.refs, shelf: newShelf(x.entry, x.typ, x.figures), draws: &draws{}}
	if len(x.sessions) > 0 {
		held := testEntry(x, "sessions-held")
		for i := range x.sessions {
			x.sessions[i].indicator = held.ID
		}
		c.sessions = newShelf(held, x.typ, x.sessions)
	}
	rows := c.all(nil, nil)
	slices.SortFunc(rows, func(a, b comparison) int {
		return strings.Compare(fmt.Sprint(a.comparisonKey), fmt.Sprint(b.comparisonKey))
	})
	return rows
}

// row returns the comparison of a figure shown last with that period and of the same group; nil if there is none.
func (x *exhibit) row(comparator, start string, as ...func(*figure)) *comparison {
	x.Helper()
	f := figure{slot: slot{indicator: x.entry.ID, area: "KU305", group: everyone, sex: everyone, member: everyone}}
	for _, change := range as {
		change(&f)
	}
	rows := x.compare()
	for i, r := range rows {
		if r.comparator == comparator && r.period.Start == on(x, start) && r.slot == f.slot && r.wave == f.wave {
			return &rows[i]
		}
	}
	return nil
}

// says fails unless the comparison has these numbers (NaN: none), unit, verdict and reason.
func (x *exhibit) says(r *comparison, difference, lower, upper, p float64, unit, verdict, reason string) {
	x.Helper()
	if r == nil {
		x.Fatal("no such comparison")
		return
	}
	for what, v := range map[string][2]float64{
		"difference": {r.difference, difference}, "lower": {r.lower, lower}, "upper": {r.upper, upper}, "p": {r.p, p},
	} {
		if math.IsNaN(v[0]) != math.IsNaN(v[1]) || math.Abs(v[0]-v[1]) > 6e-5*max(1, math.Abs(v[1])) {
			x.Errorf("%s of %s is %v, want %v", what, r.comparator, v[0], v[1])
		}
	}
	if r.unit != unit || r.verdict != verdict || r.reason != reason {
		x.Errorf("%s: unit %q verdict %q reason %q, want %q %q %q", r.comparator, r.unit, r.verdict, r.reason, unit, verdict, reason)
	}
}

// without fails unless the comparison is there for that reason and without a number.
func (x *exhibit) without(r *comparison, reason string) {
	x.Helper()
	if r == nil {
		x.Fatalf("no such comparison, want one for the reason %s", reason)
		return
	}
	x.says(r, nan(), nan(), nan(), nan(), r.unit, "", reason)
}

// TestChangeOfShares: 56/70 after 48/80, and 171/500 after 150/500.
func TestChangeOfShares(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	x.show("2022-01-01", share(48, 80))
	x.show("2023-01-01", share(56, 70))
	x.says(x.row(withPrevious, "2023-01-01"), 20, 5.2431, 33.3873, 0.008045, "pp", "better", "")
	if x.row(withPrevious, "2022-01-01") != nil {
		t.Error("before the first year there is nothing to compare with")
	}
	x = newExhibit(t, "cancellation-rate", indicator.Month)
	x.show("2024-02-01", share(150, 500))
	x.show("2024-03-01", share(171, 500))
	r := x.row(withPrevious, "2024-03-01")
	x.says(r, 4.2, r.lower, r.upper, 0.154901, "pp", "similar", "")
	if x.row(withLastYear, "2024-03-01") != nil {
		t.Error("nothing was published a year earlier")
	}
}

// TestPartsOfPeriodsAreNotCompared: a year of which an area has only some months says nothing beside a whole one, be it its
// own before or after, or another area's; a survey of that year is whole.
func TestPartsOfPeriodsAreNotCompared(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	for _, year := range []string{"2021-01-01", "2022-01-01", "2023-01-01"} {
		x.show(year, share(48, 80))
		x.show(year, share(500, 1000), in("HVA19"))
	}
	x.refs.covered = coverage{"KU305": on(t, "2021-10-01"), "HVA19": on(t, "2020-01-01")}
	x.without(x.row(withParent, "2021-01-01"), lacksMonths)
	x.without(x.row(withPrevious, "2022-01-01"), lacksMonths)
	x.without(x.row(withTrend, "2023-01-01"), lacksMonths)
	if r := x.row(withPrevious, "2023-01-01"); r == nil || r.reason != "" {
		t.Errorf("two whole years: %+v", r)
	}
	if r := x.row(withPrevious, "2022-01-01", in("HVA19")); r == nil || r.reason != "" {
		t.Errorf("another area's months do not matter: %+v", r)
	}
	x.show("2022-01-01", figure{}, protected, aged("65+"))
	x.show("2021-01-01", share(1, 20), aged("65+"))
	x.without(x.row(withPrevious, "2022-01-01", aged("65+")), isProtected)
	if !x.refs.covered.whole("KU305", indicator.Wave, on(t, "2021-01-01")) {
		t.Error("a survey wave does not depend on visits")
	}
}

// TestChangeOfCounts: 120 after 96 a year before is +25 %, per session too when there were as many.
func TestChangeOfCounts(t *testing.T) {
	x := newExhibit(t, "participation-visits", indicator.Month)
	x.show("2023-03-01", count(96, 96))
	x.show("2024-03-01", count(120, 120))
	x.show("2023-03-01", fact(8))
	x.show("2024-03-01", fact(10))
	x.says(x.row(withLastYear, "2024-03-01"), 25, -4.422770, 63.481351, 0.102470, "%", "similar", "")
	r := x.row(withPerSession, "2024-03-01")
	x.says(r, 0, r.lower, r.upper, 1, "%", "similar", "")

	x.show("2024-02-01", count(100, 300))
	x.show("2024-03-01", count(120, 120), in("KU208"))
	r = x.row(withPrevious, "2024-03-01")
	x.says(r, 20, r.lower, r.upper, math.Erfc(20/math.Sqrt(420)/math.Sqrt2), "n", "similar", "")
	if limits := x.figures[2]; r.lower >= 20-math.Hypot(20, limits.i95.Upper-100)+20 || r.upper <= 20 {
		t.Errorf("limits %v–%v", r.lower, r.upper)
	}
	if x.row(withParent, "2024-03-01") != nil || x.row(withCountry, "2024-03-01") != nil {
		t.Error("a county has more visits than its municipalities, which says nothing")
	}
	x.without(x.row(withPrevious, "2024-03-01", in("KU208")), lacksFigure)
}

// TestSpreadOfRepeatedVisits: Σk² comes back from the published limits, of counts and of rates.
func TestSpreadOfRepeatedVisits(t *testing.T) {
	for _, o := range []float64{1, 9, 10, 56, 4000} {
		for _, v := range []float64{o, 5.3 * o} {
			c, r := count(o, v), rate(o, v, 1234.5)
			if got := c.events(1).Squares; math.Abs(got/v-1) > 1e-9 {
				t.Errorf("count %v: %v, want %v", o, got, v)
			}
			if got := r.events(1000).Squares; math.Abs(got/v-1) > 1e-9 {
				t.Errorf("rate of %v: %v, want %v", o, got, v)
			}
		}
	}
}

func TestChangeOfRates(t *testing.T) {
	x := newExhibit(t, "culture-visit-rate", indicator.Quarter)
	x.show("2023-10-01", rate(200, 500, 1000))
	x.show("2024-01-01", rate(300, 800, 1000))
	r := x.row(withPrevious, "2024-01-01")
	z := math.Log(1.5) / math.Sqrt(800.0/90000+500.0/40000)
	x.says(r, 100, r.lower, r.upper, math.Erfc(z/math.Sqrt2), "per 1 000", "better", "")
	if !(r.lower > 0 && r.upper > 150) {
		t.Errorf("limits %v–%v", r.lower, r.upper)
	}
}

// TestGapOfSexes: women 56/70, men 48/80; the catalogue may say that both are held against all.
func TestGapOfSexes(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	x.entry.ReferenceGroup = nil
	x.show("2023-01-01", share(104, 150))
	x.show("2023-01-01", share(48, 80), sex("1"))
	x.show("2023-01-01", share(56, 70), sex("2"))
	x.show("2023-01-01", share(60, 70), aged("65+"))
	x.says(x.row(withGapAbs, "2023-01-01", sex("2")), 20, 5.2431, 33.3873, 0.008045, "pp", "better", "")
	r := x.row(withGapRel, "2023-01-01", sex("2"))
	x.says(r, 4.0/3, r.lower, r.upper, r.p, "ratio", "better", "")
	if x.row(withGapAbs, "2023-01-01", sex("1")) != nil || x.row(withGapAbs, "2023-01-01") != nil {
		t.Error("the reference has a gap to itself, or the total has one")
	}
	x.entry.ReferenceGroup = map[string]string{"sex": everyone}
	for code, difference := range map[string]float64{"1": 60 - 104/1.5, "2": 80 - 104/1.5} {
		r = x.row(withGapAbs, "2023-01-01", sex(code))
		x.says(r, difference, r.lower, r.upper, r.p, "pp", r.verdict, includesSelf)
	}
	r = x.row(withGapAbs, "2023-01-01", aged("65+"))
	x.says(r, 100*(60.0/70-104.0/150), r.lower, r.upper, r.p, "pp", "better", includesSelf)
}

// TestGapOfEducation: published Finnish values with their limits, 60.0 (52.4–67.3) beside 83.1 (80.3–85.6).
func TestGapOfEducation(t *testing.T) {
	x := newExhibit(t, "qol-good-share", indicator.Wave)
	x.refs.waves["W"] = waveInfo{"W", on(t, "2017-01-01"), on(t, "2017-05-01"), "own", "1"}
	x.show("2017-01-01", surveyed(60, 52.4, 67.3), inWave("W"), of("education", "low"))
	x.show("2017-01-01", surveyed(83.1, 80.3, 85.6), inWave("W"), of("education", "high"))
	r := x.row(withGapAbs, "2017-01-01", inWave("W"), of("education", "low"))
	x.says(r, -23.1, -31.007275, -15.192725, r.p, "pp", "much_worse", "")
	r = x.row(withGapRel, "2017-01-01", inWave("W"), of("education", "low"))
	x.says(r, 1/1.385, 1/1.57437, 1/1.218412, r.p, "ratio", "much_worse", "")
	if x.row(withGapAbs, "2017-01-01", inWave("W"), of("education", "high")) != nil {
		t.Error("the highest level has a gap to itself")
	}
}

// TestWaves: the wave before of the same questionnaire and version.
func TestWaves(t *testing.T) {
	x := newExhibit(t, "loneliness-share", indicator.Wave)
	for id, year := range map[string]string{"A": "2020", "B": "2022", "C": "2024", "other": "2023"} {
		w := waveInfo{id, on(t, year+"-03-01"), on(t, year+"-04-01"), "own", "1"}
		switch id {
		case "C":
			w.version = "2"
		case "other":
			w.instrument = "theirs"
		}
		x.refs.waves[id] = w
		x.show(year+"-03-01", surveyed(12, 10, 14), inWave(id))
	}
	x.says(x.row(withPrevious, "2022-03-01", inWave("B")), 0, -2.828427, 2.828427, 1, "pp", "similar", "")
	x.without(x.row(withPrevious, "2024-03-01", inWave("C")), brokenSeries)
	if x.row(withPrevious, "2023-03-01", inWave("other")) != nil || x.row(withPrevious, "2020-03-01", inWave("A")) != nil {
		t.Error("compared with a wave of another questionnaire, or with none")
	}
	x.without(x.row(withTrend, "2024-03-01", inWave("C")), string(stats.TooFewPoints))
	x.refs.day = on(t, "2024-04-01")
	x.without(x.row(withPrevious, "2024-03-01", inWave("C")), lacksTime)
}

// TestTrend: the published example of five years, and what can be in its way.
func TestTrend(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	counts, percent := []float64{318, 314, 318, 291, 292}, []float64{67.9, 66.4, 63.5, 60.6, 58.5}
	for i, c := range counts {
		x.show(fmt.Sprintf("%d-01-01", 2019+i), share(c, 100*c/percent[i]))
	}
	r := x.row(withTrend, "2023-01-01")
	x.says(r, -0.1062, nan(), nan(), math.Erfc(math.Sqrt(12.5688)/math.Sqrt2), "logit a year", "worse", "decreasing")
	x.without(x.row(withTrend, "2022-01-01"), string(stats.TooFewPoints))
	if x.row(withTrend, "2019-01-01") != nil {
		t.Error("one year is no trend")
	}
	x.figures[2].hide()
	x.figures[2].empty = true
	x.without(x.row(withTrend, "2023-01-01"), string(stats.MissingValue))
	x.figures[2].protected = true
	x.figures[2].empty = false
	x.without(x.row(withTrend, "2023-01-01"), isProtected)
	x.typ = indicator.Rolling12M
	if x.row(withTrend, "2023-01-01") != nil {
		t.Error("rolling windows overlap")
	}
}

// TestBenchmarks: the county before the region, by the published limits; and the country.
func TestBenchmarks(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	f := share(45, 100)
	x.show("2023-01-01", f)
	x.show("2023-01-01", share(330, 1000), in("HVA19"))
	x.show("2023-01-01", share(500, 1000), in("MK17"))
	x.show("2023-01-01", share(900, 2000), in("SSS"))
	r := x.row(withParent, "2023-01-01")
	x.says(r, 12, f.i95.Lower-33, f.i95.Upper-33, r.p, "pp", "better", "")
	if r.p >= 0.05 || r.p < 0.001 {
		t.Errorf("p is %v, while the limits leave 33 out", r.p)
	}
	x.says(x.row(withCountry, "2023-01-01"), 0, f.i95.Lower-45, f.i95.Upper-45, 1, "pp", "similar", "")
	if x.row(withParent, "2023-01-01", in("SSS")) != nil || x.row(withCountry, "2023-01-01", in("SSS")) != nil {
		t.Error("the country has something above it")
	}
	x.figures[0].direction = stats.Neutral
	if r := x.row(withParent, "2023-01-01"); r.verdict != "higher" {
		t.Errorf("a neutral indicator is %s", r.verdict)
	}
	x.figures[1].hide()
	x.figures[1].protected = true
	x.without(x.row(withParent, "2023-01-01"), isProtected)
}

// TestLimitsWithoutWidth: two sessions that were equally full are no certainty, so nothing is said of them, nor of others beside them.
func TestLimitsWithoutWidth(t *testing.T) {
	x := newExhibit(t, "session-occupancy", indicator.Year)
	full := func(c, v, from, to float64) figure {
		return figure{value: 100 * c / v, numerator: c, denominator: v, i95: stats.Interval{Lower: from, Upper: to}, i998: stats.Interval{Lower: from, Upper: to}, method: indicator.RatioOfSums}
	}
	x.show("2022-01-01", full(30, 40, 70, 80))
	x.show("2023-01-01", full(20, 24, 100*20./24, 100*20./24+1e-14))
	x.show("2023-01-01", full(330, 1000, 30, 36), in("SSS"))
	x.refs.targets[targetKey{"session-occupancy", "KU305", "", everyone, 2023}] = 50
	for _, comparator := range []string{withPrevious, withCountry, withTarget} {
		if r := x.row(comparator, "2023-01-01"); r == nil || r.verdict != "" || r.reason != lacksInterval || exists(r.p) {
			t.Errorf("%s: %+v", comparator, r)
		}
	}
}

// TestSimilar: the others of the group together, 48/80, beside 56/70.
func TestSimilar(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	x.refs.peers = &reference.Peers{Groups: []reference.SimilarGroup{{ID: "g", Areas: []string{"KU208", "KU305", "KU016", "KU081", "KU098"}}}}
	x.show("2023-01-01", share(56, 70))
	x.show("2023-01-01", share(28, 50), in("KU016"))
	x.show("2023-01-01", share(20, 30), in("KU208"))
	x.show("2023-01-01", fact(0), in("KU098"), vacant)
	x.says(x.row(withSimilar, "2023-01-01"), 20, 5.2431, 33.3873, 0.008045, "pp", "better", "")
	x.show("2023-01-01", share(28, 50), in("KU081"), protected)
	x.without(x.row(withSimilar, "2023-01-01"), isProtected)

	x = newExhibit(t, "qol-good-share", indicator.Wave)
	x.refs.waves["W"] = waveInfo{"W", on(t, "2024-01-01"), on(t, "2024-02-01"), "own", "1"}
	x.refs.peers = &reference.Peers{Groups: []reference.SimilarGroup{{ID: "g", Areas: []string{"KU208", "KU305", "KU016"}}}}
	x.show("2024-01-01", surveyed(69, 65, 73), inWave("W"))
	x.show("2024-01-01", surveyed(60, 55, 65), in("KU208"), inWave("W"))
	x.show("2024-01-01", surveyed(64, 61, 67), in("KU016"), inWave("W"))
	half := math.Sqrt(16 + (25+9)/4.0)
	r := x.row(withSimilar, "2024-01-01", inWave("W"))
	x.says(r, 7, 7-half, 7+half, r.p, "pp", "better", "")
}

// TestInequality: nine parts, ranked, with a planted slope; and when it is not measured.
func TestInequality(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	order := []string{}
	for i := range 9 {
		id := fmt.Sprintf("KU305-%02d", 9-i)
		order = append(order, id)
		x.refs.parts["KU305"] = append(x.refs.parts["KU305"], id)
		x.show("2023-01-01", share(100+20*float64(i), 1000), in(id))
	}
	slices.Sort(x.refs.parts["KU305"])
	x.refs.peers = &reference.Peers{Scales: []reference.Scale{{Level: "service_area", Order: order}}}
	x.show("2023-01-01", share(1620, 9000))
	r := x.row(withSlope, "2023-01-01")
	x.says(r, 18, r.lower, r.upper, r.p, "pp", "higher", "")
	if r.lower < 14 || r.upper > 22 || *r != *x.row(withSlope, "2023-01-01") {
		t.Errorf("limits %v–%v, or drawn otherwise the second time", r.lower, r.upper)
	}
	r = x.row(withRelative, "2023-01-01")
	x.says(r, 27.0/9, r.lower, r.upper, r.p, "ratio", "higher", "")
	r = x.row(withIndex, "2023-01-01")
	x.says(r, 0.164609, r.lower, r.upper, r.p, "index", "higher", "")

	last := x.figures[3]
	x.figures[3].hide()
	x.figures[3].protected = true
	x.without(x.row(withSlope, "2023-01-01"), isProtected)
	x.figures[3] = last
	x.refs.peers.Scales[0].Order = order[1:]
	x.without(x.row(withIndex, "2023-01-01"), lacksRank)
	x.refs.peers.Scales[0].Order = order
	x.figures = x.figures[5:]
	x.without(x.row(withRelative, "2023-01-01"), tooFewGroups)
	x.typ = indicator.Quarter
	if x.row(withSlope, "2023-01-01") != nil {
		t.Error("quarters are not drawn for")
	}
}

// TestInequalityOfStandardised: of standardised shares as of crude ones, on the scale on which they are shown; and of rates.
func TestInequalityOfStandardised(t *testing.T) {
	for id, c := range map[string]struct {
		of     func(i int) figure
		method indicator.Method
		slope  float64
		unit   string
	}{
		"participation-reach-std": {func(i int) figure { return share(100+20*float64(i), 1000) }, indicator.StandardProportion, 18, "pp"},
		"visit-rate-dsr":          {func(i int) figure { return rate(100+20*float64(i), 200+40*float64(i), 1000) }, indicator.StandardRate, 180, "per 1 000"},
	} {
		x := newExhibit(t, id, indicator.Year)
		order := []string{}
		for i := range 9 {
			area := fmt.Sprintf("KU305-%02d", 1+i)
			order = append(order, area)
			f := c.of(i)
			f.method, f.numerator = c.method, 1 // the crude number says nothing of a standardised value
			x.show("2023-01-01", f, in(area))
		}
		x.refs.parts["KU305"] = order
		x.refs.peers = &reference.Peers{Scales: []reference.Scale{{Level: "service_area", Order: order}}}
		f := c.of(4)
		f.method = c.method
		x.show("2023-01-01", f)
		r := x.row(withSlope, "2023-01-01")
		x.says(r, c.slope, r.lower, r.upper, r.p, c.unit, "higher", "")
	}
}

func TestTargets(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	f := share(45, 100)
	x.show("2023-01-01", f)
	x.show("2023-01-01", share(30, 40), aged("65+"))
	target := func(value float64) { x.refs.targets[targetKey{x.entry.ID, "KU305", "", everyone, 2023}] = value }
	for value, want := range map[float64]string{30: "reached", 45: "undecided", 60: "missed"} {
		target(value)
		x.says(x.row(withTarget, "2023-01-01"), 45-value, f.i95.Lower-value, f.i95.Upper-value, nan(), "pp", want, "")
	}
	if x.row(withTarget, "2023-01-01", aged("65+")) != nil {
		t.Error("a group has the target of all")
	}
	x.figures[0].direction = stats.Neutral
	target(60)
	x.says(x.row(withTarget, "2023-01-01"), -15, f.i95.Lower-60, f.i95.Upper-60, nan(), "pp", "", lacksBetter)
	x.typ = indicator.Rolling12M // from May 2022 it ends in 2023
	x.show("2022-05-01", f)
	if x.row(withTarget, "2022-05-01") == nil {
		t.Error("a rolling window has no target")
	}
	x.typ = indicator.Quarter
	if x.row(withTarget, "2023-01-01") != nil {
		t.Error("a target for a year is not for a quarter")
	}
}

// TestFactsHaveNoVerdict: without an interval there is a difference and nothing else.
func TestFactsHaveNoVerdict(t *testing.T) {
	x := newExhibit(t, "sessions-held", indicator.Month)
	x.show("2024-02-01", fact(10))
	x.show("2024-03-01", fact(14))
	x.says(x.row(withPrevious, "2024-03-01"), 4, nan(), nan(), nan(), "n", "", lacksInterval)
}

// TestRunningPeriods are not compared, and lacking figures have their reason.
func TestRunningPeriods(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Quarter)
	x.show("2024-01-01", share(30, 100))
	x.show("2024-04-01", share(40, 100))
	x.show("2024-04-01", share(40, 100), in("KU208"), protected)
	x.show("2024-01-01", share(40, 100), in("KU208"))
	x.show("2024-04-01", share(4, 10), in("MK17"), vacant)
	if r := x.row(withPrevious, "2024-04-01"); r.verdict != "similar" {
		t.Errorf("%+v", r)
	}
	x.without(x.row(withPrevious, "2024-04-01", in("KU208")), isProtected)
	x.without(x.row(withPrevious, "2024-04-01", in("MK17")), lacksFigure)
	x.refs.day--
	x.without(x.row(withPrevious, "2024-04-01"), lacksTime)
}

func TestAdjusted(t *testing.T) {
	tab := &table{}
	ps := []float64{0.001, 0.008, nan(), 0.039, 0.041, 0.042, 0.06, 0.074, 0.205}
	for _, p := range ps {
		r := blank(comparisonKey{comparator: withPrevious})
		r.p = p
		tab.rows = append(tab.rows, r)
	}
	other := blank(comparisonKey{comparator: withParent})
	other.p = 0.5
	tab.rows = append(tab.rows, other)
	tab.adjust()
	for i, want := range []float64{0.008, 0.032, nan(), 0.0672, 0.0672, 0.0672, 0.08, 0.084571, 0.205, 0.5} {
		if got := tab.rows[i].adjusted; math.Abs(got-want) > 1e-6 || math.IsNaN(got) != math.IsNaN(want) {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
}

func TestEarlierPeriods(t *testing.T) {
	for _, c := range []struct {
		typ                     indicator.PeriodType
		start, before, lastYear string
	}{
		{indicator.Day, "2024-03-01", "2024-02-29", "2023-03-03"},
		{indicator.Week, "2024-01-01", "2023-12-25", "2023-01-02"},
		{indicator.Week, "2020-12-28", "2020-12-21", ""}, // week 53
		{indicator.Week, "2026-12-21", "2026-12-14", "2025-12-22"},
		{indicator.Month, "2024-03-01", "2024-02-01", "2023-03-01"},
		{indicator.Quarter, "2024-01-01", "2023-10-01", "2023-01-01"},
		{indicator.Year, "2024-01-01", "2023-01-01", "2023-01-01"},
		{indicator.Rolling12M, "2023-05-01", "2022-05-01", ""},
	} {
		start := on(t, c.start)
		last, ok := lastYear(c.typ, start)
		if got := previous(c.typ, start).String(); got != c.before || ok != (c.lastYear != "") || ok && last.String() != c.lastYear {
			t.Errorf("%s %s: before %s, last year %s %t", c.typ, c.start, got, last, ok)
		}
	}
}

// TestDependentsAreSources: what is read for a period, and what is compared again because of one, agree.
func TestDependentsAreSources(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(indicator.PeriodTypes).Draw(t, "type")
		start := typ.Starts(indicator.Date(rapid.IntRange(10_000, 20_000).Draw(t, "day")))[0]
		today := indicator.Date(rapid.IntRange(10_000, 20_000).Draw(t, "today"))
		for _, later := range dependents(typ, start, today) {
			if !slices.Contains(sources(typ, []indicator.Date{later}, today), start) {
				t.Fatalf("%s needs %s to be read", later, start)
			}
		}
		for _, of := range []indicator.Date{start, lastOver(typ, today)} {
			for _, earlier := range sources(typ, []indicator.Date{of}, today) {
				if earlier != of && !slices.Contains(dependents(typ, earlier, today), of) {
					t.Fatalf("%s is not compared again when %s changes", of, earlier)
				}
			}
		}
	})
}

// drawExhibit draws published figures of a few areas, groups and periods.
func drawExhibit(tb testing.TB, t *rapid.T) *exhibit {
	type form struct {
		id  string
		typ indicator.PeriodType
	}
	of := rapid.SampledFrom([]form{
		{"participation-reach", indicator.Year},
		{"participation-visits", indicator.Month},
		{"culture-visit-rate", indicator.Year},
		{"participation-reach", indicator.Rolling12M},
		{"sessions-held", indicator.Week},
	}).Draw(t, "form")
	x := newExhibit(tb, of.id, of.typ)
	x.refs.peers = &reference.Peers{Groups: []reference.SimilarGroup{{ID: "g", Areas: []string{"KU305", "KU208"}}}}
	x.refs.targets[targetKey{of.id, "KU305", "", everyone, 2023}] = 12
	starts := []string{"2018-01-01", "2019-01-01", "2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2023-12-25", "2024-01-01", "2024-02-01"}
	for _, start := range starts {
		for _, a := range []string{"KU305", "KU208", "HVA19", "SSS"} {
			for _, s := range []string{everyone, "1", "2"} {
				if rapid.IntRange(0, 5).Draw(t, "there") == 0 {
					continue
				}
				n := float64(rapid.IntRange(1, 500).Draw(t, "n"))
				o := min(n, float64(rapid.IntRange(0, 400).Draw(t, "o")))
				f := map[indicator.Method]figure{
					indicator.Proportion: share(o, n), indicator.CountNonIndependent: count(o, 2*o), indicator.RateNonIndependent: rate(o, 2*o, n),
					indicator.NoInterval: fact(o),
				}[x.entry.Method]
				f.protected = rapid.IntRange(0, 4).Draw(t, "protected") == 0
				x.show(start, f, in(a), sex(s))
			}
		}
	}
	return x
}

// TestNothingLeaks: the numbers of a protected row, if the comparer saw them, would change nothing.
func TestNothingLeaks(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := drawExhibit(t, r)
		seen := x.compare()
		for i := range x.figures {
			if x.figures[i].protected {
				x.figures[i].hide()
			}
		}
		sameRows(r, seen, x.compare())
		hidden := map[slot]map[when]bool{}
		for _, f := range x.figures {
			if hidden[f.slot] == nil {
				hidden[f.slot] = map[when]bool{}
			}
			hidden[f.slot][f.when] = f.protected
		}
		for _, row := range seen {
			if hidden[row.slot][when{row.period.Start, row.wave}] && (row.number() || row.verdict != "" || row.reason != isProtected && row.reason != lacksTime) {
				r.Fatalf("a protected row is compared: %+v", row)
			}
		}
	})
}

func (c *comparison) number() bool {
	return slices.ContainsFunc([]float64{c.difference, c.lower, c.upper, c.p, c.adjusted}, func(f float64) bool { return exists(f) })
}

// TestOrderDoesNotMatter: figures come from the warehouse in any order.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := drawExhibit(t, r)
		before := x.compare()
		x.figures = rapid.Permutation(x.figures).Draw(r, "order")
		sameRows(r, before, x.compare())
	})
}

// TestEveryRowSaysWhy: a comparison has a number or a reason, a verdict has an interval or is of a trend, and words are of
// the closed lists that the schema names.
func TestEveryRowSaysWhy(t *testing.T) {
	reasons := []string{
		"", isProtected, lacksFigure, lacksInterval, lacksTime, brokenSeries, lacksRank, tooFewGroups, notCalculable, lacksBetter, includesSelf,
		"too_few_points", "missing_value", tooFewPeriods, lacksVenue, lacksMonths, "missing_interval", "not_significant", "one_point_decides", "increasing", "decreasing",
	}
	verdicts := []string{
		"", "similar", "better", "much_better", "worse", "much_worse", "higher", "much_higher", "lower", "much_lower", "reached", "missed", "undecided",
	}
	seen := map[string]bool{}
	rapid.Check(t, func(r *rapid.T) {
		for _, row := range drawExhibit(t, r).compare() {
			seen[row.comparator] = true
			switch {
			case !row.number() && row.reason == "", row.verdict != "" && row.comparator != withTrend && (!exists(row.lower) || !exists(row.upper)):
				r.Fatalf("%+v", row)
			case row.difference < row.lower || row.difference > row.upper:
				r.Fatalf("outside its limits: %+v", row)
			case !slices.Contains(reasons, row.reason) || !slices.Contains(verdicts, row.verdict) || row.unit == "":
				r.Fatalf("unknown word: %+v", row)
			case row.adjusted < row.p:
				r.Fatalf("adjusted to less: %+v", row)
			}
		}
	})
	if len(seen) < 8 {
		t.Errorf("the property has seen %v only", slices.Sorted(maps.Keys(seen)))
	}
	var text []byte
	for _, migration := range []string{"0005_comparisons", "0030_rank_tests"} {
		more, err := schemas.FS.ReadFile("clickhouse/" + migration + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	for _, reason := range reasons {
		if !strings.Contains(string(text), reason) {
			t.Errorf("the migrations do not tell of the reason %s", reason)
		}
	}
}

func sameRows(t *rapid.T, a, b []comparison) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%d rows, then %d", len(a), len(b))
	}
	for i := range a {
		if a[i].comparisonKey != b[i].comparisonKey || !a[i].same(&b[i]) {
			t.Fatalf("%+v\n%+v", a[i], b[i])
		}
	}
}

// TestChanges: only what differs is written, and what is no more ends.
func TestChanges(t *testing.T) {
	row := func(comparator string, difference float64) comparison {
		c := blank(comparisonKey{comparator: comparator})
		c.difference = difference
		return c
	}
	stored := map[comparisonKey]comparison{}
	for _, c := range []comparison{row("a", 1), row("b", 2), row("c", 3)} {
		stored[c.comparisonKey] = c
	}
	got := changes(stored, []comparison{row("a", 1), row("b", 5), row("d", 4)})
	var words []string
	for _, c := range got {
		words = append(words, fmt.Sprint(c.comparator, c.difference, " ", c.deleted))
	}
	if text := strings.Join(words, " "); text != "b5 false d4 false cNaN true" {
		t.Error(text)
	}
}

// TestReadings: of whole indicators six are read at once however many rows they have, more if these are few, and none of which there is
// nothing; some periods of all types are read at once.
func TestReadings(t *testing.T) {
	x, w := extents{}, comparisonsWork{}
	for i := range 20 {
		few, many := pair{indicator.Year, fmt.Sprintf("few %02d", i)}, pair{indicator.Day, fmt.Sprintf("many %02d", i)}
		x[few], x[many] = 2000, fewRows
		w[few], w[many], w[pair{indicator.Wave, few.indicator}] = nil, nil, nil
	}
	for _, typ := range []indicator.PeriodType{indicator.Month, indicator.Quarter} {
		w.add(pair{typ, "changed"}, on(t, "2025-04-01"))
	}
	var lengths []string
	for _, r := range w.readings(x) {
		var parts []string
		for _, b := range r {
			parts = append(parts, fmt.Sprint(b.typ, " ", len(b.indicators)))
		}
		lengths = append(lengths, strings.Join(parts, " and "))
	}
	if got, want := strings.Join(lengths, ", "), "day 6, day 6, day 6, day 2, year 20, month 1 and quarter 1"; got != want {
		t.Errorf("readings are %s, want %s", got, want)
	}
}
