package evaluator_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/schemas"
	"vointi.fi/services/evaluator"
)

func TestMain(m *testing.M) { os.Exit(warehousetest.Main(m)) }

var loaded = sync.OnceValues(func() (programme.Known, error) { return programme.LoadKnown(schemas.FS) })

// world is an evaluator on facts and figures that the test writes.
type world struct {
	testing.TB
	db    *warehouse.DB
	files fstest.MapFS
	known programme.Known
	now   time.Time
	v     *evaluator.Evaluator
}

func newWorld(t testing.TB, today string) *world {
	t.Helper()
	known, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, db: warehousetest.New(t), files: fstest.MapFS{}, known: known}
	w.today(today)
	w.restart()
	return w
}

// restart replaces the evaluator by one that remembers nothing.
func (w *world) restart() {
	w.Helper()
	cfg := evaluator.DefaultConfig()
	cfg.Programmes, cfg.Catalogue, cfg.Areas = []fs.FS{w.files}, w.known.Catalogue, w.known.Areas
	cfg.Clock = func() time.Time { w.now = w.now.Add(time.Second); return w.now }
	var err error
	if w.v, err = evaluator.New(zaptest.NewLogger(w, zaptest.Level(zap.DPanicLevel)), prometheus.NewRegistry(), w.db, cfg); err != nil {
		w.Fatal(err)
	}
}

func (w *world) today(day string) {
	w.Helper()
	now, err := time.Parse(time.DateOnly, day)
	if err != nil {
		w.Fatal(err)
	}
	w.now = now.Add(10 * time.Hour)
}

func (w *world) exec(format string, args ...any) {
	w.Helper()
	if err := w.db.Exec(w.Context(), fmt.Sprintf(format, args...)); err != nil {
		w.Fatal(err)
	}
}

// describe writes a description.
func (w *world) describe(id, text string) {
	w.files[id+".yaml"] = &fstest.MapFile{Data: []byte("id: " + id + "\nname: {fi: N, sv: N, en: N}\n" + text)}
}

// step evaluates.
func (w *world) step() {
	w.Helper()
	if err := w.v.Step(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// query returns the rows of a statement, values joined by |.
func (w *world) query(format string, args ...any) (lines []string) {
	w.Helper()
	rows, err := w.db.Query(w.Context(), fmt.Sprintf(format, args...))
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]any, len(rows.Columns()))
		for i := range values {
			values[i] = new(string)
		}
		if err := rows.Scan(values...); err != nil {
			w.Fatal(err)
		}
		line := make([]string, len(values))
		for i := range values {
			line[i] = *values[i].(*string)
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		w.Fatal(err)
	}
	return lines
}

// row is what the read model says of an estimate.
type row struct {
	value, low, high, p    float64
	status, refusal, flags string
	method, suppressed     string
	revision, draws        int
	inputs                 string
}

func (w *world) row(id string) (r row) {
	w.Helper()
	found := 0
	err := warehouse.Each(w.Context(), w.db, `SELECT ifNull(estimate, nan), ifNull(low, nan), ifNull(high, nan), ifNull(p, nan), status, refusal, arrayStringConcat(flags, ','),
		method, suppressed, toInt64(revision), toInt64(draws), arrayStringConcat(inputs.name, ';') FROM vointi.estimates WHERE estimate_id = {id:String}`,
		func(scan func(...any) error) error {
			found++
			var revision, draws int64
			err := scan(&r.value, &r.low, &r.high, &r.p, &r.status, &r.refusal, &r.flags, &r.method, &r.suppressed, &revision, &draws, &r.inputs)
			r.revision, r.draws = int(revision), int(draws)
			return err
		}, warehouse.Param("id", id))
	if err != nil || found != 1 {
		w.Fatalf("%d rows %s, %v; there are\n%s", found, id, err, strings.Join(w.query("SELECT estimate_id FROM vointi.estimates"), "\n"))
	}
	return r
}

// equal checks a number to some decimals.
func (w *world) equal(what string, got float64, want string) {
	w.Helper()
	decimals := 0
	if i := strings.IndexByte(want, '.'); i >= 0 {
		decimals = len(want) - i - 1
	}
	if text := fmt.Sprintf("%.*f", decimals, got); text != want {
		w.Errorf("%s is %s, want %s", what, text, want)
	}
}

// figure publishes a figure of everybody.
type figure struct {
	indicator, area, dimension, member, typ, start, wave string
	value, lower, upper, numerator, denominator          string
	suppressed                                           string
	flags                                                string // quoted, with commas between
}

var versions int

func (w *world) publish(figures ...figure) {
	w.Helper()
	or := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	var rows []string
	for _, f := range figures {
		versions++
		rows = append(rows, fmt.Sprintf("('%s', '%s', 'all', 'all', '%s', '%s', '%s', '%s', '%s', %s, %s, %s, %s, %s, 'final', '%s', [%s], %d)",
			f.indicator, f.area, f.dimension, or(f.member, "all"), f.typ, f.start, f.wave, or(f.value, "NULL"), or(f.lower, "NULL"), or(f.upper, "NULL"),
			or(f.numerator, "NULL"), or(f.denominator, "NULL"), f.suppressed, f.flags, versions))
	}
	w.exec(`INSERT INTO vointi_internal.publications (indicator, area, age_group, sex, dimension, member, period_type, period_start, wave, value, lower95, upper95,
		numerator, denominator, status, suppressed, flags, version) VALUES %s`, strings.Join(rows, ", "))
}

var facts int

// cost enters one for a project, in cents.
func (w *world) cost(project, month string, cents int, kind, funder string) {
	w.Helper()
	facts++
	w.exec(`INSERT INTO vointi_internal.facts_cost (scope, chain, identity, hash, kind, time, entry, cost_area, period, amount_cents, cost_kind, funder, project) VALUES
		('KU305/%[2]s', generateUUIDv4(), generateUUIDv4(), %[5]d, 'original', '2024-01-01 00:00:00', 'e%[5]d', 'KU305', '%[2]s-01', %[3]d, '%[4]s', '%[6]s', '%[1]s')`, project, month, cents, kind, facts, funder)
}

// use tells the use of a service by everybody.
func (w *world) use(area, period string, contacts, persons, population int) {
	w.Helper()
	facts++
	person := "NULL"
	if persons > 0 {
		person = fmt.Sprint(persons)
	}
	w.exec(`INSERT INTO vointi_internal.facts_service_use (scope, chain, identity, hash, time, use_area, age_scheme, age_group, service_code, period, contacts, persons, population) VALUES
		('%[1]s/%[2]s', generateUUIDv4(), generateUUIDv4(), %[3]d, '2024-01-01 00:00:00', '%[1]s', '', 'all', 'T11', '%[2]s', %[4]d, %[5]s, %[6]d)`, area, period, facts, contacts, person, population)
}

func (w *world) unitCost(year, cents int, placeholder bool) {
	w.Helper()
	facts++
	w.exec(`INSERT INTO vointi_internal.facts_unit_cost (scope, chain, identity, hash, time, price_year, low_cents, base_cents, high_cents, origin, placeholder) VALUES
		('T11', generateUUIDv4(), generateUUIDv4(), %[1]d, '2024-01-01 00:00:00', %[2]d, %[3]d, %[4]d, %[5]d, 'THL', %[6]v)`, facts, year, cents*4/5, cents, cents*6/5, placeholder)
}

// phase begins one.
func (w *world) phase(project, name, area, comparison, from, to string) {
	w.Helper()
	facts++
	if to == "" {
		to = "1970-01-01"
	}
	w.exec(`INSERT INTO vointi_internal.facts_project (scope, chain, identity, hash, time, phase, areas, comparison_areas, starts, ends) VALUES
		('%s', generateUUIDv4(), generateUUIDv4(), %d, '2024-01-01 00:00:00', '%s', ['%s'], %s, '%s', '%s')`, project, facts, name, area, comparison, from, to)
}
