package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/trend"
)

func costs() *dashboard.DashboardBuilder {
	b := inLanguages("vointi-costs", "Vointi: Cost effects",
		"For decisions to embed a pilot or to stop it: what a programme cost, what changed because of it, what that is worth, and how sure that is, with everything that it rests on.").
		Time("now-6y", "now").
		WithVariable(language()).
		WithVariable(queryVariable("programme", "Programme", "var_programme", "", "")).
		WithVariable(drawnVariable("effect", "Effect", "event_study")).
		WithVariable(drawnVariable("result", "Result that varies", "tornado")).
		WithVariable(drawnVariable("curve", "Worth its cost", "acceptability")).
		WithVariable(queryVariable("practice", "Good practice", "var_practice", "", "")).
		Link(dashboard.NewDashboardLinkBuilder("Overview").
			Type(dashboard.DashboardLinkTypeLink).Url("/d/vointi-overview").Icon("external link").Tooltip("Goals by age group"))

	costsProgramme(b)
	costsUnits(b)
	costsEffect(b)
	costsTornado(b)
	costsCurve(b)
	costsCaveats(b)
	costsMatrix(b)
	return b
}

func costsProgramme(b *dashboard.DashboardBuilder) {
	b.WithPanel(tablePanel(spec{
		title:       "What is tried",
		description: "The programme as it is described: for whom, where, since when, compared with what, whose costs count, and why nothing can be estimated where that is so.",
		noData:      "No programme is described yet",
		sql:         "costs_programme",
		width:       fullWidth, height: 17,
	}).OverrideByName(width("Item", 220)))
	b.WithPanel(tablePanel(spec{
		title:       "All estimates",
		description: "Every estimate with its 95 % interval (or the range that its inputs give: see the method), what it is compared with, by what method, and what to beware of. Without a comparator an estimate only describes. Where there is no number the reason stands in its place: never a doubtful figure.",
		noData:      "Nothing has been estimated yet",
		sql:         "costs_estimates",
		width:       fullWidth, height: 22,
	}).OverrideByName(width("What", 280)).
		OverrideByName(width("To beware of", 420)).
		OverrideByName(width("About", 190)).
		OverrideByName("Prices of", []dashboard.DynamicConfigValue{{Id: "unit", Value: "none"}}).
		OverrideByName("Computed", age()))
}

func costsUnits(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("What a unit costs"))
	b.WithPanel(seriesPanel(spec{
		title:       "Cost per unit over time",
		description: "What a visit, a participant-hour or a participant of the programme's sessions cost in each period, in euros, as published. A gap is a protected or missing period. Lines without a band: the intervals are in the table beside it.",
		noData:      "No cost per unit is published for the programme's sessions",
		sql:         "costs_units",
		width:       14, height: 12,
	}).Unit("currencyEUR").DisplayName("${__field.labels.unit}"))
	b.WithPanel(tablePanel(spec{
		title:       "Cost per unit: figures",
		description: "Table twin of the cost per unit, with the 95 % interval of each figure.",
		noData:      "No cost per unit is published for the programme's sessions",
		sql:         "costs_units_table",
		width:       10, height: 12,
	}))
}

// The columns of the effect in each period.
const (
	columnBefore = "Before the start"
	columnSince  = "Since the start"
)

func costsEffect(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("What changed because of it"))
	b.WithPanel(bandPanel(spec{
		title:       "Effect in each period",
		description: "The difference between pilot and comparison areas, less that of the last period before the start. The large points before the start should lie near zero: where they do not, the areas moved apart already, and what follows must not be put down to the programme. The line is since the start; the band is the 95 % interval.",
		noData:      "No effect could be estimated: the table of estimates says why",
		sql:         "costs_effect",
		width:       14, height: 12,
	}).
		OverrideByName(columnSince, []dashboard.DynamicConfigValue{{Id: "color", Value: fixed(blue)}}).
		OverrideByName(columnBefore, []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(purple)},
			{Id: "custom.drawStyle", Value: "points"},
			{Id: "custom.pointSize", Value: 12},
		}))
	b.WithPanel(tablePanel(spec{
		title:       "Effect in each period: figures",
		description: "Table twin of the effect, with intervals and p (two-sided, that there is no effect).",
		noData:      "No effect could be estimated: the table of estimates says why",
		sql:         "costs_effect_table",
		width:       10, height: 12,
	}).OverrideByName(width("Effect", 90)).OverrideByName(width("p", 80)))
}

func costsTornado(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("What it depends on"))
	b.WithPanel(barchart.NewPanelBuilder().
		Title("What the result depends on").
		Description("How far the chosen result moves from its base when one input is at the low or at the high end of its range and all others are at their base; the widest first. Zero is the base; the table beside it has the results themselves.").
		Datasource(clickHouse()).
		WithTarget(newQuery(mustStatement("costs_tornado"), tableRows)).
		NoValue("No result that varies: the table of estimates says why").
		Unit("short").
		Span(11).
		Height(12).
		Orientation(common.VizOrientationHorizontal).
		XField("Input").
		Stacking(common.StackingModeNormal).
		ShowValue(common.VisibilityModeAlways).
		Legend(common.NewVizLegendOptionsBuilder().
			DisplayMode(common.LegendDisplayModeList).
			Placement(common.LegendPlacementBottom).
			ShowLegend(true)).
		OverrideByName("Input at its low end", []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(orange)}, {Id: "custom.fillOpacity", Value: 20}, {Id: "custom.lineWidth", Value: 2}, // an outline, so that colour is not all that tells them apart
		}).
		OverrideByName("Input at its high end", []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(blue)}, {Id: "custom.fillOpacity", Value: 100},
		}))
	b.WithPanel(tablePanel(spec{
		title:       "What the result depends on: figures",
		description: "Table twin of the bars: the range of each input and the result at its ends; and the result with all inputs at once at the ends that make it lower, or higher.",
		noData:      "No result that varies: the table of estimates says why",
		sql:         "costs_tornado_table",
		width:       13, height: 12,
	}).OverrideByName(width("Input", 190)))
}

func costsCurve(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Whether it is worth its cost"))
	b.WithPanel(trend.NewPanelBuilder().
		Title("How probable it is that it pays").
		Description("The probability that the effect is worth what it costs, by what a unit of the effect may cost: the acceptability curve. What a unit is worth is for those who decide to say.").
		Datasource(clickHouse()).
		WithTarget(newQuery(mustStatement("costs_curve"), tableRows)).
		NoValue("No curve: the table of estimates says why").
		Unit(noUnit).
		Span(14).
		Height(11).
		XField("A unit may cost (€)").
		LineWidth(2).
		PointSize(6).
		ShowPoints(common.VisibilityModeAlways).
		Legend(common.NewVizLegendOptionsBuilder().
			DisplayMode(common.LegendDisplayModeList).
			Placement(common.LegendPlacementBottom).
			ShowLegend(true)).
		OverrideByName("Probability that it pays", []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(blue)}, {Id: "unit", Value: "percentunit"}, {Id: "min", Value: 0}, {Id: "max", Value: 1},
		}))
	b.WithPanel(tablePanel(spec{
		title:       "How probable it is that it pays: figures",
		description: "Table twin of the curve.",
		noData:      "No curve: the table of estimates says why",
		sql:         "costs_curve_table",
		width:       10, height: 11,
	}))
}

func costsCaveats(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("How sure it is"))
	b.WithPanel(tablePanel(spec{
		title:       "What to beware of",
		description: "Every caveat that an estimate of the programme carries, in words, and the estimates that it concerns.",
		noData:      "Nothing to beware of",
		sql:         "costs_cautions",
		width:       fullWidth, height: 12,
	}).OverrideByName(width("To beware of", 620)))
	b.WithPanel(tablePanel(spec{
		title:       "What the estimates rest on",
		description: "Each number that an estimate uses, with its range, its source, and whether it is a placeholder that nobody has confirmed yet.",
		noData:      "Nothing has been estimated yet",
		sql:         "costs_inputs",
		width:       fullWidth, height: 16,
	}).OverrideByName("Estimates", numeric()).OverrideByName(columnValue, named("Value")))
}

func costsMatrix(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("The good practice"))
	b.WithPanel(tablePanel(spec{
		title:       "What it means for whom",
		description: "The good practice as a matrix: client, service and society by problem, solution and results, in the words of those who described it.",
		noData:      "No good practice is described yet",
		sql:         "costs_matrix",
		width:       fullWidth, height: 10,
	}).OverrideByName(width("For whom", 160)))
	b.WithPanel(tablePanel(spec{
		title:       "Figures behind the matrix",
		description: "The indicators and estimates that a cell of the matrix is linked to: the newest finished figure of the whole country, and the estimates as above. What the description links to the practice as a whole stands last.",
		noData:      "Nothing is linked to this practice",
		sql:         "costs_links",
		width:       fullWidth, height: 12,
	}).OverrideByName("Computed", age()))
}
