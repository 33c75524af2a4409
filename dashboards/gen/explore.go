package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
)

func explore() *dashboard.DashboardBuilder {
	b := inLanguages("vointi-explore", "Vointi: Explore",
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
	exploreComparisons(b)
	exploreGroups(b)
	exploreAreas(b)
	b.WithRow(dashboard.NewRowBuilder("What is missing"))
	b.WithPanel(tablePanel(spec{
		title:       "Silent venues",
		description: "Venues in the chosen areas that for more than seven days have not told who came to the sessions of their calendar. Figures of those days lack them. Where nobody came, a head count of 0 says so.",
		noData:      "Every venue has told of its sessions",
		sql:         "explore_data_gaps",
		width:       fullWidth, height: 10,
	}))
	b.WithPanel(tablePanel(spec{
		title:       "Late data that wait",
		description: "Final periods of the chosen indicator in which some figures of a breakdown stay as they were, though data came since: so few came somewhere in the country that the earlier figures would tell what they are. They follow when enough has come. Which figures wait is told to nobody.",
		noData:      "All that came is in the figures",
		sql:         "explore_withheld",
		width:       fullWidth, height: 8,
	}))
	b.WithRow(dashboard.NewRowBuilder("Words"))
	b.WithPanel(glossaryPanel())
	return b
}

func exploreTrend(b *dashboard.DashboardBuilder) {
	b.WithPanel(bandPanel(spec{
		title:       "${indicator:text}: ${area:text}",
		description: "The chosen group over time with its 95 % interval as a band. A gap is a protected or missing period; the dashed line is the target of years, rolling years and surveys. Persons are broken down by age and sex, or by one other breakdown, never by all at once.",
		noData:      "No figures for this choice. Age and sex cannot be combined with another breakdown",
		sql:         "explore_trend",
		width:       12, height: 10,
	}).Repeat("area").MaxPerRow(2))
	b.WithRow(dashboard.NewRowBuilder("The same as a table"))
	b.WithPanel(tablePanel(spec{
		title:       "Trend: figures",
		description: "Table twin of the trend for all chosen areas: figure, interval, n (numerator / denominator, or respondents), target, method, status, flags, revision and age.",
		noData:      "No figures for this choice",
		sql:         "explore_trend_table",
		width:       fullWidth, height: 12,
	}).
		OverrideByName("Effective n", append(numeric(), dashboard.DynamicConfigValue{Id: "decimals", Value: 0})).
		OverrideByName("Revision", numeric()).
		OverrideByName("Computed", age()))
	b.WithPanel(tablePanel(spec{
		title:       "What is measured",
		description: "Definition of the chosen indicator: what is counted, of whom, how the interval is calculated, and what to beware of.",
		noData:      "No such indicator in the catalogue",
		sql:         "explore_metadata",
		width:       fullWidth, height: 14,
	}).CellHeight(common.TableCellHeightSm).OverrideByName(width("Item", 150)))
}

func exploreComparisons(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Comparisons"))
	b.WithPanel(tablePanel(spec{
		title:       "${indicator:text} beside others",
		description: "The chosen line beside earlier periods, its target, the mother area, similar municipalities, the country and its reference group, with the trend of five years. p is two-sided; p adjusted (Benjamini–Hochberg) is for the table of all areas and groups of the indicator, period and comparator. Better and worse are at 95 %, clearly at 99.8 %. What has no numbers says why.",
		noData:      "Nothing to compare with yet",
		sql:         "explore_comparisons",
		width:       fullWidth, height: 16,
	}).CellHeight(common.TableCellHeightLg).OverrideByName("Reading", coloured()).OverrideByName("Computed", age()))
	b.WithPanel(tablePanel(spec{
		title:       "Gaps between groups",
		description: "Every group in the newest finished period of the range, for the first chosen area, beside the reference group of its breakdown: absolute gap, ratio, p. Where the reference includes the group itself, the note says so.",
		noData:      "No finished period in the range",
		sql:         "explore_gaps",
		width:       fullWidth, height: 14,
	}).OverrideByName("Reading", coloured()).OverrideByName("Computed", age()))
	b.WithPanel(tablePanel(spec{
		title:       "Inequality between areas",
		description: "Along the deprivation of the areas within each chosen area: slope index (SII, the difference between the two ends), relative index (RII, their ratio; 1 is none) and concentration index (0 is none). Limits are of 10 000 draws with a fixed seed. Fewer than five areas cannot be measured.",
		noData:      "No figures for this choice",
		sql:         "explore_inequality",
		width:       fullWidth, height: 10,
	}).OverrideByName("Computed", age()))
}

func exploreGroups(b *dashboard.DashboardBuilder) {
	b.WithRow(dashboard.NewRowBuilder("Age groups"))
	b.WithPanel(byGroup(seriesPanel(spec{
		title:       "${indicator:text} by age group",
		description: "All groups of the chosen scheme, for the first chosen area. Lines without a band: read the intervals in the table beside it before calling two groups different.",
		noData:      "This indicator has no age groups, or they are protected",
		sql:         "explore_groups",
		width:       12, height: 12,
	})))
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
		description: "All areas in the newest period of the range that is over, the largest figure first. The bar repeats the figure; beside it stands the difference to the whole country, which counts of areas of different size do not have.",
		noData:      "No finished period in the range",
		sql:         "explore_areas",
		width:       fullWidth, height: 16,
	})))
	b.WithPanel(withBar(tablePanel(spec{
		title:       "${indicator:text}, breakdown: ${dimension:text}",
		description: "All members of the chosen breakdown in the newest period of the range that is over, for the first chosen area.",
		noData:      "Choose a breakdown above",
		sql:         "explore_members",
		width:       fullWidth, height: 12,
	})))
}

func withBar(t *table.PanelBuilder) *table.PanelBuilder {
	return t.OverrideByName("Bar", bars()).OverrideByName("Computed", age())
}
