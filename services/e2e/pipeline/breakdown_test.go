package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/schemas"
	"vointi.fi/services/simulator"
)

// TestEveryBreakdown: on the synthetic data every indicator that is fed has figures, shown or protected, in every breakdown
// and period type that its row names, and in two of three breakdowns shown ones, however few people this history has; and nothing to do
// so needs a person's attention.
func TestEveryBreakdown(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	p := newPipeline(t, "2026-11-20")
	core, warnings := observer.New(zapcore.WarnLevel)
	p.log = zap.New(core)
	p.restartAggregator()
	p.simulate(simulator.Small(now))
	p.shares()
	p.verify()
	for _, entry := range warnings.All() {
		t.Errorf("%s %v", entry.Message, entry.ContextMap())
	}
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	p.must(err)
	breakdowns, shown := 0, 0
	for _, e := range catalogue {
		if !e.Fed() {
			continue
		}
		for _, b := range e.Breakdowns {
			where := map[string]string{"area": "area != 'SSS'", "age_group": "age_group NOT IN ('all', 'unknown')", "sex": "sex IN ('1', '2')"}[b]
			if where == "" {
				where = fmt.Sprintf("dimension = '%s'", b)
			}
			breakdowns++
			if p.hasFigures(e, b, where) {
				shown++
			}
		}
		for _, period := range e.AllPeriods {
			p.hasFigures(e, string(period), fmt.Sprintf("period_type = '%s'", period))
		}
	}
	if 3*shown < 2*breakdowns {
		t.Errorf("%d of %d breakdowns show a figure", shown, breakdowns)
	}
	p.resists() // last: it plants a leak
}

// shares logs how much of what is published is protected, by indicator and period type.
func (p *pipeline) shares() {
	p.Helper()
	for _, line := range p.query(`SELECT indicator, period_type, toString(countIf(suppressed != '')), toString(count()), toString(round(countIf(suppressed != '') / count(), 3))
		FROM vointi.indicators WHERE status != 'no_data' GROUP BY 1, 2 HAVING countIf(suppressed != '') > 0 ORDER BY 1, 2`) {
		p.Log(line)
	}
}

// simulate sends a whole synthetic history, and aggregates it in one step.
func (p *pipeline) simulate(cfg simulator.Config) {
	p.Helper()
	sim, err := simulator.New(cfg)
	p.must(err)
	var events []*event.Event
	for e, err := range sim.All() {
		p.must(err)
		if events = append(events, e); len(events) == 1000 {
			p.must(p.bus.Publisher().PublishBatch(p.Context(), events))
			events = nil
		}
	}
	p.send(events...)
}

// hasFigures fails unless there are figures, and reports whether any of them is shown.
func (p *pipeline) hasFigures(e *indicator.Entry, what, where string) (shown bool) {
	p.Helper()
	counts := p.query("SELECT toString(countIf(isNotNull(value))), toString(countIf(suppressed = 'protected')) FROM vointi.indicators WHERE indicator = '%s' AND %s", e.ID, where)[0]
	if counts == "0|0" {
		p.Errorf("%s has no figures by %s", e.ID, what)
	}
	return !strings.HasPrefix(counts, "0|")
}
