package indicator

import (
	"math"
	"slices"

	"vointi.fi/pkg/stats"
)

// FlagDataGap marks figures that lack the sessions of a silent venue: they are provisional, and none of them is 0.
const FlagDataGap = "data_gap"

// What venues tell: who came, and that something was held at all.
var (
	ofWhoCame = []Measure{
		Visits, CardVisits, AnonymousVisits, Referrals, Participants, VisitsOfPersons, FirstTimers, Recent, Regulars, Newcomers, Retained,
		SessionsFull, Occupancy, CostPerVisit, CostPerHour,
	}
	ofWhatWasHeld = []Measure{SessionsHeld, SessionsCancelled, SessionsPlanned}
)

// Missing returns the measure of the sessions that the value lacks as long as their venues are silent; "" if it does not depend on
// what venues tell, or speaks of meetings only, to which nobody checks in.
func (e *Entry) Missing() Measure {
	missing := Measure("")
	for _, t := range []Term{e.Numerator, e.Denominator} {
		switch classes, ok := t.Where["class"]; {
		case ok && !slices.Contains(classes, TakingPart):
		case slices.Contains(ofWhoCame, t.Measure):
			return SessionsSilent
		case slices.Contains(ofWhatWasHeld, t.Measure):
			missing = SessionsUnheard
		}
	}
	return missing
}

// TakingPart is the class of the sessions of the calendar of which visits are told, and of those that have none.
const TakingPart = "participation"

// Gapped is a value that lacks the sessions of a silent venue. What was counted besides is a lower bound, and of nothing it is not
// known whether it is nothing.
func (e *Entry) Gapped(v Value) Value {
	if m := e.Denominator.Measure; v.Value == 0 && (m == "" || m == Population) {
		nan := math.NaN()
		v.Value, v.Numerator, v.Crude, v.EffectiveSize = nan, nan, nan, nan
		v.I95, v.I998 = stats.Undefined, stats.Undefined
	}
	v.NoData = false
	v.Flags = append(v.Flags, FlagDataGap)
	return v
}
