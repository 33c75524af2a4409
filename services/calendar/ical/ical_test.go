package ical_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"vointi.fi/services/calendar/ical"
	"vointi.fi/services/calendar/occurrence"
)

func helsinki(t testing.TB) *time.Location {
	t.Helper()
	location, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func options(t testing.TB) ical.Options {
	return ical.Options{Location: helsinki(t), Language: "fi", Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Most: 1000}
}

// calendar wraps events, given as lines with | between them.
func calendar(lines string) string {
	lines = strings.ReplaceAll(strings.ReplaceAll(lines, " | ", "\r\n"), "|", "\r\n")
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + lines + "\r\nEND:VCALENDAR\r\n"
}

func vevent(lines string) string { return "BEGIN:VEVENT|" + lines + "|END:VEVENT" }

func read(t testing.TB, text string) occurrence.Reading {
	t.Helper()
	reading, err := ical.Read([]byte(text), options(t))
	if err != nil {
		t.Fatal(err)
	}
	return reading
}

// told writes an occurrence as a test expects it: id, Helsinki's time, minutes, status if it is not scheduled.
func told(t testing.TB, o occurrence.Occurrence) string {
	s := o.ID + " " + o.Start.In(helsinki(t)).Format("2006-01-02T15:04Z07")
	if !o.End.IsZero() {
		s += fmt.Sprintf(" %gmin", o.End.Sub(o.Start).Minutes())
	}
	if o.AllDay {
		s += " all-day"
	}
	if o.Status != "scheduled" {
		s += " " + o.Status
	}
	return s
}

const series = "UID:S|DTSTART;TZID=Europe/Helsinki:20250324T170000|DTEND;TZID=Europe/Helsinki:20250324T190000|SUMMARY:Kuntojumppa|"

func TestOccurrences(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		want    []string
		remarks []string // a part of each
	}{
		"UTC":           {calendar(vevent("UID:A|DTSTART:20250305T150000Z|DTEND:20250305T170000Z")), []string{"A 2025-03-05T17:00+02 120min"}, nil},
		"floating":      {calendar(vevent("UID:A|DTSTART:20250705T150000|DURATION:PT90M")), []string{"A 2025-07-05T15:00+03 90min"}, nil},
		"no end":        {calendar(vevent("UID:A|DTSTART:20250305T150000Z")), []string{"A 2025-03-05T17:00+02"}, nil},
		"all day":       {calendar(vevent("UID:A|DTSTART;VALUE=DATE:20250305|DTEND;VALUE=DATE:20250307")), []string{"A 2025-03-05T00:00+02 2880min all-day"}, nil},
		"one day":       {calendar(vevent("UID:A|DTSTART;VALUE=DATE:20250305")), []string{"A 2025-03-05T00:00+02 1440min all-day"}, nil},
		"short day":     {calendar(vevent("UID:A|DTSTART:20250330")), []string{"A 2025-03-30T00:00+02 1380min all-day"}, nil},
		"end first":     {calendar(vevent("UID:A|DTSTART:20250305T150000Z|DTEND:20250305T140000Z")), []string{"A 2025-03-05T17:00+02"}, []string{"line 6: A: DTEND: is before DTSTART"}},
		"bad end":       {calendar(vevent("UID:A|DTSTART:20250305T150000Z|DTEND:soon")), []string{"A 2025-03-05T17:00+02"}, []string{"line 6: A: DTEND: is neither a date"}},
		"bad start":     {calendar(vevent("UID:A|DTSTART:20251305T150000Z")), nil, []string{"line 5: A: DTSTART: is neither a date"}},
		"no start":      {calendar(vevent("UID:A")), nil, []string{"line 3: A: DTSTART: is missing"}},
		"far year":      {calendar(vevent("UID:A|DTSTART:99990305T150000Z")), nil, []string{"year 9999"}},
		"no seconds":    {calendar(vevent("UID:A|DTSTART:20250305T1500Z")), []string{"A 2025-03-05T17:00+02"}, nil},
		"ISO":           {calendar(vevent("UID:A|DTSTART:2025-03-05T15:00:00+01:00")), []string{"A 2025-03-05T16:00+02"}, nil},
		"cancelled":     {calendar(vevent("UID:A|DTSTART:20250305T150000Z|STATUS:CANCELLED")), []string{"A 2025-03-05T17:00+02 cancelled"}, nil},
		"METHOD:CANCEL": {calendar("METHOD:CANCEL|" + vevent("UID:A|DTSTART:20250305T150000Z")), []string{"A 2025-03-05T17:00+02 cancelled"}, nil},
		"odd status":    {calendar(vevent("UID:A|DTSTART:20250305T150000Z|STATUS:MAYBE")), []string{"A 2025-03-05T17:00+02"}, []string{`STATUS: "MAYBE" is not known`}},
		"private":       {calendar(vevent("UID:A|DTSTART:20250305T150000Z|CLASS:PRIVATE|SUMMARY:Lääkäri")), nil, []string{"A: CLASS: is PRIVATE: left out"}},
		"to-do":         {calendar("BEGIN:VTODO|UID:A|DTSTART:20250305T150000Z|END:VTODO"), nil, nil},
		"alarm": {
			calendar(vevent("UID:A|DTSTART:20250305T150000Z|BEGIN:VALARM|DURATION:PT5M|DTSTART:20010101|END:VALARM")),
			[]string{"A 2025-03-05T17:00+02"},
			nil,
		},
		"weekly over the night in which clocks change": {
			calendar(vevent(series + "RRULE:FREQ=WEEKLY;COUNT=3")),
			[]string{"S/20250324T150000Z 2025-03-24T17:00+02 120min", "S/20250331T140000Z 2025-03-31T17:00+03 120min", "S/20250407T140000Z 2025-04-07T17:00+03 120min"},
			nil,
		},
		"excluded, moved, cancelled, added": {
			calendar(vevent(series+"RRULE:FREQ=WEEKLY;UNTIL=20250414T140000Z|EXDATE;TZID=Europe/Helsinki:20250331T170000|RDATE;TZID=Europe/Helsinki:20250402T120000") + "|" +
				vevent("UID:S|RECURRENCE-ID;TZID=Europe/Helsinki:20250407T170000|DTSTART;TZID=Europe/Helsinki:20250408T180000|DTEND;TZID=Europe/Helsinki:20250408T190000|SUMMARY:Siirretty") + "|" +
				vevent("UID:S|RECURRENCE-ID:20250414T140000Z|SEQUENCE:3|STATUS:CANCELLED|DTSTART:20250414T140000Z")),
			[]string{
				"S/20250324T150000Z 2025-03-24T17:00+02 120min", "S/20250402T090000Z 2025-04-02T12:00+03 120min",
				"S/20250407T140000Z 2025-04-08T18:00+03 60min rescheduled", "S/20250414T140000Z 2025-04-14T17:00+03 120min cancelled",
			},
			nil,
		},
		"a date takes its day out":  {calendar(vevent(series + "RRULE:FREQ=DAILY;COUNT=2|EXDATE;VALUE=DATE:20250324")), []string{"S/20250325T150000Z 2025-03-25T17:00+02 120min"}, nil},
		"periods":                   {calendar(vevent(series + "RDATE;VALUE=PERIOD:20250401T080000Z/PT1H,20250402T080000Z/20250402T083000Z|EXDATE:20250324T150000Z")), []string{"S/20250401T080000Z 2025-04-01T11:00+03 60min", "S/20250402T080000Z 2025-04-02T11:00+03 30min"}, nil},
		"DTSTART besides its rule":  {calendar(vevent(series + "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2")), []string{"S/20250324T150000Z 2025-03-24T17:00+02 120min", "S/20250325T150000Z 2025-03-25T17:00+02 120min"}, nil},
		"no end, up to the horizon": {calendar(vevent("UID:S|DTSTART:20251224T100000Z|RRULE:FREQ=WEEKLY")), []string{"S/20251224T100000Z 2025-12-24T12:00+02", "S/20251231T100000Z 2025-12-31T12:00+02"}, nil},
		"all-day series":            {calendar(vevent("UID:S|DTSTART;VALUE=DATE:20250329|RRULE:FREQ=DAILY;UNTIL=20250330")), []string{"S/20250329 2025-03-29T00:00+02 1440min all-day", "S/20250330 2025-03-30T00:00+02 1380min all-day"}, nil},
		"the hour that comes twice": {calendar(vevent("UID:S|DTSTART;TZID=Europe/Helsinki:20251026T033000|DURATION:PT1H")), []string{"S 2025-10-26T03:30+03 60min"}, nil},
		"the hour that is left out": {calendar(vevent("UID:S|DTSTART;TZID=Europe/Helsinki:20250330T033000")), []string{"S 2025-03-30T04:30+03"}, nil},
		"a change alone":            {calendar(vevent("UID:S|RECURRENCE-ID:20250407T140000Z|DTSTART:20250407T140000Z")), []string{"S/20250407T140000Z 2025-04-07T17:00+03"}, nil},
		"a change of nothing": {
			calendar(vevent(series+"RRULE:FREQ=WEEKLY;COUNT=1") + "|" + vevent("UID:S|RECURRENCE-ID:20250407T140000Z|DTSTART:20250407T140000Z")),
			[]string{"S/20250324T150000Z 2025-03-24T17:00+02 120min", "S/20250407T140000Z 2025-04-07T17:00+03 120min"},
			[]string{"RECURRENCE-ID: 20250407T140000Z is no occurrence"},
		},
		"this and future": {
			calendar(vevent(series+"RRULE:FREQ=WEEKLY;COUNT=2") + "|" + vevent("UID:S|RECURRENCE-ID;RANGE=THISANDFUTURE:20250324T150000Z|DTSTART:20250324T160000Z")),
			[]string{"S/20250324T150000Z 2025-03-24T18:00+02 120min rescheduled", "S/20250331T140000Z 2025-03-31T17:00+03 120min"},
			[]string{"RANGE=THISANDFUTURE is not followed"},
		},
		"hourly":        {calendar(vevent("UID:S|DTSTART:20250305T150000Z|RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=3")), []string{"S/20250305T150000Z 2025-03-05T17:00+02"}, []string{"only the first occurrence is taken"}},
		"bad rule":      {calendar(vevent("UID:S|DTSTART:20250305T150000Z|RRULE:FREQ=SOMETIMES")), []string{"S/20250305T150000Z 2025-03-05T17:00+02"}, []string{"line 6: S: RRULE: FREQ=SOMETIMES"}},
		"newer version": {calendar(vevent("UID:A|SEQUENCE:2|DTSTART:20250305T150000Z") + "|" + vevent("UID:A|SEQUENCE:1|DTSTART:20250306T150000Z")), []string{"A 2025-03-05T17:00+02"}, []string{"line 8: A: UID: stands in line 3 already"}},
		"one UID for several": {
			calendar(vevent("UID:A|DTSTART:20250305T150000Z") + "|" + vevent("UID:A|DTSTART:20250306T150000Z")),
			[]string{"A/20250305T150000Z 2025-03-05T17:00+02", "A/20250306T150000Z 2025-03-06T17:00+02"},
			[]string{"with another start"},
		},
		"Windows zone":     {calendar(vevent(`UID:A|DTSTART;TZID="FLE Standard Time":20250705T150000`)), []string{"A 2025-07-05T15:00+03"}, nil},
		"longer zone name": {calendar(vevent("UID:A|DTSTART;TZID=/citadel.org/2019_1/Europe/Stockholm:20250705T150000")), []string{"A 2025-07-05T16:00+03"}, nil},
		"unknown zone":     {calendar(vevent("UID:A|DTSTART;TZID=Kotiaika:20250705T150000|DTEND;TZID=Kotiaika:20250705T160000")), []string{"A 2025-07-05T15:00+03 60min"}, []string{`line 5: TZID: "Kotiaika" is no known time zone`}},
		"own zone": {
			calendar("BEGIN:VTIMEZONE|TZID:Oma|BEGIN:STANDARD|DTSTART:16010101T040000|TZOFFSETFROM:+0300|TZOFFSETTO:+0200|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10|END:STANDARD|" +
				"BEGIN:DAYLIGHT|DTSTART:19700329T030000|TZOFFSETFROM:+0200|TZOFFSETTO:+0300|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3|END:DAYLIGHT|END:VTIMEZONE|" +
				vevent("UID:A|DTSTART;TZID=Oma:20250329T170000|RRULE:FREQ=DAILY;COUNT=2")),
			[]string{"A/20250329T150000Z 2025-03-29T17:00+02", "A/20250330T140000Z 2025-03-30T17:00+03"},
			nil,
		},
		"cut off":     {"BEGIN:VCALENDAR\r\n" + strings.ReplaceAll(vevent("UID:A|DTSTART:20250305T150000Z"), "|", "\r\n") + "\r\nBEGIN:VEVENT\r\nUID:B\r\nDTSTART:20250306", []string{"A 2025-03-05T17:00+02"}, []string{"line 8: the calendar is cut off"}},
		"not closed":  {calendar("BEGIN:VEVENT|UID:A|DTSTART:20250305T150000Z"), nil, []string{"line 3: A: VEVENT: is not ended before END:VCALENDAR"}},
		"stray lines": {calendar("END:VEVENT|what is this|" + vevent("UID:A|DTSTART:20250305T150000Z")), []string{"A 2025-03-05T17:00+02"}, []string{"line 3: END: ends VEVENT", "line 4: is no content line: what is this"}},
		"two calendars": {
			calendar(vevent("UID:A|DTSTART:20250305T150000Z")) + calendar(vevent("UID:B|DTSTART:20250305T160000Z")),
			[]string{"A 2025-03-05T17:00+02", "B 2025-03-05T18:00+02"},
			nil,
		},
		"a UID with a personal identity code": {calendar(vevent("UID:131052-308T|DTSTART:20250305T150000Z")), []string{"c32878dd-c115-54f5-840f-9cdc6687e9cc 2025-03-05T17:00+02"}, nil},
		"no UID":                              {calendar(vevent("SUMMARY:X|DTSTART:20250305T150000Z")), []string{"0d735cc2-fbba-5dbe-aec3-dd53bb4396ef 2025-03-05T17:00+02"}, []string{"UID: is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			reading := read(t, test.text)
			var got []string
			for _, o := range reading.Occurrences {
				got = append(got, told(t, o))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if len(reading.Remarks) != len(test.remarks) {
				t.Fatalf("remarks are %v, want %v", reading.Remarks, test.remarks)
			}
			for i, remark := range reading.Remarks {
				if !strings.Contains(remark.String(), test.remarks[i]) {
					t.Errorf("remark %q, want %q", remark, test.remarks[i])
				}
			}
			if reading.Whole == (name == "cut off") {
				t.Errorf("whole is %v", reading.Whole)
			}
		})
	}
}

func TestTexts(t *testing.T) {
	text := vevent(`UID:A|DTSTART:20250305T150000Z|LAST-MODIFIED:20250301T080000Z|SUMMARY;LANGUAGE=fi:Kahvi\, pulla\; ja C:\\kansio\nToinen rivi|` +
		`LOCATION:Kirjasto|CATEGORIES:Liikunta\, ulkona,Lapset|CATEGORIES:Ruoka|ORGANIZER;CN="Yhdistys: Kuusamo":mailto:a@example.org|URL:https://example.org/a|SEQUENCE:4`)
	for name, data := range map[string]string{
		"CRLF":   calendar(text),
		"LF":     strings.ReplaceAll(calendar(text), "\r\n", "\n"),
		"CR":     strings.ReplaceAll(calendar(text), "\r\n", "\r"),
		"BOM":    "\ufeff" + calendar(text),
		"folded": strings.ReplaceAll(calendar(text), "Kahvi", "Kah\r\n vi"),
		"a tab":  strings.ReplaceAll(calendar(text), "Yhdistys", "Yh\r\n\tdistys"),
		"lower":  strings.NewReplacer("SUMMARY", "summary", "BEGIN:VEVENT", "begin:vevent").Replace(calendar(text)),
		"no end": strings.TrimSuffix(calendar(text), "\r\n"),
		"spaces": strings.ReplaceAll(calendar(text), "END:VEVENT", "END:VEVENT  "),
	} {
		reading := read(t, data)
		if len(reading.Occurrences) != 1 || len(reading.Remarks) > 0 || !reading.Whole {
			t.Errorf("%s: %+v", name, reading)
			continue
		}
		o := reading.Occurrences[0]
		got := fmt.Sprintf("%s|%s|%q|%s|%s|%d|%s", o.Name["fi"], o.Place, o.Categories, o.Provider, o.URL, o.Sequence, o.Modified.Format(time.RFC3339))
		if want := `Kahvi, pulla; ja C:\kansio Toinen rivi|Kirjasto|["Liikunta, ulkona" "Lapset" "Ruoka"]|Yhdistys: Kuusamo|https://example.org/a|4|2025-03-01T08:00:00Z`; got != want {
			t.Errorf("%s:\n%s\n%s", name, got, want)
		}
	}
}

// TestFeedsAsTheyAre: what Google, Outlook with Exchange, and a plugin of WordPress write.
func TestFeedsAsTheyAre(t *testing.T) {
	const outlook = "040000008200E00074C5B7101A82E00800000000A0B1C2D3E4F5DA01000000000000000010000000AABBCCDDEEFF00112233445566778899"
	for name, want := range map[string]struct{ occurrences, remarks []string }{
		"google": {[]string{
			"4k2jh3g4kjh23g4@google.com/20250305T150000Z 2025-03-05T17:00+02 120min, 🎨 Kokkikerho, syksy & kevät, Nuorisotalo, Kaiterantie 22, 93600 Kuusamo, Suomi",
			"4k2jh3g4kjh23g4@google.com/20250319T150000Z 2025-03-20T17:30+02 90min rescheduled, Kokkikerho torstaina, ",
			"4k2jh3g4kjh23g4@google.com/20250326T150000Z 2025-03-26T17:00+02 120min cancelled, , Nuorisotalo, Kaiterantie 22, 93600 Kuusamo, Suomi",
			"4k2jh3g4kjh23g4@google.com/20250402T140000Z 2025-04-02T17:00+03 120min, 🎨 Kokkikerho, syksy & kevät, Nuorisotalo, Kaiterantie 22, 93600 Kuusamo, Suomi",
			"_6kq3@google.com/20250410T100000Z 2025-04-10T13:00+03 60min, Yksittäinen kutsu sarjasta, ",
			"juhannus_1@google.com 2025-06-21T00:00+03 1440min all-day, Juhannusjuhla, ",
		}, nil},
		"outlook": {[]string{
			outlook + "/20250305T150000Z 2025-03-05T17:00+02 60min, Sotkamon Jymy ry; hallituksen avoin ilta, Kokoushuone 2; Microsoft Teams -kokous",
			"monthly-1/20250311T110000Z 2025-03-11T13:00+02 60min, Kuukausikahvit, ",
			"tz-1 2025-03-11T15:00+02 60min, Toisesta maailmasta, ",
			outlook + "/20250402T140000Z 2025-04-02T17:00+03 60min cancelled, Canceled: hallituksen avoin ilta, Kokoushuone 2; Microsoft Teams -kokous",
			"monthly-1/20250408T100000Z 2025-04-08T13:00+03 60min, Kuukausikahvit, ",
			"allday-1 2025-05-03T00:00+03 1440min all-day, Talkoopäivä, ",
			"allday-2 2025-07-01T00:00+03 2880min all-day, Leiri, ",
		}, []string{
			`line 72: allday-1: STATUS: "FREE" is not known`, "line 89: private-1: CLASS: is PRIVATE: left out",
			`line 112: TZID: "tzone" is no known time zone`, "line 112: tz-2: DTSTART: is neither a date", // a colon that should be in quotes
		}},
		"wordpress": {[]string{
			`1234-1741708800-1741714200@example.org 2025-03-11T18:00+02 90min, Kirjailijailta: "Suo, kuokka ja Jussi", Kirjasto, Opintie 1, Kuusamo`,
			"1235@example.org 2025-03-15T00:00+02 1440min all-day, Avoimet ovet, ",
		}, []string{"line 42: 1236@example.org: DTSTART: is neither a date"}},
	} {
		data, err := os.ReadFile("testdata/" + name + ".ics")
		if err != nil {
			t.Fatal(err)
		}
		reading := read(t, string(data))
		var got []string
		for _, o := range reading.Occurrences {
			got = append(got, told(t, o)+", "+o.Name["fi"]+", "+o.Place)
		}
		if !slices.Equal(got, want.occurrences) || len(reading.Remarks) != len(want.remarks) {
			t.Errorf("%s:\n%s\n%v", name, strings.Join(got, "\n"), reading.Remarks)
			continue
		}
		for i, remark := range reading.Remarks {
			if !strings.Contains(remark.String(), want.remarks[i]) {
				t.Errorf("%s: remark %q, want %q", name, remark, want.remarks[i])
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	text := calendar(vevent("UID:A|DTSTART:20250305T150000Z|SUMMARY:Päivätanssit – á 5 €"))
	cut := strings.Replace(text, "ä", "\xc3\r\n \xa4", 1) // folded within a letter
	latin := strings.NewReplacer("ä", "\xe4", "–", "\x96", "á", "\xe1", "€", "\x80").Replace(text)
	for name, test := range map[string]struct {
		text    string
		remarks int
	}{"UTF-8": {text, 0}, "folded within a letter": {cut, 0}, "Latin-1": {latin, 1}} {
		reading := read(t, test.text)
		if got := reading.Occurrences[0].Name["fi"]; got != "Päivätanssit – á 5 €" || len(reading.Remarks) != test.remarks {
			t.Errorf("%s: %q, %v", name, got, reading.Remarks)
		}
	}
}

func TestNoCalendar(t *testing.T) {
	for name, text := range map[string]string{
		"it is empty": "", "it is in UTF-16": "\xff\xfeB\x00", `its first line is "<html>"`: "<html>\n<body>", "there is no BEGIN:VCALENDAR": "BEGIN:VCARD\nEND:VCARD",
	} {
		if _, err := ical.Read([]byte(text), options(t)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTooMany(t *testing.T) {
	o := options(t)
	o.Most = 5
	reading, err := ical.Read([]byte(calendar(vevent("UID:S|DTSTART:20250301T100000Z|RRULE:FREQ=DAILY"))), o)
	if err != nil || len(reading.Occurrences) != 5 || len(reading.Remarks) != 1 || !reading.Unclear["S"] ||
		!strings.Contains(reading.Remarks[0].String(), "more than 5 occurrences: those from 2025-03-06") {
		t.Errorf("%d occurrences, %v, %v", len(reading.Occurrences), reading.Remarks, err)
	}
}

// TestRulesAreThoseOfTheLibrary: what a random rule gives is what rrule-go gives for it in UTC, with DTSTART, without what is
// excluded, and with what is moved.
func TestRulesAreThoseOfTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2024, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), 10, 30, 0, 0, time.UTC)
		rule := "FREQ=" + rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
		some := func(part string, values ...string) {
			if rapid.Bool().Draw(t, "has "+part) {
				rule += ";" + part + "=" + strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, part), ",")
			}
		}
		some("BYDAY", "MO", "WE", "SU")
		some("BYMONTH", "1", "3", "10")
		some("BYMONTHDAY", "1", "15", "-1")
		rule += fmt.Sprintf(";INTERVAL=%d", rapid.IntRange(1, 3).Draw(t, "interval"))
		count := rapid.IntRange(0, 30).Draw(t, "count")
		if count > 0 {
			rule += fmt.Sprintf(";COUNT=%d", count)
		}
		library, err := rrule.StrToRRule(fmt.Sprintf("DTSTART:%s\nRRULE:%s", start.Format("20060102T150405Z"), rule))
		if err != nil {
			t.Fatal(err)
		}
		until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		want := library.Between(start, until, true)
		if len(want) == 0 || !want[0].Equal(start) {
			want = append([]time.Time{start}, want...)
		}
		if count > 0 { // DTSTART counts
			want = want[:min(len(want), count)]
		}
		text := fmt.Sprintf("UID:S|DTSTART:%s|RRULE:%s", start.Format("20060102T150405Z"), rule)
		out, moved := rapid.IntRange(0, len(want)-1).Draw(t, "excluded"), rapid.IntRange(0, len(want)-1).Draw(t, "moved")
		text = vevent(text + "|EXDATE:" + want[out].Format("20060102T150405Z"))
		expected := map[string]time.Time{}
		for i, at := range want {
			if i != out {
				expected["S/"+at.Format("20060102T150405Z")] = at
			}
		}
		if moved != out {
			stamp := want[moved].Format("20060102T150405Z")
			expected["S/"+stamp] = want[moved].Add(time.Hour)
			text += "|" + vevent("UID:S|RECURRENCE-ID:"+stamp+"|DTSTART:"+want[moved].Add(time.Hour).Format("20060102T150405Z"))
		}
		location, _ := time.LoadLocation("Europe/Helsinki")
		reading, err := ical.Read([]byte(calendar(text)), ical.Options{Location: location, Language: "fi", Until: until, Most: 10000})
		if err != nil || len(reading.Remarks) > 0 {
			t.Fatalf("%s: %v %v", rule, err, reading.Remarks)
		}
		for _, o := range reading.Occurrences {
			if at, ok := expected[o.ID]; !ok || !at.Equal(o.Start) {
				t.Errorf("%s: %s at %s, want %s", rule, o.ID, o.Start, at)
			}
		}
		if len(reading.Occurrences) != len(expected) {
			t.Errorf("%s: %d occurrences, want %d", rule, len(reading.Occurrences), len(expected))
		}
	})
}

// FuzzRead: whatever the bytes, reading ends, every occurrence can be named and has a start, and what golang-ical reads
// strictly has as many events here.
func FuzzRead(f *testing.F) {
	f.Add([]byte(calendar(vevent(series + "RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20250331T140000Z"))))
	f.Add([]byte(calendar("BEGIN:VTIMEZONE|TZID:Oma|BEGIN:STANDARD|DTSTART:16010101T040000|TZOFFSETFROM:+0300|TZOFFSETTO:+0200|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10|END:STANDARD|END:VTIMEZONE|" + vevent("UID:A|DTSTART;TZID=Oma:20250329T170000"))))
	f.Add([]byte(calendar(vevent(`UID:A|DTSTART;VALUE=DATE:20250305|DURATION:P1W|SUMMARY;X="a:b";Y=^n:c\,\n|RDATE:20250305T100000/PT1H`))))
	f.Add([]byte(calendar(vevent("UID:A|RECURRENCE-ID:20250305|DTSTART:20250305|RRULE:FREQ=MONTHLY;BYDAY=-1FR,2MO;BYSETPOS=-1;BYHOUR=3,4;BYMINUTE=1;WKST=SU;BYWEEKNO=20"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		reading, err := ical.Read(data, options(t))
		if err != nil {
			return
		}
		for _, o := range reading.Occurrences {
			if o.ID == "" || len(o.ID) > 200 || o.Start.IsZero() || !o.End.IsZero() && !o.End.After(o.Start) {
				t.Errorf("%+v", o)
			}
		}
		for _, r := range reading.Remarks {
			if strings.ContainsAny(r.String(), "\r\n") {
				t.Errorf("remark %q", r)
			}
		}
	})
}

// TestAgainstAnotherReader: of a calendar that is as the standard wants it, golang-ical reads the same.
func TestAgainstAnotherReader(t *testing.T) {
	data, err := os.ReadFile("testdata/standard.ics")
	if err != nil {
		t.Fatal(err)
	}
	other, err := ics.ParseCalendar(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	reading := read(t, string(data))
	byID := map[string]occurrence.Occurrence{}
	for _, o := range reading.Occurrences {
		byID[o.ID] = o
	}
	for _, e := range other.Events() {
		o, ok := byID[e.Id()]
		start, err := e.GetStartAt()
		if !ok || err != nil || !o.Start.Equal(start) {
			t.Errorf("%s: %+v; the other says %v %v", e.Id(), o, start, err)
			continue
		}
		if end, err := e.GetEndAt(); err != nil || !o.End.Equal(end) {
			t.Errorf("%s ends %v; the other says %v %v", e.Id(), o.End, end, err)
		}
		for property, got := range map[ics.ComponentProperty]string{ics.ComponentPropertySummary: o.Name["fi"], ics.ComponentPropertyLocation: o.Place} {
			if p := e.GetProperty(property); p == nil || p.Value != got {
				t.Errorf("%s: %s is %q; the other says %+v", e.Id(), property, got, p)
			}
		}
	}
	if len(byID) != len(other.Events()) || len(reading.Remarks) > 0 {
		t.Errorf("%d events, the other reads %d; %v", len(byID), len(other.Events()), reading.Remarks)
	}
}
