package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
)

func explore() *dashboard.DashboardBuilder {
	b := base("vointi-explore", "Vointi: Explore",
		"For analysts: any indicator by area, age group, sex, other breakdown and period, with n, interval, method, status and age.").
		Time("now-6y", "now").
		WithVariable(language()).
		WithVariable(queryVariable("indicator", "Indicator", "var_indicator", "Tavoittavuus (%)", "participation-reach")).
		WithVariable(queryVariable("area", "Area", "var_area", "Koko maa", "SSS").Multi(true)).
		WithVariable(queryVariable("period_type", "Period", "var_period_type", "quarter", "quarter")).
		WithVariable(ageScheme()).
		WithVariable(queryVariable("age_group", "Age group", "var_age_group", "Kaikki", "all")).
		WithVariable(customVariable("sex", "Sex", [2]string{"All", "all"}, [2]string{"Men (1)", "1"}, [2]string{"Women (2)", "2"}, [2]string{"Unknown", "unknown"})).
		WithVariable(queryVariable("dimension", "Breakdown", "var_dimension", "none", "none")).
		WithVariable(queryVariable("member", "Member", "var_member", "all", "all")).
		Link(dashboard.NewDashboardLinkBuilder("Overview").
			Type(dashboard.DashboardLinkTypeLink).Url("/d/vointi-overview").Icon("external link").Tooltip("Goals by age group"))

	exploreTrend(b)
	exploreGroups(b)
	exploreAreas(b)
	return b
}

func exploreTrend(b *dashboard.DashboardBuilder) {
	b.WithPanel(tablePanel(spec{
		title:       "What is measured",
		description: "Definition of the chosen indicator: what is counted, of whom, how the interval is calculated, and what to beware of.",
		noData:      "No such indicator in the catalogue",
		sql:         "explore_metadata",
		width:       fullWidth, height: 10,
	}).OverrideByName("Item", []dashboard.DynamicConfigValue{{Id: "custom.width", Value: 180}}))
	b.WithPanel(bandPanel(spec{
		title:       "${indicator:text}: ${area:text}",
		description: "The chosen group over time with its 95 % interval as a band. A gap is a protected or missing period. Persons are broken down by age and sex, or by one other breakdown, never by all at once.",
		noData:      "No figures for this choice. Age and sex cannot be combined with another breakdown",
		sql:         "explore_trend",
		width:       12, height: 10,
	}).Repeat("area").MaxPerRow(2))
	b.WithRow(dashboard.NewRowBuilder("The same as a table"))
	b.WithPanel(tablePanel(spec{
		title:       "Trend: figures",
		description: "Table twin of the trend for all chosen areas: figure, interval, n (numerator / denominator, or respondents), method, status, flags, revision and age.",
		noData:      "No figures for this choice",
		sql:         "explore_trend_table",
		width:       fullWidth, height: 12,
	}).
		OverrideByName("Effective n", numeric()).
		OverrideByName("Revision", numeric()).
		OverrideByName("Computed", age()))
}

func exploreGroups(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Age groups"))
	b.WithPanel(seriesPanel(spec{
		title:       "${indicator:text} by age group",
		description: "All groups of the chosen scheme, for the first chosen area. Lines without a band: read the intervals in the table beside it before calling two groups different.",
		noData:      "This indicator has no age groups, or they are protected",
		sql:         "explore_groups",
		width:       12, height: 12,
	}))
	b.WithPanel(tablePanel(spec{
		title:       "Age groups: figures",
		description: "Table twin of the age groups, with intervals and n.",
		noData:      "This indicator has no age groups",
		sql:         "explore_groups_table",
		width:       12, height: 12,
	}).OverrideByName("Computed", age()))
}

func exploreAreas(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Areas and other breakdowns"))
	b.WithPanel(withBar(tablePanel(spec{
		title:       "${indicator:text} by area",
		description: "All areas in the newest period of the range, the largest figure first. The bar repeats the figure; the words say whether the interval lies wholly above or below that of the whole country.",
		noData:      "No figures for this choice",
		sql:         "explore_areas",
		width:       14, height: 14,
	})))
	b.WithPanel(withBar(tablePanel(spec{
		title:       "${indicator:text} by ${dimension:text}",
		description: "All members of the chosen breakdown in the newest period of the range, for the first chosen area.",
		noData:      "Choose a breakdown above",
		sql:         "explore_members",
		width:       10, height: 14,
	})))
}

func withBar(t *table.PanelBuilder) *table.PanelBuilder {
	return t.OverrideByName("Bar", bars())
}
