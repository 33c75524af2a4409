package aggregator

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// write is rows of one state table, ready to insert.
type write struct {
	Table   string
	Columns []warehouse.Column
}

// writes turns the generation into inserts, one for each table that has rows.
func (g *generation) writes(p *plan) []write {
	all := []write{
		{"beaten", beatenColumns(g.beaten, g.number)},
		{"sessions", sessionColumns(g.sessions, g.number)},
		{"project_sessions", projectColumns(g.sessions, g.number)},
		{"unallocated", unallocatedColumns(g.unallocated, g.number)},
		{"bookings", bookingColumns(g.bookings, g.number)},
		{"person_visits", visitColumns(g.visits, g.number)},
		{"pseudonyms", pseudonymColumns(g.pseudonyms, g.number)},
		{"cards", cardColumns(g.cards, g.number)},
		{"referrals", referralColumns(g.referrals, g.number)},
		{"answers", answerColumns(g.answers, g.number)},
		{"postings", postingColumns(g.postings, g.number)},
		{"shifts", shiftColumns(g.shifts, g.number)},
		{"silent_sessions", silenceColumns(g.silences, p, g.number)},
		{"cells", cellColumns(g.cells, p, g.number)},
		{"past_cells", cellColumns(g.pastCells, p, g.number)},
		{"past_attendance", pastAttendanceColumns(g.pastAttendance, g.number)},
		{"past_persons", pastPersonColumns(g.pastPersons, g.number)},
	}
	return slices.DeleteFunc(all, func(w write) bool { return len(w.Columns) == 0 })
}

// column builds one column of n values.
func column[T any](name string, n int, value func(int) T) warehouse.Column {
	values := make([]T, n)
	for i := range values {
		values[i] = value(i)
	}
	return warehouse.Column{Name: name, Values: values}
}

// versioned adds the generation and the mark of deleted rows; without rows there are no columns.
func versioned(n int, gen uint64, deleted func(int) bool, columns ...warehouse.Column) []warehouse.Column {
	if n == 0 {
		return nil
	}
	return append(columns,
		column("gen", n, func(int) uint64 { return gen }),
		column("deleted", n, func(i int) uint8 { return flag(deleted(i)) }))
}

func flag(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

func beatenColumns(rows []beatenRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].reason == 0 },
		column("scope", n, func(i int) string { return rows[i].scope }),
		column("family", n, func(i int) string { return string(rows[i].family) }),
		column("chain", n, func(i int) uuid.UUID { return rows[i].chain }),
		column("reason", n, func(i int) string { return beatenNames[rows[i].reason] }))
}

// beatenNames are the words of beaten.reason; a row that is taken back keeps any of them.
var beatenNames = map[beatenReason]string{
	0: "waiting", beatenVoided: "voided", beatenMoved: "moved", beatenWaiting: "waiting",
}

func sessionColumns(rows []sessionRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("session", n, func(i int) string { return rows[i].id }),
		column("day", n, func(i int) time.Time { return rows[i].day.Time() }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("activity_type", n, func(i int) string { return rows[i].activity }),
		column("provider", n, func(i int) string { return rows[i].provider }),
		column("project", n, func(i int) string { return rows[i].project }),
		column("class", n, func(i int) string { return rows[i].class }),
		column("venue", n, func(i int) string { return rows[i].venue }),
		column("held", n, func(i int) uint8 { return flag(rows[i].held) }),
		column("cancelled", n, func(i int) uint8 { return flag(rows[i].cancelled) }),
		column("in_calendar", n, func(i int) uint8 { return flag(rows[i].inCalendar) }),
		column("heard", n, func(i int) uint8 { return flag(rows[i].heard) }),
		column("minutes", n, func(i int) int64 { return rows[i].minutes }),
		column("capacity", n, func(i int) int64 { return rows[i].capacity }),
		column("audience_min", n, func(i int) int32 { return rows[i].audience.from }),
		column("audience_max", n, func(i int) int32 { return rows[i].audience.to }),
		column("card_visits", n, func(i int) int64 { return rows[i].card }),
		column("anonymous", n, func(i int) int64 { return rows[i].anonymous }),
		column("direct_cents", n, func(i int) int64 { return rows[i].direct }),
		column("allocated_cents", n, func(i int) int64 { return rows[i].allocated }),
		column("costed", n, func(i int) uint8 { return flag(rows[i].costed) }),
		column("flags", n, func(i int) []string { return rows[i].flags }),
		column("persons", n, func(i int) []uuid.UUID { return rows[i].persons }),
		column("past", n, func(i int) uint8 { return flag(rows[i].past) }))
}

// projectColumns lists the sessions under their project and month, and takes them from where they were.
func projectColumns(rows []sessionRow, gen uint64) []warehouse.Column {
	type entry struct {
		group
		session string
		gone    bool
	}
	var entries []entry
	for _, r := range rows {
		if r.before != nil && r.before.project != "" && r.before.group() != r.group() {
			entries = append(entries, entry{r.before.group(), r.id, true})
		}
		if r.project != "" {
			entries = append(entries, entry{r.group(), r.id, r.deleted})
		}
	}
	n := len(entries)
	return versioned(n, gen, func(i int) bool { return entries[i].gone },
		column("project", n, func(i int) string { return entries[i].project }),
		column("month", n, func(i int) time.Time { return entries[i].month.Time() }),
		column("session", n, func(i int) string { return entries[i].session }))
}

func unallocatedColumns(rows []unallocatedRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("entry", n, func(i int) string { return rows[i].entry }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("month", n, func(i int) time.Time { return rows[i].month.Time() }),
		column("cents", n, func(i int) int64 { return rows[i].cents }))
}

func bookingColumns(rows []bookingRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("entry", n, func(i int) string { return rows[i].entry }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("month", n, func(i int) time.Time { return rows[i].month.Time() }),
		column("cents", n, func(i int) int64 { return rows[i].cents }),
		column("kind", n, func(i int) string { return rows[i].kind }),
		column("heading", n, func(i int) string { return rows[i].heading }),
		column("provider", n, func(i int) string { return rows[i].provider }),
		column("funded", n, func(i int) uint8 { return flag(rows[i].funded) }))
}

func visitColumns(rows []visitRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("person", n, func(i int) uuid.UUID { return rows[i].person }),
		column("session", n, func(i int) string { return rows[i].session }),
		column("day", n, func(i int) time.Time { return rows[i].day.Time() }),
		column("at", n, func(i int) time.Time { return time.UnixMilli(rows[i].at).UTC() }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("home_area", n, func(i int) string { return rows[i].home }),
		column("birth_year", n, func(i int) uint16 { return uint16(rows[i].birthYear) }),
		column("age_band", n, func(i int) string { return rows[i].ageBand }),
		column("sex", n, func(i int) string { return rows[i].sex }),
		column("activity_type", n, func(i int) string { return rows[i].activity }),
		column("provider", n, func(i int) string { return rows[i].provider }),
		column("referral", n, func(i int) string { return rows[i].referral }),
		column("origin_area", n, func(i int) string { return rows[i].origin.area }),
		column("origin_activity", n, func(i int) string { return rows[i].origin.activity }),
		column("origin_provider", n, func(i int) string { return rows[i].origin.provider }))
}

func referralColumns(rows []referralRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("origin", n, func(i int) string { return rows[i].origin }),
		column("person", n, func(i int) uuid.UUID { return rows[i].person }),
		column("session", n, func(i int) string { return rows[i].session }))
}

func pseudonymColumns(rows []pseudonymRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("pseudonym", n, func(i int) uuid.UUID { return rows[i].pseudonym }),
		column("person", n, func(i int) uuid.UUID { return rows[i].person }))
}

func answerColumns(rows []answerRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("wave", n, func(i int) string { return rows[i].wave }),
		column("response", n, func(i int) string { return rows[i].response }),
		column("item", n, func(i int) string { return rows[i].item }),
		column("day", n, func(i int) time.Time { return rows[i].day.Time() }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("code", n, func(i int) int32 { return rows[i].code }),
		column("session", n, func(i int) string { return rows[i].session }),
		column("activity_type", n, func(i int) string { return rows[i].activity }),
		column("provider", n, func(i int) string { return rows[i].provider }))
}

func pastAttendanceColumns(rows []pastAttendance, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(int) bool { return false },
		column("session", n, func(i int) string { return rows[i].session }),
		column("card_visits", n, func(i int) int64 { return rows[i].card }),
		column("extras", n, func(i int) int64 { return rows[i].extras }),
		column("until", n, func(i int) time.Time { return rows[i].until.Time() }),
		column("at", n, func(i int) time.Time { return time.UnixMilli(rows[i].at).UTC() }),
		column("day", n, func(i int) time.Time { return rows[i].day.Time() }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("activity_type", n, func(i int) string { return rows[i].activity }),
		column("provider", n, func(i int) string { return rows[i].provider }))
}

func pastPersonColumns(rows []pastPerson, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return !rows[i].known },
		column("person", n, func(i int) uuid.UUID { return rows[i].person }),
		column("settled", n, func(i int) uint8 { return flag(rows[i].settled) }))
}

func postingColumns(rows []postingRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("family", n, func(i int) string { return string(rows[i].family) }),
		column("scope", n, func(i int) string { return rows[i].scope }),
		column("entity", n, func(i int) string { return rows[i].entity }),
		column("measure", n, func(i int) string { return string(rows[i].measure) }),
		column("attribute", n, func(i int) string { return rows[i].attribute }),
		column("since", n, func(i int) time.Time { return rows[i].from.Time() }),
		column("until", n, func(i int) time.Time { return rows[i].until.Time() }),
		column("areas", n, func(i int) string { return rows[i].areas }),
		column("dimension", n, func(i int) string { return rows[i].dimension }),
		column("member", n, func(i int) string { return rows[i].member }),
		column("value", n, func(i int) int64 { return rows[i].value }))
}

func shiftColumns(rows []shiftRow, gen uint64) []warehouse.Column {
	n := len(rows)
	return versioned(n, gen, func(i int) bool { return rows[i].deleted },
		column("scope", n, func(i int) string { return rows[i].scope }),
		column("volunteer", n, func(i int) uuid.UUID { return rows[i].volunteer }),
		column("partner", n, func(i int) string { return rows[i].partner }),
		column("starts", n, func(i int) time.Time { return time.UnixMilli(rows[i].at).UTC() }),
		column("day", n, func(i int) time.Time { return rows[i].day.Time() }),
		column("area", n, func(i int) string { return rows[i].area }),
		column("age_band", n, func(i int) string { return rows[i].ageBand }),
		column("centihours", n, func(i int) int64 { return rows[i].centihours }),
		column("event", n, func(i int) string { return rows[i].event }),
		column("activity_type", n, func(i int) string { return rows[i].activity }))
}

func cellColumns(rows []cell, p *plan, gen uint64) []warehouse.Column {
	n := len(rows)
	slices.SortFunc(rows, compareCells)
	name := func(of func(cellKey) symbol) func(int) string {
		return func(i int) string { return p.names.values[of(rows[i].key)] }
	}
	facet := func(of func(facetNames) symbol) func(int) string {
		return name(func(k cellKey) symbol { return of(p.facetOf(k)) })
	}
	return versioned(n, gen, func(i int) bool { return rows[i].value == 0 },
		column("period_type", n, func(i int) string { return string(indicator.PeriodTypes[rows[i].key.period]) }),
		column("period_start", n, func(i int) time.Time { return rows[i].key.start.Time() }),
		column("area", n, name(func(k cellKey) symbol { return k.area })),
		column("measure", n, func(i int) string { return string(p.measures[rows[i].key.measure]) }),
		column("dimension", n, facet(func(f facetNames) symbol { return f.dimension })),
		column("member", n, facet(func(f facetNames) symbol { return f.member })),
		column("band", n, facet(func(f facetNames) symbol { return f.band })),
		column("sex", n, facet(func(f facetNames) symbol { return f.sex })),
		column("value", n, func(i int) int64 { return rows[i].value }))
}
