package aggregator

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// store reads and writes the state tables of one database: the live one, or a scratch one that recompute fills.
type store struct {
	db   *warehouse.DB
	name string
}

func (s store) statement(name string, replace ...string) string {
	return statement(name, append(replace, "state", s.name)...)
}

func scanSession(row func(...any) error) (s session, err error) {
	var day int32
	var held, cancelled, inCalendar, heard, costed, past uint8
	err = row(&s.id, &day, &s.area, &s.activity, &s.provider, &s.project, &s.class, &s.venue, &held, &cancelled, &inCalendar, &heard, &s.minutes,
		&s.capacity, &s.audience.from, &s.audience.to, &s.card, &s.anonymous, &s.direct, &s.allocated, &costed, &s.flags, &s.persons, &past)
	s.day = indicator.Date(day)
	s.held, s.cancelled, s.inCalendar, s.heard, s.costed, s.past = held == 1, cancelled == 1, inCalendar == 1, heard == 1, costed == 1, past == 1
	return s, err
}

func scanVisit(row func(...any) error) (v visit, err error) {
	var day int32
	var birthYear uint16
	err = row(&v.person, &v.session, &day, &v.at, &v.area, &v.home, &birthYear, &v.ageBand, &v.sex, &v.activity, &v.provider,
		&v.referral, &v.origin.area, &v.origin.activity, &v.origin.provider)
	v.day, v.birthYear = indicator.Date(day), int(birthYear)
	return v, err
}

// sessions returns the stored sessions by id, without their visits.
func (s store) sessions(ctx context.Context, where string) (map[string]*session, error) {
	rows, err := warehouse.Collect(ctx, s.db, s.statement("sessions", "where", where), scanSession)
	m := make(map[string]*session, len(rows))
	for i := range rows {
		m[rows[i].id] = &rows[i]
	}
	return m, err
}

// visitsOf returns the stored visits of the persons before a day, the first one from it on, and what is known of their past, by one
// statement. As long as nobody has one, it is the cheaper statement.
func (a *Aggregator) visitsOf(ctx context.Context, persons []uuid.UUID, before indicator.Date) (map[uuid.UUID][]visit, map[uuid.UUID]past, error) {
	if len(persons) == 0 {
		return nil, nil, nil
	}
	sql := a.state.statement("person_visits", "where", "person IN ("+uuids(persons)+")")
	if before != ever {
		sql = statement("visits_before", "visits", sql, "before", fmt.Sprint(int(before)))
	}
	if a.head.Limit != 0 {
		sql = a.state.statement("visits_of", "visits", sql, "persons", uuids(persons))
	}
	rows, err := warehouse.Collect(ctx, a.db, sql, scanVisit)
	of := map[uuid.UUID]past{}
	visits := slices.DeleteFunc(rows, func(v visit) bool {
		if v.session == "" {
			of[v.person] = past{known: true, settled: v.birthYear == 1}
		}
		return v.session == ""
	})
	return byPerson(visits), of, err
}

// known is what is stored of a person.
type known struct {
	visits []visit
	past   past
	cards  []card
}

// counted returns the person's cards that count.
func (k known) counted(limit indicator.Date) []card {
	return counted(k.cards, len(k.visits) > 0, limit)
}

// ever is after all days.
const ever indicator.Date = math.MaxInt32

// knownOf returns what is stored of persons.
func (a *Aggregator) knownOf(ctx context.Context, persons []uuid.UUID) (map[uuid.UUID]known, error) {
	return a.knownBefore(ctx, persons, ever)
}

// knownBefore returns what is stored of persons; of the visits from a day on only the first.
func (a *Aggregator) knownBefore(ctx context.Context, persons []uuid.UUID, day indicator.Date) (map[uuid.UUID]known, error) {
	visits, pasts, err := a.visitsOf(ctx, persons, day)
	if err != nil || len(persons) == 0 {
		return nil, err
	}
	cards, err := a.cards(ctx, a.state, "person IN ("+uuids(persons)+")")
	all := make(map[uuid.UUID]known, len(persons))
	for _, p := range persons {
		all[p] = known{visits[p], pasts[p], cards[p]}
	}
	return all, err
}

// traceOf is [plan.trace] of a person with cards.
func (p *plan) traceOf(k known, history, limit indicator.Date) trace {
	t := p.trace(k.visits, history, k.past)
	t.cards = p.holdings(k.counted(limit))
	return t
}

// cells reads cells, or past_cells, into keys of the plan.
func (s store) cells(ctx context.Context, table string, p *plan, where string, cell func(cellKey, int64)) error {
	return s.keyed(ctx, s.statement("cells", "table", table, "where", where), p, cell)
}

// keyed reads a statement's rows into keys of the plan.
func (s store) keyed(ctx context.Context, sql string, p *plan, cell func(cellKey, int64)) error {
	known := map[string]cellName{}
	return warehouse.Each(ctx, s.db, sql, func(row func(...any) error) error {
		var period uint8
		var start int32
		var name string
		var value int64
		if err := row(&period, &start, &name, &value); err != nil {
			return err
		}
		n, ok := known[name]
		if !ok {
			n = p.cellNamed(name)
			known[name] = n
		}
		if n.kept {
			cell(cellKey{place{period - 1, spot{indicator.Date(start), n.area}, n.facet}, n.measure}, value)
		}
		return nil
	})
}

// cellName is what a cell is called, without its period.
type cellName struct {
	area    symbol
	facet   facet
	measure int
	kept    bool // false for a measure that an earlier catalogue had
}

// cellNamed resolves what statements of cells call one.
func (p *plan) cellNamed(name string) cellName {
	parts := strings.Split(name, "\x00") // area, measure, dimension, member, band, sex
	m, kept := slices.BinarySearch(p.measures, indicator.Measure(parts[1]))
	if !kept {
		return cellName{}
	}
	of := facetNames{p.names.of(parts[2]), p.names.of(parts[3]), p.names.of(parts[4]), p.names.of(parts[5])}
	return cellName{facet: p.facetNamed(p.measures[m], of), area: p.names.of(parts[0]), measure: m, kept: true}
}

// publications reads published rows.
func (s store) publications(ctx context.Context, where string, visit func(publication)) error {
	return warehouse.Each(ctx, s.db, s.statement("publications", "where", where), func(row func(...any) error) error {
		var p publication
		var t string
		var start int32
		err := row(&p.indicator, &p.area, &p.scheme, &p.group, &p.sex, &p.dimension, &p.member, &t, &start, &p.wave,
			&p.value, &p.lower95, &p.upper95, &p.lower998, &p.upper998, &p.numerator, &p.denominator, &p.denominatorKind,
			&p.crude, &p.respondents, &p.effective, &p.unit, &p.direction, &p.method, &p.status, &p.protected, &p.flags,
			&p.revision, &p.reason)
		p.period = indicator.Period{Type: indicator.PeriodType(t), Start: indicator.Date(start)}
		visit(p)
		return err
	})
}
