package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"vointi.fi/pkg/warehouse"
	"vointi.fi/pkg/wording"
)

// practiceText is what one cell of a practice's matrix says; a practice without any has one without a cell.
type practiceText struct {
	Practice    string
	Name        Text
	Row, Column string
	Said        Text
}

// practiceLink is an indicator or an estimate behind a cell, or behind the practice as a whole.
type practiceLink struct {
	Practice, Row, Column string
	IsEstimate            bool
	ID                    string
	Estimate              estimate // without a measure: there is none of that id
}

// estimate is what a programme was estimated to cost or to bring about.
type estimate struct {
	Measure, Indicator, Service string
	Value, Low, High            *float64
	Unit, Suppressed, Refusal   string
	Flags                       []string
}

func (m readModel) practices(ctx context.Context) ([]practiceText, error) {
	return collect(ctx, m.db, "practices", practicesSQL, func(r warehouse.Rows) (p practiceText, err error) {
		err = r.Scan(&p.Practice, &p.Name.FI, &p.Name.SV, &p.Name.EN, &p.Row, &p.Column, &p.Said.FI, &p.Said.SV, &p.Said.EN)
		return p, err
	})
}

func (m readModel) practiceLinks(ctx context.Context) ([]practiceLink, error) {
	return collect(ctx, m.db, "links of practices", practiceLinksSQL, func(r warehouse.Rows) (l practiceLink, err error) {
		e := &l.Estimate
		err = r.Scan(&l.Practice, &l.Row, &l.Column, &l.IsEstimate, &l.ID, &e.Measure, &e.Indicator, &e.Service, &e.Value, &e.Low, &e.High, &e.Unit, &e.Suppressed, &e.Refusal, &e.Flags)
		return l, err
	})
}

// practice is a matrix, ready to be written.
type practice struct {
	Name    string
	Columns []string
	Rows    []practiceRow
	Whole   []linked // what is linked to no cell
}

type practiceRow struct {
	Name  string
	Cells []practiceCell
}

type practiceCell struct {
	Column, Text string
	Links        []linked
}

// linked is a figure behind a cell, in words.
type linked struct {
	Anchor          string // of its trend on this page; "" none
	Name            string
	Value, Interval string
	Note            string
}

// addPractices lays out all practices. Indicators show the figure of the chosen area.
func (r *Report) addPractices(ctx context.Context, p *page, catalogue []Indicator, cells []Cell, beside comparisons) error {
	texts, err := r.model.practices(ctx)
	if err != nil {
		return err
	}
	links, err := r.model.practiceLinks(ctx)
	if err != nil {
		return err
	}
	w := practiceWriter{l: p.Lang, catalogue: catalogue, cells: cells, beside: beside, trends: p.Trends, texts: texts, links: links, year: p.Year}
	for i, t := range texts {
		if i == 0 || texts[i-1].Practice != t.Practice {
			p.Practices = append(p.Practices, w.practice(t))
		}
	}
	return nil
}

// practiceWriter knows what the page knows.
type practiceWriter struct {
	l         Language
	catalogue []Indicator
	cells     []Cell
	beside    comparisons
	trends    []trend
	texts     []practiceText
	links     []practiceLink
	year      int
}

func (w *practiceWriter) practice(of practiceText) practice {
	out := practice{Name: cmp.Or(of.Name.In(w.l), of.Practice), Whole: w.linked(of.Practice, "", "")}
	for _, column := range wording.MatrixColumns {
		out.Columns = append(out.Columns, column.Text.In(string(w.l)))
	}
	for _, row := range wording.MatrixRows {
		line := practiceRow{Name: row.Text.In(string(w.l))}
		for i, column := range wording.MatrixColumns {
			cell := practiceCell{Column: out.Columns[i], Links: w.linked(of.Practice, row.ID, column.ID)}
			for _, t := range w.texts {
				if t.Practice == of.Practice && t.Row == row.ID && t.Column == column.ID {
					cell.Text = t.Said.In(w.l)
				}
			}
			line.Cells = append(line.Cells, cell)
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

func (w *practiceWriter) linked(practice, row, column string) (out []linked) {
	for _, l := range w.links {
		switch {
		case l.Practice != practice || l.Row != row || l.Column != column:
		case l.IsEstimate:
			out = append(out, w.estimated(l))
		default:
			out = append(out, w.indicator(l.ID))
		}
	}
	return out
}

// indicator is the total of the chosen area, or the word that stands for it.
func (w *practiceWriter) indicator(id string) linked {
	t := textsOf[w.l]
	out := linked{Name: id, Value: t.NoData}
	at := slices.IndexFunc(w.catalogue, func(i Indicator) bool { return i.ID == id })
	if at < 0 {
		return out
	}
	of := w.catalogue[at]
	out.Name = of.Name.In(w.l)
	if slices.ContainsFunc(w.trends, func(t trend) bool { return t.ID == id }) {
		out.Anchor = id
	}
	for _, c := range w.cells {
		if c.Indicator == id && c.AgeGroup == "all" && current(c, w.year) {
			v := viewOf(w.l, of, c, w.beside)
			out.Value, out.Interval, out.Note = cmp.Or(v.Text, v.Value), v.Interval, v.Note
		}
	}
	return out
}

// estimated is an estimate with its range and every caveat in words, or why there is none.
func (w *practiceWriter) estimated(l practiceLink) linked {
	t, e := textsOf[w.l], l.Estimate
	out := linked{Name: l.ID, Value: t.NoData}
	if e.Measure == "" {
		return out
	}
	out.Name = named(w.l, wording.Estimated, e.Measure)
	if of := slices.IndexFunc(w.catalogue, func(i Indicator) bool { return i.ID == e.Indicator }); of >= 0 {
		out.Name += ": " + w.catalogue[of].Name.In(w.l)
	} else if e.Service != "" {
		out.Name += ": " + e.Service
	}
	for _, f := range e.Flags {
		out.Note = strings.TrimSpace(out.Note + " " + cmp.Or(named(w.l, wording.Cautions, f), f))
	}
	switch {
	case e.Suppressed != "":
		out.Value = t.Protected
	case e.Refusal != "":
		out.Value = named(w.l, wording.Refusals, e.Refusal)
	case e.Value != nil:
		decimals := decimalsOf(*e.Value)
		out.Value, out.Interval = w.l.amount(*e.Value, e.Unit, decimals), t.NoInterval
		if unitNames[e.Unit] == (Text{}) {
			out.Value += hardSpace + e.Unit
		}
		if e.Low != nil && e.High != nil {
			out.Interval = w.l.number(*e.Low, decimals) + t.To + w.l.amount(*e.High, e.Unit, decimals)
		}
	}
	return out
}

// decimalsOf is how many decimals a number of this size is shown with.
func decimalsOf(x float64) int {
	switch x = math.Abs(x); {
	case x >= 1000:
		return 0
	case x >= 100:
		return 1
	case x >= 1:
		return 2
	}
	return 3
}
