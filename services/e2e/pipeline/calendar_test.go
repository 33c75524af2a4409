package pipeline_test

import (
	"testing"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/services/calendar"
)

// TestCalendarToIndicator: a file of a calendar becomes sessions held and cancelled, and a change of it changes them.
func TestCalendarToIndicator(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	feeds, err := calendar.ReadFeeds([]byte("feeds: [{id: library, area: KU305, provider: P1, confirms: true, categories: {Liikunta: {activity_type: sport}}}]"))
	p.must(err)
	taken := func(events string) {
		t.Helper()
		reading, err := feeds[0].Read([]byte("BEGIN:VCALENDAR\n"+events+"END:VCALENDAR\n"), p.now)
		p.must(err)
		keeper := calendar.NewKeeper(p.bus.Conn, p.bus.Publisher(), "/vointi/calendar", func() time.Time { return p.now })
		_, err = keeper.Take(t.Context(), feeds[0], &reading, func(int, int) {})
		p.must(err)
		p.send()
	}
	weekly := "BEGIN:VEVENT\nUID:gym\nDTSTART;TZID=Europe/Helsinki:20240305T170000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=4\nCATEGORIES:Liikunta\nSUMMARY:Jumppa\nEND:VEVENT\n"
	taken(weekly) // three are over by the 20th
	p.equal("held", p.row("sessions-held", kuusamo, indicator.Month, "2024-03-01").value, 3.0)
	p.equal("of sport", p.rowOf("sessions-held", kuusamo, indicator.Month, "2024-03-01", "age_group = 'all' AND dimension = 'activity_type' AND member = 'sport'").value, 3.0)
	taken(weekly + "BEGIN:VEVENT\nUID:gym\nRECURRENCE-ID;TZID=Europe/Helsinki:20240312T170000\nDTSTART;TZID=Europe/Helsinki:20240312T170000\nSTATUS:CANCELLED\nEND:VEVENT\n")
	p.equal("held", p.row("sessions-held", kuusamo, indicator.Month, "2024-03-01").value, 2.0)
	p.verify()
}
