package aggregator

import (
	"context"

	"go.uber.org/zap"
)

// What a rebuild publishes comes in many parts, which the engine would merge at once and as they come again, on the processors that
// protect the periods still to be published. It can do that as well when all is there.

// publicationTables are where publications are written.
var publicationTables = []string{"publications", "publication_log"}

// unmerged does something during which the engine leaves the parts of publications alone. Where it may not be told to, it does not.
func (a *Aggregator) unmerged(ctx context.Context, do func() error) error {
	if err := a.tellMerges(ctx, "STOP"); err != nil {
		a.log.Info("the engine merges publications during a rebuild, which takes longer for it", zap.Error(err))
	}
	defer a.mergeAgain(context.WithoutCancel(ctx))
	return do()
}

// mergeAgain has the engine merge publications. What a program that was killed has stopped stays so until the next one comes, or the engine
// begins anew.
func (a *Aggregator) mergeAgain(ctx context.Context) {
	if err := a.tellMerges(ctx, "START"); err != nil {
		a.log.Debug("merges were not begun", zap.Error(err)) // nor were they stopped, or the warehouse is away and this is tried again
	}
}

func (a *Aggregator) tellMerges(ctx context.Context, what string) error {
	for _, table := range publicationTables {
		if err := a.db.Exec(ctx, "SYSTEM "+what+" MERGES "+a.state.name+"."+table); err != nil {
			return err
		}
	}
	return nil
}
