package simulator

import (
	"time"
	_ "time/tzdata" // the demo must not depend on the machine's time zones
)

var helsinki = mustLoad("Europe/Helsinki")

// mustLoad panics if there is no such zone; the zones are linked in.
func mustLoad(name string) *time.Location {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return location
}

// quarter counts quarters of a year: 4 × year + 0 … 3.
type quarter int

func quarterOf(day time.Time) quarter { return quarter(4*day.Year() + int(day.Month()-1)/3) }

func (q quarter) year() int { return int(q) / 4 }

// first returns local midnight of the first day.
func (q quarter) first() time.Time {
	return time.Date(q.year(), time.Month(1+3*(int(q)%4)), 1, 0, 0, 0, 0, helsinki)
}

// midnight returns the local midnight that begins the day of t.
func midnight(t time.Time) time.Time {
	t = t.In(helsinki)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, helsinki)
}

// date returns the day of a local instant as a date: midnight UTC.
func date(t time.Time) time.Time {
	t = t.In(helsinki)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// dayTable finds the local day of an instant.
type dayTable []int64 // local midnights in Unix milliseconds, one more than there are days

func newDayTable(first, last time.Time) dayTable {
	var table dayTable
	end := last.AddDate(0, 0, 1)
	for day := first; !day.After(end); day = day.AddDate(0, 0, 1) {
		table = append(table, day.UnixMilli())
	}
	return table
}

// index returns the number of the day that ms lies in, len-1 after the last. ms is not before the first.
func (t dayTable) index(ms int64) int {
	if ms >= t[len(t)-1] {
		return len(t) - 1
	}
	i := min(int((ms-t[0])/(24*3600*1000)), len(t)-2)
	for ms < t[i] {
		i--
	}
	for ms >= t[i+1] {
		i++
	}
	return i
}
