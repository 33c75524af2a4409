package main

import (
	"context"
	"net/http"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/services/report"
)

// reportSettings are those that an operator may have a reason to change.
type reportSettings struct {
	Language  string `name:"report-language" default:"fi" help:"language of the page when its address names none: fi, sv or en"`
	Area      string `name:"report-area" help:"area that is shown when the address names none, such as KU305"`
	Synthetic bool   `name:"report-synthetic" help:"say on every page that the figures are made up"`
}

func (s reportSettings) config() report.Config {
	return report.Config{Language: s.Language, Area: s.Area, Synthetic: s.Synthetic}
}

// Validate lists every fault.
func (s reportSettings) Validate() error { return s.config().Validate() }

type reportCommand struct {
	Process   serviceSettings   `embed:""`
	Warehouse warehouseSettings `embed:""`
	Report    reportSettings    `embed:""`
}

// Help implements [kong.HelpProvider].
func (*reportCommand) Help() string {
	return `The ClickHouse user must be a reading one, such as vointi_reader: whatever it can read, the API gives out.`
}

// Run serves / and /v1/indicators.
func (c *reportCommand) Run(ctx context.Context) error {
	return c.Process.run(ctx, "report", func(p *parts, routes *http.ServeMux) error {
		cfg := c.Warehouse.config()
		return mountReport(p, routes, cfg, c.Report)
	})
}

func mountReport(p *parts, routes *http.ServeMux, cfg warehouse.Config, s reportSettings) error {
	cfg.ReadOnly = true
	db, err := openWarehouse(p.ctx, p.log, cfg)
	if err != nil {
		return err
	}
	p.closer("report's warehouse", func() { _ = db.Close() })
	r, err := report.New(p.log, p.reg, db, s.config())
	if err != nil {
		return err
	}
	routes.Handle("/v1/indicators", r.Handler())
	routes.Handle("/", r.Handler())
	return nil
}
