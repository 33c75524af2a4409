package evaluator

import (
	"strings"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
)

// Names are the measures of what a programme is evaluated to without any evidence.
func Names(p *programme.Programme, rules Rules) (measures []programme.Measure) {
	for _, e := range evaluate(p, &evidence{}, rules) {
		measures = append(measures, e.measure)
	}
	return measures
}

// Effect is what is estimated of an indicator, with the flags.
type Effect struct {
	Value, Low, High, P float64
	Method, Flags       string
	Refusal             programme.Refusal
	Suppressed          string
}

// EffectOf estimates the effect on an indicator from waves of figures: of each area and day of a wave value and limits.
func EffectOf(p *programme.Programme, rules Rules, figures map[string]map[indicator.Date][3]float64, today indicator.Date) Effect {
	e := &evidence{Today: today}
	for area, waves := range figures {
		for start, f := range waves {
			e.Figures = append(e.Figures, figure{
				Indicator: p.Effects[0].Indicator, Area: area, Period: indicator.Period{Type: indicator.Wave, Start: start}, Wave: start.String(),
				Value: f[0], Lower: f[1], Upper: f[2], Status: "final",
			})
		}
	}
	return ofMeasure(p, e, rules, programme.EffectOn)
}

// Change is how the same persons' answers changed: mean, Student's limits, and how many they are; Hidden is protected.
type Change struct {
	Mean, Low, High float64
	Persons         int64
	Hidden          bool
}

// PanelOf estimates the effect on an indicator from changes of the same persons between two waves, by area.
func PanelOf(p *programme.Programme, rules Rules, changes map[string]Change, waves [2]indicator.Date) Effect {
	e := &evidence{Today: waves[1] + 100}
	for area, c := range changes {
		row := change{
			Indicator: p.Effects[0].Indicator, Area: area, Before: "a", Wave: "b", BeforeStart: waves[0], Start: waves[1],
			Value: c.Mean, Lower: c.Low, Upper: c.High, Persons: c.Persons, Status: "final",
		}
		if c.Hidden {
			row.Suppressed = "protected"
		}
		e.Changes = append(e.Changes, row)
	}
	return ofMeasure(p, e, rules, programme.EffectPanel)
}

func ofMeasure(p *programme.Programme, e *evidence, rules Rules, m programme.Measure) Effect {
	for _, x := range evaluate(p, e, rules) {
		if x.measure == m {
			return Effect{x.value, x.low, x.high, x.p, x.method, strings.Join(x.flags, ","), x.refusal, x.suppressed}
		}
	}
	return Effect{}
}
