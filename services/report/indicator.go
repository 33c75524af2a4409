package report

import (
	"slices"
	"time"

	"vointi.fi/pkg/wording"
)

// Text is a text in the three languages of the catalogue.
type Text wording.Text

// In returns the text in a language; Finnish stands in for a missing translation.
func (t Text) In(l Language) string { return wording.Text(t).In(string(l)) }

// Area is an area that has figures.
type Area struct {
	ID    string // KU305
	Level string // municipality
	Name  Text
}

// Indicator is an entry of the catalogue.
type Indicator struct {
	ID          string
	Goals       []string // G1…G10
	Headline    bool
	Name        Text
	Description Text
	Caveats     Text
	Numerator   Text
	Denominator Text
	Unit        string // n, %, €, per 1 000
	Direction   string // + higher is better, - lower is better, 0 neither
	Method      string
	Breakdowns  []string
	PeriodTypes []string
	Decimals    int
	Awaits      []string // what it has no data without; none: it is fed
}

func (i Indicator) byAge() bool { return slices.Contains(i.Breakdowns, "age_group") }

// Cell is one published figure, or the reason why there is none.
type Cell struct {
	Indicator   string
	AgeGroup    string
	PeriodType  string
	Start       time.Time
	Wave        string
	Value       *float64 // nil: protected, no data or not applicable
	Lower       *float64 // nil: no interval can be given
	Upper       *float64
	Numerator   *float64
	Denominator *float64
	Respondents *int64
	Status      string // provisional, final, no_data, not_applicable
	Suppressed  string // "" or protected
	Flags       []string
	Computed    time.Time
	// Partial: the period began before the area's figures did, so it is not covered as a whole.
	Partial bool
}

// kind is what a cell holds: exactly one of these.
type kind int

const (
	isFigure kind = iota
	isProtected
	isMissing
	isInapplicable
)

func (c Cell) kind() kind {
	switch {
	case c.Suppressed != "":
		return isProtected
	case c.Status == "not_applicable":
		return isInapplicable
	case c.Value == nil:
		return isMissing
	default:
		return isFigure
	}
}

// end is the day after the period's last. A survey wave's own end is not known here; it counts as over.
func (c Cell) end() time.Time {
	switch c.PeriodType {
	case "month":
		return c.Start.AddDate(0, 1, 0)
	case "quarter":
		return c.Start.AddDate(0, 3, 0)
	case "year":
		return c.Start.AddDate(1, 0, 0)
	default:
		return c.Start
	}
}

// running says that the period was not over when the figure was computed: it is not comparable with a whole one.
func (c Cell) running() bool { return c.end().After(c.Computed) }

// whole says that the figure stands for all of its period, so that it may be held against others.
func (c Cell) whole() bool { return !c.running() && !c.Partial }

// flagShortHistory marks what is a lower bound because too little is known of the time before.
const flagShortHistory = "short_history"

// flagDataGap marks what lacks the sessions of a venue that has told nothing of them.
const flagDataGap = "data_gap"

func (c Cell) short() bool { return slices.Contains(c.Flags, flagShortHistory) }

// drawn says that a chart shows the figure. A lower bound would look like a low figure.
func (c Cell) drawn() bool { return c.kind() == isFigure && !c.short() }

// hasInterval says that both limits are known.
func (c Cell) hasInterval() bool { return c.Lower != nil && c.Upper != nil }
