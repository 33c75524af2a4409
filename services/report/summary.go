package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"vointi.fi/pkg/wording"
)

// summarise counts the cells by what they are, dates them, and picks the totals that changed.
func (p *page) summarise(catalogue []Indicator, cells []Cell, beside comparisons, year int, now time.Time) {
	var newest time.Time
	counts := map[string]int{}
	var totals []Cell
	for _, c := range cells {
		if !current(c, year) {
			continue
		}
		if c.AgeGroup == "all" && c.kind() == isFigure {
			totals = append(totals, c)
		}
		if c.Computed.After(newest) {
			newest = c.Computed
		}
		counts[countedAs(c)]++
	}
	if !newest.IsZero() {
		p.Age = p.Lang.age(newest, now)
	}
	p.Counts = []tally{
		{counts["final"], p.T.CountFinal},
		{counts["provisional"], p.T.CountProvisional},
		{counts["protected"], p.T.CountProtected},
		{counts["missing"], p.T.CountMissing},
	}
	if counts["protected"] > 0 {
		p.Protected = Text(wording.Explained("protected").Meaning).In(p.Lang)
	}
	p.highlight(catalogue, totals, beside)
}

func countedAs(c Cell) string {
	switch c.kind() {
	case isProtected:
		return "protected"
	case isFigure:
		return c.Status
	case isMissing:
		return "missing"
	default:
		return ""
	}
}

// summaryOf is what the summary holds all figures beside, in this order.
var summaryOf = []string{withPrevious, withTarget, "parent", "similar"}

// highlight picks the totals that changed, and counts all of them by what may be said of them.
func (p *page) highlight(catalogue []Indicator, totals []Cell, beside comparisons) {
	counts := map[string]map[string]int{}
	for _, i := range catalogue {
		at := slices.IndexFunc(totals, func(c Cell) bool { return c.Indicator == i.ID })
		if at < 0 {
			continue
		}
		for _, comparator := range summaryOf {
			c, ok := beside.find(totals[at], comparator)
			if !ok && comparator != withPrevious { // nothing before is nothing to compare with; no target is none
				continue
			}
			if counts[comparator] == nil {
				counts[comparator] = map[string]int{}
			}
			counts[comparator][c.Verdict]++
			p.Compared = p.Compared || comparator == withPrevious && c.Verdict != ""
			if comparator == withPrevious && c.Verdict != "" && c.Verdict != "similar" {
				v := viewOf(p.Lang, i, totals[at], beside)
				p.Highlights = append(p.Highlights, highlight{i.ID, i.Name.In(p.Lang), v.Value, v.Interval, v.Reading})
			}
		}
	}
	slices.SortStableFunc(p.Highlights, func(a, b highlight) int { return cmp.Compare(urgency(a.reading), urgency(b.reading)) })
	p.tallyVerdicts(counts)
	p.Summary = fmt.Sprintf(p.T.Summary, len(totals))
}

// tallyVerdicts words the counts: what is better first, what is not compared last.
func (p *page) tallyVerdicts(counts map[string]map[string]int) {
	for _, comparator := range summaryOf {
		line := tallies{Name: named(p.Lang, wording.Comparators, comparator)}
		for _, v := range wording.Verdicts {
			if n := counts[comparator][v.ID]; n > 0 {
				line.Counts = append(line.Counts, tally{n, Text(v.Text).In(p.Lang)})
			}
		}
		if n := counts[comparator][""]; n > 0 {
			line.Counts = append(line.Counts, tally{n, p.T.NotCompared})
		}
		if len(line.Counts) > 0 {
			p.Verdicts = append(p.Verdicts, line)
		}
	}
}

// urgency puts what got worse before what got better, and what is clear before what is not: that is where a decision may
// be needed.
func urgency(r *reading) int {
	rank := map[string]int{"worse": 0, "better": 2}
	n, ok := rank[r.Class]
	if !ok {
		n = 4
	}
	if len([]rune(r.Mark)) < 2 {
		n++
	}
	return n
}

// glossary is the words and symbols of the page with their meanings.
func glossary(l Language) []term {
	var out []term
	for _, t := range wording.Glossary {
		out = append(out, term{Name: Text(t.Word).In(l), Text: Text(t.Meaning).In(l)})
	}
	return out
}
