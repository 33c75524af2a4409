package evaluator

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/warehouse"
)

// said is what a row says, without when and why it was written: two rows that say the same are one.
func (e *estimate) said() string {
	row := *e
	row.points, row.revision, row.reason, row.to = nil, 0, "", 0
	row.inputs = slices.Clone(e.inputs)
	for i := range row.inputs {
		row.inputs[i].wellby = false // stands among the flags
	}
	return fmt.Sprintf("%v", row)
}

// revise gives fresh rows their revisions, and returns those that differ from the stored ones, and the end of those that are no more.
func revise(stored map[string]*estimate, fresh []*estimate) (differ, gone []*estimate) {
	for _, e := range fresh {
		before, had := stored[e.id]
		delete(stored, e.id)
		if had {
			e.revision, e.reason = before.revision, before.reason
			if before.said() == e.said() {
				continue
			}
			e.revision++
			e.reason = why(before, e)
		}
		differ = append(differ, e)
	}
	for _, id := range slices.Sorted(maps.Keys(stored)) {
		gone = append(gone, stored[id])
	}
	return differ, gone
}

// The reasons of revisions.
const (
	newMethod      = "method"
	newDescription = "description"
	newInputs      = "inputs"
)

func why(before, e *estimate) string {
	switch {
	case before.comparator != e.comparator, before.perspective != e.perspective, before.priceYear != e.priceYear, before.from != e.from, before.seed != e.seed:
		return newDescription
	case before.method != e.method, before.unit != e.unit:
		return newMethod
	}
	return newInputs
}

// store writes what differs from what is stored: points first, so that an estimate never stands beside older ones for longer than this takes.
func (v *Evaluator) store(ctx context.Context, p *programme.Programme, d design, e *evidence, fresh []*estimate) error {
	parameter := warehouse.Param("programme", p.ID)
	rows, err := warehouse.Collect(ctx, v.db, statement("estimates"), scanEstimate, parameter)
	if err != nil {
		return fmt.Errorf("read estimates: %w", err)
	}
	points, err := warehouse.Collect(ctx, v.db, statement("stored_points"), scanPoint, parameter)
	if err != nil {
		return fmt.Errorf("read points: %w", err)
	}
	version, err := v.nextVersion(ctx)
	if err != nil {
		return err
	}
	w := writer{v.db, p.ID, v.cfg.Clock().UTC().Truncate(time.Millisecond), version}
	if err := w.points(ctx, points, fresh); err != nil {
		return err
	}
	stored := map[string]*estimate{}
	for i := range rows {
		stored[rows[i].id] = &rows[i]
	}
	differ, gone := revise(stored, fresh)
	if err := w.estimates(ctx, differ, gone); err != nil {
		return err
	}
	return v.storeProgramme(ctx, w, p, d, e)
}

func (v *Evaluator) nextVersion(ctx context.Context) (version uint64, err error) {
	err = warehouse.Each(ctx, v.db, statement("version"), func(scan func(...any) error) error { return scan(&version) })
	if err != nil {
		return 0, fmt.Errorf("read version: %w", err)
	}
	return version + 1, nil
}

// writer writes rows of one programme with one version.
type writer struct {
	db        *warehouse.DB
	programme string
	now       time.Time
	version   uint64
}

// placed is a point of an estimate.
type placed struct {
	estimate string
	point
	deleted bool
}

func (p placed) key() string { return fmt.Sprint(p.estimate, "\n", p.series, "\n", p.position) }

func (w writer) points(ctx context.Context, stored []placed, fresh []*estimate) error {
	before := map[string]placed{}
	for _, p := range stored {
		before[p.key()] = p
	}
	var rows []placed
	for _, e := range fresh {
		for _, p := range e.points {
			now := placed{estimate: e.id, point: p}
			old, had := before[now.key()]
			delete(before, now.key())
			if !had || fmt.Sprint(old) != fmt.Sprint(now) {
				rows = append(rows, now)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		gone := before[key]
		gone.deleted = true
		rows = append(rows, gone)
	}
	return w.db.Insert(ctx, "vointi_internal.estimate_points", pointColumns(rows, w)...)
}

func (w writer) estimates(ctx context.Context, differ, gone []*estimate) error {
	rows := append(slices.Clone(differ), gone...)
	return w.db.Insert(ctx, "vointi_internal.estimates", estimateColumns(rows, len(differ), w)...)
}

// storeProgramme writes the programme itself, if it differs.
func (v *Evaluator) storeProgramme(ctx context.Context, w writer, p *programme.Programme, d design, e *evidence) error {
	stored, err := v.storedProgrammes(ctx)
	if err != nil {
		return err
	}
	columns := programmeColumns(p, d, e)
	if stored[p.ID] == fmt.Sprint(columns) {
		return nil
	}
	return w.db.Insert(ctx, "vointi_internal.programmes", append(columns, w.marks(1, func(int) bool { return false })...)...)
}

// forget takes away the programmes that are described no more.
func (v *Evaluator) forget(ctx context.Context, described []*programme.Programme) error {
	stored, err := v.storedProgrammes(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(stored)) {
		if programme.Find(described, id) != nil {
			continue
		}
		gone := &programme.Programme{ID: id}
		if err := v.store(ctx, gone, design{}, &evidence{}, nil); err != nil {
			return err
		}
		version, err := v.nextVersion(ctx)
		if err != nil {
			return err
		}
		w := writer{v.db, id, v.cfg.Clock().UTC(), version}
		columns := append(programmeColumns(gone, design{}, &evidence{}), w.marks(1, func(int) bool { return true })...)
		if err := v.db.Insert(ctx, "vointi_internal.programmes", columns...); err != nil {
			return err
		}
		delete(v.seen, id)
	}
	return nil
}

// marks are the columns with which every row ends.
func (w writer) marks(n int, deleted func(int) bool) []warehouse.Column {
	return []warehouse.Column{
		each("computed_at", n, func(int) time.Time { return w.now }),
		each("version", n, func(int) uint64 { return w.version }),
		each("deleted", n, func(i int) uint8 {
			if deleted(i) {
				return 1
			}
			return 0
		}),
	}
}

func nullable(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

func orNull(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
