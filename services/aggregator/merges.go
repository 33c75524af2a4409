package aggregator

import (
	"context"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/warehouse"
)

// What a rebuild publishes comes in many parts, which the engine would merge at once and as they come again, on the processors that
// protect the periods still to be published. It can do that as well when all is there.

// publicationTables are where publications are written.
var publicationTables = []string{"publications", "publication_log"}

// mergesWait is how long beginning merges may take, also when everything else ends.
const mergesWait = 10 * time.Second

// unmerged does something during which the engine leaves the parts of publications alone. Where it may not be told to, it does not.
func (a *Aggregator) unmerged(ctx context.Context, do func() error) error {
	for _, table := range publicationTables {
		err := a.tellMerges(ctx, "STOP", table)
		if err != nil {
			a.log.Info("the engine merges during a rebuild, which takes longer for it", zap.String("table", table), zap.Error(err))
		}
		if err == nil || warehouse.Code(err) == 0 { // what the engine has not answered it may have done
			a.unmerging = append(a.unmerging, table)
		}
	}
	defer a.mergeAgain(ctx)
	return do()
}

// mergeAgain has the engine merge what it was told not to. What it could not be told, the next step tells it.
func (a *Aggregator) mergeAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mergesWait)
	defer cancel()
	left := a.unmerging[:0]
	for _, table := range a.unmerging {
		if err := a.tellMerges(ctx, "START", table); err != nil {
			a.log.Warn("merges will be begun later", zap.String("table", table), zap.Error(err))
			left = append(left, table)
		}
	}
	a.unmerging = left
}

// mergeAfterDeath has the engine merge what an aggregator that was killed may have stopped. Who may not begin merges has stopped none.
func (a *Aggregator) mergeAfterDeath(ctx context.Context) {
	for _, table := range publicationTables {
		if err := a.tellMerges(ctx, "START", table); err != nil {
			a.log.Debug("merges were not begun", zap.String("table", table), zap.Error(err))
		}
	}
}

func (a *Aggregator) tellMerges(ctx context.Context, what, table string) error {
	return a.db.Exec(ctx, "SYSTEM "+what+" MERGES "+a.state.name+"."+table)
}
