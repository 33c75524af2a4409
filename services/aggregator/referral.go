package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// origin is where a referral counts: at the session that the check-in names, else at the visit's own.
type origin struct{ area, activity, provider string }

// referralRow says that a visit names a session: a row of vointi_internal.referrals.
type referralRow struct {
	origin  string
	person  uuid.UUID
	session string
	deleted bool
}

// refer notes that a visit names another origin than before.
func (g *generation) refer(before, after visit) {
	if before.referral == after.referral {
		return
	}
	if before.referral != "" {
		g.referrals = append(g.referrals, referralRow{before.referral, before.person, before.session, true})
	}
	if after.referral != "" {
		g.referrals = append(g.referrals, referralRow{after.referral, after.person, after.session, false})
	}
}

// resolve places a referral; of is the session that it names, nil if there is none.
func (v *visit) resolve(of *session) {
	switch {
	case v.referral == "":
		v.origin = origin{}
	case of == nil:
		v.origin = origin{v.area, v.activity, v.provider}
	default:
		v.origin = origin{of.area, of.activity, of.provider}
	}
}

// resolveOrigins places the referrals of the sessions that are looked at.
func (a *Aggregator) resolveOrigins(ctx context.Context, w *work, after map[string]*session) error {
	elsewhere := map[string]bool{}
	for _, s := range after {
		for _, v := range s.visits {
			if v.referral != "" && !w.sessions[v.referral] {
				elsewhere[v.referral] = true
			}
		}
	}
	named, err := a.state.sessionsNamed(ctx, slices.Sorted(maps.Keys(elsewhere)))
	if err != nil {
		return err
	}
	for _, s := range after {
		for i := range s.visits {
			v := &s.visits[i]
			if of := named[v.referral]; of != nil {
				v.resolve(of)
			} else {
				v.resolve(after[v.referral])
			}
		}
	}
	return nil
}

// addReferred adds the persons whose visits name a session that is not what it was.
func (a *Aggregator) addReferred(ctx context.Context, before, after map[string]*session, persons map[uuid.UUID]bool) error {
	changed := changedSessions(before, after)
	if len(changed) == 0 {
		return nil
	}
	return warehouse.Each(ctx, a.db, a.state.statement("referrals", "origins", literals(changed)), func(row func(...any) error) error {
		var person uuid.UUID
		err := row(&person)
		persons[person] = true
		return err
	})
}

// changedSessions returns the sessions whose area, type or provider is not what it was, or that came or went.
func changedSessions(before, after map[string]*session) []string {
	var changed []string
	for id := range union(before, after) {
		if !before[id].sameTraits(after[id]) {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	return changed
}

// referrals counts the visits that somebody was referred to, or the square of their number, at each origin.
func (c *contribution) referrals(m *personMeasure) {
	var counts []referralCount
	for i := range c.steps {
		s := &c.steps[i]
		for _, area := range s.origin {
			b := c.out.at(spot{c.start, area})
			counts = countReferral(counts, b, c.plan.everybody)
			for d, along := range m.along {
				if along && indicator.PeriodTypes[c.period].Detailed() {
					counts = countReferral(counts, b, s.origins[d])
				}
			}
		}
	}
	for _, of := range counts {
		of.block.row(of.facet)[m.measure] += c.sign * power(of.n, m.squares)
	}
}

type referralCount struct {
	block *block
	facet facet
	n     int64
}

func countReferral(counts []referralCount, b *block, f facet) []referralCount {
	for i := range counts {
		if counts[i].block == b && counts[i].facet == f {
			counts[i].n++
			return counts
		}
	}
	return append(counts, referralCount{b, f, 1})
}
