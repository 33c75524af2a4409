package aggregator

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// backlog is what of persons there is to take away before a day, see retain, and where to look for it. It is read once, and then follows
// each generation, so that what a step reads depends on what it takes away and on who comes in the periods that it passes, not on how
// long the history is: neither of what has been taken away already, nor of what is not yet to be. It is nothing but memory:
// the next process reads it again.
//
// What it says too much costs a look; it never says too little. holders alone are exact.
type backlog struct {
	last    indicator.Date   // the limit goes up to it
	days    []pastDay        // from the limit on
	persons turns[uuid.UUID] // by their visits
	shifts  turns[string]    // scopes
	issued  turns[uuid.UUID] // by the days of cards
	holders tenures          // of all cards that count
}

// pastDay is how many rows there are that tell of persons on a day. Only the size of steps depends on it.
type pastDay struct {
	day  indicator.Date
	rows int
}

// turns says from which day on something has to be looked at: the first of which anything of it is left, or an earlier one.
type turns[K comparable] map[indicator.Date][]K

func (t turns[K]) add(day indicator.Date, k K) { t[day] = append(t[day], k) }

func (t turns[K]) join(o turns[K]) {
	for day, of := range o {
		t[day] = append(t[day], of...)
	}
}

// before returns what has to be looked at before a day.
func (t turns[K]) before(day indicator.Date) map[K]bool {
	due := map[K]bool{}
	for d, of := range t {
		if d < day {
			for _, k := range of {
				due[k] = true
			}
		}
	}
	return due
}

// any reports whether anything has to be looked at before a day.
func (t turns[K]) any(before indicator.Date) bool {
	for d := range t {
		if d < before {
			return true
		}
	}
	return false
}

// pass forgets the days before the limit.
func (t turns[K]) pass(limit indicator.Date) {
	maps.DeleteFunc(t, func(d indicator.Date, _ []K) bool { return d < limit })
}

// readBacklog reads what there is to take away before a day.
func (a *Aggregator) readBacklog(ctx context.Context, last indicator.Date) (*backlog, error) {
	b := &backlog{last: last, persons: turns[uuid.UUID]{}, shifts: turns[string]{}, issued: turns[uuid.UUID]{}, holders: tenures{}}
	limit := a.head.limit()
	var err error
	b.days, err = warehouse.Collect(ctx, a.db, statement("past_days", "from", quote(limit.String()), "to", quote(last.String())), func(row func(...any) error) (pastDay, error) {
		var day int32
		var n uint64
		err := row(&day, &n)
		return pastDay{indicator.Date(day), int(n)}, err
	})
	if err != nil {
		return nil, err
	}
	passed := daysBetween(limit, passedUntil(limit, last))
	if err := readTurns(ctx, a.db, a.state.statement("first_visits", "where", passed), b.persons); err != nil {
		return nil, err
	}
	if err := readTurns(ctx, a.db, a.state.statement("first_shifts", "where", passed), b.shifts); err != nil {
		return nil, err
	}
	if err := a.readHolders(ctx, b); err != nil {
		return nil, err
	}
	b.pass(limit)
	return b, nil
}

// daysBetween is a condition for days from one up to another.
func daysBetween(from, to indicator.Date) string {
	return "day >= " + quote(from.String()) + " AND day < " + quote(to.String())
}

func readTurns[K comparable](ctx context.Context, db *warehouse.DB, sql string, into turns[K]) error {
	return warehouse.Each(ctx, db, sql, func(row func(...any) error) error {
		var k K
		var day int32
		err := row(&k, &day)
		into.add(indicator.Date(day), k)
		return err
	})
}

func (a *Aggregator) readHolders(ctx context.Context, b *backlog) error {
	cards, err := a.cards(ctx, a.state, "1")
	if err != nil || len(cards) == 0 {
		return err
	}
	visits, err := a.visitors(ctx, "SELECT person FROM "+a.state.name+".cards")
	for p, of := range cards {
		b.holders.add(counted(of, visits[p], a.head.limit()), +1)
		for i := range of {
			b.issued.add(of[i].from, p)
		}
	}
	return err
}

// next returns the limit to go on to: some days on, with no more rows than most, or one day with more; the last if there are no others.
// 0 says that there is nothing to take away.
func (b *backlog) next(most int) (to indicator.Date) {
	rows := 0
	for _, d := range b.days {
		if rows > 0 && rows+d.rows > most {
			return to
		}
		rows, to = rows+d.rows, d.day+1
	}
	if rows > 0 || b.persons.any(b.last) {
		return b.last
	}
	return 0
}

// follow takes in what a generation has written.
func (b *backlog) follow(g *generation) {
	if b == nil {
		return
	}
	for i := range g.visits {
		if v := &g.visits[i]; !v.deleted {
			b.persons.add(v.day, v.person)
		}
	}
	for i := range g.shifts {
		if x := &g.shifts[i]; !x.deleted {
			b.shifts.add(x.day, x.scope)
		}
	}
	for i := range g.cards {
		if c := &g.cards[i]; !c.deleted {
			b.issued.add(c.from, c.person)
		}
	}
	for t, n := range g.holders {
		b.holders[t] += n
	}
	b.pass(g.head.limit())
}

// goOn notes when those are due again of whom something has been taken away.
func (b *backlog) goOn(t *taking) {
	b.persons.join(t.nextVisits)
	b.shifts.join(t.nextShifts)
}

// pass forgets what is only of days before the limit.
func (b *backlog) pass(limit indicator.Date) {
	b.days = slices.DeleteFunc(b.days, func(d pastDay) bool { return d.day < limit })
	b.persons.pass(limit)
	b.shifts.pass(limit)
	b.issued.pass(limit)
	maps.DeleteFunc(b.holders, func(t tenure, n int64) bool { return n == 0 || t.until <= limit })
}

// visitors returns those of some persons, a list or a statement, who have visits.
func (a *Aggregator) visitors(ctx context.Context, persons string) (map[uuid.UUID]bool, error) {
	visits := map[uuid.UUID]bool{}
	err := warehouse.Each(ctx, a.db, a.state.statement("card_visitors", "persons", persons), func(row func(...any) error) error {
		var p uuid.UUID
		err := row(&p)
		visits[p] = true
		return err
	})
	return visits, err
}
