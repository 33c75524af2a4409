package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// expr is one PromQL expression with the legend of its series.
type expr struct{ promQL, legend string }

// chart is one panel of the pipeline dashboard: its expressions, what they mean, and what to do about them.
type chart struct {
	title, description string
	unit               string
	exprs              []expr
}

func pipeline() *dashboard.DashboardBuilder {
	b := base("vointi-pipeline", "Vointi: Pipeline health",
		"For operators: is any event lost, is the pipeline keeping up, and which part is slow.").
		Time("now-6h", "now").
		Refresh("30s")
	b.WithRow(dashboard.NewRowBuilder("Is every event accounted for?"))
	for _, c := range vitals {
		b.WithPanel(statPanel(c))
	}
	for _, section := range sections {
		b.WithRow(dashboard.NewRowBuilder(section.title))
		for _, c := range section.charts {
			b.WithPanel(promPanel(c))
		}
	}
	return b
}

func statPanel(c chart) *stat.PanelBuilder {
	p := stat.NewPanelBuilder().
		Title(c.title).
		Description(c.description).
		Datasource(prometheusSource()).
		NoValue("No such metric: is the service running and scraped?").
		Unit(c.unit).
		Span(6).
		Height(5).
		ColorMode(common.BigValueColorModeNone).
		GraphMode(common.BigValueGraphModeNone).
		TextMode(common.BigValueTextModeValueAndName).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}))
	for i, e := range c.exprs {
		p.WithTarget(promQuery(i, e).Instant())
	}
	return p
}

// promPanel is a chart whose legend is its table twin: last, mean and greatest value of every series.
func promPanel(c chart) *timeseries.PanelBuilder {
	p := timeseries.NewPanelBuilder().
		Title(c.title).
		Description(c.description).
		Datasource(prometheusSource()).
		NoValue("No such metric: is the service running and scraped?").
		Unit(c.unit).
		Min(0).
		Span(12).
		Height(10).
		LineWidth(2).
		Legend(common.NewVizLegendOptionsBuilder().
			DisplayMode(common.LegendDisplayModeTable).
			Placement(common.LegendPlacementBottom).
			ShowLegend(true).
			Calcs([]string{"lastNotNull", "mean", "max"}).
			SortBy("Max").SortDesc(true)). // a long legend is cut: what matters stands first
		OverrideByRegexp("/.*/", []dashboard.DynamicConfigValue{emptyCell}).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti))
	for i, e := range c.exprs {
		p.WithTarget(promQuery(i, e).Range())
	}
	return p
}

func promQuery(i int, e expr) *prometheus.DataqueryBuilder {
	return prometheus.NewDataqueryBuilder().
		RefId(string(rune('A' + i))).
		Datasource(prometheusSource()).
		Expr(e.promQL).
		LegendFormat(e.legend)
}
