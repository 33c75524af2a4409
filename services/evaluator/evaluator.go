// Package evaluator estimates what programmes cost, what changed because of them, what that is worth, and how sure that is, and keeps
// vointi.estimates up to date with what the estimates rest on.
//
// It looks at what is published of indicators, never at what is behind it, so nothing that is protected there can be told from
// here; beside that at the entries of cost, phases of projects, use of services and unit costs. [evaluate] is a pure function of
// these and a programme's description.
package evaluator

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/warehouse"
)

// Config says what is evaluated, and how often it is looked whether anything changed.
type Config struct {
	Programmes []fs.FS // folders with descriptions, *.yaml
	Catalogue  indicator.Catalogue
	Areas      reference.Areas
	Threshold  int64 // counts from 1 to one less are protected
	Every      time.Duration
	Clock      func() time.Time
}

// DefaultConfig is that of a municipality; folders, catalogue and areas are for the caller to load.
func DefaultConfig() Config {
	return Config{Threshold: 5, Every: time.Minute, Clock: time.Now}
}

// Validate reports every fault of the configuration.
func (c Config) Validate() error {
	var faults []error
	for _, check := range []struct {
		ok   bool
		text string
	}{
		{len(c.Catalogue) > 0, "catalogue: no indicators"},
		{len(c.Areas) > 0, "areas: none"},
		{c.Threshold >= 3, "threshold: less than 3 protects nobody"},
		{c.Every > 0, "every: must be positive"},
		{c.Clock != nil, "clock: none"},
	} {
		if !check.ok {
			faults = append(faults, errors.New(check.text))
		}
	}
	return errors.Join(faults...)
}

// Evaluator is one running evaluator. There should be one for a warehouse: two would count revisions twice.
type Evaluator struct {
	db     *warehouse.DB
	log    *zap.Logger
	cfg    Config
	zone   *time.Location
	errors prometheus.Counter
	faults string               // of descriptions, as last told
	seen   map[string]evaluated // what is stored is what this gives
}

// evaluated is what a programme was last evaluated from.
type evaluated struct {
	programme *programme.Programme
	evidence  [sha256.Size]byte // a hash of it
}

// New returns an evaluator that has read nothing yet.
func New(log *zap.Logger, reg prometheus.Registerer, db *warehouse.DB, cfg Config) (*Evaluator, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("evaluator: %w", err)
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, fmt.Errorf("evaluator: %w", err)
	}
	v := &Evaluator{
		db: db, log: log.Named("evaluator"), cfg: cfg, zone: zone, seen: map[string]evaluated{},
		errors: prometheus.NewCounter(prometheus.CounterOpts{Name: "vointi_evaluator_errors_total", Help: "Evaluations that failed and will be tried again, and descriptions of programmes with faults."}),
	}
	if err := reg.Register(v.errors); err != nil {
		return nil, fmt.Errorf("evaluator: %w", err)
	}
	return v, nil
}

func (v *Evaluator) today() indicator.Date { return indicator.DateOf(v.cfg.Clock().In(v.zone)) }

// Run looks every cfg.Every until ctx ends. Errors of the warehouse are retried for ever.
func (v *Evaluator) Run(ctx context.Context) error {
	for {
		if err := v.Step(ctx); err != nil && ctx.Err() == nil {
			v.errors.Inc()
			v.log.Warn("estimates will be tried again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(v.cfg.Every):
		}
	}
}

// Step evaluates every programme of which anything has changed, in this order:
//
//  1. read the descriptions and, of each programme, the evidence;
//  2. evaluate, and hold the result against what is stored;
//  3. write the points that differ, then the estimates, then the programme;
//  4. take away programmes that are described no more, unless a description has faults: it may be theirs.
//
// A crash between any two leads to the same work again, which finds what was written and adds the rest. Nothing is written where nothing
// changed.
func (v *Evaluator) Step(ctx context.Context) error {
	programmes, whole := v.described()
	for _, p := range programmes {
		if err := v.evaluate(ctx, p); err != nil {
			return fmt.Errorf("evaluate %s: %w", p.ID, err)
		}
	}
	if !whole {
		return nil
	}
	if err := v.forget(ctx, programmes); err != nil {
		return fmt.Errorf("forget programmes: %w", err)
	}
	return nil
}

// described reads the descriptions, and reports whether all could be read. Faults are told once, until they change.
func (v *Evaluator) described() (all []*programme.Programme, whole bool) {
	known := programme.Known{Catalogue: v.cfg.Catalogue, Areas: v.cfg.Areas}
	var faults []error
	for _, folder := range v.cfg.Programmes {
		some, err := programme.Load(folder, ".", known)
		faults = append(faults, err)
		for _, p := range some {
			if programme.Find(all, p.ID) == nil { // of two folders the first wins
				all = append(all, p)
			}
		}
	}
	err := errors.Join(faults...)
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != v.faults && err != nil {
		v.errors.Inc()
		v.log.Error("descriptions of programmes have faults; their estimates stay as they are", zap.Error(err))
	}
	v.faults = text
	return all, err == nil
}

// evaluate brings what is stored of a programme up to date.
func (v *Evaluator) evaluate(ctx context.Context, p *programme.Programme) error {
	e, err := v.gather(ctx, p)
	if err != nil {
		return err
	}
	state := evaluated{programme: p}
	sum := sha256.New()
	fmt.Fprintf(sum, "%+v", *e)
	sum.Sum(state.evidence[:0])
	if last := v.seen[p.ID]; last.evidence == state.evidence && reflect.DeepEqual(last.programme, p) {
		return nil
	}
	fresh := evaluate(p, e, Rules{Catalogue: v.cfg.Catalogue, Threshold: v.cfg.Threshold})
	if err := v.store(ctx, p, newDesign(p, e), e, fresh); err != nil {
		return err
	}
	v.seen[p.ID] = state
	return nil
}
