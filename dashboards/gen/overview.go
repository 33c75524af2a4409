package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func overview() *dashboard.DashboardBuilder {
	b := inLanguages("vointi-overview", "Vointi: Overview",
		"For decision-makers: goals by age group, headline trends with their intervals, what they are beside last year, targets and other areas, and what changed, for one area and year.").
		Time("now-6y", "now").
		WithVariable(language()).
		WithVariable(queryVariable("area", "Area", "var_area", "Koko maa", "SSS")).
		WithVariable(queryVariable("year", "Year", "var_year", "2025", "2025")).
		WithVariable(ageScheme()).
		WithVariable(customVariable("trend_period", "Trend by", [2]string{"quarter", "quarter"}, [2]string{"year", "year"}, [2]string{"month", "month"})).
		WithVariable(queryVariable("headline", "Trends of", "var_headline", "All", "$__all").Multi(true).IncludeAll(true)).
		Link(dashboard.NewDashboardLinkBuilder("Explore").
			Type(dashboard.DashboardLinkTypeLink).Url("/d/vointi-explore").Icon("external link").Tooltip("Any indicator, area, group and period"))

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
		OverrideByName("Computed", []dashboard.DynamicConfigValue{{Id: "unit", Value: "dateTimeAsIso"}, {Id: "custom.width", Value: 180}}).
		OverrideByRegexp("/^(Final cells|Provisional cells|Protected cells|Cells without data)$/", numeric()))

	b.WithPanel(tablePanel(spec{
		title:       "Goals by age group",
		description: "Each goal and its indicators for every age group: figure, 95 % interval, n, the comparison with the year (or survey wave) before, and the target where one is set. A survey's newest wave up to the chosen year is shown, with its year. Protected: the group is so small that persons might be recognised, or it would give a small group away; never zero.",
		noData:      "No figures for this area and year yet",
		sql:         "overview_matrix",
		width:       fullWidth, height: 26,
	}).WithTransformation(dashboard.DataTransformerConfig{
		Id: "groupingToMatrix",
		Options: map[string]string{
			"columnField": "Age group", "rowField": "Goal and indicator", "valueField": "Cell", "emptyValue": "empty",
		},
	}).
		CellHeight(common.TableCellHeightLg).
		OverrideByRegexp("/^(?!Goal and indicator).*$/", coloured()).
		OverrideByRegexp("/^Goal and indicator/", []dashboard.DynamicConfigValue{
			{Id: "custom.width", Value: 340},                 // Grafana guesses which cell of a row is tallest: a narrow first column wins, and cuts the others
			{Id: "displayName", Value: "Goal and indicator"}, // the transformation adds the columns' name
		}))

	b.WithPanel(glossaryPanel())
	overviewBeside(b)
}

func overviewBeside(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Beside last year, targets and others, ${area:text}"))
	beside := tablePanel(spec{
		title:       "Beside last year, own target, mother area and similar municipalities",
		description: "Each indicator of the chosen year for the whole area: better, worse or no clear difference at 95 %, clearly at 99.8 %, with the difference and its 95 % interval. County or region is the area's own. What cannot be compared says why. Differences of percentages are percentage points. Colour only repeats the word.",
		noData:      "No figures for this area and year yet",
		sql:         "overview_beside",
		width:       fullWidth, height: 20,
	}).CellHeight(common.TableCellHeightLg).OverrideByName(width("Indicator", 260)).OverrideByName("Own target", colouredBy(targetMeanings())).OverrideByName("Computed", age())
	for _, column := range []string{"A year earlier", "County or region", "Similar municipalities", "Whole country", "Trend of five years"} {
		beside.OverrideByName(column, coloured())
	}
	b.WithPanel(beside)
	b.WithPanel(tablePanel(spec{
		title:       "What changed",
		description: "The newest finished period of each indicator against the one before, and against the same period a year earlier, which is the fairer one where seasons matter; visits also per session held. With many indicators one in twenty differs by chance at 95 %.",
		noData:      "No finished period yet",
		sql:         "overview_changes",
		width:       fullWidth, height: 14,
	}).
		CellHeight(common.TableCellHeightLg).
		OverrideByName("Period before", coloured()).
		OverrideByName("A year earlier", coloured()).
		OverrideByName("A year earlier, per session", coloured()).
		OverrideByName("Computed", age()).
		OverrideByName(width("Indicator", 260)))
}

func overviewTrends(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Headline trends, ${area:text}"))
	b.WithPanel(bandPanel(spec{
		title:       "${headline:text}",
		description: "Whole area, all ages. The band is the 95 % interval; a gap is a protected or missing period; large purple points are provisional; the dashed line is the target of years and surveys. The table below holds the same figures.",
		noData:      "No figures by this period, or all protected: choose another under “Trend by”",
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
