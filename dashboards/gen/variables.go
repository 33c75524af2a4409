package main

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// queryVariable offers what a statement under sql/ returns: an id that goes into SQL, and the text that is shown.
// The current value is only what a fresh import shows; Grafana replaces it by the first offer if it is not among them.
func queryVariable(name, label, sql, text, value string) *dashboard.QueryVariableBuilder {
	return asked(name, label, mustStatement(sql), text, value)
}

// drawnVariable offers the estimates of the chosen programme that have points of a series.
func drawnVariable(name, label, series string) *dashboard.QueryVariableBuilder {
	return asked(name, label, mustExpand(statementOf("var_drawn", series)), "", "")
}

func asked(name, label, sql, text, value string) *dashboard.QueryVariableBuilder {
	return dashboard.NewQueryVariableBuilder(name).
		Label(label).
		Datasource(clickHouse()).
		Query(dashboard.StringOrMap{String: ptr(sql)}).
		Refresh(dashboard.VariableRefreshOnDashboardLoad).
		Sort(dashboard.VariableSortDisabled).
		Current(option(text, value))
}

// customVariable offers a closed list: "text : value" pairs, the first of which is current.
func customVariable(name, label string, pairs ...[2]string) *dashboard.CustomVariableBuilder {
	list := make([]string, len(pairs))
	options := make([]dashboard.VariableOption, len(pairs))
	for i, p := range pairs {
		list[i] = p[0] + " : " + p[1]
		options[i] = option(p[0], p[1])
		options[i].Selected = ptr(i == 0)
	}
	return dashboard.NewCustomVariableBuilder(name).
		Label(label).
		Values(dashboard.StringOrMap{String: ptr(strings.Join(list, ", "))}).
		Options(options).
		Current(option(pairs[0][0], pairs[0][1]))
}

func option(text, value string) dashboard.VariableOption {
	return dashboard.VariableOption{
		Selected: ptr(true),
		Text:     dashboard.StringOrArrayOfString{String: ptr(text)},
		Value:    dashboard.StringOrArrayOfString{String: ptr(value)},
	}
}

func language() *dashboard.CustomVariableBuilder {
	return customVariable("lang", "Language of names", [2]string{"suomi", "fi"}, [2]string{"svenska", "sv"}, [2]string{"English", "en"})
}

func ageScheme() *dashboard.CustomVariableBuilder {
	return customVariable("age_scheme", "Age groups",
		[2]string{"0–17 / 18–64 / 65+ (eviva3)", "eviva3"},
		[2]string{"Welfare report (report5)", "report5"},
		[2]string{"20–54 / 55–74 / 75+ (finsote)", "finsote"})
}
