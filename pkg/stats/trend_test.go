package stats_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
	"vointi.fi/pkg/stats"
)

// shares makes a series from 2019 of counts with their published percentages.
func shares(counts, percents []float64) (points []stats.YearShare) {
	for i := range counts {
		points = append(points, stats.YearShare{Year: 2019 + i, Cases: counts[i], Trials: counts[i] / percents[i] * 100})
	}
	return points
}

var t15 = shares([]float64{318, 314, 318, 291, 292}, []float64{67.9, 66.4, 63.5, 60.6, 58.5})

func TestT15TrendOfShares(t *testing.T) {
	got := ok[stats.Trend](t)(stats.TrendShares5(t15))
	near(t, "X²", got.ChiSquare, 12.5688, 4)
	near(t, "slope", got.Slope, -0.1062, 4)
	if got.Label != stats.Decreasing || got.Reason != stats.Significant {
		t.Errorf("%+v, want %q", got, stats.Decreasing)
	}
	for d, want := range map[stats.Direction]stats.Verdict{
		stats.HigherIsBetter: stats.Worse, stats.LowerIsBetter: stats.Better, stats.Neutral: stats.Lower,
	} {
		if v := got.Verdict(d); v != want {
			t.Errorf("direction %s: %q, want %q", d, v, want)
		}
	}
}

// The smokers of the documentation of R's prop.trend.test (Fleiss 1981, p. 139): χ² = 8.2249, p = 0.004132. They are of
// four groups; a fifth of next to nobody makes a series of them.
func TestArmitageOfSmokers(t *testing.T) {
	points := []stats.YearShare{
		{Year: 1, Cases: 83, Trials: 86},
		{Year: 2, Cases: 90, Trials: 93},
		{Year: 3, Cases: 129, Trials: 136},
		{Year: 4, Cases: 70, Trials: 82},
		{Year: 5, Cases: 0.9e-9, Trials: 1e-9},
	}
	got := ok[stats.Trend](t)(stats.TrendShares5(points))
	near(t, "X²", got.ChiSquare, 8.2249, 4)
	near(t, "p", got.P, 0.004132, 6)
	if got.Label != stats.NoSignificantChange { // the rule asks for 99.8 %
		t.Errorf("%+v, want no significant change", got)
	}
}

// values makes a series from 2019 with 95 % limits of one half width.
func values(half float64, ys ...float64) (points []stats.YearValue) {
	for i, y := range ys {
		points = append(points, stats.YearValue{Year: 2019 + i, Value: y, Limits: stats.Interval{Lower: y - half, Upper: y + half}})
	}
	return points
}

// Equal weights make the regression an ordinary one: slope 2, Var σ²/10 with σ = half/z.
func TestTrendOfValuesByHand(t *testing.T) {
	got := ok[stats.Trend](t)(stats.Trend5(values(1.959963984540054*3, 10, 12, 14, 16, 18), stats.Level95))
	near(t, "slope", got.Slope, 2, 12)
	near(t, "X²", got.ChiSquare, 4/(9.0/10), 10)
	if got.Label != stats.NoSignificantChange || got.Reason != stats.NotSignificant {
		t.Errorf("%+v, want no significant change", got)
	}
	got = ok[stats.Trend](t)(stats.Trend5(values(1.959963984540054*2, 10, 12, 14, 16, 18), stats.Level95))
	near(t, "X²", got.ChiSquare, 10, 10)
	if got.Label != stats.Increasing {
		t.Errorf("%+v, want %q", got, stats.Increasing)
	}
	if got := got.Verdict(stats.LowerIsBetter); got != stats.Worse {
		t.Errorf("verdict %q", got)
	}
}

func TestTrendLabels(t *testing.T) {
	change := func(at int, f func(p *stats.YearValue)) []stats.YearValue {
		points := values(1, 10, 12, 14, 16, 18)
		f(&points[at])
		return points
	}
	for _, c := range []struct {
		name   string
		points []stats.YearValue
		label  stats.Label
		reason stats.Reason
	}{
		{"no points", nil, stats.CannotBeCalculated, stats.TooFewPoints},
		{"four points", values(1, 10, 12, 14, 16), stats.CannotBeCalculated, stats.TooFewPoints},
		{"a value is missing", change(1, func(p *stats.YearValue) { p.Value = math.NaN() }), stats.CannotBeCalculated, stats.MissingValue},
		{"a year is missing", change(0, func(p *stats.YearValue) { p.Year-- }), stats.CannotBeCalculated, stats.MissingValue},
		{"limits are missing", change(4, func(p *stats.YearValue) { p.Limits = stats.Undefined }), stats.CannotBeCalculated, stats.MissingInterval},
		{"limits have no width", change(4, func(p *stats.YearValue) { p.Limits.Upper = p.Limits.Lower }), stats.CannotBeCalculated, stats.MissingInterval},
		{"a break inside", change(1, func(p *stats.YearValue) { p.Break = true }), stats.CannotBeCalculated, stats.SeriesBreak},
		{"a break before", change(0, func(p *stats.YearValue) { p.Break = true }), stats.Increasing, stats.Significant},
		{"all equal", values(1, 5, 5, 5, 5, 5), stats.NoSignificantChange, stats.NotSignificant},
		{"one point turns it", values(1, 10, 9.9, 9.8, 9.7, 20), stats.NoSignificantChange, stats.OnePointDecides},
		{"one point makes it", values(1, 0.1, 0.1, 0.1, 0.1, 20), stats.NoSignificantChange, stats.OnePointDecides},
		{"only the latest five count", values(1, 100, 10, 12, 14, 16, 18), stats.Increasing, stats.Significant},
		{"falling", values(1, 18, 16, 14, 12, 10), stats.Decreasing, stats.Significant},
	} {
		t.Run(c.name, func(t *testing.T) {
			slices.Reverse(c.points) // any order will do
			got := ok[stats.Trend](t)(stats.Trend5(c.points, stats.Level95))
			if got.Label != c.label || got.Reason != c.reason {
				t.Errorf("%+v, want %q for %q", got, c.label, c.reason)
			}
			if known := !math.IsNaN(got.ChiSquare); known != (c.label != stats.CannotBeCalculated) {
				t.Errorf("%+v: numbers and label do not agree", got)
			}
		})
	}
	if v := (stats.Trend{Label: stats.CannotBeCalculated}).Verdict(stats.HigherIsBetter); v != stats.NoVerdict {
		t.Errorf("verdict without trend: %q", v)
	}
	if v := (stats.Trend{Label: stats.NoSignificantChange}).Verdict(stats.HigherIsBetter); v != stats.Similar {
		t.Errorf("verdict without change: %q", v)
	}
}

func TestTrendOfSharesAtTheBorders(t *testing.T) {
	series := func(trials float64, cases ...float64) (points []stats.YearShare) {
		for i, c := range cases {
			points = append(points, stats.YearShare{Year: i, Cases: c, Trials: trials})
		}
		return points
	}
	for _, c := range []struct {
		name   string
		points []stats.YearShare
		label  stats.Label
	}{
		{"never a case", series(100, 0, 0, 0, 0, 0), stats.NoSignificantChange},
		{"always all", series(100, 100, 100, 100, 100, 100), stats.NoSignificantChange},
		{"from none to all", series(100, 0, 25, 50, 75, 100), stats.Increasing},
		{"none for years", series(100, 0, 0, 5, 10, 20), stats.Increasing},
		{"a year without trials", append(series(100, 1, 2, 3, 4), stats.YearShare{Year: 4}), stats.CannotBeCalculated},
		{"a year without number", append(series(100, 1, 2, 3, 4), stats.YearShare{Year: 4, Cases: math.NaN(), Trials: 5}), stats.CannotBeCalculated},
	} {
		if got := ok[stats.Trend](t)(stats.TrendShares5(c.points)); got.Label != c.label {
			t.Errorf("%s: %+v, want %q", c.name, got, c.label)
		}
	}
	for name, points := range map[string][]stats.YearShare{
		"more cases than trials": series(1, 2),
		"negative cases":         series(1, -1),
		"a year twice":           {{Year: 1, Trials: 1}, {Year: 1, Trials: 1}},
	} {
		if got, err := stats.TrendShares5(points); !errors.Is(err, stats.ErrInput) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	wrong := values(-1, 10, 12, 14, 16, 18)
	if got, err := stats.Trend5(wrong, stats.Level95); !errors.Is(err, stats.ErrInput) {
		t.Errorf("limits the wrong way round: %+v, %v", got, err)
	}
	if got, err := stats.Trend5(nil, 95); !errors.Is(err, stats.ErrInput) {
		t.Errorf("level 95: %+v, %v", got, err)
	}
}

// Another unit of the value, another origin of either axis, or the other direction of time changes nothing but the sign.
func TestTrendInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ys := rapid.SliceOfN(rapid.IntRange(1, 60), 5, 5).Draw(t, "ys")
		widths := rapid.SliceOfN(rapid.IntRange(1, 20), 5, 5).Draw(t, "widths")
		var plain, moved, mirrored []stats.YearValue
		var people, others []stats.YearShare
		for i := range ys {
			y, w := float64(ys[i]), float64(widths[i])
			plain = append(plain, stats.YearValue{Year: i, Value: y, Limits: stats.Interval{Lower: y - w, Upper: y + w}})
			moved = append(moved, stats.YearValue{Year: 2000 + i, Value: 8*y + 64, Limits: stats.Interval{Lower: 8 * (y - w), Upper: 8 * (y + w)}})
			mirrored = append(mirrored, stats.YearValue{Year: -i, Value: y, Limits: stats.Interval{Lower: y - w, Upper: y + w}})
			people = append(people, stats.YearShare{Year: i, Cases: y, Trials: y + w})
			others = append(others, stats.YearShare{Year: i, Cases: w, Trials: y + w})
		}
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b)) }
		turn := map[stats.Label]stats.Label{
			stats.Increasing: stats.Decreasing, stats.Decreasing: stats.Increasing, stats.NoSignificantChange: stats.NoSignificantChange,
		}
		a, b, c := must(stats.Trend5(plain, stats.Level95)), must(stats.Trend5(moved, stats.Level95)), must(stats.Trend5(mirrored, stats.Level95))
		if a.Label != b.Label || !close(a.ChiSquare, b.ChiSquare) || !close(8*a.Slope, b.Slope) {
			t.Fatalf("%+v, in another unit %+v", a, b)
		}
		if turn[a.Label] != c.Label || !close(a.ChiSquare, c.ChiSquare) || !close(a.Slope, -c.Slope) {
			t.Fatalf("%+v, backwards %+v", a, c)
		}
		d, e := must(stats.TrendShares5(people)), must(stats.TrendShares5(others))
		if turn[d.Label] != e.Label || !close(d.ChiSquare, e.ChiSquare) || !close(d.Slope, -e.Slope) {
			t.Fatalf("%+v, of the others %+v", d, e)
		}
		if (d.Label == stats.Increasing || d.Label == stats.Decreasing) != (d.Reason == stats.Significant) {
			t.Fatalf("label and reason do not agree: %+v", d)
		}
	})
}
