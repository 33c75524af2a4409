package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// summarise counts the cells by what they are, dates them, and picks the totals that clearly changed.
func (p *page) summarise(catalogue []Indicator, cells []Cell, year int, now time.Time) {
	var newest time.Time
	counts := map[string]int{}
	totals := map[string][]Cell{}
	seen := map[[2]string]bool{}
	for _, c := range cells {
		if c.AgeGroup == "all" {
			totals[c.Indicator] = append(totals[c.Indicator], c)
		}
		key := [2]string{c.Indicator, c.AgeGroup}
		if seen[key] || !current(c, year) {
			continue
		}
		seen[key] = true
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
	p.highlight(catalogue, totals, year)
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

// highlight picks the totals that clearly changed, and counts all of them by what may be said of them.
func (p *page) highlight(catalogue []Indicator, totals map[string][]Cell, year int) {
	counts := map[verdict]int{}
	for _, i := range catalogue {
		found := totals[i.ID]
		if len(found) == 0 || !current(found[0], year) || found[0].kind() != isFigure {
			continue
		}
		reading := noVerdict
		if len(found) > 1 {
			reading = compare(found[0], found[1], i.Direction)
		}
		switch reading {
		case better, worse, increased, decreased:
			v := viewOf(p.Lang, i, found)
			p.Highlights = append(p.Highlights, highlight{i.ID, i.Name.In(p.Lang), v.Class, v.Mark, v.Word, v.Value, v.Interval, v.Before})
		case running, partial, uncertain:
			reading = noVerdict
		}
		counts[reading]++
	}
	slices.SortStableFunc(p.Highlights, func(a, b highlight) int { return strings.Compare(order(a.Class), order(b.Class)) })
	p.tallyVerdicts(counts)
}

func (p *page) tallyVerdicts(counts map[verdict]int) {
	sum := 0
	for _, v := range []struct {
		verdict verdict
		word    string
	}{
		{worse, p.T.Worse},
		{better, p.T.Better},
		{increased, p.T.Increased},
		{decreased, p.T.Decreased},
		{similar, p.T.Similar},
		{noVerdict, p.T.NotCompared},
	} {
		if counts[v.verdict] > 0 {
			p.Verdicts = append(p.Verdicts, tally{counts[v.verdict], v.word})
			sum += counts[v.verdict]
		}
	}
	p.Summary = fmt.Sprintf(p.T.Summary, sum)
}

// order puts what got worse before what got better: that is where a decision may be needed.
func order(class string) string {
	return map[string]string{"worse": "1", "better": "2"}[class] + class
}
