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

// accessDenied is ClickHouse's code for what a user may not do.
const accessDenied = 497

// unmerged does something during which the engine leaves the parts of publications alone. Where it may not be told to, it does not.
func (a *Aggregator) unmerged(ctx context.Context, do func() error) error {
	for _, table := range publicationTables {
		if err := a.tellMerges(ctx, "STOP", table); err != nil {
			a.log.Info("the engine may merge during a rebuild, which takes longer for it", zap.String("table", table), zap.Error(err))
		}
	}
	a.unmerging = publicationTables // also without an answer
	defer a.mergeAgain(ctx)
	return do()
}

// mergeAgain has the engine merge what it may have been told not to, by an aggregator that was killed, too. Who may not begin merges has stopped
// none; any other failure is tried again by the next step.
func (a *Aggregator) mergeAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mergesWait)
	defer cancel()
	var left []string
	for _, table := range a.unmerging {
		if err := a.tellMerges(ctx, "START", table); err != nil && warehouse.Code(err) != accessDenied {
			a.log.Warn("merges will be begun later", zap.String("table", table), zap.Error(err))
			left = append(left, table)
		}
	}
	a.unmerging = left
}

func (a *Aggregator) tellMerges(ctx context.Context, what, table string) error {
	return a.db.Exec(ctx, "SYSTEM "+what+" MERGES "+a.state.name+"."+table)
}
