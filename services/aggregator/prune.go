package aggregator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vointi.fi/pkg/warehouse"
)

// generationsAPartition is how many generations share a partition of the journal.
const generationsAPartition = 1000

// prune takes away, once a day, what nobody will ask for again: changes that the watermark covers, and partitions of the
// journal before that of the last generation. Both may be taken away twice, or half: the watermark and the last generation
// are all that the next start reads.
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
	a.pruned = today
	return nil
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
