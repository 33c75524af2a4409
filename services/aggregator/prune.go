package aggregator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vointi.fi/pkg/warehouse"
)

// generationsAPartition is how many generations share a partition of the journal.
const generationsAPartition = 1000

// prune takes away, once a day, what nobody will ask for again: changes that the watermark covers, partitions of the
// journal before that of the last generation, and writers that are gone. All of it may be taken away twice, or half: the
// watermark and the last generation are all that the next start reads.
func (a *Aggregator) prune(ctx context.Context) error {
	today := a.today()
	if a.pruned == today {
		return nil
	}
	covered := a.head.covered()
	if covered != "" {
		if err := a.db.Exec(ctx, "DELETE FROM vointi_internal.changes WHERE "+covered); err != nil {
			return fmt.Errorf("prune changes: %w", err)
		}
	}
	a.crash("prune changes")
	var old []uint64
	err := warehouse.Each(ctx, a.db, a.state.statement("old_generations", "before", fmt.Sprint(a.generation/generationsAPartition)), func(row func(...any) error) error {
		var partition uint64
		err := row(&partition)
		old = append(old, partition)
		return err
	})
	for _, partition := range old {
		if err == nil {
			err = a.db.Exec(ctx, fmt.Sprintf("ALTER TABLE %s.journal DROP PARTITION %d", a.state.name, partition))
		}
	}
	if err != nil {
		return fmt.Errorf("prune journal: %w", err)
	}
	a.forgetWriters()
	a.pruned = today
	return nil
}

// forgetWriters drops from the watermark the writers of whom nothing has come since the last time, a day ago: each start of an ingester and each
// erasure brings new ones, and every refresh asks about them all. Of one that writes again, only what is beyond the watermark is left, so
// all of it is news.
func (a *Aggregator) forgetWriters() {
	kept := map[uuid.UUID]uint64{}
	for writer, wseq := range a.head.Watermark {
		if before, had := a.quiet[writer]; !had || before != wseq {
			kept[writer] = wseq
		}
	}
	a.head.Watermark, a.quiet = kept, kept
}

// covered is the condition for changes that the watermark covers; "" if there are none.
func (h head) covered() string {
	var parts []string
	for w, wseq := range h.Watermark {
		parts = append(parts, fmt.Sprintf("(writer = '%s' AND wseq <= %d)", w, wseq))
	}
	slices.Sort(parts)
	return strings.Join(parts, " OR ")
}
