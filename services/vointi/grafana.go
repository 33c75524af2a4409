package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/service"
	"vointi.fi/services/provisioner"
)

// grafanaAccess says which running Grafana is provisioned.
type grafanaAccess struct {
	URL      string `name:"grafana-url" help:"a running Grafana to bring data source and dashboards to, such as http://127.0.0.1:3000"`
	Token    string `name:"grafana-token" secret:"true" help:"service account token for it; or a user and password"`
	User     string `name:"grafana-user" help:"user for it"`
	Password string `name:"grafana-password" secret:"true" help:"the user's password"`
	Force    bool   `name:"force" help:"overwrite dashboards that were edited in Grafana"`
}

// sourceSettings say how Grafana, from where it runs, reaches the databases.
type sourceSettings struct {
	ClickHouse string `name:"grafana-clickhouse-url" default:"http://127.0.0.1:8123" help:"ClickHouse as Grafana reaches it"`
	User       string `name:"grafana-clickhouse-user" default:"vointi_reader" help:"reading user for it"`
	Password   string `name:"grafana-clickhouse-password" secret:"true" help:"the reading user's password"`
	Prometheus string `name:"grafana-prometheus-url" help:"Prometheus as Grafana reaches it; none: the pipeline dashboard stays empty"`
}

func (s sourceSettings) sources() provisioner.Sources {
	return provisioner.Sources{ClickHouseURL: s.ClickHouse, User: s.User, Password: s.Password, PrometheusURL: s.Prometheus}
}

func (a grafanaAccess) config(s provisioner.Sources) provisioner.Config {
	return provisioner.Config{URL: a.URL, Token: a.Token, User: a.User, Password: a.Password, Force: a.Force, Sources: s}
}

type pushDashboards struct {
	Grafana grafanaAccess  `embed:""`
	Sources sourceSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*pushDashboards) Help() string {
	return `Prints one line for each data source, folder and dashboard: created, updated or unchanged. Pushed twice, nothing changes. A dashboard that was edited in Grafana is left alone unless --force is given. The panels of the dashboards need the plugin grafana-clickhouse-datasource.`
}

// Run pushes and prints what changed.
func (c *pushDashboards) Run(ctx context.Context, proc *process) error {
	return provisioner.Push(ctx, c.Grafana.config(c.Sources.sources()), proc.stdout)
}

type provisionerCommand struct {
	Process serviceSettings `embed:""`
	Grafana grafanaAccess   `embed:""`
	Sources sourceSettings  `embed:""`
	Every   time.Duration   `name:"provisioner-every" default:"10m" help:"how often to look whether Grafana is as it should be"`
}

// Help implements [kong.HelpProvider].
func (*provisionerCommand) Help() string {
	return `Does what "vointi dashboards push" does, again and again, so that a Grafana that lost its database gets its dashboards back.`
}

// Run pushes again and again: a Grafana that lost its database gets its dashboards back.
func (c *provisionerCommand) Run(ctx context.Context) error {
	cfg := c.Grafana.config(c.Sources.sources())
	if err := cfg.Validate(); err != nil {
		return err
	}
	return c.Process.run(ctx, "provisioner", func(p *parts, _ *http.ServeMux) error {
		log := p.log.Named("provisioner")
		p.run("provisioner", func(ctx context.Context) error { return keepProvisioned(ctx, log, cfg, max(c.Every, time.Second)) })
		return nil
	})
}

func keepProvisioned(ctx context.Context, log *zap.Logger, cfg provisioner.Config, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := provisioner.Push(ctx, cfg, io.Discard); err != nil && ctx.Err() == nil {
			log.Warn("grafana not provisioned", zap.Error(err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// localGrafana says which Grafana `vointi up` uses.
type localGrafana struct {
	Access     grafanaAccess `embed:""`
	Home       string        `name:"grafana-home" placeholder:"DIR" help:"folder of an unpacked Grafana to start; otherwise one on the PATH is started"`
	Listen     string        `name:"grafana-listen" default:"127.0.0.1:3000" help:"loopback address of a Grafana that is started here"`
	Prometheus string        `name:"grafana-prometheus-url" help:"Prometheus as Grafana reaches it; none: the pipeline dashboard stays empty"`
}

// Validate lists every fault.
func (g localGrafana) Validate() error {
	var faults service.Faults
	if g.Access.URL != "" && g.Home != "" {
		faults.Add("grafana-home", "is for a Grafana that is started here; leave it out beside grafana-url")
	}
	return faults.Err()
}

// start provisions or starts a Grafana and returns where it is, or why there is none. Nothing else depends on it, so
// its failures stop nothing.
func (g localGrafana) start(u *up) string {
	sources := provisioner.Sources{ClickHouseURL: "http://" + u.engines.clickhouse.Addr(), PrometheusURL: g.Prometheus}
	where := "  dashboards in folder Vointi"
	if g.Prometheus == "" {
		where += "; that of the pipeline stays empty without --grafana-prometheus-url"
	}
	if g.Access.URL != "" {
		if err := provisioner.Push(u.ctx, g.Access.config(sources), io.Discard); err != nil {
			return fmt.Sprintf("%s is not provisioned: %v", g.Access.URL, err)
		}
		return g.Access.URL + where
	}
	grafana, err := provisioner.StartGrafana(u.ctx, u.log.Named("grafana"), provisioner.LocalConfig{
		Home: g.Home, Dir: filepath.Join(u.Data, "grafana"), Listen: g.Listen, Sources: sources,
	})
	if errors.Is(err, provisioner.ErrNoGrafana) {
		return "none is installed; install one, or set --grafana-url or --grafana-home; the report needs none"
	}
	if err != nil {
		return "not started: " + err.Error()
	}
	u.stack.Push("grafana", func(context.Context) error { return grafana.Stop() })
	return grafana.URL() + where
}
