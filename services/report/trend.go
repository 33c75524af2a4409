package report

import (
	"fmt"
	"slices"
	"strings"
)

// trend is one indicator over time: a chart, the same figures as a table, and what they mean.
type trend struct {
	ID, Name, Unit string
	Goals          string
	Latest         cellView
	LatestPeriod   string
	Chart          chart
	Beside         []*reading // of the year or survey that the matrix shows
	BesidePeriod   string
	Rows           []trendRow
	Definition     []term
}

type trendRow struct{ Period, Figure, Interval, N, Status string }

type term struct {
	Name, Text string
}

// trendsOf makes a trend for every indicator that has any period to show.
func trendsOf(l Language, catalogue []Indicator, cells []Cell, beside comparisons, wanted string, year int) []trend {
	byIndicator := map[string]map[string][]Cell{}
	for _, c := range cells {
		if byIndicator[c.Indicator] == nil {
			byIndicator[c.Indicator] = map[string][]Cell{}
		}
		byIndicator[c.Indicator][c.PeriodType] = append(byIndicator[c.Indicator][c.PeriodType], c)
	}
	var out []trend
	for _, i := range catalogue {
		if len(i.Awaits) > 0 {
			continue // the matrix says so
		}
		for _, period := range []string{wanted, "quarter", "year", "month", "wave"} {
			if line := byIndicator[i.ID][period]; len(line) > 0 {
				t := trendOf(l, i, line, beside)
				t.besides(l, i, slices.Concat(byIndicator[i.ID]["year"], byIndicator[i.ID]["wave"]), beside, year)
				out = append(out, t)
				break
			}
		}
	}
	return out
}

func trendOf(l Language, i Indicator, line []Cell, beside comparisons) trend {
	t := trend{
		ID: i.ID, Name: i.Name.In(l), Unit: unitNames[i.Unit].In(l), Goals: strings.Join(i.Goals, ", "),
		Chart: chartOf(l, i, line), Definition: definition(l, i),
	}
	for _, c := range slices.Backward(line) {
		t.Rows = append(t.Rows, tableRow(l, i, c))
	}
	if at := newest(line); at >= 0 {
		t.Latest = viewOf(l, i, line[at], beside)
		if k, ok := beside.find(line[at], withLastYear); ok { // seasons repeat
			t.Latest.Reading = l.read(i, k)
		}
		t.LatestPeriod = l.period(line[at])
		if line[at].PeriodType == "wave" {
			t.Latest.Note = "" // the period says it already
		}
	}
	return t
}

// besides lists what the newest year or survey up to the chosen year is held beside.
func (t *trend) besides(l Language, i Indicator, cells []Cell, beside comparisons, year int) {
	for _, c := range slices.Backward(cells) {
		if current(c, year) {
			t.Beside, t.BesidePeriod = l.beside(i, beside[keyOf(c)]), fmt.Sprintf(textsOf[l].Beside, l.period(c))
			return
		}
	}
}

// newest is the last whole period with a figure, else the last one with a figure, else -1.
func newest(line []Cell) int {
	last := -1
	for at, c := range slices.Backward(line) {
		if c.kind() != isFigure {
			continue
		}
		if c.whole() {
			return at
		}
		last = max(last, at)
	}
	return last
}

func tableRow(l Language, i Indicator, c Cell) trendRow {
	t := textsOf[l]
	r := trendRow{Period: l.period(c), N: l.count(c, i.Unit), Status: statusOf(l, c)}
	if text, _ := instead(t, c); text != "" {
		r.Figure = text
		return r
	}
	r.Figure, r.Interval = l.amount(*c.Value, i.Unit, i.Decimals), t.NoInterval
	if c.hasInterval() {
		r.Interval = l.interval(c, i.Unit, i.Decimals)
	}
	return r
}

// statusOf is the state of a figure, and what else is to be known of it.
func statusOf(l Language, c Cell) string {
	words := append([]string{stateOf(textsOf[l], c)}, flagged(l, c.Flags)...)
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

func stateOf(t *texts, c Cell) string {
	switch {
	case c.kind() == isMissing:
		return t.NoData
	case c.running():
		return t.Provisional + ", " + t.Running
	}
	word := map[string]string{"provisional": t.Provisional, "final": t.Final}[c.Status]
	if c.Partial && !c.short() && word != "" { // the flag says more
		word += ", " + t.Partial
	}
	return word
}

func definition(l Language, i Indicator) []term {
	t := textsOf[l]
	method := i.Method
	if name := methodNames[i.Method].In(l); name != "" {
		method = fmt.Sprintf("%s (%s)", name, i.Method)
	}
	var out []term
	for _, d := range []term{
		{t.Description, i.Description.In(l)},
		{t.UnitLabel, unitNames[i.Unit].In(l)},
		{t.Numerator, i.Numerator.In(l)},
		{t.Denominator, i.Denominator.In(l)},
		{t.Method, method},
		{t.Caveats, i.Caveats.In(l)},
	} {
		if d.Text != "" {
			out = append(out, d)
		}
	}
	return out
}
