package main

import (
	"context"
	"net/http"
	"time"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/ingester"
)

// durable is the consumer that all ingesters share.
const durable = "ingester"

// nudgeChanges is what the ingester calls after a batch and the aggregator listens to.
const nudgeChanges = "changes"

// ingesterSettings are those that an operator may have a reason to change; see [ingester.Config].
type ingesterSettings struct {
	BatchCount int           `name:"ingester-batch-count" default:"100000" help:"messages that end a batch"`
	BatchBytes int           `name:"ingester-batch-bytes" default:"100663296" help:"bytes that end a batch"`
	BatchAge   time.Duration `name:"ingester-batch-age" default:"100ms" help:"how long a message waits for company"`
	Workers    int           `name:"ingester-workers" default:"2" help:"batches under way at a time"`
	CorrectAny []string      `name:"correct-any" help:"sources whose events may correct or void those of other sources"`
}

func (s ingesterSettings) config() ingester.Config {
	cfg := ingester.DefaultConfig()
	cfg.BatchCount, cfg.BatchBytes, cfg.BatchAge, cfg.Workers = s.BatchCount, s.BatchBytes, s.BatchAge, s.Workers
	cfg.CorrectAny, cfg.Version = s.CorrectAny, version()
	return cfg
}

// Validate lists every fault.
func (s ingesterSettings) Validate() error { return s.config().Validate() }

type ingesterCommand struct {
	Process   serviceSettings   `embed:""`
	Bus       busSettings       `embed:""`
	Warehouse warehouseSettings `embed:""`
	Ingester  ingesterSettings  `embed:""`
}

// Help implements [kong.HelpProvider].
func (*ingesterCommand) Help() string {
	return `Every message ends stored, or as a dead letter with its reason, and has a receipt before it is acknowledged; a crash anywhere only makes it be read again. While ClickHouse does not answer, messages wait on the bus. Several ingesters share the work.`
}

// Run moves events from the bus into the warehouse.
func (c *ingesterCommand) Run(ctx context.Context) error {
	return c.Process.run(ctx, "ingester", func(p *parts, _ *http.ServeMux) error {
		bus, err := c.Bus.connect(p.ctx, p.log, "ingester")
		if err != nil {
			return err
		}
		p.closer("bus", bus.Close)
		db, err := c.Warehouse.open(p.ctx, p.log)
		if err != nil {
			return err
		}
		p.closer("warehouse", func() { _ = db.Close() })
		return startIngester(p, bus, db, c.Ingester)
	})
}

// startIngester waits for the stream and starts the ingester.
func startIngester(p *parts, bus *stream.Conn, db *warehouse.DB, s ingesterSettings) error {
	cfg := s.config()
	var consumer *stream.Consumer
	err := patiently(p.ctx, p.log, "events stream", busTransient, func() (err error) {
		if err = bus.Await(p.ctx); err == nil {
			consumer, err = bus.Consumer(p.ctx, stream.ConsumerConfig{Durable: durable, Batch: cfg.BatchCount})
		}
		return err
	})
	if err != nil {
		return err
	}
	p.closer("consumer", func() { _ = consumer.Close() })
	i, err := ingester.New(p.log.Named("ingester"), p.reg, ingester.Dependencies{
		Source: consumer, DB: db, Accounts: ingester.NewAccounts(db, bus, durable),
		Nudge: func() error { return bus.Nudge(nudgeChanges) },
	}, cfg)
	if err != nil {
		return err
	}
	if err := p.reg.Register(streamGauges{bus}); err != nil {
		return err
	}
	p.health.Add("ingester", i.Health)
	p.run("ingester", i.Run)
	return nil
}
