// Package aggregator derives indicators from facts. Cells, exact integers per measure, area, period and group, follow the
// facts by refreshes whose cost is that of what changed; publications follow the cells, protected and with intervals,
// and are what the read model shows. Everything it stores can be made anew from the facts, and `recompute --verify` does.
package aggregator

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/warehouse"
)

// Config says what is computed, and how often.
type Config struct {
	Catalogue   indicator.Catalogue
	Ages        *reference.AgeSchemes
	Peers       *reference.Peers // which areas are held beside each other
	Rule        ActivityRule
	Threshold   int64          // k: counts of 1 to k−1 are hidden
	HistoryFrom indicator.Date // since when check-ins are complete; 0: since the first one
	Every       time.Duration  // how often to look for news, if nobody nudges
	Details     time.Duration  // how often breakdowns of open periods are published
	Retention   int            // months that visits, shifts and answers stay somebody's, see retain; 0: for good
	MaxChanges  int            // changes that one refresh takes; more at once make it rebuild
	Clock       func() time.Time
	// Crash, in tests, is called between two effects and may end the process there.
	Crash func(step string)
}

// DefaultConfig is the configuration of a municipality; the catalogue and the age schemes are for
// the caller to load.
func DefaultConfig() Config {
	return Config{
		Rule: DefaultActivityRule, Threshold: 5, Every: 500 * time.Millisecond, Details: 24 * time.Hour, MaxChanges: 20_000, Retention: 26,
		Clock: time.Now, Crash: func(string) {}, Peers: &reference.Peers{},
	}
}

// LeastRetention is how many months visits must stay somebody's: a year closes three months after its end, and who was active
// in its first days was so by visits of three months before.
const LeastRetention = 18

// Validate reports every fault of the configuration.
func (c Config) Validate() error {
	var faults []error
	check := func(ok bool, text string) {
		if !ok {
			faults = append(faults, errors.New(text))
		}
	}
	check(len(c.Catalogue) > 0, "catalogue: no indicators")
	check(c.Ages != nil, "ages: no age schemes")
	check(c.Peers != nil, "peers: none, not even an empty list")
	check(c.Threshold >= 3, "threshold: less than 3 protects nobody")
	check(c.Every > 0, "every: must be positive")
	check(c.Details > 0, "details: must be positive")
	check(c.Retention == 0 || c.Retention >= LeastRetention, fmt.Sprintf("retention: %d months are less than %d", c.Retention, LeastRetention))
	check(c.MaxChanges > 0, "max changes: must be positive")
	check(c.Rule.Visits > 0 && c.Rule.Weeks > 0 && c.Rule.Window > 0 && c.Rule.Before >= 0, "activity rule: numbers must be positive")
	return errors.Join(faults...)
}

// Notifier tells other services which indicators changed.
type Notifier interface {
	IndicatorsUpdated(ctx context.Context, updates []Update) error
}

// Update names what a refresh changed.
type Update struct {
	Indicator, Area, PeriodType, PeriodStart string
}

// Aggregator is one running aggregator. There must be one for a warehouse.
type Aggregator struct {
	db      *warehouse.DB
	log     *zap.Logger
	cfg     Config
	notify  Notifier
	metrics *metrics
	zone    *time.Location
	ages    *ages

	state       store
	places      *places
	areas       map[string]area
	pruned      indicator.Date       // when what is no longer needed was taken away
	quiet       map[uuid.UUID]uint64 // the watermark then
	retained    indicator.Date       // when visits were last taken away
	retainAfter time.Time
	backlog     *backlog       // while there is one to take away
	merges      indicator.Date // when the next area is merged into another
	plan        *plan
	population  *population
	prices      prices // nil: out of date
	fed         fedSince
	head        head
	generation  uint64
	progress    func(what string, done int)
	ready       bool           // state and head agree with the journal
	detailed    time.Time      // when breakdowns were last published
	publishing  indicator.Date // when they last began to be
	ledger      *ledger
	byHand      periods                    // closed by hand
	grids       map[indicator.Period]*grid // of open periods
	rebuilt     *deltas                    // all cells, until they have been published
	version     uint64                     // of publications
	comparisons uint64                     // version of comparisons; 0: not read yet
	draws       draws
	// nothingWithheld: it is known that no row of a final period stays as it was.
	nothingWithheld bool
	turns           chan struct{} // of what protects periods and makes their rows, one for each processor
	linked          links         // that the state has taken in
	schedules       schedules
	judged          indicator.Date // the day as of which all of these have been judged
	unmerging       []string       // tables of which the engine may have been told not to merge parts
}

// New returns an aggregator that has read nothing yet.
func New(log *zap.Logger, reg prometheus.Registerer, db *warehouse.DB, notify Notifier, cfg Config) (*Aggregator, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("aggregator: %w", err)
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, fmt.Errorf("aggregator: %w", err)
	}
	a := &Aggregator{
		db: db, log: log.Named("aggregator"), cfg: cfg, notify: notify, metrics: newMetrics(reg), zone: zone,
		state: store{db, "vointi_internal"}, ages: newAges(cfg.Ages),
		progress: func(string, int) {}, turns: make(chan struct{}, runtime.GOMAXPROCS(0)), unmerging: publicationTables,
	}
	a.ledger = newLedger(a.ofDerived)
	return a, nil
}

func (a *Aggregator) clock() time.Time { return a.cfg.Clock() }

func (a *Aggregator) crash(step string) { a.cfg.Crash(step) }

func (a *Aggregator) today() indicator.Date { return indicator.DateOf(a.clock().In(a.zone)) }

func (a *Aggregator) history() indicator.Date { return a.historyFrom(a.head.History) }

func (a *Aggregator) historyFrom(first indicator.Date) indicator.Date {
	if a.cfg.HistoryFrom != 0 {
		return a.cfg.HistoryFrom
	}
	return first
}

func (a *Aggregator) nextGeneration() *generation {
	g := &generation{number: a.generation + 1, head: a.head.clone(), deltas: a.plan.newDeltas(), periods: periods{}}
	g.head.Judged = a.judged
	return g
}

// Run follows the facts until ctx ends. nudge makes it look at once, and it looks by itself every cfg.Every; but after work
// it rests as long as it has worked, up to cfg.Every, so that under load it takes in more at a time and leaves the engine
// half of its time. Errors of the warehouse are retried for ever, with growing pauses, after the journal has been
// brought to an end.
func (a *Aggregator) Run(ctx context.Context, nudge <-chan struct{}) error {
	pause := a.cfg.Every
	for {
		began := time.Now()
		err := a.Step(ctx)
		rest := min(time.Since(began), a.cfg.Every)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			a.ready = false
			a.metrics.errors.Inc()
			a.log.Warn("refresh will be tried again", zap.Error(err), zap.Duration("pause", pause))
			pause = min(2*pause, 30*time.Second)
			rest = pause
		default:
			pause = a.cfg.Every
		}
		if !wait(ctx, rest, nil) || !wait(ctx, pause-rest, nudge) {
			return nil
		}
	}
}

// wait returns after d or at a nudge; false when ctx ended.
func wait(ctx context.Context, d time.Duration, nudge <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
	case <-nudge:
	}
	return true
}

// Step takes in all that is new and publishes it. It returns when there is nothing left to do.
func (a *Aggregator) Step(ctx context.Context) error {
	if err := a.open(ctx); err != nil {
		return err
	}
	a.mergeAgain(ctx)
	for {
		start := time.Now()
		r, err := a.refresh(ctx)
		if errors.Is(err, errRebuild) || r.more && err == nil && r.changes > a.cfg.MaxChanges/2 {
			a.log.Info("rebuilding", zap.NamedError("because", err))
			if err := a.rebuild(ctx, func(string, int) {}); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if r.changes > 0 {
			a.metrics.refreshSeconds.Observe(time.Since(start).Seconds())
			a.metrics.changes.Add(float64(r.changes))
		}
		if err := a.publish(ctx, r.cells); err != nil {
			return err
		}
		if r.more {
			continue
		}
		if more, err := a.retain(ctx); err != nil || !more {
			return err
		}
	}
}

// open brings an interrupted generation to its end and loads what the aggregator keeps in memory.
func (a *Aggregator) open(ctx context.Context) error {
	if a.ready {
		return nil
	}
	if err := a.load(ctx); err != nil {
		return err
	}
	if a.generation == 0 || a.head.Rebuilding || a.head.Kept != a.plan.signature() {
		return a.rebuild(ctx, func(string, int) {})
	}
	return a.begin(ctx)
}

// begin makes memory agree with what is stored, after which refreshes follow it.
func (a *Aggregator) begin(ctx context.Context) error {
	a.grids, a.backlog, a.nothingWithheld = map[indicator.Period]*grid{}, nil, false
	if err := a.fillLedger(ctx); err != nil {
		return err
	}
	var err error
	if a.linked, err = a.state.linked(ctx); err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	if err := a.loadSchedules(ctx); err != nil {
		return err
	}
	if a.fed, err = a.loadFed(ctx); err != nil {
		return err
	}
	a.ready = true
	return nil
}

// load shows the catalogue, reads the areas, and completes the last generation.
func (a *Aggregator) load(ctx context.Context) error {
	if err := showCatalogue(ctx, a.db, a.cfg.Catalogue, uint64(a.clock().UnixMilli())); err != nil {
		return err
	}
	if err := a.loadAreas(ctx); err != nil {
		return err
	}
	return a.recover(ctx)
}
