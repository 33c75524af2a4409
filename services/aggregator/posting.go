package aggregator

import (
	"context"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// posted are the families that add amounts to measures, with the statement that says which. A family is added by a statement
// like theirs, which returns for some scopes what [posting] holds, and a line here.
var posted = map[event.Family]string{
	event.MediaHitFamily:  "post_media_hits",
	event.PlatformFamily:  "post_platform",
	event.PartnerFamily:   "post_partners",
	event.AgreementFamily: "post_agreements",
	event.VenueFamily:     "post_venues",
	event.ImportedFamily:  "post_families",
}

// postingKey names a posting. A scope is what is computed together; an entity of it may post to several measures.
type postingKey struct {
	family        event.Family
	scope, entity string
	measure       indicator.Measure
	attribute     string         // that the measure is restricted to; "" for the measure without conditions
	from          indicator.Date // the day of a flow; the first day of a stock
}

// posting is an amount that an entity adds to a measure: a row of vointi_internal.postings.
type posting struct {
	postingKey
	until             indicator.Date // of a stock, the day after its last
	areas             string         // the areas that it counts in, once in each and above, with commas between
	dimension, member string         // what is of a provider is among what is of none, and counts in no total
	value             int64
}

type postingRow struct {
	posting
	deleted bool
}

// stocks are the measures of what there is on the last day of a period; all other measures of postings are of what happens
// in it.
var stocks = []indicator.Measure{indicator.ActivePartners, indicator.RegisterEntries, indicator.Agreements, indicator.Pages, indicator.Families}

// postingMeasure is a measure of postings.
type postingMeasure struct {
	of         indicator.Measure // without its conditions
	attributes indicator.Values
	column     [6]int // of the sums, by period type; -1: not kept
	along      []string
}

// postingContribution returns how a measure of postings is counted.
func postingContribution(m indicator.Measure) (pm postingMeasure, ok bool) {
	base, _, _ := m.Condition()
	pm.of = base
	for _, values := range m.Conditions() {
		pm.attributes = values
	}
	return pm, slices.Contains(postedMeasures, base)
}

var postedMeasures = append([]indicator.Measure{indicator.MediaHits, indicator.PlatformVisits, indicator.PlatformMessages, indicator.MeetingPlaceSessions}, stocks...)

func (pm *postingMeasure) counts(x *posting) bool {
	return pm.of == x.measure && (len(pm.attributes) == 0 && x.attribute == "" || slices.Contains(pm.attributes, x.attribute))
}

// starts returns the periods of a type that a posting counts in: those in which it happens, or on whose last day it is there.
func (x *posting) starts(t indicator.PeriodType) (starts []indicator.Date) {
	if !slices.Contains(stocks, x.measure) {
		return t.Starts(x.from)
	}
	if t == indicator.Rolling12M {
		return nil
	}
	for start := t.First(x.from); t.End(start) <= x.until; start = t.End(start) {
		starts = append(starts, start)
	}
	return starts
}

// addPosting adds sign × a posting, at every area above its own.
func (p *plan) addPosting(d *deltas, x posting, sign int64) {
	for i, t := range indicator.PeriodTypes {
		for j := range p.postings {
			pm := &p.postings[j]
			if pm.column[i] < 0 || !pm.counts(&x) {
				continue
			}
			for _, start := range x.starts(t) {
				for _, area := range p.pathOfAll(x.areas) {
					at := d[i].at(spot{start, area})
					if x.dimension != "provider" {
						at.row(p.everybody)[pm.column[i]] += sign * x.value
					}
					if t.Detailed() && slices.Contains(pm.along, x.dimension) {
						at.row(p.memberOf(x.dimension, x.member))[pm.column[i]] += sign * x.value
					}
				}
			}
		}
	}
}

// pathOfAll returns some areas and all above them, each once.
func (p *plan) pathOfAll(areas string) (path []symbol) {
	for _, area := range strings.Split(areas, ",") {
		for _, above := range p.path(area) {
			if !slices.Contains(path, above) {
				path = append(path, above)
			}
		}
	}
	return path
}

// postings is a set of them.
type postings map[postingKey]posting

// read adds what a statement returns of a family.
func (ps postings) read(family event.Family) func(row func(...any) error) error {
	return func(row func(...any) error) error {
		x := posting{postingKey: postingKey{family: family}}
		var measure string
		var from, until int32
		err := row(&x.scope, &x.entity, &measure, &x.attribute, &from, &until, &x.areas, &x.dimension, &x.member, &x.value)
		x.measure, x.from, x.until = indicator.Measure(measure), indicator.Date(from), indicator.Date(until)
		ps[x.postingKey] = x
		return err
	}
}

// scopes returns the scopes of a set of postings, sorted; none where sessions make no difference.
func (ps postings) scopes() []string {
	scopes := map[string]bool{}
	for k := range ps {
		if k.family == event.PartnerFamily || k.family == event.VenueFamily {
			scopes[k.scope] = true
		}
	}
	return slices.Sorted(maps.Keys(scopes))
}

// diffPostings adds what the changed scopes post differently.
func (a *Aggregator) diffPostings(ctx context.Context, w *work, before, after map[string]*session, g *generation) error {
	a.diffHoldings(w, before, after, g)
	for _, family := range slices.Sorted(maps.Keys(w.posted)) {
		for part := range slices.Chunk(slices.Sorted(maps.Keys(w.posted[family])), 2000) {
			fresh, stored := postings{}, postings{}
			where := "scope IN (" + literals(part) + ")"
			if err := warehouse.Each(ctx, a.db, statement(posted[family], "where", where), fresh.read(family)); err != nil {
				return err
			}
			held, err := a.state.held(ctx, family, fresh.scopes(), g)
			if err != nil {
				return err
			}
			fresh.addHeld(held)
			stmt := a.state.statement("postings", "where", "family = "+quote(string(family))+" AND "+where)
			if err := warehouse.Each(ctx, a.db, stmt, stored.read(family)); err != nil {
				return err
			}
			a.plan.addPostings(g.deltas, stored, fresh, g)
		}
	}
	return nil
}

// addPostings adds what two sets of postings differ by.
func (p *plan) addPostings(d *deltas, stored, fresh postings, g *generation) {
	for k, old := range stored {
		if now, has := fresh[k]; !has || now != old {
			p.addPosting(d, old, -1)
			if !has {
				g.postings = append(g.postings, postingRow{old, true})
			}
		}
	}
	for k, now := range fresh {
		if old, had := stored[k]; !had || now != old {
			p.addPosting(d, now, +1)
			g.postings = append(g.postings, postingRow{now, false})
		}
	}
}

// postings adds everything that is posted.
func (b *build) postings(ctx context.Context) error {
	for _, family := range slices.Sorted(maps.Keys(posted)) {
		all := postings{}
		if err := warehouse.Each(ctx, b.a.db, statement(posted[family], "where", "1"), all.read(family)); err != nil {
			return err
		}
		held, err := b.into.held(ctx, family, all.scopes(), &generation{})
		if err != nil {
			return err
		}
		all.addHeld(held)
		b.plan.addPostings(b.cells, nil, all, b.gen)
	}
	return nil
}

// notePosting marks a scope of a family that posts as to be looked at. A figure of a year ends those of the years before.
func (w *work) notePosting(family event.Family, scope string) {
	if w.posted[family] == nil {
		w.posted[family] = map[string]bool{}
	}
	w.posted[family][scope] = true
	if of, year := path.Split(scope); family == event.ImportedFamily {
		for back := 1; back < figureYears; back++ {
			y, _ := strconv.Atoi(year) // the scope ends with one, see rows_register.go of the ingester
			w.posted[family][of+strconv.Itoa(y-back)] = true
		}
	}
}

// figureYears is how many years an imported figure stands for, as long as there is no later one: see post_families.sql.
const figureYears = 3
