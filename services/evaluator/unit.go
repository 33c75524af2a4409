package evaluator

import (
	"errors"
	"math"
	"slices"

	"vointi.fi/pkg/costeffect"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/stats"
)

// tally is what published rows of an indicator sum to over the areas and periods of a programme.
type tally struct {
	numerator, denominator float64
	variance               float64 // of the ratio, the periods' denominators taken as given; NaN: unknown
	rows                   []*figure
	partial, provisional   bool
	incomplete             bool
	flags                  []string // of the rows
}

const published = "vointi.indicators"

// slice is which rows of an indicator are about the programme.
type slice struct {
	areas     []string
	dimension string
	members   []string
	types     []indicator.PeriodType // the longest first
}

// ofProgramme are the rows about its sessions.
func (w *work) ofProgramme(types ...indicator.PeriodType) (slice, error) {
	s := w.p.Sessions
	if s == nil {
		return slice{}, refuse(programme.MissingFigures)
	}
	areas := s.Areas
	if len(areas) == 0 {
		areas = w.d.areas
	}
	if s.Dimension == "" {
		return slice{areas, "", []string{"all"}, types}, nil
	}
	return slice{areas, s.Dimension, s.Members, types}, nil
}

// sum adds up what is published of an indicator within the programme. Where a dimension singles its sessions out, periods count that
// lie only in part within it: the rest is of nobody else. A protected row leaves nothing.
func (w *work) sum(id string, s slice) (t tally, err error) {
	from, until := w.d.starts, w.d.until(w.e.Today)
	if from == 0 {
		return t, refuse(programme.NoStart)
	}
	if s.dimension != "" {
		longest := s.types[0]
		from, until = longest.First(from), longest.End(longest.First(until-1))
	}
	for _, area := range s.areas {
		for _, member := range s.members {
			if err := w.cover(&t, id, area, s.dimension, member, from, until, s.types); err != nil {
				return t, err
			}
		}
	}
	if len(t.rows) == 0 {
		return t, refuse(programme.MissingFigures)
	}
	t.rate()
	return t, nil
}

// cover adds the rows of the longest periods that lie within from and until, and of shorter ones for what is left or has none.
func (w *work) cover(t *tally, id, area, dimension, member string, from, until indicator.Date, types []indicator.PeriodType) error {
	if from >= until {
		return nil
	}
	if len(types) == 0 {
		t.partial = true
		return nil
	}
	typ := types[0]
	begin := typ.First(from)
	if begin < from {
		begin = typ.End(begin)
	}
	if begin >= until || typ.End(begin) > until {
		return w.cover(t, id, area, dimension, member, from, until, types[1:])
	}
	if err := w.cover(t, id, area, dimension, member, from, begin, types[1:]); err != nil {
		return err
	}
	at := begin
	for ; typ.End(at) <= until; at = typ.End(at) {
		f := w.find(id, area, dimension, member, indicator.Period{Type: typ, Start: at})
		err := t.add(f)
		if f == nil && len(types) > 1 {
			err = w.cover(t, id, area, dimension, member, at, typ.End(at), types[1:])
		}
		if err != nil {
			return err
		}
	}
	return w.cover(t, id, area, dimension, member, at, until, types[1:])
}

func (t *tally) add(f *figure) error {
	switch {
	case f == nil:
		return nil
	case f.protected():
		return errProtected
	}
	t.flags = append(t.flags, f.Flags...)
	t.incomplete = t.incomplete || f.incomplete()
	if math.IsNaN(f.Numerator) && math.IsNaN(f.Value) {
		return nil
	}
	t.rows = append(t.rows, f)
	t.provisional = t.provisional || f.Status == "provisional"
	return nil
}

// rate sums the rows, with the variance of the ratio of the sums: each period's share of the denominator times its standard error.
func (t *tally) rate() {
	for _, f := range t.rows {
		t.numerator += f.Numerator
		t.denominator += f.Denominator
	}
	for _, f := range t.rows {
		se := f.Denominator / t.denominator * standardError(f)
		t.variance += se * se
	}
}

// standardError is that of a published value, from its limits.
func standardError(f *figure) float64 { return (f.Upper - f.Lower) / (2 * stats.Level95.Z()) }

func (w *work) find(id, area, dimension, member string, p indicator.Period) *figure {
	i := slices.IndexFunc(w.e.Figures, func(f figure) bool {
		return f.Indicator == id && f.Area == area && f.Dimension == dimension && f.Member == member && f.Period == p
	})
	if i < 0 {
		return nil
	}
	return &w.e.Figures[i]
}

// note puts onto an estimate what is to be known of the rows.
func (t *tally) note(x *estimate) {
	if t.partial {
		x.flag(programme.FlagPartial)
	}
	if t.provisional {
		x.flag(programme.FlagProvisional)
	}
	if t.incomplete {
		x.flag(programme.FlagIncomplete)
	}
	if slices.Contains(t.flags, programme.FlagUnallocated) {
		x.flag(programme.FlagUnallocated)
	}
}

// units is what a unit of what the programme brought about cost.
func (w *work) units() {
	w.ratio(programme.CostPerVisit, "€", "costs allocated to its sessions", "visits of those sessions", indicator.Year, indicator.Quarter)
	w.ratio(programme.CostPerHour, "€", "costs allocated to its sessions", "participant-hours of those sessions", indicator.Year, indicator.Quarter)
	w.ratio(programme.CapacityUsed, "%", "attendance", "capacity", indicator.Year, indicator.Quarter, indicator.Month)
	w.perPerson()
}

// ratio is the sums of numerator and denominator of an indicator of the same name.
func (w *work) ratio(m programme.Measure, unit, numerator, denominator string, types ...indicator.PeriodType) {
	x := w.add(m, unit, "RATIO of the sums of published periods")
	s, err := w.ofProgramme(types...)
	var t tally
	if err == nil {
		t, err = w.sum(string(m), s)
	}
	if err == nil && !(t.denominator > 0) {
		err = refuse(programme.NotCalculable)
	}
	if err != nil {
		x.fail(err)
		return
	}
	scale, money := 1., unit
	if unit == "%" {
		scale, money = 100, "" // people in places, of whom the share is
	}
	x.value = scale * t.numerator / t.denominator
	half := stats.Level95.Z() * math.Sqrt(t.variance)
	x.low, x.high = x.value-half, x.value+half
	x.use(exact(numerator, t.numerator, money, published), exact(denominator, t.denominator, "", published))
	t.note(x)
	w.pointsOf(x, s)
}

// pointsOf draws an indicator over time: its shortest periods, as published.
func (w *work) pointsOf(x *estimate, s slice) {
	if len(s.areas) != 1 || len(s.members) != 1 {
		return
	}
	shortest := s.types[len(s.types)-1]
	for i := range w.e.Figures {
		f := &w.e.Figures[i]
		if f.Indicator != string(x.measure) || f.Area != s.areas[0] || f.Dimension != s.dimension || f.Member != s.members[0] || f.Period.Type != shortest || !f.known() {
			continue
		}
		p := newPoint(byPeriod, len(x.points))
		p.x, p.start, p.label = 1970+float64(f.Period.Start)/365.2425, f.Period.Start, f.Period.Start.String()
		p.value, p.low, p.high = f.Value, f.Lower, f.Upper
		x.points = append(x.points, p)
	}
}

// perPerson is the cost of a participant and of a resident who became newly active.
func (w *work) perPerson() {
	participants, participantsErr := w.participants()
	newly, newlyErr := w.newly()
	for _, c := range []struct {
		m     programme.Measure
		units stats.Estimate
		err   error
		use   []input
		tally tally
	}{
		{programme.CostPerPerson, known(participants.numerator), participantsErr, []input{w.peopleInput(participants)}, participants},
		{programme.CostPerNewly, newlyUnits(newly, participants, participantsErr), newlyErr, []input{w.newlyInput(newly)}, newly},
	} {
		x := w.add(c.m, "€", "cost over units")
		x.use(append([]input{w.spent()}, c.use...)...)
		c.tally.note(x)
		if c.m == programme.CostPerPerson && len(c.tally.rows) > 1 {
			x.flag(programme.FlagYearly)
		}
		per, err := costeffect.PerUnit(w.books.total, c.units)
		if err = errors.Join(c.err, w.books.err, err); err != nil {
			x.fail(err)
			continue
		}
		x.set(per)
	}
	w.newlyShare(newly, participants, errors.Join(newlyErr, participantsErr))
}

func (w *work) newlyShare(newly, participants tally, err error) {
	x := w.add(programme.NewlyActiveShare, "%", "PROP, Wilson")
	x.use(w.newlyInput(newly), w.peopleInput(participants))
	var share stats.Estimate
	if err == nil {
		share, err = stats.Proportion(newly.numerator, participants.numerator, stats.Level95)
	}
	newly.note(x)
	if err != nil {
		x.fail(err)
		return
	}
	x.set(share.Scale(100))
}

func (w *work) peopleInput(t tally) input {
	return exact("participants", t.numerator, "", published+" "+uniqueParticipants)
}

func (w *work) newlyInput(t tally) input {
	return exact("newly active residents", t.numerator, "", published+" "+newlyActive)
}

// participants are counted once in each calendar year.
func (w *work) participants() (tally, error) {
	s, err := w.ofProgramme(indicator.Year)
	if err != nil {
		return tally{}, err
	}
	return w.sum(uniqueParticipants, s)
}

func (w *work) newly() (tally, error) {
	return w.sum(newlyActive, slice{w.d.areas, "", []string{"all"}, []indicator.PeriodType{indicator.Year, indicator.Quarter, indicator.Month}})
}

// newlyUnits are those residents with the limits of their share of the participants, or of a count where that is not known.
func newlyUnits(newly, participants tally, err error) stats.Estimate {
	n := participants.numerator
	if err == nil && newly.numerator <= n && n > 0 {
		if share, err := stats.Proportion(newly.numerator, n, stats.Level95); err == nil {
			return share.Scale(n)
		}
	}
	units := known(newly.numerator)
	if limits, err := stats.Count(newly.numerator, stats.Level95); err == nil {
		units.Interval = limits
	}
	return units
}

// known is a number that is not estimated.
func known(x float64) stats.Estimate {
	return stats.Estimate{Value: x, SE: 0, Interval: stats.Interval{Lower: x, Upper: x}}
}
