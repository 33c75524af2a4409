package aggregator

import (
	"fmt"
	"math"
	"testing"

	"vointi.fi/pkg/indicator"
)

// TestRankTestsOfYears: the published example of five years, of what has no interval, too; the last year alone has a test.
func TestRankTestsOfYears(t *testing.T) {
	x := newExhibit(t, "participation-reach", indicator.Year)
	for i, v := range []float64{67.9, 66.4, 63.5, 60.6, 58.5} {
		x.show(fmt.Sprintf("%d-01-01", 2019+i), fact(v))
	}
	x.says(x.row(withMannKendall, "2023-01-01"), -2.466667, -2.9, -1.5, 0.016667, "pp a year", "worse", "")
	if x.row(withMannKendall, "2022-01-01") != nil {
		t.Error("a year before the last one is tested")
	}
	x.figures[1].gap = true
	x.without(x.row(withMannKendall, "2023-01-01"), tooFewPeriods)
	x.figures[1].gap = false
	protected(&x.figures[1])
	x.without(x.row(withMannKendall, "2023-01-01"), isProtected)
	x.typ = indicator.Rolling12M
	if x.row(withMannKendall, "2023-01-01") != nil {
		t.Error("rolling windows overlap")
	}
}

// TestRankTestsOfSeasons: the second quarters of three years are only held beside each other, so growth within each year is none.
func TestRankTestsOfSeasons(t *testing.T) {
	x := newExhibit(t, "sessions-held", indicator.Quarter)
	for year := range 3 {
		for quarter := range 4 {
			x.show(fmt.Sprintf("%d-%02d-01", 2021+year, 1+3*quarter), fact(float64(100*quarter+10*year)))
		}
	}
	x.refs.day = on(t, "2024-01-01")
	// S = 4·3, Var = 4·11/3, z = 11/√14.667; twelve slopes, all 10
	x.says(x.row(withSeasonalKendall, "2023-10-01"), 10, 10, 10, math.Erfc(11/math.Sqrt(44./3)/math.Sqrt2), "n a year", "better", "")
	x.refs.day = on(t, "2023-01-01") // two years are over
	x.without(x.row(withSeasonalKendall, "2022-10-01"), tooFewPeriods)
	x.refs.day = on(t, "2024-01-01")
	x.refs.covered = coverage{"KU305": on(t, "2021-04-01")} // half a quarter is no first quarter
	x.says(x.row(withSeasonalKendall, "2023-10-01"), 10, 10, 10, math.Erfc(9/math.Sqrt(12)/math.Sqrt2), "n a year", "better", "")
}

// TestRankTestsOfWaves: another version of the questionnaire begins a new series.
func TestRankTestsOfWaves(t *testing.T) {
	x := newExhibit(t, "qol-good-share", indicator.Wave)
	for i := range 7 {
		start := fmt.Sprintf("%d-01-01", 2010+2*i)
		x.refs.waves[start] = waveInfo{start, on(t, start), on(t, start) + 30, "wellbeing", map[bool]string{true: "1", false: "2"}[i < 2]}
		x.show(start, surveyed(float64(50+i), 40, 60), inWave(start))
	}
	x.says(x.row(withMannKendall, "2022-01-01", inWave("2022-01-01")), 0.5, 0.4997, 0.5003, 1./60, "pp a year", "better", "")
	x.without(x.row(withMannKendall, "2020-01-01", inWave("2020-01-01")), tooFewPeriods)
}
