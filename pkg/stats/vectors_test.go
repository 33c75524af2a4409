package stats_test

import (
	"math"
	"testing"

	"vointi.fi/pkg/stats"
)

// The numbers are published or were recomputed with independent software (scipy, R's survey); see the domain's T1 … T9.

// near fails unless got rounds to want at the digits that want was printed with.
func near(t *testing.T, what string, got, want float64, digits int) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 0.5000001*math.Pow10(-digits) {
		t.Errorf("%s = %.12g, want %.*f", what, got, digits, want)
	}
}

func nearInterval(t *testing.T, got stats.Interval, lower, upper float64, digits int) {
	t.Helper()
	near(t, "lower", got.Lower, lower, digits)
	near(t, "upper", got.Upper, upper, digits)
}

func ok[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestT1Wilson(t *testing.T) {
	for _, c := range []struct {
		x, n         float64
		level        stats.Level
		lower, upper float64
	}{
		{65, 100, stats.Level95, 0.552544, 0.736358},
		{1045, 5000, stats.Level95, 0.197955, 0.220491},
		{1, 100, stats.Level95, 0.001767, 0.054486},
		{20, 100, stats.Level95, 0.133367, 0.288829},
		{0, 10, stats.Level95, 0, 0.277533},
		{10, 10, stats.Level95, 0.722467, 1},
		{65, 100, stats.Level998, 0.495495, 0.778354},
		{1045, 5000, stats.Level998, 0.191794, 0.227316},
		{120, 500, stats.Level95, 0.20464, 0.27933}, // T20
	} {
		digits := 6
		if c.n == 500 {
			digits = 5
		}
		nearInterval(t, ok[stats.Interval](t)(stats.Wilson(c.x, c.n, c.level)), c.lower, c.upper, digits)
	}
}

func TestT2Count(t *testing.T) {
	for _, c := range []struct {
		o            float64
		level        stats.Level
		lower, upper float64
	}{
		{65, stats.Level95, 50.163188, 82.849139},
		{1045, stats.Level95, 982.593202, 1110.331213},
		{65, stats.Level998, 42.880261, 94.000291},
		{10, stats.Level998, 2.916318, 24.193725},
		{1, stats.Level95, 0.025318, 5.571643}, // T2b: exact
		{5, stats.Level95, 1.623486, 11.668332},
		{0, stats.Level95, 0, 3.688879},
		{56, stats.Level95, 42.299127, 72.722012}, // T4c, as if independent
	} {
		nearInterval(t, ok[stats.Interval](t)(stats.Count(c.o, c.level)), c.lower, c.upper, 6)
	}
}

var (
	t3Counts     = []float64{127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91}
	t3Population = []float64{636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207}
	esp2013      = []float64{5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000}
	// People with exactly 1, 2, 3, 4 events, by band.
	t4Frequencies = [4][]float64{
		{75, 16, 11, 12, 8, 18, 26, 18, 18, 21, 21, 23, 23, 39, 25, 40, 46, 49, 56},
		{16, 3, 2, 3, 0, 3, 6, 3, 4, 4, 4, 4, 6, 8, 5, 9, 9, 10, 11},
		{4, 1, 1, 1, 0, 1, 2, 1, 1, 1, 1, 1, 2, 2, 1, 2, 2, 3, 3},
		{2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1},
	}
)

func t3Bands() []stats.Band {
	bands := make([]stats.Band, len(esp2013))
	for i := range bands {
		bands[i] = stats.Band{Count: t3Counts[i], Population: t3Population[i], Weight: esp2013[i]}
		for f, people := range t4Frequencies {
			bands[i].Squares += float64((f+1)*(f+1)) * people[i]
		}
	}
	return bands
}

func TestT3DSR(t *testing.T) {
	e := ok[stats.Estimate](t)(stats.DSR(t3Bands(), 100_000, stats.Level95))
	near(t, "rate", e.Value, 10430.247991, 6)
	nearInterval(t, e.Interval, 9717.709068, 11178.940915, 6)
	near(t, "variance", e.SE/1e5*e.SE/1e5, 1.3656619e-5, 12)
	e = ok[stats.Estimate](t)(stats.DSR(t3Bands(), 100_000, stats.Level998))
	near(t, "lower", e.Lower, 9323.287880, 6)
	near(t, "upper", e.Upper, 11620.5959995, 7) // T3 prints 11 620.595999, cut and not rounded
}

func TestT4DSRNonIndependent(t *testing.T) {
	e := ok[stats.Estimate](t)(stats.DSRNonIndependent(t3Bands(), 100_000, stats.Level95))
	near(t, "rate", e.Value, 10430.247991, 6)
	nearInterval(t, e.Interval, 9532.949779, 11373.074833, 6)
}

func TestT4bASP(t *testing.T) {
	bands := []stats.Band{
		{Count: 120, Population: 400, Weight: 46_500},
		{Count: 90, Population: 300, Weight: 23_000},
		{Count: 30, Population: 150, Weight: 9_000},
	}
	e := ok[stats.StandardisedProportion](t)(stats.ASP(bands, stats.Level95))
	near(t, "share", e.Value, 0.288535, 6)
	near(t, "effective n", e.EffectiveN, 794.6588, 4)
	nearInterval(t, e.Interval, 0.258110, 0.320995, 6)
	crude := ok[stats.Estimate](t)(stats.Proportion(240, 850, stats.Level95))
	near(t, "crude", crude.Value, 0.282353, 6)
}

func TestT4cCountNonIndependent(t *testing.T) {
	i := ok[stats.Interval](t)(stats.CountNonIndependent(10+5*4+2*10+6, 10+5*16+2*100+6, stats.Level95))
	nearInterval(t, i, 24.500759, 94.445044, 6)
}

func TestT5Mean(t *testing.T) {
	xs := []float64{33.09375, 48.38596, 64.83495, 67.98475, 22.93556, 71.23587, 38.78465, 82.37927}
	e := ok[stats.MeanEstimate](t)(stats.Mean(xs, stats.Level95))
	near(t, "mean", e.Value, 53.704345, 6)
	near(t, "s", e.SD, 20.975575, 6)
	nearInterval(t, e.Interval, 36.168325, 71.240365, 6)
}

func t6(stratum func(i int) int) stats.Survey {
	y := []float64{1, 0, 1, 1, 0, 0, 1, 0}
	w := []float64{100, 150, 120, 80, 200, 180, 90, 130}
	var s stats.Survey
	for i := range y {
		s.Units = append(s.Units, stats.Unit{Y: y[i], Weight: w[i], Stratum: stratum(i)})
	}
	return s
}

func TestT6Survey(t *testing.T) {
	e := ok[stats.SurveyEstimate](t)(stats.SurveyProportion(t6(func(int) int { return 0 }), stats.Level95))
	near(t, "p", e.Value, 0.3714285714, 10)
	near(t, "SE", e.SE, 0.1786630872, 10)
	near(t, "df", e.DF, 7, 0)
	near(t, "Kish n", e.KishN, 7.315859, 6)
	nearInterval(t, e.Interval, 0.0882149, 0.7830351, 7)
	i := ok[stats.Interval](t)(stats.WilsonEffective(e.Value, e.KishN, stats.Level95))
	nearInterval(t, i, 0.128741, 0.702650, 6)

	e = ok[stats.SurveyEstimate](t)(stats.SurveyProportion(t6(func(i int) int { return i / 4 }), stats.Level95))
	near(t, "SE with strata", e.SE, 0.1629946358, 10)
	near(t, "df with strata", e.DF, 6, 0)
}

// group stands for n answers of one stratum or cluster by their sums: with Σy² it has their mean and their variance.
type group struct{ n, sum, squares float64 }

// answers returns n answers with these sums; without squares they are all equal.
func (g group) answers() []float64 {
	mean := g.sum / g.n
	spread := 0.0
	if g.squares > 0 {
		spread = math.Sqrt(g.squares/g.n - mean*mean) // half of them above, half below: n must be even
	}
	ys := make([]float64, int(g.n))
	for i := range ys {
		ys[i] = mean + spread*float64(1-2*(i%2))
	}
	return ys
}

// The Academic Performance Index sample of California's schools, published in the documentation of R's survey package:
// a stratified sample by school type, and one of whole school districts.
func TestT6bPublishedSurveys(t *testing.T) {
	strata := []struct {
		group
		schools float64
	}{{group{100, 67443, 47038637}, 4421}, {group{50, 31830, 20940396}, 1018}, {group{50, 31291, 20167941}, 755}}
	s := stats.Survey{Fractions: map[int]float64{}}
	for h, g := range strata {
		s.Fractions[h] = g.n / g.schools
		for _, y := range g.answers() {
			s.Units = append(s.Units, stats.Unit{Y: y, Weight: g.schools / g.n, Stratum: h})
		}
	}
	e := ok[stats.SurveyEstimate](t)(stats.SurveyMean(s, stats.Level95))
	near(t, "stratified mean", e.Value, 662.29, 2)
	near(t, "its SE", e.SE, 9.4089, 4)

	districts := []group{
		{n: 11, sum: 7359},
		{n: 4, sum: 1888},
		{n: 2, sum: 905},
		{n: 13, sum: 8593},
		{n: 2, sum: 1116},
		{n: 4, sum: 2493},
		{n: 4, sum: 2077},
		{n: 16, sum: 11369},
		{n: 9, sum: 6386},
		{n: 34, sum: 22508},
		{n: 21, sum: 13761},
		{n: 37, sum: 20394},
		{n: 13, sum: 9372},
		{n: 1, sum: 551},
		{n: 12, sum: 9111},
	}
	s = stats.Survey{Fractions: map[int]float64{0: 15.0 / 757}}
	for i, g := range districts {
		for _, y := range g.answers() {
			s.Units = append(s.Units, stats.Unit{Y: y, Weight: 33.847, Cluster: i + 1})
		}
	}
	e = ok[stats.SurveyEstimate](t)(stats.SurveyMean(s, stats.Level95))
	near(t, "clustered mean", e.Value, 644.17, 2)
	near(t, "its SE", e.SE, 23.542, 3)
	near(t, "its df", e.DF, 14, 0)
}

func TestT7Ratio(t *testing.T) {
	attendance := []float64{5, 6, 4, 8, 3, 5, 7, 6, 4, 4}
	costs := make([]float64, len(attendance))
	var sums stats.RatioSums
	for i, a := range attendance {
		costs[i] = 330
		sums.Add(33_000, int64(a))
	}
	slice := ok[stats.Estimate](t)(stats.Ratio(costs, attendance, stats.Level95))
	fromSums := ok[stats.Estimate](t)(stats.RatioFromSums(sums, stats.Level95)).Scale(0.01)
	for _, e := range []stats.Estimate{slice, fromSums} {
		near(t, "euros a visit", e.Value, 63.461538, 6)
		near(t, "SE", e.SE, 5.978784, 6)
		nearInterval(t, e.Interval, 49.94, 76.99, 2)
	}
}

func TestT8RiskRatio(t *testing.T) {
	e := ok[stats.Estimate](t)(stats.RiskRatio(30, 120, 100, 1000, stats.Level95))
	near(t, "ratio", e.Value, 2.5, 12)
	nearInterval(t, e.Interval, 1.741752, 3.588342, 6)
}

func TestT9Difference(t *testing.T) {
	e := ok[stats.Estimate](t)(stats.Difference(56, 70, 48, 80, stats.Level95))
	near(t, "difference", e.Value, 0.2, 12)
	nearInterval(t, e.Interval, 0.052431, 0.333873, 6)
}

func TestT20CostOverNewlyActive(t *testing.T) {
	share := ok[stats.Interval](t)(stats.Wilson(120, 500, stats.Level95))
	nearInterval(t, share.Scale(500).Over(253_533), 1815.31, 2477.87, 2)
}
