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
	return date(y, m, d)
}

func date(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Year returns the calendar year of the day.
func (d Date) Year() int { return d.Time().Year() }

func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// ParseDate reads 2024-03-05.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q: use the form 2024-03-05", s)
	}
	return DateOf(t), nil
}

// Starts returns the starts of the periods that contain d, oldest first: one, but twelve for rolling_12m.
func (p PeriodType) Starts(d Date) []Date {
	t := d.Time()
	y, m, _ := t.Date()
	switch p {
	case Week:
		return []Date{d - Date((int(t.Weekday())+6)%7)}
	case Month:
		return []Date{date(y, m, 1)}
	case Quarter:
		return []Date{date(y, m-(m-1)%3, 1)}
	case Year:
		return []Date{date(y, 1, 1)}
	case Rolling12M:
		starts := make([]Date, 12)
		for i := range starts {
			starts[i] = date(y, m-11+time.Month(i), 1)
		}
		return starts
	default:
		return []Date{d}
	}
}

// End returns the first day after the period that begins at start.
func (p PeriodType) End(start Date) Date {
	t := start.Time()
	switch p {
	case Week:
		return start + 7
	case Month:
		return DateOf(t.AddDate(0, 1, 0))
	case Quarter:
		return DateOf(t.AddDate(0, 3, 0))
	case Year, Rolling12M:
		return DateOf(t.AddDate(1, 0, 0))
	default:
		return start + 1
	}
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
