package costeffect

import (
	"math"

	"vointi.fi/pkg/stats"
)

// PerUnit returns a cost over what it brought about: visits, participants, hours, newly active residents. The limits are those of
// the units turned round, so they are right for a cost that is known and units that are estimated; where both vary together, as
// over sessions, take [stats.Ratio]. SE is NaN.
//
// Errors: [stats.ErrInput] for a cost that is negative or not finite, or negative units; [stats.ErrNotCalculable] for no units: a
// cost that brought nothing about has no price.
func PerUnit(cost float64, units stats.Estimate) (stats.Estimate, error) {
	none := stats.Estimate{Value: math.NaN(), SE: math.NaN(), Interval: stats.Undefined}
	if !finite(cost, units.Value) || cost < 0 || units.Value < 0 {
		return none, inputError("cost %v for %v units", cost, units.Value)
	}
	if units.Value == 0 {
		return none, notCalculable("cost %v for no units", cost)
	}
	return stats.Estimate{Value: cost / units.Value, SE: math.NaN(), Interval: units.Over(cost)}, nil
}
