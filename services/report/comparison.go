package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"vointi.fi/pkg/wording"
)

// The comparators that the page speaks of by name.
const (
	withPrevious = "previous"
	withLastYear = "same_period_last_year"
	withTarget   = "target"
	withTrend    = "trend5"
)

// Comparison is what vointi.comparisons says of a figure beside something else.
type Comparison struct {
	Comparator string
	Difference *float64 // nil: see Reason
	Lower      *float64
	Upper      *float64
	Unit       string // of the difference: pp of percentages, % of a growth, else the indicator's
	Verdict    string // "": nothing may be said
	Reason     string
}

// cellKey names a figure of one area and age scheme.
type cellKey struct {
	indicator, ageGroup, periodType string
	start                           time.Time
	wave                            string
}

func keyOf(c Cell) cellKey { return cellKey{c.Indicator, c.AgeGroup, c.PeriodType, c.Start, c.Wave} }

// comparisons are those of one area and age scheme, by the figure that they are of.
type comparisons map[cellKey][]Comparison

// find returns the comparison of a figure with something; false if there is none.
func (cs comparisons) find(c Cell, comparator string) (Comparison, bool) {
	all := cs[keyOf(c)]
	at := slices.IndexFunc(all, func(k Comparison) bool { return k.Comparator == comparator })
	if at < 0 {
		return Comparison{}, false
	}
	return all[at], true
}

// reading is a comparison in words. What Class says in colour, Mark and Word say as well.
type reading struct {
	Name       string // what the figure is held beside
	Mark       string // ▲ ▼ ▲▲ ▼▼ ● ✓ ✗ ◌
	Word       string
	Class      string // better, worse or ""
	Difference string // with its interval; "" if there is none
}

// read puts a comparison into words.
func (l Language) read(i Indicator, c Comparison) *reading {
	r := &reading{Name: named(l, wording.Comparators, c.Comparator), Class: wording.Class(c.Verdict), Difference: l.difference(i, c)}
	r.Mark = wording.Mark(c.Verdict, c.upwards())
	reason := named(l, wording.Reasons, c.Reason)
	switch {
	case c.Comparator == withTrend && c.Verdict == "similar":
		r.Word = reason
	case c.Comparator == withTrend && c.Verdict != "":
		r.Word = named(l, wording.Verdicts, c.Verdict) + " (" + reason + ")"
	case c.Verdict != "":
		r.Word = named(l, wording.Verdicts, c.Verdict)
	case c.Difference == nil && slices.Contains(wording.Computed, c.Comparator):
		r.Word = named(l, wording.Reasons, "not_calculable") + ": " + reason
	default:
		r.Word = reason
	}
	return r
}

// upwards says on which side of no difference a comparison lies. A trend's direction is in its reason.
func (c Comparison) upwards() bool {
	if c.Comparator == withTrend {
		return c.Reason == "increasing"
	}
	return c.Difference != nil && *c.Difference > wording.Neutral(c.Comparator)
}

// difference is "+6,7 prosenttiyksikköä (5,7–7,7)". Slopes are left out: their units say little to a reader.
func (l Language) difference(i Indicator, c Comparison) string {
	if c.Difference == nil || strings.HasSuffix(c.Unit, wording.SlopeUnit) {
		return ""
	}
	decimals, unit := i.Decimals, ""
	switch c.Unit {
	case "pp":
		decimals, unit = max(1, decimals), hardSpace+textsOf[l].Points
	case "%":
		decimals = 1
	case "ratio":
		decimals = 2
	case "index":
		decimals = 3
	}
	text := l.amount(math.Abs(*c.Difference), c.Unit, decimals) + unit
	if wording.Neutral(c.Comparator) == 0 && strings.ContainsAny(text, "123456789") {
		text = map[bool]string{true: "+", false: "−"}[*c.Difference > 0] + text
	}
	if c.Lower == nil || c.Upper == nil {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, l.span(*c.Lower, *c.Upper, decimals))
}

// span is an interval: with a dash, or with a word where a dash would look like a minus sign.
func (l Language) span(lower, upper float64, decimals int) string {
	between := "–"
	if lower < 0 {
		between = textsOf[l].To
	}
	return l.number(lower, decimals) + between + l.number(upper, decimals)
}

// named is a code in words; a code without words stands for itself.
func named(l Language, list []wording.Code, id string) string {
	if text, ok := wording.Find(list, id); ok {
		return Text(text).In(l)
	}
	return id
}

// beside lists the comparisons of a figure in the order in which readers meet them. A year's period before is the year
// before, which is there already.
func (l Language) beside(i Indicator, found []Comparison) []*reading {
	hasYear := slices.ContainsFunc(found, func(c Comparison) bool { return c.Comparator == withLastYear })
	var out []*reading
	for _, known := range wording.Comparators {
		for _, c := range found {
			if c.Comparator == known.ID && !(hasYear && c.Comparator == withPrevious) {
				out = append(out, l.read(i, c))
			}
		}
	}
	return out
}

// flagged is what is to be known of a figure, in words.
func flagged(l Language, flags []string) []string {
	words := make([]string, len(flags))
	for i, f := range flags {
		words[i] = f
		if text, ok := wording.Flags[f]; ok {
			words[i] = Text(text).In(l)
		}
	}
	return words
}
