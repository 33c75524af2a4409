package aggregator

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// costFact is one row of a cost entry.
type costFact struct {
	claim
	entry    string
	area     string
	month    indicator.Date
	cents    int64
	project  string
	session  string
	key      string // allocation key: session_hours, sessions or visits
	kind     string // actual, budget or commitment
	heading  string
	provider string
	funded   bool // a funder is named
}

func scanCost(row func(...any) error) (f costFact, err error) {
	var month int32
	err = row(&f.scope, &f.chain, &f.order.Time, &f.order.ID, &f.order.Hash, &f.entry, &f.area, &month, &f.cents,
		&f.project, &f.session, &f.key, &f.kind, &f.heading, &f.provider, &f.funded)
	f.month, f.original = indicator.Date(month), true
	return f, err
}

// group is who shares an allocated cost: a project's held sessions of a month.
type group struct {
	project string
	month   indicator.Date
}

// foldCosts returns the entries in force: of each entry the last row, none if any of its rows was reversed.
func foldCosts(rows []costFact, reversed map[uuid.UUID]beatenReason) []costFact {
	gone := map[string]bool{}
	for _, r := range rows {
		if reversed[r.chain] != 0 {
			gone[r.entry] = true
		}
	}
	entries := latest(rows, nil, func(c *costFact) (*claim, string) { return &c.claim, c.entry })
	entries = slices.DeleteFunc(entries, func(c costFact) bool { return gone[c.entry] })
	slices.SortFunc(entries, func(a, b costFact) int { return cmp.Compare(a.entry, b.entry) })
	return entries
}

// group returns who shares the entry, and whether it is shared at all.
func (f *costFact) group() (group, bool) {
	return group{f.project, f.month}, f.session == "" && f.key != "" && f.project != ""
}

// weight is a session's share under an allocation key, before division by the sum.
func (s *session) weight(key string) int64 {
	if !s.held {
		return 0
	}
	switch key {
	case "session_hours":
		return s.minutes
	case "visits":
		return s.attendance()
	default:
		return 1
	}
}

// allocate divides cents over the sessions by the key and returns what each gets; nil if nobody can take a share. The
// parts add up to cents exactly: what rounding leaves goes, a cent each, to the largest remainders, then by id.
func allocate(cents int64, key string, sessions []*session) map[string]int64 {
	total := int64(0)
	for _, s := range sessions {
		total += s.weight(key)
	}
	if total == 0 {
		return nil
	}
	type share struct {
		id        string
		part, rem int64
	}
	var shares []share
	left := cents
	for _, s := range sessions {
		if w := s.weight(key); w > 0 {
			part, rem := mulDiv(cents, w, total)
			shares = append(shares, share{s.id, part, rem})
			left -= part
		}
	}
	slices.SortFunc(shares, func(a, b share) int { return cmp.Or(cmp.Compare(b.rem, a.rem), cmp.Compare(a.id, b.id)) })
	parts := make(map[string]int64, len(shares))
	for i, s := range shares {
		if int64(i) < left {
			s.part++
		}
		parts[s.id] = s.part
	}
	return parts
}

// books is the costs that concern some sessions, and what is booked by entry.
type books struct {
	entries  []costFact // actual ones
	bookings map[string]booking
}

// newBooks makes books of folded entries.
func newBooks(entries []costFact) books {
	b := books{bookings: map[string]booking{}}
	for _, e := range entries {
		b.bookings[e.entry] = e.booking()
		if e.kind == "actual" {
			b.entries = append(b.entries, e)
		}
	}
	return b
}

// direct returns what the entries that name a session sum to, by session.
func (b books) direct() map[string]int64 {
	sums := map[string]int64{}
	for _, e := range b.entries {
		if e.session != "" {
			sums[e.session] += e.cents
		}
	}
	return sums
}

// allocated returns each session's share of the entries with an allocation key, and what found no session, by entry.
// members gives the sessions of each group; known tells whether a session that an entry names exists.
func (b books) allocated(members map[group][]*session, known func(string) bool) (shares map[string]int64, left map[string]costFact) {
	shares, left = map[string]int64{}, map[string]costFact{}
	for _, e := range b.entries {
		if e.session != "" {
			if !known(e.session) {
				left[e.entry] = e
			}
			continue
		}
		g, shared := e.group()
		parts := map[string]int64(nil)
		if shared {
			parts = allocate(e.cents, e.key, members[g])
		}
		if parts == nil {
			left[e.entry] = e
		}
		for id, cents := range parts {
			shares[id] += cents
		}
	}
	return shares, left
}

// mulDiv returns a·b/c and the remainder without overflow for non-negative a.
func mulDiv(a, b, c int64) (quotient, remainder int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(c))
	return int64(q), int64(r)
}
