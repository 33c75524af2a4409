package main

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// Colours that remain apart for all common kinds of colour blindness (after Okabe and Ito, darkened until white text on
// them reaches a contrast of 4.5:1). Colour never stands alone: each goes with a symbol and a word.
const (
	blue   = "#0067A3" // better; the line of a chart
	orange = "#A84300" // worse
	grey   = "#595959" // similar, protected, no data
	purple = "#8A3A72" // provisional
)

// meaning pairs the words of a cell, in all languages, with a colour.
func meaning(colour string, keys ...string) dashboard.ValueMapping {
	var alternatives []string
	for _, k := range keys {
		w := words[k]
		alternatives = append(alternatives, w[:]...)
	}
	return dashboard.ValueMapping{RegexMap: &dashboard.RegexMap{
		Type: dashboard.MappingTypeRegexToText,
		Options: dashboard.DashboardRegexMapOptions{
			Pattern: "/(" + strings.Join(alternatives, "|") + ")/",
			Result:  dashboard.ValueMappingResult{Color: ptr(colour)},
		},
	}}
}

// cellMeanings colour the matrix and the columns that read a comparison. The first that matches decides.
func cellMeanings() []dashboard.ValueMapping {
	return []dashboard.ValueMapping{
		meaning(blue, "better"),
		meaning(orange, "worse"),
		meaning(grey, "protected", "no_data", "not_applicable"),
	}
}
