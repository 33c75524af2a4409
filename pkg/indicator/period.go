package indicator

import (
	"fmt"
	"time"
)

// PeriodType is the length of a period. Periods are half-open and counted in days of Europe/Helsinki.
type PeriodType string

// The period types.
const (
	Day        PeriodType = "day"
	Week       PeriodType = "week" // ISO 8601, from Monday
	Month      PeriodType = "month"
	Quarter    PeriodType = "quarter"
	Year       PeriodType = "year"
	Rolling12M PeriodType = "rolling_12m" // twelve months that begin with any month
	Wave       PeriodType = "wave"        // a survey wave
)

// PeriodTypes are the period types that follow the calendar.
var PeriodTypes = []PeriodType{Day, Week, Month, Quarter, Year, Rolling12M}

// Date is a day of Europe/Helsinki, as days since 1970-01-01. Arithmetic on it is arithmetic on days.
type Date int32

const secondsPerDay = 86_400

// DateOf returns the day that t's own clock shows: give it a time in Europe/Helsinki, or a date at midnight UTC.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return firstOf(12*y+int(m)-1) + Date(d-1)
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Year returns the calendar year of the day.
func (d Date) Year() int {
	month, _ := d.month()
	return floor(month, 12)
}

func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// ParseDate reads 2024-03-05.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: use the form 2024-03-05", s)
	}
	return DateOf(t), nil
}

// The calendar is H. Hinnant's: howardhinnant.github.io/date_algorithms.html. Its years begin in March, so that the leap day
// is the last one of a year, and months have the lengths that the fractions with 153 give.

const (
	daysIn400Years = 146_097
	fromMarch0000  = 719_468 // days until 1970
	monthsToMarch  = 2
)

// floor divides and rounds down; b is positive.
func floor(a, b int) int {
	if a < 0 {
		a -= b - 1
	}
	return a / b
}

// month returns the month of the day, counted from January of the year 0, and the day in it, from 0.
func (d Date) month() (month, day int) {
	n := int(d) + fromMarch0000
	era := floor(n, daysIn400Years)
	n -= era * daysIn400Years
	year := (n - n/1460 + n/36_524 - n/146_096) / 365
	n -= 365*year + year/4 - year/100
	month = (5*n + 2) / 153
	return 12*(400*era+year) + month + monthsToMarch, n - (153*month+2)/5
}

// firstOf returns the first day of a month counted from January of the year 0.
func firstOf(month int) Date {
	month -= monthsToMarch
	year := floor(month, 12)
	month -= 12 * year
	era := floor(year, 400)
	year -= 400 * era
	return Date(era*daysIn400Years + 365*year + year/4 - year/100 + (153*month+2)/5 - fromMarch0000)
}

// Starts returns the starts of the periods that contain d, oldest first: one, but twelve for rolling_12m.
func (p PeriodType) Starts(d Date) []Date {
	if p != Rolling12M {
		return []Date{p.First(d)}
	}
	month, _ := d.month()
	starts := make([]Date, 12)
	for i := range starts {
		starts[i] = firstOf(month - 11 + i)
	}
	return starts
}

// First returns the start of the period that contains d; of several the oldest.
func (p PeriodType) First(d Date) Date {
	month, day := d.month()
	switch p {
	case Week:
		return d - Date((int(d)+3)-7*floor(int(d)+3, 7)) // 1970 began on a Thursday
	case Month:
		return d - Date(day)
	case Quarter:
		return firstOf(month - month%3)
	case Year:
		return firstOf(month - month%12)
	case Rolling12M:
		return firstOf(month - 11)
	default:
		return d
	}
}

// End returns the first day after the period that begins at start.
func (p PeriodType) End(start Date) Date {
	switch p {
	case Week:
		return start + 7
	case Month:
		return start.AddMonths(1)
	case Quarter:
		return start.AddMonths(3)
	case Year, Rolling12M:
		return start.AddMonths(12)
	default:
		return start + 1
	}
}

// AddMonths returns the same day of a month n months later; one that it does not have counts on into the next month.
func (d Date) AddMonths(n int) Date {
	month, day := d.month()
	return firstOf(month+n) + Date(day)
}

// Grace returns how many days after its end a period stays open for late events.
func (p PeriodType) Grace() int {
	switch p {
	case Quarter, Wave:
		return 30
	case Year, Rolling12M:
		return 90
	default:
		return 15
	}
}

// Detailed reports whether indicators about persons are broken down in this period type, and not only shown as totals.
func (p PeriodType) Detailed() bool { return p != Day && p != Week }

// Period is one period.
type Period struct {
	Type  PeriodType
	Start Date
}

// End returns the first day after the period.
func (p Period) End() Date { return p.Type.End(p.Start) }

// Contains reports whether d lies in the period.
func (p Period) Contains(d Date) bool { return p.Start <= d && d < p.End() }

// Closes returns the day on which the period closes by itself.
func (p Period) Closes() Date { return p.End() + Date(p.Type.Grace()) }

func (p Period) String() string { return string(p.Type) + "/" + p.Start.String() }
