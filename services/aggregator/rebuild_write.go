package aggregator

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// chunk is how many rows a rebuild holds back before it writes them.
const chunk = 150_000

// cellsAtOnce is how many cells one insert writes: many, since the engine merges what comes in small parts at once, while periods are protected.
const cellsAtOnce = 7 * chunk

// insertsAtOnce is how many inserts of a rebuild go on at the same time.
const insertsAtOnce = 2

func (b *build) newWriter() {
	b.writer = &errgroup.Group{}
	b.writer.SetLimit(insertsAtOnce)
}

// writeFull writes what has gathered, if it is enough to be worth an insert.
func (b *build) writeFull(ctx context.Context) {
	if len(b.gen.visits)+len(b.gen.sessions) >= chunk {
		b.write(ctx)
	}
}

func (b *build) writeCells(ctx context.Context) error {
	for k, v := range b.cells.all() {
		b.gen.cells = append(b.gen.cells, cell{k, v})
		if len(b.gen.cells) == cellsAtOnce {
			b.write(ctx)
		}
	}
	return nil
}

// write inserts what has gathered, while the next rows are made, of which there will be about as many. It waits for one of the inserts
// before it.
func (b *build) write(ctx context.Context) {
	g := b.gen
	b.gen = &generation{number: g.number, visits: make([]visitRow, 0, len(g.visits)), cells: make([]cell, 0, len(g.cells))}
	b.writer.Go(func() error {
		for _, w := range g.writes(b.plan) {
			if err := b.a.db.Insert(ctx, b.into.name+"."+w.Table, w.Columns...); err != nil {
				return err
			}
		}
		return nil
	})
}

// written writes the rest, and returns when everything is stored.
func (b *build) written(ctx context.Context) error {
	b.write(ctx)
	defer b.newWriter()
	return b.writer.Wait()
}
