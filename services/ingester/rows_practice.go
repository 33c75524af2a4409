package ingester

import (
	"maps"
	"slices"

	"vointi.fi/pkg/event"
)

// practiceRows is facts_practice; the scope is the practice.
type practiceRows struct {
	*register[event.Practice]
	row, column, language, text *values[[]string]    // of the matrix's cells, one element for each text
	links                       [4]*values[[]string] // row, column, kind and id, one element for each link
}

func newPracticeRows() family {
	type P = event.Practice
	r := &practiceRows{register: newRegister("practice", func(p *P) string { return p.PracticeID },
		is("name", func(p *P) sorted[string] { return p.Name }),
		is("indicators", func(p *P) []string { return p.Indicators }),
		is("estimates", func(p *P) []string { return p.Estimates }),
	)}
	t := &r.facts.table
	r.row = column[[]string](t, "cells.row")
	r.column = column[[]string](t, "cells.column")
	r.language = column[[]string](t, "cells.language")
	r.text = column[[]string](t, "cells.text")
	for i, name := range []string{"row", "column", "kind", "id"} {
		r.links[i] = column[[]string](t, "links."+name)
	}
	return r
}

func (r *practiceRows) add(e *event.Event) string {
	var row, column, language, text []string
	eachPracticeText(e.Payload.(*event.Practice).Cells, func(of, what, in, said string) {
		row, column, language, text = append(row, of), append(column, what), append(language, in), append(text, said)
	})
	r.row.add(row)
	r.column.add(column)
	r.language.add(language)
	r.text.add(text)
	var links [4][]string
	for _, l := range e.Payload.(*event.Practice).Links {
		for i, s := range []string{l.Row, l.Column, l.Kind, l.ID} {
			links[i] = append(links[i], s)
		}
	}
	for i := range links {
		r.links[i].add(links[i])
	}
	return r.register.add(e)
}

// eachPracticeText calls found for every text of a matrix, row by row, column by column, by language.
func eachPracticeText(m *event.PracticeMatrix, found func(row, column, language, text string)) {
	if m == nil {
		return
	}
	for i, row := range []*event.PracticeRow{m.Client, m.Service, m.Society} {
		if row == nil {
			continue
		}
		for j, texts := range []map[string]string{row.Problem, row.Solution, row.Results} {
			for _, language := range slices.Sorted(maps.Keys(texts)) {
				found(practiceMatrixRows[i], practiceMatrixColumns[j], language, texts[language])
			}
		}
	}
}

var (
	practiceMatrixRows    = [...]string{"client", "service", "society"}
	practiceMatrixColumns = [...]string{"problem", "solution", "results"}
)
