package aggregator

import (
	"maps"
	"slices"

	"vointi.fi/pkg/indicator"
)

// What has come to a breakdown of an area is told by whatever else is published of it and can be taken apart. Breakdowns meet in
// an area's total only, and the rows of one are revised together; so what tells are the areas above, whose other parts are revised, and
// twins. Where these stay too, what has come can be shared out among the members in any way that gives the totals: move it in
// one area at the bottom of what stays, and in all above it alike. Where the total of an area is hidden, what came there is known only
// together with what came to others whose total is hidden, and their members would tell how much of it is theirs: these stay as well.

// heldBreakdowns are the breakdowns that stay.
type heldBreakdowns map[breakdown]bool

// has reports whether a breakdown stays, by itself or with its total.
func (h heldBreakdowns) has(b breakdown) bool {
	return h[b] || h[breakdown{b.protector, ofTotals, b.area}]
}

// spreading finds what stays in a period.
type spreading struct {
	a            *Aggregator
	areas        []string            // that there are
	hiddenTotals map[string][]string // those of them of which the total is not shown, by protector
	twins        []twins
	seen         map[tie]bool
	held         heldBreakdowns
}

// tie is a breakdown that stays, and the twins, by number, over which it came to: back over these it asks for nothing.
type tie struct {
	breakdown
	over int
}

const overNone = -1

// spread returns what has to stay with some breakdowns of a revision, themselves included: the areas above; twins there (see [knownTwins]);
// where an area's total is hidden, the others whose totals are; and where nothing below stays, everything below, since it would tell.
func (a *Aggregator) spread(first []breakdown, r *revision) heldBreakdowns {
	every := func(indicator.Measure) bool { return true }
	h := &spreading{a, r.areas(), r.hiddenTotals(), twinsOf(a.cfg.Catalogue, r.period(), every), map[tie]bool{}, heldBreakdowns{}}
	for todo := first; len(todo) > 0; todo = append(h.bare(), h.knownTogether()...) {
		for _, b := range todo {
			h.hold(tie{b, overNone})
		}
	}
	return h.held
}

func (h *spreading) hold(l tie) {
	if h.seen[l] {
		return
	}
	h.seen[l], h.held[l.breakdown] = true, true
	for _, above := range h.a.places.path(l.area)[1:] {
		h.hold(tie{l.at(above), l.over})
	}
	for i, t := range h.twins {
		if i == l.over || t.near { // those that are only near do not tell what comes one by one
			continue
		}
		for own, m := range [2]indicator.Measure{t.first, t.second} {
			if string(m) == l.protector {
				h.holdTwin(l.breakdown, i, own)
			}
		}
	}
}

// holdTwin holds the breakdowns that have the same rows over twins of which a breakdown is one, the first if own is 0; and those below
// them that are nobody's twins, since they add up to these.
func (h *spreading) holdTwin(b breakdown, over, own int) {
	t := h.twins[over]
	other := string([2]indicator.Measure{t.second, t.first}[own])
	tied := map[string]bool{}
	for _, r := range t.rows(h.a, b.area) {
		if b.of == ofTotals || breakdownOf(r[own]) == b.of {
			tied[breakdownOf(r[1-own])] = true
		}
	}
	for of := range tied {
		twin := breakdown{other, of, b.area}
		h.hold(tie{twin, over})
		for _, area := range h.below(b.area) {
			if len(t.rows(h.a, area)) == 0 {
				h.hold(tie{twin.at(area), over})
			}
		}
	}
}

// bare returns what lies below the breakdowns that stay while nothing below them does.
func (h *spreading) bare() (list []breakdown) {
	for b := range maps.Keys(h.held) {
		below := h.below(b.area)
		if slices.ContainsFunc(below, func(area string) bool { return h.held.has(b.at(area)) }) {
			continue
		}
		for _, area := range below {
			list = append(list, b.at(area))
		}
	}
	return list
}

// knownTogether returns what is known only together with a breakdown that stays, and does not stay yet.
func (h *spreading) knownTogether() (list []breakdown) {
	for b := range h.held {
		of := h.hiddenTotals[b.protector]
		if b.of != ofTotals && !slices.Contains(of, b.area) {
			continue
		}
		for _, area := range of {
			if more := b.at(area); !h.held.has(more) {
				list = append(list, more)
			}
		}
	}
	return list
}

// at returns the same breakdown of another area.
func (b breakdown) at(area string) breakdown { return breakdown{b.protector, b.of, area} }

// below lists those of the areas that belong to one.
func (h *spreading) below(area string) []string {
	return slices.DeleteFunc(slices.Clone(h.areas), func(s string) bool { return s == area || !slices.Contains(h.a.places.path(s), area) })
}
