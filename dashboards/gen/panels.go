package main

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// spec is what every panel has. A panel without one of the texts does not pass the tests.
type spec struct {
	title, description string
	noData             string
	sql                string // file under sql/
	width, height      uint32
}

const (
	fullWidth = 24
	noUnit    = "locale" // the viewer's own number format; the indicator's unit stands in its name
	textUnit  = "string"
)

// band names the columns of a trend: the interval is drawn as a band between its limits.
const (
	columnValue       = "Value"
	columnLower       = "Lower 95 %"
	columnUpper       = "Upper 95 %"
	columnProvisional = "Provisional"
	columnTarget      = "Target"
)

func tablePanel(s spec) *table.PanelBuilder {
	return table.NewPanelBuilder().
		Title(s.title).
		Description(s.description).
		Datasource(clickHouse()).
		WithTarget(newQuery(mustStatement(s.sql), tableRows)).
		NoValue(s.noData).
		Unit(textUnit).
		Span(s.width).
		Height(s.height).
		ShowHeader(true).
		CellHeight(common.TableCellHeightMd).
		CellOptions(wrapped()).
		MinWidth(130).
		OverrideByRegexp("/.*/", []dashboard.DynamicConfigValue{emptyCell, {Id: "custom.wrapHeaderText", Value: true}}).
		OverrideByRegexp(width("/^(p|p adjusted|Unit|Revision)$/", 75)).
		OverrideByRegexp(width("/^(Period|Target|Effective n|Method)$/", 105)).
		OverrideByRegexp(width("/^(Figure|95 % interval|n|Status)$/", 125)).
		OverrideByName(width("Computed", 135))
}

// named gives the column Value a name that is shown: Grafana calls it after its query, A.
func named(name string) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "displayName", Value: name}}
}

// emptyCell is what stands where one row has nothing: the panel's own text is for a panel without any row.
var emptyCell = dashboard.DynamicConfigValue{Id: "noValue", Value: "–"}

func seriesPanel(s spec) *timeseries.PanelBuilder {
	return timeseries.NewPanelBuilder().
		Title(s.title).
		Description(s.description).
		Datasource(clickHouse()).
		WithTarget(newQuery(mustStatement(s.sql), timeSeries)).
		NoValue(s.noData).
		Unit(noUnit).
		Span(s.width).
		Height(s.height).
		LineWidth(2).
		PointSize(6).
		ShowPoints(common.VisibilityModeAlways).
		SpanNulls(common.BoolOrFloat64{Bool: ptr(false)}).
		Legend(common.NewVizLegendOptionsBuilder().
			DisplayMode(common.LegendDisplayModeList).
			Placement(common.LegendPlacementBottom).
			ShowLegend(true)).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti))
}

// bandPanel draws value, provisional points, the 95 % interval as a band, and the target as a dashed line. A gap means protected or no data.
func bandPanel(s spec) *timeseries.PanelBuilder {
	limit := func(extra ...dashboard.DynamicConfigValue) []dashboard.DynamicConfigValue {
		return append([]dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(blue)},
			{Id: "custom.lineWidth", Value: 0},
			{Id: "custom.showPoints", Value: "never"},
		}, extra...)
	}
	return seriesPanel(s).
		OverrideByName(columnValue, append(named("Figure"), dashboard.DynamicConfigValue{Id: "color", Value: fixed(blue)})).
		OverrideByName(columnLower, limit()).
		OverrideByName(columnUpper, limit(
			dashboard.DynamicConfigValue{Id: "custom.fillBelowTo", Value: columnLower},
			dashboard.DynamicConfigValue{Id: "custom.fillOpacity", Value: 20},
		)).
		OverrideByName(columnProvisional, []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(purple)},
			{Id: "custom.drawStyle", Value: "points"},
			{Id: "custom.pointSize", Value: 12},
		}).
		OverrideByName(columnTarget, []dashboard.DynamicConfigValue{
			{Id: "color", Value: fixed(grey)},
			{Id: "custom.lineStyle", Value: map[string]any{"fill": "dash", "dash": []int{8, 6}}},
			{Id: "custom.showPoints", Value: "never"},
			{Id: "custom.spanNulls", Value: true},
		}).
		WithOverride(dashboard.MatcherConfig{Id: "byValue", Options: map[string]any{"reducer": "allIsNull"}}, []dashboard.DynamicConfigValue{
			{Id: "custom.hideFrom", Value: map[string]bool{"legend": true, "tooltip": true, "viz": false}},
		})
}

// groupLines tells the lines of age groups apart, by colour and by dashes, those of one scheme among each other.
var groupLines = []groupLine{
	{"0–17|0–12|20–54", blue, nil},
	{"18–64|13–28|55–74", green, []int{12, 4}},
	{`29–64|75\+`, vermilion, []int{2, 5}},
	{`65\+`, purple, []int{12, 4, 2, 4}},
	{strings.Join(allWords(), "|"), grey, []int{20, 6}},
}

func allWords() []string { w := words["all"]; return w[:] }

type groupLine struct {
	groups, colour string // the groups as a pattern
	dash           []int
}

// byGroup is a chart with a line for each age group.
func byGroup(p *timeseries.PanelBuilder) *timeseries.PanelBuilder {
	for _, l := range groupLines {
		properties := []dashboard.DynamicConfigValue{{Id: "color", Value: fixed(l.colour)}}
		if l.dash != nil {
			properties = append(properties, dashboard.DynamicConfigValue{Id: "custom.lineStyle", Value: map[string]any{"fill": "dash", "dash": l.dash}})
		}
		p.OverrideByRegexp("/^("+l.groups+")$/", properties)
	}
	return p
}

// glossaryPanel explains the words and symbols of a dashboard in the language of its names.
func glossaryPanel() *table.PanelBuilder {
	return tablePanel(spec{
		title:       "How to read the figures",
		description: "Every symbol and word that stands in or beside a figure, and why a figure may be protected, missing or not compared.",
		noData:      "No words",
		sql:         "glossary",
		width:       fullWidth, height: 16,
	}).OverrideByName(width("Symbol or word", 200))
}

func width(column string, pixels int) (string, []dashboard.DynamicConfigValue) {
	return column, []dashboard.DynamicConfigValue{{Id: "custom.width", Value: pixels}}
}

func wrapped() common.TableCellOptions {
	return common.TableCellOptions{TableAutoCellOptions: &common.TableAutoCellOptions{
		Type: common.TableCellDisplayModeAuto, WrapText: ptr(true),
	}}
}

// coloured fills a cell with the colour of what its words mean.
func coloured() []dashboard.DynamicConfigValue { return colouredBy(cellMeanings()) }

func colouredBy(meanings []dashboard.ValueMapping) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		{Id: "custom.cellOptions", Value: map[string]any{"type": "color-background", "mode": "basic", "wrapText": true}},
		{Id: "mappings", Value: meanings},
		{Id: "color", Value: fixed("transparent")},
	}
}

// bars draws a numeric column as a bar beside the column that says the same in words.
func bars() []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		{Id: "custom.cellOptions", Value: map[string]any{"type": "gauge", "mode": "basic", "valueDisplayMode": "hidden"}},
		{Id: "unit", Value: noUnit},
		{Id: "min", Value: 0},
		{Id: "color", Value: fixed(blue)},
	}
}

// age shows a time as its distance from now.
func age() []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "unit", Value: "dateTimeFromNow"}}
}

// numeric shows a number.
func numeric() []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{{Id: "unit", Value: noUnit}}
}

func fixed(colour string) map[string]string {
	return map[string]string{"mode": "fixed", "fixedColor": colour}
}

// mustStatement is for the generator's own files: a fault in them shows in its first run.
func mustStatement(name string) string { return mustExpand(statement(name)) }

func mustExpand(sql string, err error) string {
	if err != nil {
		panic(fmt.Sprintf("generate dashboards: %v", err))
	}
	return sql
}
