package aggregator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
)

// Rebuild makes the whole state anew from the facts and publishes what is different. It is what a first start, a change
// of areas or of the catalogue, and `vointi recompute` do. The old state serves readers until the new one is whole; a
// crash at any point leads to another rebuild. It leaves comparisons to the next [Aggregator.Step] or [Aggregator.Compare].
func (a *Aggregator) Rebuild(ctx context.Context, step func(what string, done int)) error {
	if err := a.load(ctx); err != nil {
		return err
	}
	return a.rebuild(ctx, step)
}

func (a *Aggregator) rebuild(ctx context.Context, step func(what string, done int)) error {
	if err := a.loadAreas(ctx); err != nil {
		return err
	}
	reason := reasonLate
	if a.generation > 0 {
		reason = reasonReference
	}
	if kept, _, _ := strings.Cut(a.head.Kept, " "); kept != "" && kept+a.places.signature() != a.plan.signature() {
		reason = reasonMethod
	}
	all, err := a.everything(ctx)
	if err != nil {
		return err
	}
	if all.erasure && reason != reasonMethod {
		reason = reasonErasure
	}
	g := a.nextGeneration()
	g.head.Rebuilding = true
	if err := a.commit(ctx, g); err != nil {
		return err
	}
	scratch := store{a.db, "vointi_rebuild"}
	if err := a.prepare(ctx, scratch); err != nil {
		return err
	}
	g = a.nextGeneration()
	b, err := a.build(ctx, scratch, g.number, max(a.head.Judged, a.today()), step)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	if err := a.swap(ctx, scratch); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	erased, late := g.head.Erased, g.head.Late
	g.head = newHead()
	g.head.Erased, g.head.Late = erased, late
	if err := a.noteLate(ctx, g, all.waves); err != nil {
		return err
	}
	g.head.Watermark, g.head.History, g.head.PublishAll, g.head.Kept = all.taken, b.history, reason, a.plan.signature()
	g.head.Limit, g.head.Forgetting, g.head.Judged = a.head.Limit, a.head.Forgetting, b.judged
	maps.Copy(g.head.PastWaves, a.head.PastWaves)
	if reason == reasonMethod { // some periods are not published anew by it, see beyondRecall
		maps.Copy(g.head.Pending, a.head.Pending)
	}
	if err := a.commit(ctx, g); err != nil {
		return err
	}
	a.detailed = time.Time{}
	a.population, a.prices = nil, nil
	if err := errors.Join(a.begin(ctx), a.countResidents(ctx)); err != nil {
		return err
	}
	a.progress, a.rebuilt = step, b.cells
	defer func() { a.progress, a.rebuilt = func(string, int) {}, nil }()
	return a.unmerged(ctx, func() error { return a.publishDetails(ctx, a.compareLater) })
}

// everything returns all batches there are.
func (a *Aggregator) everything(ctx context.Context) (batches, error) {
	b := batches{taken: map[uuid.UUID]uint64{}}
	err := warehouse.Each(ctx, a.db, statement("watermark", "beyond", "1"), func(row func(...any) error) error {
		var writer uuid.UUID
		var wseq, rows uint64
		var erasure bool
		err := row(&writer, &wseq, &rows, &erasure)
		b.taken[writer] = wseq
		b.erasure = b.erasure || erasure && wseq > a.head.Watermark[writer]
		return err
	})
	if err != nil {
		return b, err
	}
	b.waves, err = warehouse.Collect(ctx, a.db, statement("changed_waves", "beyond", a.head.beyond()), func(row func(...any) error) (id string, err error) { return id, row(&id) })
	return b, err
}

// prepare makes a scratch database with empty state tables.
func (a *Aggregator) prepare(ctx context.Context, scratch store) error {
	statements := []string{"DROP DATABASE IF EXISTS " + scratch.name, "CREATE DATABASE " + scratch.name}
	for _, t := range stateTables {
		statements = append(statements, "CREATE TABLE "+scratch.name+"."+t+" AS "+a.state.name+"."+t)
	}
	for _, sql := range statements {
		if err := a.db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("prepare %s: %w", scratch.name, err)
		}
	}
	return nil
}

// swap puts the tables of the scratch database into place.
func (a *Aggregator) swap(ctx context.Context, scratch store) error {
	for _, t := range stateTables {
		if err := a.db.Exec(ctx, "EXCHANGE TABLES "+scratch.name+"."+t+" AND "+a.state.name+"."+t); err != nil {
			return fmt.Errorf("swap %s: %w", t, err)
		}
		a.crash("swap " + t)
	}
	return a.db.Exec(ctx, "DROP DATABASE "+scratch.name)
}
