package dashboardstest

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"time"
)

// Years of the fixture, and the survey waves in it. All have ended, so that nothing depends on the day of the test run.
const (
	FirstYear = 2022
	LastYear  = 2025
)

// beginning is when Kalajoki's figures begin: in the middle of a year, so that its first year is not covered as a whole.
var beginning = time.Date(FirstYear+1, 4, 1, 0, 0, 0, 0, time.UTC)

var waveYears = []int{2023, 2025}

// Schemes and their age groups.
var schemes = map[string][]string{
	"eviva3":  {"0-17", "18-64", "65+", "unknown"},
	"report5": {"0-12", "13-28", "29-64", "65+", "unknown"},
	"finsote": {"20-54", "55-74", "75+"},
}

var members = map[string][]string{
	"activity_type": {"sport", "culture", "nature", "peer"},
	"provider":      {"ORG01", "ORG02", "ORG03"},
	"education":     {"low", "mid", "high"},
}

// line is one line of the cube: the total, or one breakdown of it.
type line struct {
	scheme, group, sex, dimension, member string
	share                                 float64 // of the total
}

func publicationRows() []publicationRow {
	var rows []publicationRow
	for _, e := range entries {
		for _, a := range areas {
			for _, l := range lines(e) {
				for _, p := range e.periods {
					rows = append(rows, periodRows(e, a, l, p)...)
				}
			}
		}
	}
	return rows
}

func lines(e entry) []line {
	out := []line{{group: "all", sex: "all", member: "all", share: 1}}
	if slices.Contains(e.breakdowns, "sex") {
		out = append(out, line{group: "all", sex: "1", member: "all", share: 0.42}, line{group: "all", sex: "2", member: "all", share: 0.58})
	}
	if slices.Contains(e.breakdowns, "age_group") {
		for scheme, groups := range schemes {
			for _, g := range groups {
				out = append(out, line{scheme: scheme, group: g, sex: "all", member: "all", share: 1 / float64(len(groups))})
			}
		}
	}
	for dimension, ms := range members {
		if slices.Contains(e.breakdowns, dimension) {
			for _, m := range ms {
				out = append(out, line{group: "all", sex: "all", dimension: dimension, member: m, share: 1 / float64(len(ms))})
			}
		}
	}
	slices.SortFunc(out, func(a, b line) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out
}

func periodRows(e entry, a area, l line, period string) []publicationRow {
	var rows []publicationRow
	for _, start := range starts(period) {
		if a.id == "KU208" && start.AddDate(1, 0, 0).Before(beginning) || a.id == "KU208" && period != "year" && start.Before(beginning) {
			continue
		}
		if period == "month" && (l.group != "all" || l.member != "all") {
			continue // keeps the fixture small
		}
		rows = append(rows, cell(e, a, l, period, start))
	}
	return rows
}

func starts(period string) []time.Time {
	first := time.Date(FirstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(LastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	var out []time.Time
	switch period {
	case "wave":
		for _, y := range waveYears {
			out = append(out, time.Date(y, 10, 1, 0, 0, 0, 0, time.UTC))
		}
		return out
	case "year", "rolling_12m":
		for t := first; t.Before(end); t = t.AddDate(1, 0, 0) {
			out = append(out, t)
		}
	case "quarter":
		for t := first; t.Before(end); t = t.AddDate(0, 3, 0) {
			out = append(out, t)
		}
	default:
		for t := first; t.Before(end); t = t.AddDate(0, 1, 0) {
			out = append(out, t)
		}
	}
	return out
}

// Special cells of Kuusamo, which tests and pictures look for.
func state(e entry, a area, l line, start time.Time) (status, suppressed string) {
	status = "final"
	if start.Year() == LastYear && e.periods[0] != "wave" {
		status = "provisional"
	}
	if a.id != "KU305" {
		return status, ""
	}
	switch {
	case e.id == "unique-participants" && (l.group == "65+" || l.group == "unknown") && start.Year() == LastYear:
		return status, "protected"
	case e.id == "newly-active-residents" && (l.group == "0-17" || l.group == "65+"):
		return status, "protected"
	case e.id == "culture-visit-rate" && start.Year() == LastYear-1 && start.Month() == time.July:
		return "no_data", ""
	case e.unit == "%" && l.group == "unknown" && e.id == "participation-reach":
		return "not_applicable", ""
	}
	return status, ""
}

func cell(e entry, a area, l line, period string, start time.Time) publicationRow {
	status, suppressed := state(e, a, l, start)
	row := publicationRow{
		Indicator: e.id, Area: a.id, AgeScheme: l.scheme, AgeGroup: l.group, Sex: l.sex, Dimension: l.dimension, Member: l.member,
		PeriodType: period, PeriodStart: start, Wave: waveName(period, start),
		Unit: e.unit, Direction: e.direction, Method: e.method, Status: status, Suppressed: suppressed, Flags: []string{},
		ComputedAt: time.Date(LastYear+1, 1, 15, 5, 30, 0, 0, time.UTC), Version: 1,
	}
	if suppressed == "" && status != "no_data" && status != "not_applicable" {
		row.fill(e, a, l)
	}
	if e.id == "cost-per-visit" && a.id == "KU208" {
		row.Flags = []string{"unallocated"}
	}
	return row
}

func waveName(period string, start time.Time) string {
	if period != "wave" {
		return ""
	}
	return fmt.Sprintf("own-%d", start.Year())
}

// fill makes up a figure, its interval and what it was divided by.
func (r *publicationRow) fill(e entry, a area, l line) {
	part := map[string]float64{"month": 1.0 / 12, "quarter": 0.25}[r.PeriodType]
	if part == 0 {
		part = 1
	}
	n := e.n * a.share * l.share * part
	v := e.base * a.drift * (1 + e.slope*float64(r.PeriodStart.Year()-LastYear)) * wobble(e.id, a.id, l, r.PeriodStart)
	if e.unit == "n" {
		v = math.Round(v * a.share * l.share * part)
	}
	half := 1.96 * math.Sqrt(math.Max(v, 1))
	r.Numerator = num(v)
	switch e.unit {
	case "%":
		half = 1.96 * math.Sqrt(v*(100-math.Min(v, 99))/math.Max(n, 30))
		r.Numerator, r.Denominator, r.DenominatorKind = num(math.Round(n*v/100)), num(math.Round(n)), "exact"
	case "per 1 000":
		half = 1.96 * math.Sqrt(v*3000/math.Max(n, 30))
		r.Numerator, r.Denominator, r.DenominatorKind = num(math.Round(n*v/1000)), num(math.Round(n)), "latest"
	case "€":
		half = v * 0.05
		r.Numerator, r.Denominator = num(math.Round(v*n)), num(math.Round(n))
	}
	r.Value = num(v)
	if e.method != "NONE" {
		r.Lower95, r.Upper95 = num(math.Max(v-half, 0)), num(v+half)
	}
	if r.PeriodType == "wave" {
		respondents := int64(math.Round(n))
		r.Respondents, r.EffectiveSampleSize = &respondents, num(math.Round(n/1.3))
	}
}

// wobble is a made-up but repeatable factor near 1, lower in summer.
func wobble(id, area string, l line, start time.Time) float64 {
	h := fnv.New32a()
	fmt.Fprint(h, id, area, l.group, l.sex, l.member, start.Year(), int(start.Month()))
	f := 0.97 + 0.06*float64(h.Sum32()%1000)/1000
	if start.Month() == time.July {
		f *= 0.8
	}
	return f
}

// num keeps few digits, so that a figure reads the same wherever it is shown.
func num(f float64) *float64 {
	f = math.Round(f*1e4) / 1e4
	return &f
}
