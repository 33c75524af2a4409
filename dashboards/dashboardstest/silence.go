package dashboardstest

import "time"

type silentRow struct {
	Area     string    `ch:"area"`
	Venue    string    `ch:"venue"`
	Day      time.Time `ch:"day"`
	Session  string    `ch:"session"`
	Provider string    `ch:"provider"`
	Since    time.Time `ch:"since"`
	Until    time.Time `ch:"until"`
	Areas    []string  `ch:"areas"`
}

// silentRows are two sessions of a venue in Kalajoki that told nothing of them, and of one after them.
func silentRows() []silentRow {
	at := func(day int) time.Time { return time.Date(LastYear, 3, day, 0, 0, 0, 0, time.UTC) }
	of := silentRow{Area: "KU208", Venue: "V9", Day: at(5), Session: "S1", Provider: "ORG1", Since: at(5), Until: at(19), Areas: []string{"KU208", "SSS"}}
	next := of
	next.Day, next.Session = at(12), "S2"
	return []silentRow{of, next}
}
