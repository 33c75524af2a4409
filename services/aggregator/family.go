package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// familyKey is a family in a period in which it is active: a holder of its card has a visit.
type familyKey struct {
	household uuid.UUID
	period    int // index into indicator.PeriodTypes
	start     indicator.Date
}

// familyHome is where a family counts: where the card that was issued last says.
type familyHome struct {
	issued    int64
	pseudonym uuid.UUID
	home      string
}

// families are the active ones. One counts once in a period, however many of it come.
type families map[familyKey]familyHome

func (fs families) put(k familyKey, h familyHome) {
	if was, had := fs[k]; !had || h.issued > was.issued || h.issued == was.issued && compareUUID(h.pseudonym, was.pseudonym) > 0 {
		fs[k] = h
	}
}

// join adds those of other members.
func (fs families) join(others families) {
	for k, h := range others {
		fs.put(k, h)
	}
}

// of is the family that a card is of: the holder's own, where no household is told.
func (c *card) of() uuid.UUID {
	if c.household == uuid.Nil {
		return c.person
	}
	return c.household
}

// addFamily adds the periods in which the person's family is active by the person's visits.
func (p *plan) addFamily(fs families, t *trace) {
	if !slices.ContainsFunc(t.cards, func(h holding) bool { return h.family }) || len(t.steps) == 0 {
		return
	}
	for i, typ := range indicator.PeriodTypes {
		if p.families[i] < 0 {
			continue
		}
		eachPeriod(typ, t.steps, func(start, end indicator.Date, _ []step) {
			if h := heldAt(t.cards, end); h != nil && h.family {
				fs.put(familyKey{h.of(), i, start}, familyHome{h.issued, h.pseudonym, h.home})
			}
		})
	}
}

// addFamilies adds sign × the families to the periods that open admits.
func (p *plan) addFamilies(d *deltas, fs families, open func(indicator.Period) bool, sign int64) {
	for k, h := range fs {
		if !open(indicator.Period{Type: indicator.PeriodTypes[k.period], Start: k.start}) {
			continue
		}
		for _, area := range p.path(h.home) {
			d[k.period].at(spot{k.start, area}).row(p.everybody)[p.families[k.period]] += sign
		}
	}
}

// familyChange is what a person's visits made of families before a refresh, and what they make of them now.
type familyChange struct{ was, is families }

// noteFamilies notes the families of a person who is not what he or she was.
func (a *Aggregator) noteFamilies(w *work, person uuid.UUID, was, is *trace) {
	for _, t := range []*trace{was, is} {
		for _, h := range t.cards {
			if h.family {
				w.households[h.of()] = true
			}
		}
	}
	change := familyChange{families{}, families{}}
	a.plan.addFamily(change.was, was)
	a.plan.addFamily(change.is, is)
	w.families[person] = change
}

// diffFamilies adds what the households of changed persons contribute differently. The other members' visits count, too.
func (a *Aggregator) diffFamilies(ctx context.Context, w *work, g *generation) error {
	was, is := families{}, families{}
	for _, c := range w.families {
		was.join(c.was)
		is.join(c.is)
	}
	for part := range slices.Chunk(sortedPersons(w.households), 2000) {
		if err := a.addMates(ctx, w, part, was, is); err != nil {
			return err
		}
	}
	mine := func(fs families) {
		maps.DeleteFunc(fs, func(k familyKey, _ familyHome) bool { return !w.households[k.household] })
	}
	mine(was)
	mine(is)
	open := func(p indicator.Period) bool { return p.Start >= a.head.limit() }
	a.plan.addFamilies(g.deltas, was, open, -1)
	a.plan.addFamilies(g.deltas, is, open, +1)
	return nil
}

// addMates adds the members of households who are as they were.
func (a *Aggregator) addMates(ctx context.Context, w *work, households []uuid.UUID, was, is families) error {
	mates, err := a.cards(ctx, a.state, "household IN ("+uuids(households)+")")
	if err != nil {
		return err
	}
	maps.DeleteFunc(mates, func(p uuid.UUID, _ []card) bool { _, changed := w.families[p]; return changed })
	for part := range slices.Chunk(sortedPersons(mates), 2000) {
		stored, err := a.knownOf(ctx, part)
		if err != nil {
			return err
		}
		for _, p := range part {
			of := stored[p]
			t := a.plan.traceOf(of, a.history(), a.head.limit())
			same := families{}
			a.plan.addFamily(same, &t)
			was.join(same)
			is.join(same)
		}
	}
	return nil
}
