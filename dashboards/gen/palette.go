package main

import (
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"vointi.fi/pkg/wording"
)

// Colours that remain apart for all common kinds of colour blindness (after Okabe and Ito), with a contrast of 4.5:1 to white
// text on them. Those that lines are drawn in have one of 3:1 to the background of both themes. Colour never stands alone:
// each goes with a symbol and a word.
const (
	blue             = "#0072B2"                  // better; the line of a chart
	orange           = "#A84300"                  // worse
	grey             = "#767676"                  // the target of a chart
	purple           = "#AD5290"                  // provisional
	green, vermilion = "#009E73", "#D55E00"       // lines only
	faint            = "rgba(128, 128, 128, 0.2)" // a word instead of a figure: below 0.3 the text keeps the colour of its theme
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

// cellMeanings colour the matrix and the columns that read a comparison. The first that matches decides. A cell is shaded if
// it holds a word instead of a figure; the same word inside a longer text is a reason.
func cellMeanings() []dashboard.ValueMapping {
	return []dashboard.ValueMapping{
		meaning(blue, "[▲▼] ", verdictWords("better")...),
		meaning(orange, "[▲▼] ", verdictWords("worse")...),
		meaning(faint, "^", instead()...),
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
