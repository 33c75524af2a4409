package main

import (
	"testing"

	"vointi.fi/pkg/stream/streamtest"
)

const (
	libraryFeed     = "feeds:\n- {id: library, area: KU305, provider: P1, confirms: true}\n"
	libraryCalendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260305T150000Z\nDTEND:20260305T160000Z\nSUMMARY:Kahvila\nEND:VEVENT\n" +
		"BEGIN:VEVENT\nUID:b\nDTSTART:20261224T150000Z\nSUMMARY:Kuoro\nEND:VEVENT\nEND:VCALENDAR\n"
)

func TestImportCalendar(t *testing.T) {
	bus := streamtest.New(t)
	file, feed := writeFile(t, "library.ics", libraryCalendar), writeFile(t, "feeds.yaml", libraryFeed)
	importing := func(args ...string) result {
		return vointi(t, []string{"VOINTI_NATS_URL=" + bus.URL, "VOINTI_NATS_USER=test"}, append([]string{"import", "calendar"}, args...)...)
	}
	wantCode(t, importing(file, "--feed", feed, "--dry-run"), exitDone, "2 occurrences could be published, 0 of them cancelled and 1 held; nothing was published")
	wantCode(t, importing(file, "--feed", feed), exitDone, "2 occurrences: 1 created, 0 updated, 0 cancelled, 1 held, 0 unchanged")
	wantCode(t, importing(file, "--feed", feed), exitDone, "2 occurrences: 0 created, 0 updated, 0 cancelled, 0 held, 2 unchanged")
	bad := writeFile(t, "bad.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:c\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n")
	wantCode(t, importing(bad, "--feed", feed), exitFailed, "2 occurrences: 0 created", "line 4: c: DTSTART: is neither a date", "1 thing was left out")
	wantCode(t, importing(bad, "--feed", feed, "--dry-run"), exitFailed, "line 4: c: DTSTART")
	wantCode(t, importing(feed, "--feed", feed), exitFailed, "nothing was published", "it is no iCalendar", `"feeds:"`)
	wantCode(t, importing("missing.ics", "--feed", feed), exitFailed, "missing.ics")
	wantCode(t, importing(file, "--feed", writeFile(t, "two.yaml", "feeds: [{id: a, area: KU305, provider: P}, {id: b, area: KU305, provider: P}]")), exitFailed, "feed-id: must be one of a, b")
	wantCode(t, importing(file, "--feed", file), exitFailed, "read feeds: "+file)
	wantCode(t, importing(file), exitUsage, "--feed")
}
