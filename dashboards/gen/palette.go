package main

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"vointi.fi/pkg/wording"
)

// Colours that remain apart for all common kinds of colour blindness (after Okabe and Ito, darkened until white text on
// them reaches a contrast of 4.5:1). Colour never stands alone: each goes with a symbol and a word.
const (
	blue   = "#0067A3" // better; the line of a chart
	orange = "#A84300" // worse
	grey   = "#595959" // similar, protected, no data
	purple = "#8A3A72" // provisional
)

// meaning pairs what a cell says, in all languages, with a colour.
func meaning(colour, before string, texts ...wording.Text) dashboard.ValueMapping {
	var alternatives []string
	for _, t := range texts {
		l := languagesOf(t)
		alternatives = append(alternatives, l[:]...)
	}
	return dashboard.ValueMapping{RegexMap: &dashboard.RegexMap{
		Type: dashboard.MappingTypeRegexToText,
		Options: dashboard.DashboardRegexMapOptions{
			Pattern: "/" + before + "(" + strings.Join(alternatives, "|") + ")/",
			Result:  dashboard.ValueMappingResult{Color: ptr(colour)},
		},
	}}
}

// cellMeanings colour the matrix and the columns that read a comparison. The first that matches decides. A cell is grey if
// it holds a word instead of a figure; the same word inside a longer text is a reason.
func cellMeanings() []dashboard.ValueMapping {
	return []dashboard.ValueMapping{
		meaning(blue, "[▲▼] ", verdictWords("better")...),
		meaning(orange, "[▲▼] ", verdictWords("worse")...),
		meaning(grey, "^", instead()...),
	}
}

// targetMeanings colour a column that reads targets only.
func targetMeanings() []dashboard.ValueMapping {
	reached, _ := wording.Find(wording.Verdicts, "reached")
	missed, _ := wording.Find(wording.Verdicts, "missed")
	return []dashboard.ValueMapping{meaning(blue, "^✓ ", reached), meaning(orange, "^✗ ", missed)}
}

// verdictWords are the words of a verdict and of its clear form.
func verdictWords(id string) []wording.Text {
	plain, _ := wording.Find(wording.Verdicts, id)
	clearly, _ := wording.Find(wording.Verdicts, "much_"+id)
	return []wording.Text{clearly, plain}
}

// instead are the words that stand instead of a figure.
func instead() []wording.Text {
	var texts []wording.Text
	for _, key := range []string{"protected", "no_data", "not_applicable"} {
		w := words[key]
		texts = append(texts, wording.Text{FI: w[0], SV: w[1], EN: w[2]})
	}
	return texts
}
