package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

const howToRead = `**Reading a cell.** Figure (95 % interval) · n · comparison with the period before.
▲ ▼ higher or lower beyond doubt: the two intervals do not overlap · ● cannot be told apart · ↗ ↘ differs, but no interval is known, so nothing is claimed · ◌ not compared, because the period is not over or either one is not covered as a whole.
The word says whether that is *better* or *worse* for this indicator; blue and orange only repeat it.
**Instead of a figure:** *tietosuojattu* (protected: a group so small that persons might be recognised — never zero) · *ei tietoa* (no data) · *ei sovellu* (not applicable: this indicator has no age groups) · *ei vielä mittaria* (no metric for this goal yet).
*Ennakkotieto* (provisional) may still change; what is final changes only by a logged revision.`

func overview() *dashboard.DashboardBuilder {
	b := base("vointi-overview", "Vointi: Overview",
		"For decision-makers: goals by age group, headline trends with their intervals, and what changed, for one area and year.").
		Time("now-6y", "now").
		WithVariable(language()).
		WithVariable(queryVariable("area", "Area", "var_area", "Koko maa", "SSS")).
		WithVariable(queryVariable("year", "Year", "var_year", "2025", "2025")).
		WithVariable(ageScheme()).
		WithVariable(customVariable("trend_period", "Trend by", [2]string{"quarter", "quarter"}, [2]string{"year", "year"}, [2]string{"month", "month"})).
		WithVariable(queryVariable("headline", "Trends of", "var_headline", "All", "$__all").Multi(true).IncludeAll(true)).
		Link(dashboard.NewDashboardLinkBuilder("Explore").
			Type(dashboard.DashboardLinkTypeLink).Url("/d/vointi-explore").Icon("external link").Tooltip("Any indicator, area, group and period"))

	b.WithPanel(textPanel("How to read this page", "Symbols, words and colours of the figures below.", howToRead, 6))
	overviewYear(b)
	overviewTrends(b)
	return b
}

func overviewYear(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Goals by age group, ${area:text} ${year}"))
	b.WithPanel(tablePanel(spec{
		title:       "Age of the figures",
		description: "When the figures of the chosen area and year were computed, and how many of them are final, provisional, protected or without data.",
		noData:      "No figures for this area and year yet",
		sql:         "overview_status",
		width:       fullWidth, height: 4,
	}).OverrideByName("Age", age()).
		OverrideByName("Computed", []dashboard.DynamicConfigValue{{Id: "unit", Value: "dateTimeAsIso"}}).
		OverrideByRegexp("/cells/i", numeric()))

	b.WithPanel(tablePanel(spec{
		title:       "Goals by age group",
		description: "Each goal and its indicators for every age group: figure, 95 % interval, n, and the comparison with the year (or survey wave) before. A survey's newest wave up to the chosen year is shown, with its year.",
		noData:      "No figures for this area and year yet",
		sql:         "overview_matrix",
		width:       fullWidth, height: 26,
	}).WithTransformation(dashboard.DataTransformerConfig{
		Id: "groupingToMatrix",
		Options: map[string]string{
			"columnField": "Age group", "rowField": "Goal and indicator", "valueField": "Cell", "emptyValue": "empty",
		},
	}).
		OverrideByRegexp("/^(?!Goal and indicator).*$/", coloured()).
		OverrideByRegexp("/^Goal and indicator/", []dashboard.DynamicConfigValue{{Id: "custom.width", Value: 330}}))

	b.WithPanel(tablePanel(spec{
		title:       "What changed",
		description: "The newest finished period of each indicator against the one before, and against the same period a year earlier, which is the fairer one where seasons matter. Percentages differ by percentage points. Intervals that overlap are read as similar.",
		noData:      "No finished period yet",
		sql:         "overview_changes",
		width:       fullWidth, height: 14,
	}).
		OverrideByName("Reading", coloured()).
		OverrideByName("Reading on year", coloured()).
		OverrideByName("Indicator", []dashboard.DynamicConfigValue{{Id: "custom.width", Value: 320}}))
}

func overviewTrends(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Headline trends, ${area:text}"))
	b.WithPanel(bandPanel(spec{
		title:       "${headline:text}",
		description: "Whole area, all ages. The band is the 95 % interval; a gap is a protected or missing period; large purple points are provisional. The table below holds the same figures.",
		noData:      "No figures, or all protected, in this period",
		sql:         "overview_trend",
		width:       8, height: 9,
	}).Repeat("headline").MaxPerRow(3))
	b.WithRow(dashboard.NewRowBuilder("Headline trends as a table"))
	b.WithPanel(tablePanel(spec{
		title:       "Headline trends: figures",
		description: "Table twin of the charts above: every point with its interval, n, method, status and age.",
		noData:      "No figures in this period",
		sql:         "overview_trend_table",
		width:       fullWidth, height: 14,
	}).OverrideByName("Computed", age()))
}
