package dashboardstest

import (
	"fmt"
	"time"
)

// Programme is the programme of the fixture, and Practice its good practice.
const (
	Programme = "pitstoppi-kuusamo"
	Practice  = "pitstoppi"
)

type programmeRow struct {
	Programme       string            `ch:"programme"`
	Name            map[string]string `ch:"name"`
	TargetGroup     map[string]string `ch:"target_group"`
	Project         string            `ch:"project"`
	Areas           []string          `ch:"areas"`
	ComparisonAreas []string          `ch:"comparison_areas"`
	Starts          time.Time         `ch:"starts"`
	Funders         []string          `ch:"funders"`
	Perspective     string            `ch:"perspective"`
	PriceYear       uint16            `ch:"price_year"`
	DiscountRate    float64           `ch:"discount_rate"`
	Refusal         string            `ch:"refusal"`
	ComputedAt      time.Time         `ch:"computed_at"`
	Version         uint64            `ch:"version"`
}

type estimateRow struct {
	ID           string     `ch:"estimate_id"`
	Programme    string     `ch:"programme"`
	Measure      string     `ch:"measure"`
	Indicator    string     `ch:"indicator"`
	Service      string     `ch:"service"`
	Comparator   string     `ch:"comparator"`
	Perspective  string     `ch:"perspective"`
	PriceYear    uint16     `ch:"price_year"`
	DiscountRate *float64   `ch:"discount_rate"`
	FromDay      time.Time  `ch:"from_day"`
	ToDay        time.Time  `ch:"to_day"`
	Estimate     *float64   `ch:"estimate"`
	Low          *float64   `ch:"low"`
	High         *float64   `ch:"high"`
	P            *float64   `ch:"p"`
	Unit         string     `ch:"unit"`
	Draws        uint32     `ch:"draws"`
	Seed         uint64     `ch:"seed"`
	Method       string     `ch:"method"`
	Status       string     `ch:"status"`
	Suppressed   string     `ch:"suppressed"`
	Refusal      string     `ch:"refusal"`
	Flags        []string   `ch:"flags"`
	InputName    []string   `ch:"inputs.name"`
	InputValue   []*float64 `ch:"inputs.value"`
	InputLow     []*float64 `ch:"inputs.low"`
	InputHigh    []*float64 `ch:"inputs.high"`
	InputUnit    []string   `ch:"inputs.unit"`
	InputSource  []string   `ch:"inputs.source"`
	Placeholder  []bool     `ch:"inputs.placeholder"`
	ComputedAt   time.Time  `ch:"computed_at"`
	Version      uint64     `ch:"version"`
}

type pointRow struct {
	EstimateID  string     `ch:"estimate_id"`
	Programme   string     `ch:"programme"`
	Series      string     `ch:"series"`
	Position    uint16     `ch:"position"`
	Label       string     `ch:"label"`
	X           *float64   `ch:"x"`
	PeriodStart *time.Time `ch:"period_start"`
	Value       *float64   `ch:"value"`
	Low         *float64   `ch:"low"`
	High        *float64   `ch:"high"`
	P           *float64   `ch:"p"`
	InputLow    *float64   `ch:"input_low"`
	InputHigh   *float64   `ch:"input_high"`
	InputUnit   string     `ch:"input_unit"`
	Version     uint64     `ch:"version"`
}

type practiceRow struct {
	Scope      string            `ch:"scope"`
	Hash       uint64            `ch:"hash"`
	ID         string            `ch:"id"`
	Time       time.Time         `ch:"time"`
	Name       map[string]string `ch:"name"`
	Indicators []string          `ch:"indicators"`
	Estimates  []string          `ch:"estimates"`
	CellRow    []string          `ch:"cells.row"`
	CellColumn []string          `ch:"cells.column"`
	Language   []string          `ch:"cells.language"`
	Text       []string          `ch:"cells.text"`
	LinkRow    []string          `ch:"links.row"`
	LinkColumn []string          `ch:"links.column"`
	LinkKind   []string          `ch:"links.kind"`
	LinkedID   []string          `ch:"links.id"`
}

// computedAt is when the estimates were made.
var computedAt = time.Date(LastYear+1, 1, 15, 5, 30, 0, 0, time.UTC)

func number(x float64) *float64 { return &x }

func day(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

func programmeRows() []programmeRow {
	return []programmeRow{{
		Programme: Programme, Name: texts("Pitstoppi, Kuusamo", "Pitstoppi, Kuusamo", "Pitstoppi in Kuusamo"), TargetGroup: texts("pitkäaikaistyöttömät", "långtidsarbetslösa", "long-term unemployed"),
		Project: "pitstoppi-KU305", Areas: []string{"KU305"}, ComparisonAreas: []string{"KU208"}, Starts: day(2024, 1), Funders: []string{"STEA"}, Perspective: "society",
		PriceYear: 2024, DiscountRate: 0.035, ComputedAt: computedAt, Version: 1,
	}}
}

// estimateOf is an estimate of the fixture's programme, without a number.
func estimateOf(measure, of, unit, method string, flags ...string) estimateRow {
	e := estimateRow{
		ID: Programme + "/" + measure, Programme: Programme, Measure: measure, Comparator: "KU208", Perspective: "society", PriceYear: 2024, FromDay: day(2024, 1), ToDay: day(2024, 12),
		Unit: unit, Method: method, Status: "estimated", Flags: flags, ComputedAt: computedAt, Version: 1,
	}
	if of != "" {
		e.ID, e.Indicator = e.ID+"/"+of, of
	}
	return e
}

func (e estimateRow) of(value, low, high float64) estimateRow {
	e.Estimate, e.Low, e.High = number(value), number(low), number(high)
	return e
}

func (e estimateRow) resting(name string, value float64, low, high *float64, unit, source string, placeholder bool) estimateRow {
	e.InputName, e.InputValue, e.InputLow, e.InputHigh = append(e.InputName, name), append(e.InputValue, number(value)), append(e.InputLow, low), append(e.InputHigh, high)
	e.InputUnit, e.InputSource, e.Placeholder = append(e.InputUnit, unit), append(e.InputSource, source), append(e.Placeholder, placeholder)
	return e
}

func estimateRows() []estimateRow {
	effect := estimateOf("effect", "participation-reach", "%", "DID, panel of areas", "area_shocks_not_covered").of(4.1, 1.2, 7)
	effect.P = number(0.006)
	cost := estimateOf("cost-per-visit", "", "€", "ratio estimator", "descriptive").of(63.46, 49.94, 76.99).resting("cost", 14_520, nil, nil, "€", "cost entries", false)
	cost.Comparator = ""
	avoided := estimateOf("avoided-service-cost", "", "€", "−δ × residents × unit cost", "placeholder", "poisson_assumed").of(25_000, 5_947, 44_053).
		resting("unit cost of T11", 100, number(60), number(150), "€", "example", true)
	avoided.ID, avoided.Service = avoided.ID+"/T11", "T11"
	saving := estimateOf("net-saving", "", "€", "avoided cost − programme cost, Monte Carlo", "placeholder").of(10_480, -8_600, 29_500).
		resting("unit cost of T11", 100, number(60), number(150), "€", "example", true)
	saving.ID, saving.DiscountRate, saving.Draws, saving.Seed = saving.ID+"@3.5%", number(0.035), 10_000, 2026
	hidden := estimateOf("cost-per-newly-active", "", "€", "cost over units", "descriptive")
	hidden.Suppressed = "protected"
	refused := estimateOf("effect", "qol-good-share", "%", "DID")
	refused.Status, refused.Refusal = "refused", "no_pre_period"
	ratio := estimateOf("icer", "participation-reach", "€ a person", "ICER, Fieller", "costlier").of(23.6, 13.8, 81.1)
	return []estimateRow{effect, cost, avoided, saving, hidden, refused, ratio}
}

func pointOf(estimate, series string, position int) pointRow {
	return pointRow{EstimateID: Programme + "/" + estimate, Programme: Programme, Series: series, Position: uint16(position), Version: 1}
}

func pointRows() []pointRow {
	var rows []pointRow
	for i, value := range []float64{71.2, 66.9, 61.3, 60.1} {
		p, start := pointOf("cost-per-visit", "by_period", i), day(2024, 1+3*i)
		p.Label, p.X, p.PeriodStart = start.Format(time.DateOnly), number(2024+float64(i)/4), &start
		p.Value, p.Low, p.High = number(value), number(value-12), number(value+12)
		rows = append(rows, p)
	}
	for i, value := range []float64{0.3, 0, 2.8, 4.4} {
		p, start := pointOf("effect/participation-reach", "event_study", i), day(2023, 7).AddDate(0, 3*i, 0)
		p.Label, p.X, p.PeriodStart, p.Value = start.Format(time.DateOnly), number(float64(i-2)), &start, number(value)
		if i != 1 {
			p.Low, p.High, p.P = number(value-2), number(value+2), number(0.04)
		}
		rows = append(rows, p)
	}
	for i, bar := range [][4]float64{{-8_600, 29_500, -0.44, -0.06}, {480, 22_980, 60, 150}} {
		p := pointOf("net-saving@3.5%", "tornado", i)
		p.Label, p.Value, p.Low, p.High = []string{"effect on T11", "unit cost of T11"}[i], number(10_480), number(bar[0]), number(bar[1])
		p.InputLow, p.InputHigh, p.InputUnit = number(bar[2]), number(bar[3]), []string{"contacts a resident", "€"}[i]
		rows = append(rows, p)
	}
	for i, value := range []float64{-12_300, 10_480, 51_200} {
		p := pointOf("net-saving@3.5%", "scenario", i)
		p.Label, p.Value = []string{"low", "base", "high"}[i], number(value)
		rows = append(rows, p)
	}
	for i := range 5 {
		p := pointOf("icer/participation-reach", "acceptability", i)
		p.X, p.Value = number(25*float64(i)), number([]float64{0.01, 0.55, 0.86, 0.94, 0.97}[i])
		rows = append(rows, p)
	}
	return rows
}

func practiceRows() []practiceRow {
	r := practiceRow{
		Scope: Practice, Hash: 1, ID: "1", Time: computedAt, Name: texts("Pitstoppi", "Pitstoppi", "Pitstoppi"), Indicators: []string{"sessions-held", "referrals"}, Estimates: []string{},
		LinkRow: []string{"client", "society", "service"}, LinkColumn: []string{"results", "results", "results"}, LinkKind: []string{"indicator", "estimate", "indicator"},
		LinkedID: []string{"loneliness-share", fmt.Sprint(Programme, "/avoided-service-cost/T11"), "referrals"},
	}
	for _, cell := range [][5]string{
		{"client", "problem", "yksinäisyys", "ensamhet", "loneliness"},
		{"client", "results", "osallisuus", "delaktighet", "inclusion"},
		{"service", "solution", "ryhmä kerran viikossa", "grupp en gång i veckan", "a group once a week"},
		{"society", "results", "kulut pienenevät", "lägre kostnader", "lower costs"},
	} {
		for i, language := range []string{"fi", "sv", "en"} {
			r.CellRow, r.CellColumn = append(r.CellRow, cell[0]), append(r.CellColumn, cell[1])
			r.Language, r.Text = append(r.Language, language), append(r.Text, cell[2+i])
		}
	}
	return []practiceRow{r}
}
