package dashboardstest

import (
	"math"
	"time"
)

// Target is the made-up target of participation reach in every area, in percent.
const Target = 25.0

type comparisonRow struct {
	Indicator   string    `ch:"indicator"`
	Area        string    `ch:"area"`
	AgeScheme   string    `ch:"age_scheme"`
	AgeGroup    string    `ch:"age_group"`
	Sex         string    `ch:"sex"`
	Dimension   string    `ch:"dimension"`
	Member      string    `ch:"member"`
	PeriodType  string    `ch:"period_type"`
	PeriodStart time.Time `ch:"period_start"`
	Wave        string    `ch:"wave"`
	Comparator  string    `ch:"comparator"`
	Difference  *float64  `ch:"difference"`
	Lower95     *float64  `ch:"lower95"`
	Upper95     *float64  `ch:"upper95"`
	Unit        string    `ch:"unit"`
	P           *float64  `ch:"p"`
	PAdjusted   *float64  `ch:"p_adjusted"`
	Verdict     string    `ch:"verdict"`
	Reason      string    `ch:"reason"`
	ComputedAt  time.Time `ch:"computed_at"`
	Version     uint64    `ch:"version"`
}

type targetRow struct {
	Scope      string    `ch:"scope"`
	Indicator  string    `ch:"indicator"`
	TargetArea string    `ch:"target_area"`
	AgeGroup   string    `ch:"age_group"`
	Year       uint16    `ch:"year"`
	Starts     time.Time `ch:"starts"`
	Value      float64   `ch:"value"`
	SetBy      string    `ch:"set_by"`
	SetAt      time.Time `ch:"set_at"`
}

func targetRows() []targetRow {
	var rows []targetRow
	for _, a := range areas {
		for year := FirstYear; year <= LastYear; year++ {
			at := time.Date(year-1, 11, 1, 0, 0, 0, 0, time.UTC)
			rows = append(rows, targetRow{a.id + at.String(), "participation-reach", a.id, "", uint16(year), time.Unix(0, 0).UTC(), Target, "fixture", at})
		}
	}
	return rows
}

// comparisonRows holds figures beside each other by a rule of the fixture's own: as independent and normal. What a real
// aggregator says of them is its own tests' matter; here is that every kind of row occurs.
func comparisonRows(figures []publicationRow) []comparisonRow {
	find := map[rowKey]*publicationRow{}
	for i := range figures {
		find[keyOf(figures[i])] = &figures[i]
	}
	partly := beforeTheFirstMonth(figures)
	var rows []comparisonRow
	for _, f := range figures {
		if f.AgeGroup == "unknown" {
			continue
		}
		beside := func(comparator string, change func(*rowKey)) {
			k := keyOf(f)
			change(&k)
			switch other := find[k]; {
			case other == nil:
			case partly(f) || partly(*other):
				rows = append(rows, blank(f, comparator, "incomplete_period"))
			default:
				rows = append(rows, compared(f, *other, comparator))
			}
		}
		inTime(f, beside)
		if f.Area != "SSS" && f.Unit != "n" {
			for _, comparator := range []string{"parent", "country"} {
				beside(comparator, func(k *rowKey) { k.Area = "SSS" })
			}
			beside("similar", func(k *rowKey) { k.Area = "KU853" })
		}
		if f.AgeGroup != "all" && f.Unit != "n" {
			for _, comparator := range []string{"gap_abs", "gap_rel"} {
				beside(comparator, func(k *rowKey) { k.AgeScheme, k.AgeGroup = "", "all" })
			}
		}
		rows = append(rows, alone(f)...)
	}
	return rows
}

// beforeTheFirstMonth tells the figures of periods that begin before their area's first month.
func beforeTheFirstMonth(figures []publicationRow) func(publicationRow) bool {
	first := map[string]time.Time{}
	for _, f := range figures {
		if at, known := first[f.Area]; f.PeriodType == "month" && (!known || f.PeriodStart.Before(at)) {
			first[f.Area] = f.PeriodStart
		}
	}
	return func(f publicationRow) bool { return f.PeriodType != "wave" && f.PeriodStart.Before(first[f.Area]) }
}

// rowKey is the key of the read model's rows.
type rowKey struct {
	Indicator, Area, AgeScheme, AgeGroup, Sex, Dimension, Member, PeriodType string
	PeriodStart                                                              time.Time
	Wave                                                                     string
}

func keyOf(f publicationRow) rowKey {
	return rowKey{f.Indicator, f.Area, f.AgeScheme, f.AgeGroup, f.Sex, f.Dimension, f.Member, f.PeriodType, f.PeriodStart, f.Wave}
}

// inTime holds a figure beside the one before and that of a year before; a wave beside the wave before.
func inTime(f publicationRow, beside func(string, func(*rowKey))) {
	if f.PeriodType == "wave" {
		beside("previous", func(k *rowKey) {
			k.PeriodStart = k.PeriodStart.AddDate(waveYears[0]-waveYears[1], 0, 0)
			k.Wave = waveName("wave", k.PeriodStart)
		})
		return
	}
	back := map[string]int{"month": 1, "quarter": 3}[f.PeriodType]
	if back == 0 {
		back = 12
	}
	beside("previous", func(k *rowKey) { k.PeriodStart = k.PeriodStart.AddDate(0, -back, 0) })
	beside("same_period_last_year", func(k *rowKey) { k.PeriodStart = k.PeriodStart.AddDate(-1, 0, 0) })
}

// alone is what needs no single other figure: the target, a trend, inequality.
func alone(f publicationRow) []comparisonRow {
	var rows []comparisonRow
	if f.PeriodType == "year" {
		trend := blank(f, "trend5", "too_few_points")
		rows = append(rows, trend)
	}
	if f.Indicator == "participation-reach" && f.AgeGroup == "all" && f.Sex == "all" && f.PeriodType != "quarter" {
		row := compared(f, publicationRow{Value: num(Target), Lower95: num(Target), Upper95: num(Target)}, "target")
		row.P, row.PAdjusted = nil, nil
		row.Verdict = map[string]string{"similar": "undecided", "better": "reached", "much_better": "reached", "worse": "missed", "much_worse": "missed"}[row.Verdict]
		rows = append(rows, row)
		for comparator, value := range map[string]float64{"sii": -2.5, "rii": 0.8, "concentration": -0.04} {
			index := blank(f, comparator, "")
			index.Difference, index.Lower95, index.Upper95, index.Verdict = num(value), num(value-0.01), num(value+0.01), "lower"
			rows = append(rows, index)
		}
	}
	return rows
}

func blank(f publicationRow, comparator, reason string) comparisonRow {
	return comparisonRow{
		Indicator: f.Indicator, Area: f.Area, AgeScheme: f.AgeScheme, AgeGroup: f.AgeGroup, Sex: f.Sex, Dimension: f.Dimension, Member: f.Member,
		PeriodType: f.PeriodType, PeriodStart: f.PeriodStart, Wave: f.Wave, Comparator: comparator, Reason: reason,
		Unit: map[string]string{"%": "pp"}[f.Unit], ComputedAt: f.ComputedAt, Version: 1,
	}
}

func compared(f, other publicationRow, comparator string) comparisonRow {
	row := blank(f, comparator, "")
	if row.Unit == "" {
		row.Unit = f.Unit
	}
	switch {
	case f.Suppressed != "" || other.Suppressed != "":
		row.Reason = "protected"
		return row
	case f.Value == nil || other.Value == nil:
		row.Reason = "no_data"
		return row
	}
	d := *f.Value - *other.Value
	row.Difference = num(d)
	if f.Lower95 == nil || other.Lower95 == nil {
		row.Reason = "no_interval"
		return row
	}
	half := math.Hypot(*f.Upper95-*f.Lower95, *other.Upper95-*other.Lower95) / 2
	row.Lower95, row.Upper95 = num(d-half), num(d+half)
	row.judge(f.Direction, math.Abs(d)/half*1.96, d > 0)
	if comparator == "gap_rel" {
		ratio := *f.Value / *other.Value
		row.Difference, row.Lower95, row.Upper95, row.Unit = num(ratio), num(ratio - half / *other.Value), num(ratio + half / *other.Value), "ratio"
	}
	if f.AgeGroup != "all" && (comparator == "gap_abs" || comparator == "gap_rel") {
		row.Reason = "includes_itself"
	}
	return row
}

func (r *comparisonRow) judge(direction string, z float64, up bool) {
	r.P = num(math.Erfc(z / math.Sqrt2))
	r.PAdjusted = num(math.Min(1, 2**r.P))
	if z <= 1.96 {
		r.Verdict = "similar"
		return
	}
	words := map[string][2]string{"+": {"worse", "better"}, "-": {"better", "worse"}, "0": {"lower", "higher"}}[direction]
	r.Verdict = words[0]
	if up {
		r.Verdict = words[1]
	}
	if z > 3.09 {
		r.Verdict = "much_" + r.Verdict
	}
}
