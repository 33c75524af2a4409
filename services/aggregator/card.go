package aggregator

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// groupDimension tells persons apart by the target groups that their card names.
const groupDimension = "target_group"

// cardMonths is how long a card counts that is neither closed nor replaced: so no cell depends on the clock.
const cardMonths = 60

// card is one that somebody was issued, as its last event has it: a row of vointi_internal.cards. A later one under the same
// pseudonym replaces it; of several, the last to be issued is the person's.
type card struct {
	person, pseudonym uuid.UUID
	issued, closed    int64 // Unix milliseconds; closed 0: it is not
	from              indicator.Date
	closedOn          indicator.Date // of closed
	home              string
	family            bool
	household         uuid.UUID // zero: none told
	groups            string    // sorted, with commas between
	chain             uuid.UUID // of the last event
}

type cardRow struct {
	card
	deleted bool
}

// scanCard reads the card of a person that the links say; none of what is stored.
func (a *Aggregator) scanCard(l links) func(func(...any) error) (card, error) {
	return func(row func(...any) error) (c card, err error) {
		var kind string
		err = row(&c.person, &c.pseudonym, &c.issued, &c.closed, &c.home, &kind, &c.household, &c.groups, &c.chain)
		c.family = kind == familyCard
		c.person = l.person(c.person)
		c.from = a.dayOf(c.issued)
		if c.closed != 0 {
			c.closedOn = a.dayOf(c.closed)
		}
		return c, err
	}
}

const familyCard = "family"

func (a *Aggregator) dayOf(ms int64) indicator.Date {
	return indicator.DateOf(time.UnixMilli(ms).In(a.zone))
}

// counted returns those of one person's cards that count: not those from before the limit, where no visit of the person is left,
// since nobody is to be known then. What they gave stands, see takeCards.
func counted(cards []card, visits bool, limit indicator.Date) []card {
	if visits || limit == firstDay {
		return cards
	}
	return slices.DeleteFunc(slices.Clone(cards), func(c card) bool { return c.from < limit })
}

// holding is a card on the days on which it is in force, with what the plan looks up of it.
type holding struct {
	*card
	from, until indicator.Date
	path        []symbol // the home and all above it
	groups      []facet  // one for somebody in none, too
}

// holdings returns when each of one person's cards is in force, those that were issued last at the end.
func holdings(cards []card) []holding {
	sortCards(cards)
	hs := make([]holding, len(cards))
	for i := range cards {
		c := &cards[i]
		hs[i] = holding{card: c, from: c.from, until: c.from.AddMonths(cardMonths)}
		if c.closed != 0 {
			hs[i].until = min(hs[i].until, c.closedOn)
		}
		for _, later := range cards[i+1:] {
			if later.pseudonym == c.pseudonym {
				hs[i].until = min(hs[i].until, later.from)
			}
		}
	}
	return hs
}

func sortCards(cards []card) {
	slices.SortFunc(cards, func(a, b card) int {
		return cmp.Or(cmp.Compare(a.issued, b.issued), compareUUID(a.pseudonym, b.pseudonym))
	})
}

// heldAt returns the card that is the person's on the last day of a period that ends on a day; nil if there is none.
func heldAt(hs []holding, end indicator.Date) *holding {
	for i := len(hs) - 1; i >= 0; i-- {
		if hs[i].from < end && hs[i].until >= end {
			return &hs[i]
		}
	}
	return nil
}

// holdings looks up what the plan needs of a person's cards.
func (p *plan) holdings(cards []card) []holding {
	hs := holdings(cards)
	for i := range hs {
		hs[i].path = p.path(hs[i].home)
		for group := range strings.SplitSeq(hs[i].card.groups, ",") {
			hs[i].groups = append(hs[i].groups, p.memberOf(groupDimension, group))
		}
	}
	return hs
}

// activeHolder counts a card holder with a visit, where the card says the person lives, and in its target groups.
func (c *contribution) activeHolder(m *personMeasure) {
	if c.held == nil {
		return
	}
	for _, area := range c.levels(c.held.path) {
		b := c.risingBlock(area, whole)
		b.row(c.plan.everybody)[m.measure] += c.sign
		c.inGroups(m, b)
	}
}

// inGroups counts the person in the target groups of the card that is held at the period's end.
func (c *contribution) inGroups(m *personMeasure, b *block) {
	if !m.groups || c.held == nil || !indicator.PeriodTypes[c.period].Detailed() {
		return
	}
	for _, f := range c.held.groups {
		b.row(f)[m.measure] += c.sign
	}
}

// tenure is what card holders have in common, of whom the same card counts in the periods that end on the first days of some
// months: from ≤ end < until.
type tenure struct {
	home, groups string
	from, until  indicator.Date
}

// tenures is how many card holders have each.
type tenures map[tenure]int64

func monthAfter(d indicator.Date) indicator.Date {
	return indicator.Month.End(indicator.Month.First(d))
}

// add counts one card holder.
func (ts tenures) add(cards []card, sign int64) {
	hs := holdings(cards)
	var turns []indicator.Date
	for _, h := range hs {
		turns = append(turns, monthAfter(h.from), monthAfter(h.until))
	}
	slices.Sort(turns)
	turns = slices.Compact(turns)
	for i := range len(turns) - 1 {
		if h := heldAt(hs, turns[i]); h != nil {
			ts[tenure{h.home, h.card.groups, turns[i], turns[i+1]}] += sign
		}
	}
}

// holderMeasure is where card holders are counted.
type holderMeasure struct {
	column [6]int // of the sums, by period type; -1: not kept
	groups bool
}

// addHolders adds sign × the card holders to the periods that open admits, of the types of whole months.
func (p *plan) addHolders(d *deltas, ts tenures, open func(indicator.Period) bool, sign int64) {
	for i, typ := range indicator.PeriodTypes {
		if p.holders.column[i] < 0 || !typ.Detailed() {
			continue
		}
		for t, n := range ts {
			for end := t.from; end < t.until && n != 0; end = indicator.Month.End(end) {
				for _, start := range typ.Starts(end - 1) {
					if typ.End(start) == end && open(indicator.Period{Type: typ, Start: start}) {
						p.addHolder(&d[i], spot{start: start}, p.holders.column[i], t, sign*n)
					}
				}
			}
		}
	}
}

func (p *plan) addHolder(to *spots, at spot, column int, t tenure, n int64) {
	for _, at.area = range p.path(t.home) {
		b := to.at(at)
		b.row(p.everybody)[column] += n
		if !p.holders.groups {
			continue
		}
		for group := range strings.SplitSeq(t.groups, ",") {
			b.row(p.memberOf(groupDimension, group))[column] += n
		}
	}
}

// cards returns the stored cards, by person.
func (a *Aggregator) cards(ctx context.Context, of store, where string) (map[uuid.UUID][]card, error) {
	rows, err := warehouse.Collect(ctx, of.db, of.statement("cards", "where", where), a.scanCard(nil))
	return cardsByPerson(rows), err
}

func cardsByPerson(rows []card) map[uuid.UUID][]card {
	m := make(map[uuid.UUID][]card)
	for _, c := range rows {
		m[c.person] = append(m[c.person], c)
	}
	for _, of := range m {
		sortCards(of)
	}
	return m
}

// touchedCards finds the persons whose cards the changes speak of, and reads what the facts say of these now.
func (a *Aggregator) touchedCards(ctx context.Context, w *work) error {
	note := func(row func(...any) error) error {
		var p uuid.UUID
		err := row(&p)
		w.carded[w.linked.person(p)], w.carded[p] = true, true
		return err
	}
	for part := range slices.Chunk(sortedPersons(w.cardChains), 5000) {
		chains, scopes := uuids(part), literals(slices.Sorted(maps.Keys(w.cardScopes)))
		if err := warehouse.Each(ctx, a.db, statement("card_persons", "scopes", scopes, "chains", chains), note); err != nil {
			return err
		}
		if err := warehouse.Each(ctx, a.db, a.state.statement("carded", "chains", chains), note); err != nil {
			return err
		}
	}
	names := maps.Clone(w.carded)
	for pseudonym, person := range w.linked {
		if w.carded[person] {
			names[pseudonym] = true
		}
	}
	var rows []card
	for part := range slices.Chunk(sortedPersons(names), 2000) {
		of, err := warehouse.Collect(ctx, a.db, statement("card_facts", "where", "person IN ("+uuids(part)+")"), a.scanCard(w.linked))
		if err != nil {
			return err
		}
		rows = append(rows, of...)
	}
	w.cards = cardsByPerson(rows)
	return nil
}

// addCards notes which of a person's cards came, went or changed.
func (g *generation) addCards(before, after []card) {
	type key struct {
		pseudonym uuid.UUID
		issued    int64
	}
	old := map[key]card{}
	for _, c := range before {
		old[key{c.pseudonym, c.issued}] = c
	}
	for _, c := range after {
		k := key{c.pseudonym, c.issued}
		if was, had := old[k]; !had || was != c {
			g.cards = append(g.cards, cardRow{card: c})
		}
		delete(old, k)
	}
	for _, c := range old {
		g.cards = append(g.cards, cardRow{card: c, deleted: true})
	}
}

func cardColumns(rows []cardRow, gen uint64) []warehouse.Column {
	n := len(rows)
	at := func(of func(*card) int64) func(int) time.Time {
		return func(i int) time.Time { return time.UnixMilli(of(&rows[i].card)).UTC() }
	}
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("person", n, func(i int) uuid.UUID { return rows[i].person }),
		column("pseudonym", n, func(i int) uuid.UUID { return rows[i].pseudonym }),
		column("issued_at", n, at(func(c *card) int64 { return c.issued })),
		column("closed_at", n, at(func(c *card) int64 { return c.closed })),
		column("home_area", n, func(i int) string { return rows[i].home }),
		column("card_kind", n, func(i int) string { return map[bool]string{true: familyCard}[rows[i].family] }),
		column("household", n, func(i int) uuid.UUID { return rows[i].household }),
		column("target_groups", n, func(i int) string { return rows[i].groups }),
		column("chain", n, func(i int) uuid.UUID { return rows[i].chain }))
}

// takeCards adds to past cells what card holders gave to the periods that begin before the limit from now on; and, of those of
// whom no visit is left, all that their cards of before it give: these cards are nobody's from now on.
func (a *Aggregator) takeCards(ctx context.Context, t *taking) error {
	if len(a.backlog.holders) == 0 {
		return nil
	}
	if indicator.Month.First(t.to-1) >= t.from { // periods of whole months pass
		a.plan.addHolders(t.cells, a.backlog.holders, t.passing, +1)
	}
	t.into.holders = tenures{}
	for part := range slices.Chunk(sortedPersons(union(a.backlog.issued.before(t.to), t.emptied)), 2000) {
		cards, err := a.cards(ctx, a.state, "person IN ("+uuids(part)+")")
		if err != nil {
			return err
		}
		if len(cards) == 0 {
			continue
		}
		visits, err := a.visitors(ctx, uuids(sortedPersons(cards)))
		if err != nil {
			return err
		}
		for p, of := range cards {
			t.into.holders.add(counted(of, visits[p], t.from), -1)
			t.into.holders.add(counted(of, visits[p] && !t.emptied[p], t.to), +1)
		}
	}
	a.plan.addHolders(t.cells, t.into.holders, func(p indicator.Period) bool { return p.Start >= t.to }, -1)
	return nil
}
