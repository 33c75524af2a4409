package aggregator

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// ActivityRule defines «active» and «newly active»: at least Visits visits in at least Weeks different ISO weeks within
// Window days, and no visit in the Before days ahead of the first of those.
type ActivityRule struct {
	Visits int
	Weeks  int
	Window int
	Before int
}

// DefaultActivityRule is 4 visits in 3 weeks within 90 days, and a year without any before.
var DefaultActivityRule = ActivityRule{Visits: 4, Weeks: 3, Window: 90, Before: 365}

// newlyActive returns the day on which a person with these visits, sorted by day, became active for the first time, if
// that made the person newly active. Without history for the year before nobody is newly active, since nobody knows.
func (r ActivityRule) newlyActive(visits []visit, history indicator.Date) (indicator.Date, bool) {
	first, at := r.firstActive(visits)
	if at < 0 {
		return 0, false
	}
	from := visits[first].day
	quiet := first == 0 || visits[first-1].day < from-indicator.Date(r.Before)
	return visits[at].day, quiet && history <= from-indicator.Date(r.Before)
}

// firstActive returns the visit with which the person became active for the first time, and the first of those that made it
// so; −1 if there is none.
func (r ActivityRule) firstActive(visits []visit) (first, at int) {
	for i, v := range visits {
		for visits[first].day <= v.day-indicator.Date(r.Window) {
			first++
		}
		if i-first+1 >= r.Visits && weeks(visits[first:i+1]) >= r.Weeks {
			return first, i
		}
	}
	return 0, -1
}

func (v visit) on() indicator.Date { return v.day }

func (s step) on() indicator.Date { return s.day }

// weeks counts the different ISO weeks of visits sorted by day.
func weeks[T interface{ on() indicator.Date }](visits []T) int {
	n := 0
	last := indicator.Date(0)
	for i, v := range visits {
		if w := indicator.Week.First(v.on()); i == 0 || w != last {
			n, last = n+1, w
		}
	}
	return n
}

// sortVisits puts a person's visits in the order in which «the last visit» is decided.
func sortVisits(visits []visit) {
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.at, b.at), cmp.Compare(a.session, b.session))
	})
}

// changedDays returns the days on which two lists of one person's visits differ.
func changedDays(before, after []visit) map[indicator.Date]bool {
	days := map[indicator.Date]bool{}
	old := make(map[string]visit, len(before))
	for _, v := range before {
		old[v.session] = v
	}
	for _, v := range after {
		o, ok := old[v.session]
		if !ok {
			days[v.day] = true
			continue
		}
		delete(old, v.session)
		if o != v {
			days[o.day], days[v.day] = true, true
		}
	}
	for _, v := range old {
		days[v.day] = true
	}
	return days
}

// byPerson groups visits.
func byPerson(visits []visit) map[uuid.UUID][]visit {
	m := map[uuid.UUID][]visit{}
	for _, v := range visits {
		m[v.person] = append(m[v.person], v)
	}
	return m
}
