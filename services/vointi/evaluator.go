package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/programme"
	"vointi.fi/pkg/service"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/schemas"
	"vointi.fi/services/evaluator"
)

// evaluatorSettings are those that an operator may have a reason to change.
type evaluatorSettings struct {
	Programmes string        `name:"evaluator-programmes" default:"data/programmes" placeholder:"DIR" help:"folder with descriptions of programmes, *.yaml; see schemas/programme.schema.json"`
	Every      time.Duration `name:"evaluator-every" default:"1m" help:"how often to look whether what estimates rest on has changed"`
}

// Validate lists every fault.
func (s evaluatorSettings) Validate() error {
	var faults service.Faults
	if s.Every <= 0 {
		faults.Add("evaluator-every", "must be positive")
	}
	return faults.Err()
}

// programmesFolder is where descriptions are unless told otherwise.
const programmesFolder = "data/programmes"

// in puts a folder that is not told into a data folder.
func (s evaluatorSettings) in(data string) evaluatorSettings {
	s.Programmes = inFolder(data, s.Programmes, programmesFolder)
	return s
}

// newEvaluator makes an evaluator; demo adds the programme of the synthetic data.
func newEvaluator(log *zap.Logger, reg prometheus.Registerer, db *warehouse.DB, s evaluatorSettings, threshold int, demo bool) (*evaluator.Evaluator, error) {
	k, err := programme.LoadKnown(schemas.FS)
	if err != nil {
		return nil, err
	}
	cfg := evaluator.DefaultConfig()
	cfg.Catalogue, cfg.Areas, cfg.Every, cfg.Threshold = k.Catalogue, k.Areas, s.Every, int64(threshold)
	cfg.Programmes = []fs.FS{os.DirFS(s.Programmes)}
	if demo {
		shipped, err := fs.Sub(schemas.FS, "programmes")
		if err != nil {
			return nil, err
		}
		cfg.Programmes = append(cfg.Programmes, shipped)
	}
	return evaluator.New(log, reg, db, cfg)
}

// thresholdSetting is the aggregator's, which what the evaluator shows has to keep, too.
type thresholdSetting struct {
	Threshold int `name:"aggregator-threshold" default:"5" help:"counts of persons from 1 to one less than this are protected"`
}

type evaluatorCommand struct {
	Process   serviceSettings   `embed:""`
	Warehouse warehouseSettings `embed:""`
	Evaluator evaluatorSettings `embed:""`
	Threshold thresholdSetting  `embed:""`
}

// Help implements [kong.HelpProvider].
func (*evaluatorCommand) Help() string {
	return `Estimates what programmes cost, what changed because of them and what that is worth, from what is published, and keeps vointi.estimates up to date. Programmes are described in files. Run one.`
}

// Run evaluates until ctx ends.
func (c *evaluatorCommand) Run(ctx context.Context) error {
	return c.Process.run(ctx, "evaluator", func(p *parts, _ *http.ServeMux) error {
		db, err := c.Warehouse.open(p.ctx, p.log)
		if err != nil {
			return err
		}
		p.closer("warehouse", func() { _ = db.Close() })
		return startEvaluator(p, db, c.Evaluator, c.Threshold.Threshold, false)
	})
}

func startEvaluator(p *parts, db *warehouse.DB, s evaluatorSettings, threshold int, demo bool) error {
	e, err := newEvaluator(p.log, p.reg, db, s, threshold, demo)
	if err != nil {
		return err
	}
	p.run("evaluator", e.Run)
	return nil
}

type estimateCommand struct {
	Programme string            `arg:"" optional:"" help:"id of the programme; all if not given"`
	Explain   bool              `name:"explain" help:"print the reasoning: every input with its range and source, method and caveats"`
	Recompute bool              `name:"recompute" help:"evaluate first, from what is stored now"`
	Check     string            `name:"check" placeholder:"FILE" help:"only check a description, and end"`
	Data      string            `name:"data" default:"data" placeholder:"DIR" help:"data folder of a vointi up, to reach its engines"`
	Log       terminalLog       `embed:""`
	Warehouse warehouseSettings `embed:""`
	Evaluator evaluatorSettings `embed:""`
	Threshold thresholdSetting  `embed:""`
}

// Help implements [kong.HelpProvider].
func (*estimateCommand) Help() string {
	return `What programmes cost, what changed because of them and what that is worth, with ranges and caveats, as vointi.estimates has it. A number that cannot be had says why. Nothing is shown of what rests on a protected figure.`
}

// Run prints estimates.
func (c *estimateCommand) Run(ctx context.Context, proc *process) error {
	if c.Check != "" {
		return c.check(proc)
	}
	log, err := c.Log.logger()
	if err != nil {
		return err
	}
	db, err := c.Warehouse.openNow(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // idle connections
	if c.Recompute {
		if err := c.recompute(ctx, log, db); err != nil {
			return err
		}
	}
	told, err := evaluator.Tell(ctx, db, proc.stdout, c.Programme, c.Explain)
	if err != nil {
		return err
	}
	if told == 0 {
		return errors.New(c.nothing())
	}
	return nil
}

// nothing says what to do where there are no estimates.
func (c *estimateCommand) nothing() string {
	if c.Programme != "" {
		return fmt.Sprintf("there are no estimates of a programme %q; vointi estimate lists all, and --recompute looks for new descriptions", c.Programme)
	}
	return fmt.Sprintf("there are no estimates; describe a programme in %s, as schemas/programme.schema.json says, and evaluate it by --recompute", c.Evaluator.in(c.Data).Programmes)
}

func (c *estimateCommand) recompute(ctx context.Context, log *zap.Logger, db *warehouse.DB) error {
	_, demo, err := readHistory(c.Data)
	if err != nil {
		return err
	}
	e, err := newEvaluator(log, service.NewRegistry(), db, c.Evaluator.in(c.Data), c.Threshold.Threshold, demo)
	if err != nil {
		return err
	}
	return e.Step(ctx)
}

func (c *estimateCommand) check(proc *process) error {
	k, err := programme.LoadKnown(schemas.FS)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.Check)
	if err != nil {
		return err
	}
	p, err := programme.Read(c.Check, text, k)
	if err != nil {
		return err
	}
	fmt.Fprintf(proc.stdout, "%s: programme %s is in order\n", c.Check, p.ID)
	return nil
}
