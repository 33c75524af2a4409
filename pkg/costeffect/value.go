package costeffect

import (
	"math"

	"vointi.fi/pkg/stats"
)

// Wellbeing is a change of life satisfaction on the scale of 0 to 10. A WELLBY is one point for one person for one year.
type Wellbeing struct {
	Change  stats.Estimate // of the mean, by a difference in differences: a change of participants alone is none
	Persons float64
	Years   float64
}

// Wellbys returns the points × persons × years. HM Treasury, Wellbeing Guidance for Appraisal, 2021. Errors: [stats.ErrInput]
// for a change beyond the scale, or negative persons or years.
func (w Wellbeing) Wellbys() (stats.Estimate, error) {
	if !(math.Abs(w.Change.Value) <= 10) || !finite(w.Persons, w.Years) || w.Persons < 0 || w.Years < 0 {
		return stats.Estimate{Value: math.NaN(), SE: math.NaN(), Interval: stats.Undefined}, inputError("wellbeing %+v", w)
	}
	return w.Change.Scale(w.Persons * w.Years), nil
}

// BreakEven returns how many units of a value pay for a cost. Errors: [stats.ErrInput] for a cost that is negative or not
// finite, or a value that is not above 0.
func BreakEven(cost, value float64) (float64, error) {
	if !finite(cost, value) || cost < 0 || value <= 0 {
		return math.NaN(), inputError("break-even of cost %v at value %v", cost, value)
	}
	return cost / value, nil
}

// Outcome is one thing that a programme brings about, as social return on investment counts it. Shares are 0 to 1.
type Outcome struct {
	Quantity     float64 // units in the first year: persons times what each gains
	Proxy        float64 // money a unit is worth
	Deadweight   float64 // share that would have come about anyway
	Attribution  float64 // share that this programme, not others, brought about
	Displacement float64 // share that was lost elsewhere
	DropOff      float64 // share of the value that goes each further year
	Years        int     // for how many years it lasts; 1: only the first
}

func (o Outcome) validate() error {
	for _, share := range []float64{o.Deadweight, o.Attribution, o.Displacement, o.DropOff} {
		if !(share >= 0 && share <= 1) {
			return inputError("outcome %+v: a share outside of 0 to 1", o)
		}
	}
	if !finite(o.Quantity, o.Proxy) || o.Years < 1 {
		return inputError("outcome %+v", o)
	}
	return nil
}

// values are those of each year, the first now.
func (o Outcome) values() []float64 {
	values := make([]float64, o.Years)
	value := o.Quantity * o.Proxy * (1 - o.Deadweight) * o.Attribution * (1 - o.Displacement)
	for t := range values {
		values[t] = value
		value *= 1 - o.DropOff
	}
	return values
}

// SROI is the social return on investment.
type SROI struct{ Benefits, Inputs, Ratio float64 }

// SocialReturn returns the present value of outcomes over that of inputs, both by year from now:
//
//	Σ quantity × proxy × (1 − deadweight) × attribution × (1 − displacement), less the drop-off of each year
//
// A Guide to Social Return on Investment, 2012. Errors: [stats.ErrInput] for impossible outcomes, inputs or a rate;
// [stats.ErrNotCalculable], with the benefits, when inputs are worth nothing or less.
func SocialReturn(outcomes []Outcome, inputs []float64, rate Rate) (SROI, error) {
	none := SROI{math.NaN(), math.NaN(), math.NaN()}
	var r SROI
	for _, o := range outcomes {
		if err := o.validate(); err != nil {
			return none, err
		}
		value, err := rate.PresentValue(o.values())
		if err != nil {
			return none, err
		}
		r.Benefits += value
	}
	var err error
	if r.Inputs, err = rate.PresentValue(inputs); err != nil {
		return none, err
	}
	if r.Ratio = r.Benefits / r.Inputs; r.Inputs <= 0 {
		r.Ratio = math.NaN()
		return r, notCalculable("inputs worth %v", r.Inputs)
	}
	return r, nil
}
