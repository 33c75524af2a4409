package aggregator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// takeWave makes the answers to one survey wave nobody's, if there is one that ended before the limit: its figures are final and stay
// as they are published, and what its answers gave to cells goes to past cells. Afterwards news of the wave is not taken in.
func (a *Aggregator) takeWave(ctx context.Context) (taken bool, err error) {
	wave, err := a.pastWave(ctx)
	if err != nil || wave == "" {
		return false, err
	}
	g, cells := a.nextGeneration(), a.plan.newDeltas()
	answers := map[answerKey]answer{}
	if err := a.state.answers(ctx, "wave = "+quote(wave), answers); err != nil {
		return false, fmt.Errorf("take away answers of wave %s: %w", wave, err)
	}
	for _, x := range answers {
		a.plan.addAnswer(cells, x, +1)
		g.answers = append(g.answers, answerRow{x, true})
	}
	if g.pastCells, err = a.sums(ctx, "past_cells", cells); err != nil {
		return false, fmt.Errorf("take away answers of wave %s: %w", wave, err)
	}
	g.head.PastWaves[wave] = true
	if err := a.commit(ctx, g); err != nil {
		return false, fmt.Errorf("take away answers of wave %s: %w", wave, err)
	}
	a.log.Info("answers taken away", zap.String("wave", wave))
	return true, nil
}

// pastWave returns a wave with answers left that ended before the limit and is not needed any more; "" if there is none.
func (a *Aggregator) pastWave(ctx context.Context) (string, error) {
	if a.head.Limit == 0 || a.head.PublishAll != "" {
		return "", nil
	}
	waves, err := a.waves(ctx)
	if err != nil {
		return "", fmt.Errorf("load waves: %w", err)
	}
	past := ""
	err = warehouse.Each(ctx, a.db, statement("past_waves"), func(row func(...any) error) error {
		var id string
		var last int32
		if err := row(&id, &last); err != nil {
			return err
		}
		if past == "" && !a.head.PastWaves[id] && a.endedBefore(id, indicator.Date(last), waves) {
			past = id
		}
		return nil
	})
	return past, err
}

// endedBefore reports whether a wave ended before the limit, and it and the wave after it, which tells how a panel has changed, are
// final and without news. Of a wave that nobody described the last answer must be from before.
func (a *Aggregator) endedBefore(id string, last indicator.Date, waves []wave) bool {
	i := slices.IndexFunc(waves, func(w wave) bool { return w.id == id })
	if i < 0 {
		return last < a.head.Limit && !a.head.Waves[id] && !a.arriving(id)
	}
	final := func(w *wave) bool { return a.settled(w) && !a.ledger.openWave(w) && !a.head.Waves[w.id] }
	if waves[i].ends >= a.head.Limit || !final(&waves[i]) {
		return false
	}
	for j := range waves {
		if b := waveBefore(&waves[j], waves); b != nil && b.id == id && !final(&waves[j]) {
			return false
		}
	}
	return true
}

// An old survey may be imported in several files on several days. So a wave that is heard of only when it should have been final, or that
// nobody has described, is arriving until it has not been heard of for as long as a wave stays open after its end: till then it does not
// become final, or its first part would decide for good what is hidden of it, and its answers are not taken away.

// arriving reports whether a wave is.
func (a *Aggregator) arriving(id string) bool {
	last, late := a.head.Late[id]
	return late && a.today() < last+indicator.Date(indicator.Wave.Grace())
}

// settled reports whether nothing keeps the wave's numbers from being final.
func (a *Aggregator) settled(w *wave) bool {
	return a.shut(w) && (!a.arriving(w.id) || a.byHand[w.period()])
}

// noteLate notes those of some waves with news that are late, and forgets those that have arrived.
func (a *Aggregator) noteLate(ctx context.Context, g *generation, heard []string) error {
	maps.DeleteFunc(g.head.Late, func(id string, _ indicator.Date) bool { return !a.arriving(id) })
	if len(heard) == 0 {
		return nil
	}
	waves, err := a.waves(ctx)
	if err != nil {
		return fmt.Errorf("load waves: %w", err)
	}
	for _, id := range heard {
		if i := slices.IndexFunc(waves, func(w wave) bool { return w.id == id }); i < 0 || a.shut(&waves[i]) {
			g.head.Late[id] = a.today()
		}
	}
	return nil
}
