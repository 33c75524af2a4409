package evaluator

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/warehouse"
)

// order is that of the reasoning.
var order = []programme.Measure{
	programme.Cost, programme.OwnCost, programme.CostPerMonth, programme.ExternalFunding, programme.Budget, programme.BudgetExecution, programme.PresentCost,
	programme.CostPerVisit, programme.PlannedPerVisit, programme.CostPerHour, programme.CapacityUsed, programme.CostPerPerson, programme.CostPerNewly, programme.NewlyActiveShare,
	programme.EffectOn, programme.EffectPanel, programme.PreTrend, programme.EffectPermuted,
	programme.ServiceNeed, programme.AvoidedCost, programme.NetSaving, programme.PaysOff, programme.SwitchEffect, programme.SwitchUnitCost,
	programme.CostEffect, programme.NetBenefit, programme.Acceptable,
	programme.Wellbys, programme.WellbyValue, programme.BreakEvenWellbys, programme.SocialReturned,
}

// Tell writes what is stored of a programme, or of all for "", as a reader may see it: a line for each estimate, and with explain all
// that it rests on. It returns how many estimates it told.
func Tell(ctx context.Context, db *warehouse.DB, out io.Writer, id string, explain bool) (told int, err error) {
	rows, err := warehouse.Collect(ctx, db, statement("estimates"), scanEstimate, warehouse.Param("programme", id))
	if err != nil {
		return 0, fmt.Errorf("read estimates: %w", err)
	}
	programmeOf := func(e estimate) string { name, _, _ := strings.Cut(e.id, "/"); return name }
	slices.SortStableFunc(rows, func(a, b estimate) int {
		return cmp.Or(cmp.Compare(programmeOf(a), programmeOf(b)), cmp.Compare(slices.Index(order, a.measure), slices.Index(order, b.measure)),
			cmp.Compare(a.indicator+a.service, b.indicator+b.service), compareRates(a.rate, b.rate))
	})
	var text strings.Builder
	last := ""
	for _, e := range rows {
		if now := programmeOf(e); now != last {
			last = now
			fmt.Fprintf(&text, "%s\n", now)
		}
		e.line(&text)
		if explain {
			e.explain(&text)
		}
	}
	_, err = io.WriteString(out, text.String())
	return len(rows), err
}

func compareRates(a, b float64) int {
	if math.IsNaN(a) || math.IsNaN(b) {
		return 0
	}
	return cmp.Compare(a, b)
}

// line says what the estimate is, or why there is none.
func (e *estimate) line(out *strings.Builder) {
	what := string(e.measure)
	for _, part := range []string{e.indicator, e.service} {
		if part != "" {
			what += " " + part
		}
	}
	if !math.IsNaN(e.rate) {
		what += " at " + percent(e.rate)
	}
	fmt.Fprintf(out, "  %-48s %s\n", what, e.result())
}

func (e *estimate) result() string {
	switch {
	case e.suppressed != "":
		return "protected: it rests on a figure that is"
	case e.status == refused:
		return "no number: " + strings.ReplaceAll(string(e.refusal), "_", " ")
	}
	text := strings.TrimSpace(short(e.value) + " " + e.unit)
	if !math.IsNaN(e.low) && !math.IsNaN(e.high) {
		text += fmt.Sprintf(" (%s to %s)", short(e.low), short(e.high))
	}
	if !math.IsNaN(e.p) {
		text += fmt.Sprintf(", p = %s", short(e.p))
	}
	return text
}

// short writes a number to six digits, and one of thousands to the unit.
func short(x float64) string {
	if math.Abs(x) >= 1000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.6g", x)
}

// explain says what the estimate rests on.
func (e *estimate) explain(out *strings.Builder) {
	line := func(format string, args ...any) { fmt.Fprintf(out, "      "+format+"\n", args...) }
	line("method: %s", e.method)
	compared := "nothing: it says nothing of what the programme caused"
	if e.comparator != "" {
		compared = e.comparator
	}
	line("compared with %s; perspective %s, prices of %d; %s to %s", compared, strings.ReplaceAll(e.perspective, "_", " "), e.priceYear, e.from, e.to)
	if e.draws > 0 {
		line("%d draws, seed %d", e.draws, e.seed)
	}
	for _, in := range e.inputs {
		line("%s", in.String())
	}
	if len(e.flags) > 0 {
		line("caveats: %s", strings.ReplaceAll(strings.Join(e.flags, ", "), "_", " "))
	}
	if e.revision > 0 {
		line("revision %d: %s", e.revision, e.reason)
	}
}

// String says what the input is and where it is from.
func (in input) String() string {
	text := in.name + ": " + short(in.value)
	if in.unit != "" {
		text += " " + in.unit
	}
	if !math.IsNaN(in.low) && in.low != in.high {
		text += fmt.Sprintf(" (%s to %s)", short(in.low), short(in.high))
	}
	if in.placeholder {
		text += ", a PLACEHOLDER"
	}
	return text + " — " + in.source
}
