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
	x := evaluate(p, e, rules)
	for _, x := range x {
		if x.measure == programme.EffectOn {
			return Effect{x.value, x.low, x.high, x.p, x.method, strings.Join(x.flags, ","), x.refusal}
		}
	}
	return Effect{}
}
