package aggregator

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
	"vointi.fi/pkg/warehouse"
)

// Nothing counted is 0 only where somebody counts: a municipality that has no cards has not reached nobody. What an indicator counts
// is known since the first quarter in which anything of its kind was anywhere in the country; before that, and where nothing of the
// kind ever was, a figure of nothing is no data.

// evidence is, of what may be counted as 0, the measure that shows that it is counted at all.
var evidence = map[indicator.Measure]indicator.Measure{
	indicator.Visits: indicator.Visits, indicator.AnonymousVisits: indicator.Visits,

	indicator.Referrals: indicator.Participants, indicator.Participants: indicator.Participants, indicator.ResidentParticipants: indicator.Participants,
	indicator.ResidentVisits: indicator.Participants, indicator.NewlyActive: indicator.Participants, indicator.ActiveCardHolders: indicator.Participants,
	indicator.ActiveFamilies: indicator.Participants,

	indicator.SessionsHeld: indicator.SessionsPlanned, indicator.Volunteers: indicator.VolunteerShifts, indicator.VolunteerHours: indicator.VolunteerShifts,
	indicator.MediaHits: indicator.MediaHits, indicator.PlatformVisits: indicator.PlatformVisits, indicator.PlatformMessages: indicator.PlatformVisits,
	indicator.ActivePartners: indicator.RegisterEntries, indicator.Agreements: indicator.RegisterEntries,
	indicator.CostPerVisit: actualCosts, indicator.CostCents: actualCosts,
}

const actualCosts indicator.Measure = "cost_cents[kind=actual]"

// evident are the measures of evidence.
var evident = func() map[indicator.Measure]bool {
	all := map[indicator.Measure]bool{}
	for _, m := range evidence {
		all[m] = true
	}
	return all
}()

// fedSince tells of each measure of evidence the first quarter in which there is any.
type fedSince map[indicator.Measure]indicator.Date

// loadFed reads since when there has been what.
func (a *Aggregator) loadFed(ctx context.Context) (fedSince, error) {
	var measures []string
	for m := range evident {
		measures = append(measures, string(m))
	}
	fed := fedSince{}
	err := warehouse.Each(ctx, a.db, a.state.statement("fed", "country", quote(country), "measures", literals(measures)), func(row func(...any) error) error {
		var m string
		var first int32
		err := row(&m, &first)
		fed[indicator.Measure(m)] = indicator.Date(first)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is counted: %w", err)
	}
	return fed, nil
}

// noteFed has all periods published anew if changed cells may move the first quarter of something.
func (a *Aggregator) noteFed(g *generation) {
	moves := slices.ContainsFunc(g.cells, func(c cell) bool {
		m := a.plan.measures[c.key.measure]
		if c.key.area != a.plan.country || indicator.PeriodTypes[c.key.period] != indicator.Quarter || !evident[m] || a.plan.facetOf(c.key).dimension != 0 {
			return false
		}
		first, known := a.fed[m]
		return c.value != 0 && (!known || c.key.start < first) || c.value == 0 && known && c.key.start == first
	})
	if !moves {
		return
	}
	reason := reasonLate
	if g.erasure {
		reason = reasonErasure
	}
	g.fed, g.head.PublishAll = true, cmp.Or(g.head.PublishAll, reason)
}

// counted reports whether what the entry counts was counted in a period.
func (f fedSince) counted(e *indicator.Entry, p indicator.Period) bool {
	m := evidence[e.Counts()]
	first, known := f[m]
	return m == "" || known && first < p.End()
}

// uncounted turns a figure of nothing into no data.
func uncounted(v indicator.Value) indicator.Value {
	nan := math.NaN()
	v.Value, v.Numerator, v.Denominator, v.Crude, v.EffectiveSize = nan, nan, nan, nan, nan
	v.I95, v.I998, v.NoData = stats.Undefined, stats.Undefined, true
	return v
}
